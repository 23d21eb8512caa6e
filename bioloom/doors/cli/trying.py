"""`bioloom codes try`: what a Code would have done to the past."""

from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape

from bioloom.assembly.codes.trying import Outcome, PeriodTried
from bioloom.doors.answers.codes import CodeTried
from bioloom.doors.cli.planning import period_between
from bioloom.doors.cli.printing import AsJson, out, print_json, table, tonnes
from bioloom.doors.codes.bringing import read_code
from bioloom.doors.codes.trying import try_code
from bioloom.doors.compose import open_city
from bioloom.ledger.codes.reading import codes_of


def try_(
    folder: Path,
    file: Path,
    *,
    from_: Annotated[date | None, Parameter(name="--from")] = None,
    to: date | None = None,
    as_json: AsJson = False,
) -> None:
    """Try a Code on the past: what it would have refused, and what each plan would have been.

    A replay, and no forecast: others' behaviour is held fixed. Writes nothing.

    Example: bioloom codes try verdiva near.toml --from 2025-01-01 --to 2025-03-31

    Parameters
    ----------
    folder
        The city's folder.
    file
        The Code in TOML.
    from_
        First day; the first of the three newest months with records unless given.
    to
        Last day.
    as_json
        Print it as JSON.
    """
    with open_city(folder) as city:
        draft = read_code(file, codes_of(city.journal))
        tried = try_code(city, draft, period_between(from_, to))
    if as_json:
        print_json(tried)
    else:
        _show(tried, out())


def _show(tried: CodeTried, console: Console) -> None:
    console.print(f"[bold]{escape(tried.code)}[/], tried on {tried.period}; nothing is written")
    counted = [
        [one.kind, str(one.acts), str(one.refused), tonnes(one.refused_mg)] for one in tried.kinds
    ]
    title = "What it would have refused"
    console.print(table(title, ["of", "#acts", "#refused", "#refused t"], counted))
    if tried.refused:
        rows = [
            [
                str(one.seq),
                one.kind,
                str(one.rule),
                one.action,
                one.material,
                one.site,
                "" if one.mass_mg is None else tonnes(one.mass_mg),
                str(one.day),
            ]
            for one in tried.refused
        ]
        columns = ["#entry", "kind", "#rule", "action", "material", "site", "#t", "day"]
        console.print(table("The first of each kind", columns, rows))
    columns = [
        "period",
        "Codes",
        "#placed t",
        "#not placed t",
        "#t km",
        "#least served",
        "#moved t",
    ]
    rows = [row for period in tried.periods for row in _rows(period)]
    console.print(table("What each plan would have been", columns, rows))
    console.print("Assumed:")
    for one in tried.assumed:
        console.print(f"- {escape(one)}", soft_wrap=True)


def _rows(period: PeriodTried) -> list[list[str]]:
    if period.offered_mg == 0:
        return [[str(period.period), "nothing was offered", *[""] * 5]]
    moved = "" if period.moved_mg is None else tonnes(period.moved_mg)
    return [
        _row(str(period.period), "as they were", period.as_it_was, period.conflict_as_it_was, ""),
        _row("", "with this one", period.as_tried, period.conflict_as_tried, moved),
    ]


def _row(
    period: str, codes: str, outcome: Outcome | None, conflict: str | None, moved: str
) -> list[str]:
    if outcome is None:
        return [period, f"{codes}: no plan. {conflict}", *[""] * 5]
    least = "" if outcome.least_share is None else f"{outcome.least_share:.1%}"
    way = f"{outcome.way_t_km:,.1f}"
    if not outcome.checked:
        codes = f"{codes} (does not check)"
    return [
        period,
        codes,
        tonnes(outcome.placed_mg),
        tonnes(outcome.unplaced_mg),
        way,
        least,
        moved,
    ]
