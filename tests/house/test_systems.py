"""Systems of the stories: the page says of which there are tests, and of no others."""

from pathlib import Path

import pytest

from tools.systems import SOURCE, main, marked_in, page_of

TEST = """
import pytest

@pytest.mark.system(2, 3)
def test_a_lot_is_kept() -> None: ...

@pytest.mark.parametrize("x", [1])
def test_another(x: int) -> None: ...
"""
SYSTEMS = [
    {"number": number, "told": f"told {number}", "made": f"made {number}"} for number in (1, 2, 3)
]


def test_tests_are_found_by_the_systems_they_are_marked_for(tmp_path: Path) -> None:
    (tmp_path / "test_lots.py").write_text(TEST, "utf-8")

    played = marked_in(tmp_path)

    assert played == {number: ["test_lots.py::test_a_lot_is_kept"] for number in (2, 3)}


def test_a_system_works_if_a_test_plays_it() -> None:
    works, does_not = page_of(SYSTEMS, {2: ["test_lots.py::test_a"]}).split("## What does not yet")

    assert "1 of 3" in works
    assert "| 2 | told 2 | made 2 | `test_lots.py::test_a` |" in works
    assert "told 2" not in does_not
    assert "| 1 | told 1 | made 1 |" in does_not


def test_a_mark_for_a_system_that_there_is_not_is_a_mistake() -> None:
    with pytest.raises(KeyError, match=r"\[9\]"):
        page_of(SYSTEMS, {9: ["test_lots.py::test_a"]})


def test_the_page_is_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    monkeypatch.setattr("sys.argv", ["systems.py", "--check"])

    assert SOURCE.exists()
    assert main() == 0
