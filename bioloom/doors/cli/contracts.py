"""`bioloom contracts`: what is agreed, until when, and what may then be reclaimed."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bioloom.doors.cli.printing import AsJson, amount, out, print_json, table
from bioloom.doors.compose import City, open_city
from bioloom.ledger.contracts.listing import Contract, contract, contracts, due_within
from bioloom.vocabulary.entries.contracts import AgreementId
from bioloom.vocabulary.periods import day_of, epoch_ms

_COLUMNS = ("agreement", "name", "stands", "until", "notice by", "parties")


def list_(folder: Path, *, on: date | None = None, as_json: AsJson = False) -> None:
    """List all agreements, the next to end first.

    Example: bioloom contracts list verdiva

    Parameters
    ----------
    folder
        The city's folder.
    on
        The day on which they are looked at; today unless given.
    as_json
        Print them as JSON.
    """
    with open_city(folder) as city:
        found = contracts(city.journal, today=on or _today(city))
    _tell(found, "Agreements", as_json=as_json)


def show(folder: Path, agreement: str, *, on: date | None = None, as_json: AsJson = False) -> None:
    """Show one agreement, and what goes back to whom at its end.

    Example: bioloom contracts show verdiva oil-2026

    Parameters
    ----------
    folder
        The city's folder.
    agreement
        Its name in the record.
    on
        The day on which it is looked at; today unless given.
    as_json
        Print it as JSON.
    """
    with open_city(folder) as city:
        found = contract(city.journal, AgreementId(agreement), today=on or _today(city))
    if as_json:
        print_json(found)
        return
    _tell([found], found.made.name, as_json=False)
    rows = [
        [told.right.by, told.right.of, lot.lot, amount(lot.units, lot.base_unit), _when(told.since)]
        for told in found.take_backs
        for lot in told.returns
    ]
    columns = ["to", "from", "lot", "#would return", "from when"]
    out().print(table("What may be reclaimed", columns, rows))


def due(folder: Path, *, on: date | None = None, days: int = 90, as_json: AsJson = False) -> None:
    """List agreements that end, or whose notice ends, soon, and what may be reclaimed already.

    Example: bioloom contracts due verdiva --days 180

    Parameters
    ----------
    folder
        The city's folder.
    on
        The day from which to look ahead; today unless given.
    days
        How many days to look ahead.
    as_json
        Print them as JSON.
    """
    with open_city(folder) as city:
        found = list(due_within(city.journal, today=on or _today(city), days=days))
    _tell(found, f"Due within {days} days", as_json=as_json)


def _today(city: City) -> date:
    return day_of(epoch_ms(city.clock()), city.settings.zone)


def _tell(found: Sequence[Contract], title: str, *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    rows = [
        [
            one.made.agreement,
            one.made.name,
            one.standing,
            _when(one.last_day),
            _when(one.notice_by),
            ", ".join(one.made.parties),
        ]
        for one in found
    ]
    out().print(table(title, _COLUMNS, rows))


def _when(day: date | None) -> str:
    return "-" if day is None else day.isoformat()
