"""`bioloom play`: a story from its beginning to its end, told on the terminal or on its page."""

from datetime import date
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
from bioloom.doors.stories.telling import STORIES, Living, Story, found_story
from bioloom.doors.stories.verdiva.storm.calendar import BEGINS, EVE, STANDS_AT
from bioloom.doors.stories.verdiva.storm.playing import Verdiva
from bioloom.vocabulary.periods import Instant


def play(
    story: Story,
    *,
    headless: Annotated[bool, Parameter(negative="")] = False,
    port: int = 0,
    as_json: AsJson = False,
) -> int:
    """Play a story in a city of its own, which is gone afterwards.

    Without --headless its page opens in a browser. With it, what happened is told here, all read
    from the record it made. Verdiva: sites fail in a storm, plans are revised, a wrong move is
    vetoed, a Code holds for a week, teams take over, and what piled up is worked off; its page,
    /control, shows it as it happens. The Carnival: a covenant, eight ways in which a company tries
    to take what it binds, a blockade, a release by a quorum, and the proof. Exits with 1 if
    something did not hold.

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
        is_shown = not (headless or as_json)
        played = (
            _storm(folder, port=port, is_shown=is_shown)
            if story == "verdiva"
            else _carnival(folder, port=port, is_shown=is_shown)
        )
    if played is None:
        return DONE
    if as_json:
        print_json(played)
    elif isinstance(played, Played):
        verdiva.tell(played, out())
    else:
        carnival.tell(played, out())
    return DONE if played.holds else WANTING


def _storm(folder: Path, *, port: int, is_shown: bool) -> Played | None:
    """The storm, played at once; or shown, and then there is nothing more to tell."""
    city = Verdiva()
    _found("verdiva", folder, first=BEGINS, last=EVE, stands_at=STANDS_AT, live=city.live)
    if not is_shown:
        with open_city(folder) as opened:
            return city.play(opened)
    from bioloom.doors.stories.verdiva.storm.showing import Showing  # noqa: PLC0415
    from bioloom.doors.web.serving import serve  # noqa: PLC0415  Only this way needs them.

    showing = Showing(
        city,
        folder,
        told=lambda scene: verdiva.tell_one(scene, out()),
        ended=lambda played: verdiva.tell_end(played, out()),
    )
    serve(folder, host="127.0.0.1", port=port, open_browser=True, story=showing, page="control")
    return None


def _carnival(folder: Path, *, port: int, is_shown: bool) -> CarnivalPlayed | None:
    """The Carnival, played; its scenes are what there is to see on its page."""
    days = STORIES["carnival"].days
    _found("carnival", folder, first=days.first, last=days.last, stands_at=ENDS_AT)
    with open_city(folder) as opened:
        played = play_carnival(opened)
    if not is_shown:
        return played
    carnival.tell(played, out())
    from bioloom.doors.web.serving import serve  # noqa: PLC0415  Only this way needs it.

    serve(folder, host="127.0.0.1", port=port, open_browser=True)
    return None


def _found(
    story: Story,
    folder: Path,
    *,
    first: date,
    last: date,
    stands_at: Instant,
    live: Living | None = None,
) -> None:
    with counting(story, (last - first).days + 1) as told:
        found_story(story, folder, first=first, stands_at=stands_at, live=live, told=told)
