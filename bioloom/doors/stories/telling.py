"""Telling: which stories there are, and making the city of one."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Literal

from bioloom.doors.compose import City, found_city
from bioloom.doors.stories.verdiva import living, rhythm
from bioloom.vocabulary.periods import Instant

Story = Literal["verdiva"]


def found_story(
    story: Story,
    folder: Path,
    *,
    languages: tuple[str, ...] = ("en", "es"),
    seed: int = living.SEED,
    first: date = rhythm.YEAR.first,
    told: Callable[[date], None] = lambda _: None,
) -> City:
    """Make the city of a story in an empty or new folder, and open it.

    The same story from the same seed is the same record, byte for byte.

    Args:
        story: Which one.
        folder: Where.
        languages: Languages of its pages, the first one first.
        seed: What all chance in it follows from.
        first: Its first day; a later one gives a shorter record.
        told: Called with each day that is recorded.

    Raises:
        CityThere: If there is a city already, or the folder has other things in it.
        FolderUnusable: If nothing can be written there.
    """
    city = found_city(
        folder,
        name=story.capitalize(),
        timezone=rhythm.TIMEZONE,
        languages=languages,
        stamp="generated",
        token=f"{story}:{seed}",
        at=Instant(f"{first}T00:00:00.000Z"),
        clock_stands_at=rhythm.STANDS_AT,
    )
    living.live(city, seed=seed, first=first, told=lambda day: told(day.date))
    return city
