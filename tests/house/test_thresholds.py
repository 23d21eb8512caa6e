"""The thresholds: what keeps them passes, and each way of breaking one is found and named."""

from pathlib import Path

import pytest

from tools.thresholds import Row, argued, measure, sources, verdict

CLEAN = '''"""A room that keeps every threshold."""


class Refusal(Exception):
    """A request that will not be carried out."""


def share(part_mg: int, whole_mg: int) -> float:
    """The part of a whole.

    Raises:
        Refusal: If there is no whole.
    """
    if whole_mg == 0:
        raise Refusal
    return part_mg / whole_mg
'''

LONG_BODY = "".join(f"    line_{number} = {number}\n" for number in range(41))

BREACHES = {
    "long file": ("ledger/a.py", '"""A."""\n' + "# Why.\n" * 400),
    "long function": ("ledger/a.py", f'"""A."""\n\ndef _f() -> None:\n    """F."""\n{LONG_BODY}'),
    "vague name": ("ledger/helpers.py", '"""A."""\n'),
    "no docstring": ("ledger/a.py", '"""A."""\n\nclass Lot:\n    mass_mg = 0\n'),
    "no types": ("ledger/a.py", '"""A."""\n\ndef _f(mass_mg):\n    return mass_mg\n'),
    "broad except": (
        "ledger/a.py",
        '"""A."""\ntry:\n    A = 1\nexcept (KeyError, Exception):\n    A = 2\n',
    ),
    "stub": ("ledger/a.py", '"""A."""\n\ndef _f() -> None:\n    """F."""\n    ...\n'),
    "builtin raise": ("ledger/a.py", '"""A."""\nif __debug__:\n    raise ValueError("no")\n'),
    "type: ignore": ("ledger/a.py", '"""A."""\nA: int = "a"  # type: ignore[assignment]\n'),
}


def repository(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def thresholds_broken(root: Path) -> set[str]:
    return {row.threshold for row in measure(sources(root))}


def test_a_clean_project_breaks_nothing(tmp_path: Path) -> None:
    root = repository(tmp_path, {"bioloom/ledger/sharing.py": CLEAN})

    assert list(measure(sources(root))) == []


@pytest.mark.parametrize("threshold", BREACHES)
def test_each_breach_is_found_and_nothing_else(tmp_path: Path, threshold: str) -> None:
    name, text = BREACHES[threshold]
    root = repository(tmp_path, {f"bioloom/{name}": text})

    assert thresholds_broken(root) == {threshold}


def test_doors_may_catch_everything(tmp_path: Path) -> None:
    _, text = BREACHES["broad except"]
    root = repository(tmp_path, {"bioloom/doors/main.py": text})

    assert thresholds_broken(root) == set()


def test_a_protocol_may_declare_without_doing(tmp_path: Path) -> None:
    text = (
        '"""A."""\nfrom typing import Protocol\n\nclass Store(Protocol):\n    """S."""\n\n'
        '    def head(self) -> str:\n        """The head."""\n        ...\n'
    )
    root = repository(tmp_path, {"bioloom/ledger/a.py": text})

    assert thresholds_broken(root) == set()


def test_one_builtin_raise_among_ten_is_tolerated_and_two_are_not(tmp_path: Path) -> None:
    def project(builtin: int) -> Path:
        refusals = "    raise Refused\n" * (10 - builtin)
        raises = '    raise ValueError("no")\n' * builtin + refusals
        text = f'"""A."""\nfrom elsewhere import Refused\nif __debug__:\n{raises}'
        return repository(tmp_path / str(builtin), {"bioloom/ledger/a.py": text})

    assert "builtin raise" not in thresholds_broken(project(1))
    assert "builtin raise" in thresholds_broken(project(2))


def test_a_cycle_of_imports_is_named_whole(tmp_path: Path) -> None:
    root = repository(
        tmp_path,
        {
            "bioloom/ledger/a.py": '"""A."""\nfrom bioloom.ledger import b\n',
            "bioloom/ledger/b.py": '"""B."""\nfrom .c import C\n',
            "bioloom/ledger/c.py": '"""C."""\nimport bioloom.ledger.a\n',
        },
    )

    [row] = measure(sources(root))

    assert row.threshold == "import cycle"
    steps = set(zip(row.place.split(" imports "), row.place.split(" imports ")[1:], strict=False))
    a, b, c = (f"bioloom.ledger.{name}" for name in "abc")
    assert steps == {(a, b), (b, c), (c, a)}


def test_an_eleventh_file_crowds_a_room_and_folders_are_counted_apart(tmp_path: Path) -> None:
    ten = {f"bioloom/ledger/file_{number}.py": '"""A."""\n' for number in range(10)}
    apart = {"bioloom/ledger/stores/memory.py": '"""A."""\n'}
    roomy = repository(tmp_path / "roomy", ten | apart)
    crowded = repository(tmp_path / "crowded", ten | {"bioloom/ledger/one_more.py": '"""A."""\n'})

    assert thresholds_broken(roomy) == set()
    assert thresholds_broken(crowded) == {"crowded room"}


def test_lines_that_stand_twice_are_one_row_that_names_both_places(tmp_path: Path) -> None:
    lines = "".join(f"MASS_{number}_MG = {number}\n" for number in range(9))
    root = repository(
        tmp_path,
        {
            "bioloom/ledger/a.py": f'"""A."""\n{lines}',
            "bioloom/ledger/b.py": f'"""B."""\n# Why.\n{lines}',
        },
    )

    [row] = measure(sources(root))

    assert str(row) == (
        "copied lines: bioloom/ledger/b.py (line 3) stand in bioloom/ledger/a.py (line 2) too"
    )


@pytest.mark.parametrize(
    ("threshold", "text"),
    [
        (
            "raises without match",
            "import pytest\n\ndef test_a() -> None:\n"
            '    with pytest.raises(KeyError):\n        {}["a"]\n',
        ),
        ("test without a check", "def test_a() -> None:\n    print(1)\n"),
    ],
)
def test_a_test_says_what_it_expects(tmp_path: Path, threshold: str, text: str) -> None:
    root = repository(tmp_path, {"tests/test_a.py": text})

    assert thresholds_broken(root) == {threshold}


def test_a_decision_record_may_argue_for_a_place_and_only_as_long_as_it_is_needed(
    tmp_path: Path,
) -> None:
    record = (
        "- Exception: long function: `bioloom/ledger/a.py judge`: one table, read in one piece.\n"
    )
    root = repository(tmp_path, {"docs/decisions/0009-a.md": f"# A\n\n{record}"})
    exceptions = argued(root)
    long, other = (
        Row("long function", f"bioloom/ledger/a.py {name}", 1, "50 lines")
        for name in ("judge", "plan")
    )

    assert verdict([long, other], exceptions) == [other]
    assert [row.threshold for row in verdict([], exceptions)] == ["exception not needed"]
