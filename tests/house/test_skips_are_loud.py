"""A test that could not run is counted where everybody looks: in the last lines."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
TESTS = """
from pathlib import Path

def test_records(data: Path) -> None:
    assert data.is_dir()

def test_more_records(data: Path) -> None:
    assert data.is_dir()

def test_page(chromium: Path) -> None:
    assert chromium.is_file()
"""


def last_lines(folder: Path, **environment: str) -> tuple[int, str]:
    """The exit code and the output of tests that find neither records nor a browser."""
    tests = folder / "project" / "tests"
    tests.mkdir(parents=True)
    shutil.copy(CONFTEST, tests)
    (tests / "test_wanting.py").write_text(TESTS, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BIOLOOM_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--rootdir", str(tests), "-c", os.devnull, "."],
        cwd=tests,
        env={**kept, "PATH": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_skips_for_want_of_records_or_a_browser_are_counted(tmp_path: Path) -> None:
    code, output = last_lines(tmp_path)

    assert code == pytest.ExitCode.OK
    assert "2 tests skipped: no ../shared/data" in output
    assert "1 tests skipped: no browser" in output


def test_a_missing_browser_fails_where_one_is_required(tmp_path: Path) -> None:
    code, output = last_lines(tmp_path, BIOLOOM_REQUIRE_BROWSER="1")

    assert code == pytest.ExitCode.TESTS_FAILED
    assert "BIOLOOM_REQUIRE_BROWSER=1 asks for one" in output
