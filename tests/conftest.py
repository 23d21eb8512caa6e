"""What every test may ask for: the shared records, a browser, and examples that repeat exactly.

A test that finds no records or no browser is skipped, and the last lines of the run count such
skips. Where `BIOLOOM_REQUIRE_BROWSER=1` is set, a missing browser is a failure instead.
"""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

NO_DATA = "no ../shared/data (or $BIOLOOM_DATA)"
NO_BROWSER = f"no browser ({', '.join(BROWSERS)})"

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
    for name in BROWSERS:
        if found := shutil.which(name):
            return Path(found)
    if os.environ.get("BIOLOOM_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{NO_BROWSER}, and BIOLOOM_REQUIRE_BROWSER=1 asks for one")
    pytest.skip(NO_BROWSER)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line each how many tests did not run for want of records or of a browser."""
    skipped = [str(report.longrepr) for report in terminalreporter.getreports("skipped")]
    for want in (NO_DATA, NO_BROWSER):
        count = sum(want in reason for reason in skipped)
        if count:
            terminalreporter.write_line(f"{count} tests skipped: {want}", yellow=True)
