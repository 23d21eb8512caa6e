"""Run a document, so that it stays true: what its blocks show is what happens.

Blocks marked ```` ```console ```` and ```` ```python ```` run, in order, in one folder; what should
not run is marked `sh` or `text`. In a console block

- a line after `$ ` is a command, and lines after `> ` continue it;
- the lines below it are what it prints, compared if there are any; `...` stands for anything;
- it must succeed, unless the last of these lines says `[exit code 1]`.

Python blocks of a document share their names; those with `>>>` are compared with what they print.
"""

import contextlib
import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"^```(?P<kind>console|python)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
EXIT_CODE = re.compile(r"^\[exit code (\d+)\]\n?\Z", re.MULTILINE)
AS_SHOWN = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
PATIENCE_S = 300


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a console block and what the document says of it."""

    command: str
    printed: str
    exit_code: int


def first_untruth(document: Path, *, folder: Path) -> str | None:
    """Run the blocks of a document in a folder until one does not do as shown; say which.

    An exception of a Python block without `>>>` is not caught: it says best itself what is wrong.
    """
    names: dict[str, object] = {}
    text = document.read_text(encoding="utf-8")
    for block in BLOCK.finditer(text):
        line = text.count("\n", 0, block.start()) + 1
        place = f"{document.name}:{line}"
        if block["kind"] == "console":
            untruth = console_untruth(block["text"], folder=folder)
        else:
            with contextlib.chdir(folder):
                untruth = python_untruth(block["text"], names=names, place=place)
        if untruth is not None:
            return f"{place}: {untruth}"
    return None


def console_untruth(text: str, *, folder: Path) -> str | None:
    """The first command of a console block that does not do as shown."""
    bin_folder = str(Path(sys.executable).parent)
    path = os.pathsep.join([bin_folder, os.environ.get("PATH", os.defpath)])
    environment = {**os.environ, "PATH": path, "COLUMNS": "100", "NO_COLOR": "1"}
    for step in steps(text):
        done = subprocess.run(
            ["bash", "-c", step.command],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        as_shown = doctest.OutputChecker().check_output(step.printed, done.stdout, AS_SHOWN)
        if done.returncode != step.exit_code or (step.printed and not as_shown):
            return f"`{step.command}` ended with {done.returncode} and printed:\n{done.stdout}"
    return None


def steps(text: str) -> Iterator[Step]:
    """The commands of a console block, each with what is shown below it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        first, *rest = part.splitlines()
        continued = next((n for n, line in enumerate(rest) if not line.startswith("> ")), len(rest))
        printed = "".join(f"{line}\n" for line in rest[continued:])
        code = EXIT_CODE.search(printed)
        yield Step(
            command="\n".join([first, *(line[2:] for line in rest[:continued])]),
            printed=printed[: code.start()] if code else printed,
            exit_code=int(code[1]) if code else 0,
        )


def python_untruth(text: str, *, names: dict[str, object], place: str) -> str | None:
    """What the examples of a Python block print otherwise than shown; names are kept for later."""
    if ">>> " not in text:
        exec(compile(text, place, "exec"), names)
        return None
    test = doctest.DocTestParser().get_doctest(text, {}, place, place, 0)
    test.globs = names
    report: list[str] = []
    runner = doctest.DocTestRunner(verbose=False, optionflags=AS_SHOWN)
    runner.run(test, out=report.append, clear_globs=False)
    return "".join(report) or None
