"""`bioloom init`: a new city, empty or that of a story."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators
from rich.markup import escape
from rich.progress import Progress

from bioloom.doors.answers.commands import CityMade
from bioloom.doors.cli.people.letting_in import make_link, tell_link
from bioloom.doors.cli.printing import AsJson, err, out, print_json
from bioloom.doors.compose import City, found_city, open_city
from bioloom.doors.keys.signing import Signer
from bioloom.doors.register.opening import open_register
from bioloom.doors.stores.settings import IN_THE_FOLDER, JOURNAL_FILE, Where, is_address
from bioloom.doors.stories.telling import STORIES, Story, found_story
from bioloom.doors.stories.verdiva.rhythm import YEAR
from bioloom.doors.web.speaking import spoken
from bioloom.vocabulary.refusal import Refusal


class StoryHasItsOwn(Refusal):
    """A story's city was asked for with something that the story says itself."""

    def __init__(self, *, option: str, story: str) -> None:
        self.option, self.story = option, story
        super().__init__(
            what=f"{option} does not go with --story {story}.",
            why="A story has its own days, told by its own clock.",
            remedy=f"Leave {option} out, or make an empty city.",
        )


class LanguageUnknown(Refusal):
    """A language in which no page can be shown."""

    def __init__(self, *, language: str, spoken: tuple[str, ...]) -> None:
        self.language, self.spoken = language, spoken
        super().__init__(
            what=f"The pages do not speak '{language[:20]}'.",
            why="Each language has a catalogue of the texts of the pages.",
            remedy=f"Use {' or '.join(spoken)}; docs/how-to/serve-the-page.md says how to add one.",
        )


class NotAnAddress(Refusal):
    """A journal should stand somewhere that is no database's address."""

    def __init__(self, *, journal: str) -> None:
        self.journal = journal
        super().__init__(
            what=f"'{journal[:60]}' is not the address of a database.",
            why="A journal is a file in the city's folder, or in a PostgreSQL database.",
            remedy="Use postgresql://ROLE@HOST/DATABASE, or leave --journal out.",
        )


def init(
    folder: Path,
    *,
    name: str | None = None,
    timezone: str | None = None,
    language: tuple[str, ...] = ("en", "es"),
    story: Story | None = None,
    days: Annotated[
        int | None, Parameter(validator=validators.Number(gte=1, lte=YEAR.days))
    ] = None,
    journal: str = JOURNAL_FILE,
    journal_owner: str | None = None,
    as_json: AsJson = False,
) -> None:
    """Make a new city in a folder.

    Example: bioloom init nyc --timezone America/New_York

    Example: bioloom init verdiva --story verdiva

    Example: bioloom init biolith --story carnival

    Parameters
    ----------
    folder
        Where; it is made if it does not exist.
    name
        What the city is called; the folder's or the story's name unless given.
    timezone
        The city's own clock, by which its days and months are counted; UTC unless given.
    language
        A language of its pages; give it several times, the first one first.
    story
        Make the generated city of a story, with its people and all they discard: Verdiva's year, or
        the weeks before the Carnival.
    days
        How many days of Verdiva's year, counted from its end; fewer make a smaller record.
    journal
        The address of a PostgreSQL database, such as postgresql://bioloom@db/nyc; a file in the
        folder unless given.
    journal_owner
        The same database by the role that is to own the journal, if that is another; not kept.
    as_json
        Print the answer as JSON.
    """
    where = _looked_at(language, Where(journal=journal, owner=journal_owner))
    if story is None:
        zone, token = timezone or "UTC", secrets.token_hex(8)
        with found_city(
            folder, name=name, timezone=zone, languages=language, token=token, where=where
        ) as city:
            Signer(city).make_key(author=city.settings.steward)
            _tell(city, folder, as_json=as_json)
        return
    first = _first_day(story, days=days, timezone=timezone)
    with counting(story, (STORIES[story].days.last - first).days + 1) as told:
        found_story(
            story,
            folder,
            name=name,
            languages=language,
            first=first,
            where=where,
            told=told,
        )
    with open_city(folder) as city:
        Signer(city).make_key(author=city.settings.steward)
        # So that its first page need not add the whole year up.
        city.totals()
        city.days()
        _tell(city, folder, as_json=as_json)


def _looked_at(languages: tuple[str, ...], where: Where) -> Where:
    """Refuse what nothing can be made of, before anything is made."""
    for code in languages:
        if code not in spoken():
            raise LanguageUnknown(language=code, spoken=spoken())
    if where != IN_THE_FOLDER and not is_address(where.journal):
        raise NotAnAddress(journal=where.journal)
    return where


def _first_day(story: Story, *, days: int | None, timezone: str | None) -> date:
    """The day on which a story's record begins; refuse what the story says itself."""
    if timezone is not None:
        raise StoryHasItsOwn(option="--timezone", story=story)
    if days is not None and story != "verdiva":
        raise StoryHasItsOwn(option="--days", story=story)
    period = STORIES[story].days
    return period.first if days is None else period.last - timedelta(days=days - 1)


@contextmanager
def counting(story: str, days: int) -> Iterator[Callable[[date], None]]:
    """A bar of the days that are recorded, where somebody watches; to be told each of them."""
    if not err().is_terminal:
        yield lambda _: None
        return
    with Progress(console=err(), transient=True) as bars:
        task = bars.add_task(f"{story.capitalize()}'s days", total=days)
        yield lambda _: bars.advance(task)


def _tell(city: City, folder: Path, *, as_json: bool) -> None:
    founded = city.journal.declared().founded
    assert founded is not None, "a city's record begins with its founding"
    head, steward = city.journal.head(), city.settings.steward
    with open_register(city) as register:
        link = make_link(register, steward, by=steward)
    if as_json:
        made = CityMade(
            folder=str(folder),
            name=city.settings.name,
            stamp=founded.stamp,
            entries=head.seq,
            hash=head.hash,
            sign_in=link.address,
        )
        print_json(made)
        return
    console, place = out(), escape(str(folder))
    console.print(f"[bold]{escape(city.settings.name)}[/] is ready in {place}.")
    if founded.stamp == "generated":
        told = f"{head.seq:,} entries, all of them generated. See it:  bioloom serve {place}"
        console.print(told, soft_wrap=True)
    else:
        console.print("Next, take its records in: districts, sites, and tons by month.")
        command = f"bioloom import {place} districts.geojson sites.csv tons.csv"
        console.print(f"         {command}", soft_wrap=True)
    tell_link(link)
