"""`bioloom circuits forecast`: what coming months are expected to bring."""

from collections import defaultdict
from pathlib import Path

from rich.console import Console

from bioloom.circuits.forecasting.forecasting import Forecast
from bioloom.doors.answers.forecasting import tell_forecast
from bioloom.doors.cli.printing import AsJson, out, percent, print_json, table, tonnes
from bioloom.doors.compose import open_city
from bioloom.doors.foreseeing.asking import coming_months
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.materials import MaterialId


def forecast(folder: Path, *, months: int = 3, as_json: AsJson = False) -> None:
    """Forecast what coming months bring, by district and material, with intervals.

    The method is chosen on months held back. Writes nothing.

    Example: bioloom circuits forecast nyc --months 3

    Parameters
    ----------
    folder
        The city's folder.
    months
        How many months to forecast, a year at most.
    as_json
        Print every district and material as JSON, in milligrams.
    """
    with open_city(folder) as city:
        made = coming_months(city, months)
        if as_json:
            print_json(tell_forecast(made))
        else:
            _show(made, city.journal.declared(), out())


def _show(made: Forecast, declared: Declared, console: Console) -> None:
    masses: defaultdict[MaterialId, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in made.expected:
        masses[one.material][one.first] += one.mass_mg
    firsts = [str(month.first) for month in made.months]
    rows = [
        [declared.materials[material].name, *(tonnes(of_month[first]) for first in firsts)]
        for material, of_month in sorted(masses.items())
    ]
    columns = ["material", *(f"#{first[:7]} t" for first in firsts)]
    title = f"Expected after {made.known}, modelled; all districts together"
    console.print(table(title, columns, rows))
    tried = [
        [
            declared.materials[one.material].name,
            one.method.replace("_", " "),
            _share(one.error),
            _share(one.error_as_last_year),
            _share(one.coverage),
        ]
        for one in made.chosen
    ]
    columns = ["material", "method", "#error", "#error as last year", "#held by intervals"]
    console.print(table("Tried on months held back", columns, tried))
    console.print(
        f"Intervals of districts, which --json has, are to hold {percent(made.coverage_asked)}.",
        soft_wrap=True,
    )
    if made.left_out:
        short = sum(one.why == "short" for one in made.left_out)
        console.print(
            f"Not forecast: {short} districts' materials known for too short a time, "
            f"{len(made.left_out) - short} with nothing in the last months.",
            soft_wrap=True,
        )


def _share(share: float | None) -> str:
    return "not known" if share is None else percent(share)
