"""What every test may ask for: records, a browser, a database, and examples that repeat exactly.

A test that finds no records, no browser or no PostgreSQL is skipped, and the last lines of the run
count such skips. Where `BIOLOOM_REQUIRE_BROWSER=1` or `BIOLOOM_REQUIRE_POSTGRES=1` is set, what is
missing is a failure instead.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from tests.postgres_server import Server, found_programs, running

REPOSITORY = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

NO_DATA = "no ../shared/data (or $BIOLOOM_DATA)"
NO_BROWSER = f"no browser ({', '.join(BROWSERS)})"
NO_POSTGRES = "no PostgreSQL (initdb, or Debian's postgresql)"

# Derandomised: the same code gives the same verdict for everyone. No deadline: a busy machine is
# no bug. `--hypothesis-profile=thorough` looks further.
settings.register_profile("steady", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("thorough", parent=settings.get_profile("steady"), max_examples=500)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real records; the test is skipped, and counted, where there is none."""
    folder = Path(os.environ.get("BIOLOOM_DATA") or REPOSITORY.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(NO_DATA)
    return folder


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The program of a real browser; the test is skipped, and counted, where there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        _do_without(NO_BROWSER, "BIOLOOM_REQUIRE_BROWSER")
    return Path(found)


@pytest.fixture(scope="session")
def postgres_programs() -> Path:
    """The folder of a server's programs; the test is skipped, and counted, where there is none."""
    programs = found_programs()
    if programs is None:
        _do_without(NO_POSTGRES, "BIOLOOM_REQUIRE_POSTGRES")
    return programs


@pytest.fixture(scope="session")
def postgres(postgres_programs: Path) -> Iterator[Server]:
    """A PostgreSQL server of these tests' own, which they may not stop."""
    # It need not outlive the machine, and does not wait for the disk.
    with running(postgres_programs, "fsync=off") as server:
        yield server


def _do_without(want: str, required_by: str) -> NoReturn:
    if os.environ.get(required_by) == "1":
        pytest.fail(f"{want}, and {required_by}=1 asks for one")
    pytest.skip(want)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line each how many tests did not run for want of something."""
    skipped = [str(report.longrepr) for report in terminalreporter.getreports("skipped")]
    for want in (NO_DATA, NO_BROWSER, NO_POSTGRES):
        count = sum(want in reason for reason in skipped)
        if count:
            terminalreporter.write_line(f"{count} tests skipped: {want}", yellow=True)
