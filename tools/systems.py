"""Write which systems of the five stories work, by the tests that play them, or check the page.

    python tools/systems.py [--check]

`docs/systems.toml` says what the stories tell of. A test that plays such a system from end to end
is marked `@pytest.mark.system(number, ...)`; as no change is taken in while a test fails, a system
that a test is marked for works.
"""

import argparse
import ast
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SOURCE, PAGE, TESTS = Path("docs/systems.toml"), Path("docs/systems.md"), Path("tests")
_MARK = "pytest.mark.system"


def main() -> int:
    """Write the page, or say that it is not up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    page = page_of(tomllib.loads(SOURCE.read_text("utf-8"))["systems"], marked_in(TESTS))
    if not check:
        PAGE.write_text(page, "utf-8")
    elif PAGE.read_text("utf-8") != page:
        print(f"{PAGE} is not up to date: run `python tools/systems.py`.")
        return 1
    return 0


def page_of(systems: list[dict[str, Any]], played: dict[int, list[str]]) -> str:
    """The page: what works with the tests that play it, and what does not yet.

    Args:
        systems: What the stories tell of, by number.
        played: Tests by the numbers that they are marked for, each as `file::name`.

    Raises:
        KeyError: If a test is marked for a system that there is not.
    """
    known = {system["number"]: system for system in systems}
    unknown = sorted(played.keys() - known.keys())
    if unknown:
        raise KeyError(f"tests are marked for systems {unknown}, which {SOURCE} has not")
    lines = [
        "# The systems of the stories",
        "",
        "Made by `python tools/systems.py` of `docs/systems.toml` and of the tests that are marked",
        "`@pytest.mark.system(number)`: each plays a system from end to end, and all of them pass.",
        "",
        f"## What works: {len(played)} of {len(systems)}",
        "",
        "| # | in the stories | made real as | played by |",
        "|---|---|---|---|",
    ]
    for number in sorted(played):
        tests = "<br>".join(f"`{test}`" for test in played[number])
        system = known[number]
        lines.append(f"| {number} | {system['told']} | {system['made']} | {tests} |")
    lines += ["", "## What does not yet", "", "| # | in the stories | to be made real as |"]
    lines.append("|---|---|---|")
    for number, system in known.items():
        if number not in played:
            lines.append(f"| {number} | {system['told']} | {system['made']} |")
    return "\n".join(lines) + "\n"


def marked_in(folder: Path) -> dict[int, list[str]]:
    """The tests of a folder by the systems that they are marked for."""
    played: defaultdict[int, list[str]] = defaultdict(list)
    for file in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for test in ast.walk(tree):
            if isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef):
                for number in _numbers(test):
                    played[number].append(f"{file.relative_to(folder).as_posix()}::{test.name}")
    return dict(played)


def _numbers(test: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[int]:
    for mark in test.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == _MARK:
            yield from (ast.literal_eval(number) for number in mark.args)


if __name__ == "__main__":
    sys.exit(main())
