"""Weeks ahead by the command line: what is committed of them, on its way or brought, stays."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bioloom.doors.acting import propose_plan, put_in_force
from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, open_city
from bioloom.doors.dispatching.orders import close_order, issue_for_plan, take_order
from bioloom.doors.register.opening import open_register
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.circuits import PlanProposed
from bioloom.vocabulary.periods import Period
from tests.doors.dispatching.dispatched_city import STEWARD, TEAM, dispatched_city
from tests.doors.register.guests import guest

FIRST_WEEK = Period(first=date(2026, 1, 1), last=date(2026, 1, 7))


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with open_city(dispatched_city(tmp_path / "city")) as city:
        yield city


@pytest.fixture
def in_force(city: City) -> PlanProposed:
    """A plan for the first of the weeks to come, of all that waits."""
    made = city.plan(FIRST_WEEK, backlog=True, explain=False)
    plan = propose_plan(city, made, author=STEWARD)
    put_in_force(city, plan.plan, author=STEWARD)
    return plan


def ahead(capsys: pytest.CaptureFixture[str], city: City, *words: str, weeks: int = 2) -> Any:  # noqa: ANN401  Any JSON value.
    capsys.readouterr()
    assert main(["plan", str(city.folder), "--weeks", str(weeks), *words, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["certificate"]["checked"]
    return answer


def by_way(flows: Any) -> Counter[tuple[str, str, str]]:  # noqa: ANN401  Any JSON value.
    return Counter(
        {(one["district"], one["material"], one["site"]): one["mass_mg"] for one in flows}
    )


def told(plan: PlanProposed) -> Counter[tuple[str, str, str]]:
    return Counter({(one.district, one.material, one.site): one.mass_mg for one in plan.flows})


def offered_mg(answer: Any) -> int:  # noqa: ANN401  Any JSON value.
    """What is offered over all weeks: all that is placed, unmet, or waits when the last ends."""
    moved = sum(
        one["mass_mg"] for week in answer["weeks"] for one in (*week["flows"], *week["unmet"])
    )
    return int(moved + sum(one["mass_mg"] for one in answer["weeks"][-1]["stored"]))


def test_what_is_committed_of_a_week_is_firm_whatever_would_be_better_now(
    city: City, in_force: PlanProposed, capsys: pytest.CaptureFixture[str]
) -> None:
    storm = ["--kind", "site_down", "--site", "digester", "--reason", "Sea."]
    days = ["--from", "2026-01-01", "--to", "2026-01-14"]
    assert main(["circuits", "disrupt", str(city.folder), "sea", *storm, *days]) == 0

    first, second = ahead(capsys, city)["weeks"]

    assert by_way(first["firm"]) == told(in_force)
    assert all(by_way(first["flows"])[way] >= mg for way, mg in told(in_force).items())
    assert any(way[2] == "digester" for way in by_way(first["firm"]))
    assert not any(way[2] == "digester" for way in by_way(second["flows"]))


def test_the_backlog_is_offered_once_whether_it_is_committed_or_not(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    before = ahead(capsys, city, "--backlog")
    made = city.plan(FIRST_WEEK, backlog=True, explain=False)
    plan = propose_plan(city, made, author=STEWARD)
    put_in_force(city, plan.plan, author=STEWARD)

    after = ahead(capsys, city, "--backlog")

    assert before["weeks"][0]["firm"] == []
    assert by_way(after["weeks"][0]["firm"]) == told(plan)
    assert offered_mg(after) == offered_mg(before)


def test_what_was_brought_or_is_on_its_way_is_firm_and_takes_its_room(
    city: City, in_force: PlanProposed, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_register(city) as register:
        zara: AgentId = guest(register, city, "Zara", scope=TEAM)
    brought, aboard, *_ = issue_for_plan(city, author=STEWARD, day=FIRST_WEEK.first)
    for order in (brought, aboard):
        take_order(city, order.issued.order, team=TEAM, author=zara)
    close_order(city, brought.issued.order, author=STEWARD)

    first, _ = ahead(capsys, city)["weeks"]

    assert by_way(first["firm"]) == told(in_force)


def test_a_site_that_is_left_out_to_see_what_follows_is_promised_nothing(
    city: City, in_force: PlanProposed, capsys: pytest.CaptureFixture[str]
) -> None:
    first, _ = ahead(capsys, city, "--without", "digester")["weeks"]

    firm = {way: mass for way, mass in told(in_force).items() if way[2] != "digester"}
    assert by_way(first["firm"]) == firm
