"""The city of monthly tons, made once a run and copied for every test that writes into it."""

from functools import cache
from pathlib import Path
from shutil import copytree
from tempfile import mkdtemp

from bioloom.doors.compose import found_city
from tests.doors.monthly_city import fill_with_months


@cache
def _made() -> Path:
    folder = Path(mkdtemp()) / "sample"
    with found_city(folder, name="Sample city", stamp="generated", token="t") as city:
        fill_with_months(city)
    return folder


def sample_city(folder: Path) -> Path:
    """A practice city in a folder that does not exist yet."""
    return Path(copytree(_made(), folder))
