"""`bioloom circuits fairness`: what other rules of fairness would give a period, and cost."""

from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bioloom.circuits.comparing.ruling import Comparison, compare, read_gini
from bioloom.doors.answers.plans import Days, FairnessPrinted
from bioloom.doors.cli.planning import period_between
from bioloom.doors.cli.printing import AsJson, out, percent, print_json, table
from bioloom.doors.compose import open_city
from bioloom.ledger.declared import Declared


def fairness(
    folder: Path,
    *,
    from_: Annotated[date | None, Parameter(name="--from")] = None,
    to: date | None = None,
    gini: str = "0.1",
    as_json: AsJson = False,
) -> None:
    """Compare the rule that plans are made by with three others. Only leximin is ever adopted.

    Leximin lifts the worst-served first. "proportional" trades percentages; "gini" places most
    within a bound on inequality; "utilitarian" places most, whoever it is.

    Example: bioloom circuits fairness nyc --from 2022-11-01 --to 2022-11-30

    Parameters
    ----------
    folder
        The city's folder.
    from_
        First day; the newest month with records unless given.
    to
        Last day.
    gini
        The bound of "gini": 0 is all alike.
    as_json
        Print it as JSON.
    """
    bound = read_gini(gini)
    with open_city(folder) as city:
        made = city.plan(period_between(from_, to), explain=False)
        declared = city.journal.declared()
    told = compare(made.problem, gini=bound)
    if as_json:
        days = Days(first=made.period.first, last=made.period.last)
        print_json(FairnessPrinted(period=days, comparison=told))
        return
    if not told.rules[0].service:
        out().print(f"Nothing was offered in {made.period}, so there is nothing to compare.")
        return
    out().print(f"[bold]Rules of fairness for {made.period}[/], modelled; leximin is adopted")
    _show(told, declared)


def _show(told: Comparison, declared: Declared) -> None:
    rows = [
        [
            one.rule,
            f"{one.unmet_t:,.3f}",
            f"{one.way_t_km:,.1f}",
            percent(one.least) if one.sorted_service else "",
            f"{one.gini:.4f}",
        ]
        for one in told.rules
    ]
    columns = ["rule", "#not placed t", "#way t km", "#least share", "#Gini"]
    out().print(table("What each costs", columns, rows))
    districts = [
        [declared.districts[district].name, *(percent(one.service[district]) for one in told.rules)]
        for district in told.rules[0].service
    ]
    out().print(table("Placed, by district", ["district", *(f"#{r[0]}" for r in rows)], districts))
    if told.unservable:
        out().print(f"{len(told.unservable)} groups of districts can be served by no plan.")
