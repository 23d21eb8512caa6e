"""Telling: which stories there are, and making the city of one."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from bioloom.doors.compose import FolderUnusable, found_city, make_folder
from bioloom.doors.stores.settings import IN_THE_FOLDER, Where
from bioloom.doors.stories.verdiva import living, rhythm
from bioloom.vocabulary.periods import Instant

Story = Literal["verdiva"]


def found_story(
    story: Story,
    folder: Path,
    *,
    name: str | None = None,
    languages: tuple[str, ...] = ("en", "es"),
    seed: int = living.SEED,
    first: date = rhythm.YEAR.first,
    where: Where = IN_THE_FOLDER,
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
        seed: What all chance in it follows from.
        first: Its first day; a later one gives a shorter record.
        where: Where its journal is to be.
        told: Called with each day that is recorded.

    Raises:
        CityThere: If there is a city already, or the folder has other things in it.
        FolderUnusable: If nothing can be written there.
    """
    make_folder(folder)
    try:
        with TemporaryDirectory(dir=folder.resolve().parent, prefix=f".{folder.name}.") as beside:
            made = Path(beside) / "city"
            with found_city(
                made,
                name=name or story.capitalize(),
                timezone=rhythm.TIMEZONE,
                languages=languages,
                stamp="generated",
                token=f"{story}:{seed}",
                at=Instant(f"{first}T00:00:00.000Z"),
                clock_stands_at=rhythm.STANDS_AT,
                where=where,
            ) as city:
                living.live(city, seed=seed, first=first, told=lambda day: told(day.date))
            made.replace(folder)
    except OSError as unusable:
        raise FolderUnusable(folder=folder, found=str(unusable.strerror)) from unusable
