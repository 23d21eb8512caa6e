"""Verdicts: whether a document of another system keeps its rules, and where it does not."""

from collections.abc import Iterable
from typing import Literal

import msgspec

Level = Literal["error", "warning"]
Verdict = Literal["accept", "warn", "reject"]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that a document breaks (an error), or something that a person should look at."""

    path: str
    what: str
    level: Level = "error"


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Something to know about a document that changes nothing about its verdict."""

    path: str
    what: str


class FileJudged(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be said of one file: "reject" if it has an error, "warn" if only warnings."""

    file: str
    format: str
    verdict: Verdict
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...] = ()


def judge_file(
    name: str, form: str, problems: Iterable[Problem], notes: Iterable[Note] = ()
) -> FileJudged:
    """A file with its problems, errors first, and the verdict that follows from them.

    Example:
        >>> odd = Problem(path="$", what="it is odd", level="warning")
        >>> judge_file("a.json", "emanifest", [odd]).verdict
        'warn'
    """
    told = sorted(problems, key=lambda problem: problem.level == "warning")
    verdict: Verdict = "accept"
    if told:
        verdict = "reject" if told[0].level == "error" else "warn"
    return FileJudged(
        file=name, format=form, verdict=verdict, problems=tuple(told), notes=tuple(notes)
    )
