"""Cities of stories, made once a run and copied for every test that writes into one."""

from datetime import timedelta
from functools import cache
from pathlib import Path
from shutil import copytree
from tempfile import mkdtemp

from bioloom.doors.stories.telling import found_story
from bioloom.doors.stories.verdiva.rhythm import YEAR

# From before the storm to the end of the year.
WITH_THE_STORM = 60


@cache
def verdiva(days: int = WITH_THE_STORM) -> Path:
    """The folder of a Verdiva of so many last days of its year; read it, and write nothing."""
    folder = Path(mkdtemp()) / "verdiva"
    found_story("verdiva", folder, first=YEAR.last - timedelta(days=days - 1))
    return folder


def own_verdiva(folder: Path, days: int = WITH_THE_STORM) -> Path:
    """A Verdiva to write into, in a folder that does not exist yet."""
    return Path(copytree(verdiva(days), folder))


@cache
def carnival() -> Path:
    """The folder of a Biolith on the morning of its Carnival; read it, and write nothing."""
    folder = Path(mkdtemp()) / "biolith"
    found_story("carnival", folder)
    return folder
