"""New York as Bioloom has it: declared from its tables, with what each month offered."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.import_nyc import BIOLOOM, DATA, TONS
from benchmarks.measuring import of_a_command
from bioloom.circuits.posing import Node
from bioloom.doors.compose import open_city
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.periods import Period


@dataclass(frozen=True, slots=True)
class NewYork:
    """The city's declarations, and by calendar month what districts offered [mg]."""

    declared: Declared
    months_mg: Mapping[Period, Mapping[Node, int]]

    def until(self, year: int) -> dict[Period, Mapping[Node, int]]:
        """All months before the end of a year."""
        return {month: mg for month, mg in self.months_mg.items() if month.first.year <= year}

    def of(self, year: int) -> dict[Period, Mapping[Node, int]]:
        """The months of a year."""
        return {month: mg for month, mg in self.months_mg.items() if month.first.year == year}


def new_york() -> NewYork | None:
    """Take the tables in and read the record back; none, said as such, where there are none."""
    if not TONS.is_file():
        print("No table of New York: set BIOLOOM_DATA to the folder of records.")
        return None
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "nyc"
        tables = [DATA / "community_districts.geojson", DATA / "sites.csv", TONS]
        of_a_command([*BIOLOOM, "init", str(folder), "--timezone", "America/New_York"])
        of_a_command([*BIOLOOM, "import", str(folder), *map(str, tables)])
        with open_city(folder) as city:
            months = list(city.totals().months_mg())
            return NewYork(
                city.journal.declared(), {month: city.offered_mg(month) for month in months}
            )
