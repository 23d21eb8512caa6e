"""`bioloom estimates`: what people think there is of a lot, beside what the account says."""

from pathlib import Path

from bioloom.doors.cli.printing import AsJson, amount, out, print_json, table
from bioloom.doors.compose import open_city
from bioloom.ledger.estimates.estimating import LotEstimated, estimated
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.lots import LotId


def estimates(folder: Path, lot: str, *, as_json: AsJson = False) -> None:
    """Show the estimates of a lot and what they say together; nothing follows of itself.

    Example: bioloom estimates verdiva rags

    Parameters
    ----------
    folder
        The city's folder.
    lot
        The lot.
    as_json
        Print them as JSON.
    """
    with open_city(folder) as city:
        found = estimated(LotId(lot), recall(city.journal.store))
    if as_json:
        print_json(found)
        return
    console = out()
    unit = found.base_unit
    rows = [
        [
            one.estimator,
            one.method,
            amount(one.quantity.units, unit),
            amount(one.uncertainty_units, unit) + (" (30 %, not stated)" if one.is_default else ""),
            "" if one.counts else "replaced",
        ]
        for one in found.estimates
    ]
    columns = ["by", "how", "#estimate", "#standard uncertainty", ""]
    console.print(table(f"Estimates of {lot}", columns, rows))
    console.print(f"The account has {amount(found.account_units, unit)}.")
    _tell_combined(found)


def _tell_combined(found: LotEstimated) -> None:
    combined, unit = found.combined, found.base_unit
    if combined is None:
        return
    told = f"{amount(combined.units, unit)} ± {amount(combined.uncertainty_units, unit)}"
    out().print(f"Together: {told}, by {combined.method}.", soft_wrap=True)
    if not combined.is_consistent:
        out().print("They differ by more than their uncertainties say.")
