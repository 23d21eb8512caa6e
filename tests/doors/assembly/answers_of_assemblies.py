"""One answer of every command about assemblies that prints JSON."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.doors.assembly.test_hearing import spring
from tests.doors.assembly.town_hall import busy_hall, town_hall


def of_assemblies(answer: Callable[..., Any], folder: Path) -> dict[str, Any]:
    """Answers about assemblies: of files, and of one that has its hall."""
    export = folder / "conversation"
    export.mkdir()
    votes = [f"{n},x,{n % 8},{n // 8},{1 - 2 * (n // 8 % 2)}" for n in range(96)]
    head = "timestamp,datetime,comment-id,voter-id,vote"
    (export / "votes.csv").write_text("\n".join([head, *votes]), encoding="utf-8")
    hall = str(busy_hall(town_hall(folder / "hall")))
    return {
        "assembly-map": answer("assembly", "map", str(export)),
        "assembly-unheard": answer("assembly", "unheard", str(spring(folder / "spring"))),
        "assembly-list": answer("assembly", "list", hall),
        "assembly-show": answer("assembly", "show", hall, "hall"),
        "assembly-proposal": answer("assembly", "proposal", hall, "trees"),
        "assembly-talk": answer("assembly", "talk", hall, "talk"),
    }
