"""Telling: which stories there are, and making the city of one."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol

from bioloom.doors.compose import City, found_city
from bioloom.doors.stores.folders import FolderUnusable, make_folder
from bioloom.doors.stores.settings import IN_THE_FOLDER, Where
from bioloom.doors.stories.carnival import calendar
from bioloom.doors.stories.carnival import living as carnival
from bioloom.doors.stories.verdiva import living as verdiva
from bioloom.doors.stories.verdiva import rhythm
from bioloom.vocabulary.periods import Instant, Period

Story = Literal["verdiva", "carnival"]


class Living(Protocol):
    """Records a story's days, from its first or a later one on."""

    def __call__(self, city: City, *, seed: int, first: date, told: Callable[[date], None]) -> None:
        """Record them; see `found_story`."""


class Told(NamedTuple):
    """A story: what its city is called, its days, where its clock stands, and how it is lived."""

    name: str
    days: Period
    timezone: str
    stands_at: Instant
    seed: int
    live: Living


STORIES: Mapping[Story, Told] = MappingProxyType(
    {
        "verdiva": Told(
            "Verdiva", rhythm.YEAR, rhythm.TIMEZONE, rhythm.STANDS_AT, verdiva.SEED, verdiva.live
        ),
        "carnival": Told(
            "Biolith",
            calendar.WEEKS,
            calendar.TIMEZONE,
            calendar.STANDS_AT,
            carnival.SEED,
            carnival.live,
        ),
    }
)


def found_story(
    story: Story,
    folder: Path,
    *,
    name: str | None = None,
    languages: tuple[str, ...] = ("en", "es"),
    seed: int | None = None,
    first: date | None = None,
    stands_at: Instant | None = None,
    where: Where = IN_THE_FOLDER,
    live: Living | None = None,
    told: Callable[[date], None] = lambda _: None,
) -> None:
    """Make the city of a story in an empty or new folder.

    The same story from the same seed is the same record, byte for byte. The folder is there whole
    when this returns; until then it is empty. A database is filled as the story goes on.

    Args:
        story: Which one.
        folder: Where.
        name: What the city is called; as in the story unless given.
        languages: Languages of its pages, the first one first.
        seed: What all chance in it follows from; the story's own unless given.
        first: A later day than its first, for a shorter record.
        stands_at: Where its clock stands; at the end of the story's days unless given.
        where: Where its journal is to be.
        live: How its days are lived, if not as the story's are.
        told: Called with each day that is recorded.

    Raises:
        CityThere: If there is a city already, or the folder has other things in it.
        FolderUnusable: If nothing can be written there.
    """
    make_folder(folder)
    known = STORIES[story]
    seed, first = known.seed if seed is None else seed, first or known.days.first
    try:
        with TemporaryDirectory(dir=folder.resolve().parent, prefix=f".{folder.name}.") as beside:
            made = Path(beside) / "city"
            with found_city(
                made,
                name=name or known.name,
                timezone=known.timezone,
                languages=languages,
                stamp="generated",
                token=f"{story}:{seed}",
                at=Instant(f"{first}T00:00:00.000Z"),
                clock_stands_at=stands_at or known.stands_at,
                where=where,
            ) as city:
                (live or known.live)(city, seed=seed, first=first, told=told)
            made.replace(folder)
    except OSError as unusable:
        raise FolderUnusable(folder=folder, found=str(unusable.strerror)) from unusable
