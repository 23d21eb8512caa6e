"""`bioloom conserved`: whether what a process took of an element is in what it made and lost."""

from pathlib import Path

from bioloom.doors.cli.printing import AsJson, amount, out, print_json, table
from bioloom.doors.compose import open_city
from bioloom.ledger.compositions.conserving import ElementBalance
from bioloom.ledger.compositions.conserving import conserved as balances_of
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.events import ProcessId


def conserved(folder: Path, process: str, *, as_json: AsJson = False) -> None:
    """Show what became of each element that a process is to conserve, by what is declared now.

    Example: bioloom conserved verdiva heap-1

    Parameters
    ----------
    folder
        The city's folder.
    process
        The process.
    as_json
        Print it as JSON.
    """
    with open_city(folder) as city:
        found = balances_of(ProcessId(process), recall(city.journal.store))
    if as_json:
        print_json(found)
        return
    state = "closed" if found.is_closed else "open"
    columns = ["element", "#unaccounted for", "#tolerated", "not known of"]
    rows = [_row(one) for one in found.elements]
    out().print(table(f"What {process} conserves ({state})", columns, rows))


def _row(one: ElementBalance) -> list[str]:
    named = one.element.replace("_", " ")
    if one.residual_mg is None or one.tolerance_mg is None:
        return [named, "not known", "", ", ".join(one.unknown)]
    return [named, amount(one.residual_mg, MILLIGRAM), amount(one.tolerance_mg, MILLIGRAM), ""]
