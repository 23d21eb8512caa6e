"""`bioloom play`: a story from its beginning to its end, told on the terminal or on its page."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from cyclopts import Parameter

from bioloom.doors.answers.carnival import CarnivalPlayed
from bioloom.doors.answers.playing import Played
from bioloom.doors.cli.founding import counting
from bioloom.doors.cli.printing import DONE, WANTING, AsJson, out, print_json
from bioloom.doors.cli.stories import carnival, verdiva
from bioloom.doors.compose import open_city
from bioloom.doors.stories.carnival.calendar import ENDS_AT
from bioloom.doors.stories.carnival.scenes.playing import play_carnival
from bioloom.doors.stories.telling import STORIES, Story, found_story
from bioloom.doors.stories.verdiva.playing import play_verdiva
from bioloom.doors.stories.verdiva.rhythm import STORM
from bioloom.vocabulary.periods import Instant

# Verdiva's record begins four weeks before the storm: long enough for plans, sites and yards to be
# busy.
_BEGINS: dict[Story, date] = {"verdiva": STORM.first - timedelta(weeks=4)}
# A city in which a story is played stands at its end.
_ENDS: dict[Story, Instant] = {"carnival": ENDS_AT}


def play(
    story: Story,
    *,
    headless: Annotated[bool, Parameter(negative="")] = False,
    port: int = 0,
    as_json: AsJson = False,
) -> int:
    """Play a story in a city of its own, which is gone afterwards.

    Without --headless its page opens in a browser. With it, what happened is told here, all read
    from the record it made. Verdiva: the storm, what piled up, what was planned, and the recovery.
    The Carnival: a covenant, eight ways in which a company tries to take what it binds, a blockade,
    a release by a quorum, and the proof. Exits with 1 if something did not hold.

    Example: bioloom play verdiva --headless

    Example: bioloom play carnival --headless

    Parameters
    ----------
    story
        Which one.
    headless
        Tell it on the terminal.
    port
        Where its page is served; any free port unless given.
    as_json
        Print what happened as JSON, instead of opening a page.
    """
    with TemporaryDirectory(prefix="bioloom-") as beside:
        folder = Path(beside) / story
        first, last = _BEGINS.get(story, STORIES[story].days.first), STORIES[story].days.last
        with counting(story, (last - first).days + 1) as told:
            found_story(story, folder, first=first, stands_at=_ENDS.get(story), told=told)
        is_told = headless or as_json
        played = None
        if is_told or story == "carnival":  # Its scenes are what there is to see on its page.
            played = _played(story, folder)
        if not is_told:
            if played is not None:
                _tell(played)
            from bioloom.doors.web.serving import serve  # noqa: PLC0415  Only this way needs it.

            serve(folder, host="127.0.0.1", port=port, open_browser=True)
            return DONE
    assert played is not None, "it is told"
    if as_json:
        print_json(played)
    else:
        _tell(played)
    return DONE if played.holds else WANTING


def _tell(played: Played | CarnivalPlayed) -> None:
    if isinstance(played, Played):
        verdiva.tell(played, out())
    else:
        carnival.tell(played, out())


def _played(story: Story, folder: Path) -> Played | CarnivalPlayed:
    with open_city(folder) as city:
        return play_verdiva(city) if story == "verdiva" else play_carnival(city)
