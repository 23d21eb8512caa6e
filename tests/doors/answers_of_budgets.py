"""One answer of every command about budgets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.assembly.pabulib.files import APPROVAL


def of_budgets(answer: Callable[..., Any], folder: Path) -> dict[str, Any]:
    """What is printed of a small budget, with all that can be asked for."""
    file, proof = str(folder / "ballots.pb"), str(folder / "proof.json")
    Path(file).write_text(APPROVAL, encoding="utf-8")
    asked = ["--by", "district", "--lacks", "--draws", "2", "--certificate", proof]
    counted = answer("assembly", "count", file, *asked)
    return {"assembly-count": counted, "assembly-check": answer("assembly", "check", proof, file)}
