"""Weeks on end: from a forecast to what was brought and confirmed, and on to the next week.

All by the command line; what holds at every step is read from the record alone.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bioloom.circuits.replanning.undertaken import undertaken
from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, open_city
from bioloom.ledger.accounts.owing import everything_owed
from bioloom.ledger.inventory import lots
from bioloom.vocabulary.agents import commons_of, operator_of
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.doors.dispatching.quay import a_week_comes, quay

VESSEL = operator_of(SiteId("vessel"))


class Quay:
    """The city, to which commands are given."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self._capsys = folder, capsys
        self.at = quay(folder, self.run)

    def run(self, *words: str) -> None:
        assert main(list(words)) == 0, self._capsys.readouterr().err

    def ask(self, *words: str) -> Any:  # noqa: ANN401  Any JSON value.
        self._capsys.readouterr()
        self.run(*words, "--json")
        return json.loads(self._capsys.readouterr().out)

    def circuits(self, *words: str) -> Any:  # noqa: ANN401  Any JSON value.
        return self.ask("circuits", words[0], self.at, *words[1:])

    def orders(self, what: str, *words: str) -> Any:  # noqa: ANN401  Any JSON value.
        return self.ask("circuits", "orders", what, self.at, *words)

    def week_comes(self, first_day: int) -> None:
        a_week_comes(self._folder, self.run, first_day)

    def plan(self, first: str, last: str) -> Any:  # noqa: ANN401  Any JSON value.
        """A week is planned, proposed and adopted; the plan."""
        days = ["--from", first, "--to", last]
        made = self.ask("plan", self.at, *days, "--backlog", "--propose")
        assert made["certificate"]["checked"]
        self.circuits("adopt", made["proposed"])
        return made

    def ahead(self) -> Any:  # noqa: ANN401  Any JSON value.
        made = self.ask("plan", self.at, "--weeks", "3", "--backlog")
        assert (made["certificate"]["checked"], made["expected"]) == (True, "forecast")
        return made

    def drive(self, day: str) -> int:
        """A day's rounds are planned, given out, taken, brought and confirmed; how much came."""
        rounds = self.circuits("rounds", "--day", day, "--iterations", "5", "--propose")
        assert rounds["checked"]
        self.circuits("drive", rounds["id"])
        return self.bring("--rounds", rounds["id"])

    def bring(self, *which: str) -> int:
        """Orders are given out, taken, brought and confirmed; how much came."""
        orders = self.orders("issue", *which)
        for order in orders:
            self.orders("take", order["order"], "--team", "steward")
            self.orders("deliver", order["order"])
            self.orders("close", order["order"])
        return sum(order["mass_mg"] for order in orders)


def see_that_it_adds_up(city: City) -> int:
    """By the record alone, to the milligram; what was brought so far."""
    journal, known = city.journal, city.plans()
    arrived = [
        entry.body
        for entry in journal.read(kinds=["LotArrived"])
        if isinstance(entry.body, LotArrived)
    ]
    rows = {row.lot: row for row in lots(journal) if row.lot in {one.lot for one in arrived}}
    # Nothing is lost and nothing came from nowhere: of each lot somebody holds all.
    for lot in arrived:
        assert sum(rows[lot.lot].holders.values()) == lot.mass_mg
        assert set(rows[lot.lot].holders) <= {commons_of(lot.place), VESSEL}
    brought_mg = sum(row.holders.get(VESSEL, 0) for row in rows.values())
    # What was brought is what all commitments of plans have done.
    commitments = [one for plan in known.in_force for one in undertaken(plan, known, journal)]
    assert sum(one.done_mg for one in commitments) == brought_mg
    # No milligram is promised twice: what is owed is still held by who promised it.
    owed: Counter[LotId] = Counter()
    for one in commitments:
        left: Counter[LotId] = Counter()
        for portion in () if one.ended else one.made.lots:
            left[portion.lot] += portion.mass_mg
        for portion in () if one.ended else one.handed:
            left[portion.lot] -= portion.mass_mg
        owed += left
    for name, mass_mg in owed.items():
        assert mass_mg <= rows[name].holders.get(commons_of(DistrictId(rows[name].place)), 0)
    told = everything_owed(journal, today=city.today())
    assert sum(row.owed.units - row.owed.done_units for row in told) == owed.total()
    return brought_mg


def masses(plan: Any, *names: str) -> int:  # noqa: ANN401  Any JSON value.
    return sum(one["mass_mg"] for name in names for one in plan[name])


@pytest.mark.system(5)
def test_from_a_forecast_to_what_was_brought_and_on_to_the_next_week(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town = Quay(tmp_path, capsys)
    assert town.circuits("forecast", "--months", "2")["months"]
    assert not any(week["firm"] for week in town.ahead()["weeks"])

    came_mg = _first_week(town)
    came_mg = _second_week(town, came_mg)

    with open_city(town.at) as city:
        assert see_that_it_adds_up(city) == came_mg
        owed = everything_owed(city.journal, today=city.today())
        assert {row.owed.standing for row in owed} == {"done"}
    assert main(["verify", town.at]) == 0


def _first_week(town: Quay) -> int:
    """It is planned with all that waits, and driven on two days; how much came."""
    plan = town.plan("2025-06-01", "2025-06-07")
    with open_city(town.at) as city:
        assert masses(plan, "flows", "unmet", "stored") == arrived_mg(city)
        assert see_that_it_adds_up(city) == 0
    week, *later = town.ahead()["weeks"]
    assert week["period"] == {"from": "2025-06-01", "to": "2025-06-07"}
    assert week["firm"] == plan["flows"]
    assert not any(one["firm"] for one in later)
    came_mg = 0
    for day in ("2025-06-02", "2025-06-04"):
        came_mg += town.drive(day)
        with open_city(town.at) as city:
            assert see_that_it_adds_up(city) == came_mg > 0
    # What came and what is still to come are firm together.
    assert town.ahead()["weeks"][0]["firm"] == plan["flows"]
    return came_mg


def _second_week(town: Quay, came_mg: int) -> int:
    """What was not brought is planned once more and promised once, and all is brought."""
    town.week_comes(1)
    plan = town.plan("2025-06-08", "2025-06-14")
    with open_city(town.at) as city:
        assert see_that_it_adds_up(city) == came_mg
        assert masses(plan, "flows", "unmet", "stored") == arrived_mg(city) - came_mg
    week = town.ahead()["weeks"][0]
    assert week["period"] == {"from": "2025-06-08", "to": "2025-06-14"}
    assert week["firm"] == plan["flows"]
    # Its last day fetches what is left, and what no round has time for.
    return came_mg + town.drive("2025-06-14") + town.bring()


def arrived_mg(city: City) -> int:
    """All that ever came."""
    return sum(entry.body.mass_mg for entry in city.journal.read(kinds=["LotArrived"]))
