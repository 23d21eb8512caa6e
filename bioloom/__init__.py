"""Bioloom runs a city's material commons: lots, a record nobody can rewrite, and fair plans.

`bioloom.open(folder)` opens a city; its journal, inventory and plans hang from there.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from bioloom.doors.compose import City


def open(folder: "str | Path") -> "City":  # noqa: A001  Read as `bioloom.open`.
    """Open a city's folder.

    Raises:
        CityMissing: If there is no city in the folder.
        CityUnreadable: If its `city.toml` cannot be read.
        NotAJournal: If its journal is something else.
    """
    from bioloom.doors.compose import open_city  # noqa: PLC0415  So that `import bioloom` is light.

    return open_city(folder)
