"""A test that could not run is counted where everybody looks: in the last lines."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS_FOLDER = Path(__file__).resolve().parents[1]
TESTS = """
from pathlib import Path

def test_records(data: Path) -> None:
    assert data.is_dir()

def test_more_records(data: Path) -> None:
    assert data.is_dir()

def test_page(chromium: Path) -> None:
    assert chromium.is_file()

def test_database(postgres: object) -> None:
    assert postgres
"""


def last_lines(folder: Path, **environment: str) -> tuple[int, str]:
    """The exit code and the output of tests that find no records, no browser and no PostgreSQL."""
    tests = folder / "project" / "tests"
    tests.mkdir(parents=True)
    for file in ("conftest.py", "postgres_server.py"):
        shutil.copy(TESTS_FOLDER / file, tests)
    (tests / "test_wanting.py").write_text(TESTS, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BIOLOOM_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--rootdir", str(tests), "-c", os.devnull, "tests"],
        cwd=tests.parent,
        env={**kept, "PATH": str(folder), "BIOLOOM_POSTGRES": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_skips_for_want_of_records_a_browser_or_a_database_are_counted(tmp_path: Path) -> None:
    code, output = last_lines(tmp_path)

    assert code == pytest.ExitCode.OK
    assert "2 tests skipped: no ../shared/data" in output
    assert "1 tests skipped: no browser" in output
    assert "1 tests skipped: no PostgreSQL" in output


@pytest.mark.parametrize("required", ["BIOLOOM_REQUIRE_BROWSER", "BIOLOOM_REQUIRE_POSTGRES"])
def test_what_is_missing_fails_where_it_is_required(tmp_path: Path, required: str) -> None:
    code, output = last_lines(tmp_path, **{required: "1"})

    assert code == pytest.ExitCode.TESTS_FAILED
    assert f"{required}=1 asks for one" in output
