"""The desk: a plan is computed once while the record stands still, and never too many at once."""

from collections.abc import Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from itertools import combinations, cycle, islice
from pathlib import Path
from threading import Event
from typing import Any

import msgspec
import pytest

from bioloom.circuits.planning import Plan
from bioloom.doors.compose import City, now, open_city
from bioloom.doors.web.asking import Wish
from bioloom.doors.web.desk import MOST_WAITING, SOLVES_AT_ONCE, Desk, Offered, TooManyPlans
from bioloom.ledger.declaring import declare
from bioloom.ledger.inventory import LotFilter, lots
from bioloom.vocabulary.agents import AgentId, operator_of
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import CommitmentId, EventHappened
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.doors.dispatching.dispatched_city import dispatched_city
from tests.doors.web.hostile_city import make_city


@pytest.fixture
def own_city(tmp_path: Path) -> Iterator[City]:
    with make_city(tmp_path / "own") as city:
        yield city


def test_a_plan_is_computed_once_until_its_figures_change(own_city: City) -> None:
    solved: list[float] = []
    desk = Desk(own_city, solved=solved.append)

    first = desk.plan(desk.standing(), Wish())
    assert desk.plan(desk.standing(), Wish()) is first
    assert len(solved) == 1

    lot = next(lots(own_city.journal, LotFilter(place=DistrictId("north"))))
    [owner] = lot.owners
    work = EventHappened(
        action="transferCustody",
        provider=owner,
        receiver=operator_of("mill"),
        stamp="generated",
        lot=lot.lot,
        quantity=Amount(units=1, reported="1", unit="mg"),
    )
    own_city.journal.record([_told(own_city, work, "handed on")], recorded_at=now())
    assert desk.plan(desk.standing(), Wish()) is first

    agent = AgentDeclared(agent=AgentId("guild"), name="Guild")
    own_city.journal.record([_told(own_city, agent, "agent:guild")], recorded_at=now())

    assert desk.standing().declared.agents[AgentId("guild")] == "Guild"
    assert desk.plan(desk.standing(), Wish()) is not first
    assert len(solved) == 2


def test_what_was_handed_over_for_the_plan_in_force_is_planned_around(tmp_path: Path) -> None:
    with open_city(dispatched_city(tmp_path / "city")) as city:
        desk = Desk(city)
        before = desk.plan(desk.standing(), Wish())
        made = next(city.journal.read(kinds=["CommitmentMade"])).body
        lot = made.lots[0]
        brought = EventHappened(
            action="transfer",
            provider=made.provider,
            receiver=made.receiver,
            stamp="generated",
            lot=lot.lot,
            quantity=Amount(units=lot.mass_mg, reported=str(lot.mass_mg), unit="mg"),
            fulfills=(CommitmentId(made.commitment),),
        )
        city.journal.record([_told(city, brought, "brought")], recorded_at=now())

        after = desk.plan(desk.standing(), Wish())

        assert [int(one.problem.floor_mg.sum()) for one in (before, after)] == [0, lot.mass_mg]


def _told(city: City, body: msgspec.Struct, key: str) -> Draft[Any]:
    return declare(body, key=key, author=city.settings.steward, at=now())


def test_the_same_plan_wished_by_many_at_once_is_computed_once(own_city: City) -> None:
    solved: list[float] = []
    desk = Desk(own_city, solved=solved.append)
    standing = desk.standing()

    with ThreadPoolExecutor(4) as readers:
        plans = list(readers.map(lambda _: desk.plan(standing, Wish()), range(4)))

    assert len({id(plan) for plan in plans}) == 1
    assert len(solved) == 1


def test_more_plans_than_can_wait_are_refused(
    own_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = Event()
    compute = City.plan

    def slow(
        city: City, period: Period | None, *, without: tuple[SiteId, ...], offered: Offered
    ) -> Plan:
        assert go_on.wait(30)
        return compute(city, period, without=without, offered=offered)

    monkeypatch.setattr(City, "plan", slow)
    desk = Desk(own_city)
    standing = desk.standing()
    sites = [SiteId("compost"), SiteId("mill"), SiteId("far")]
    subsets = [Wish(without=some) for size in range(4) for some in combinations(sites, size)]
    room = SOLVES_AT_ONCE + MOST_WAITING
    wishes = list(islice(cycle(subsets), room + 1))

    with ThreadPoolExecutor(room + 1) as readers:
        asked = [readers.submit(desk.plan, standing, wish) for wish in wishes]
        done, waiting = wait(asked, timeout=30, return_when=FIRST_EXCEPTION)
        go_on.set()

    assert (len(done), len(waiting)) == (1, room)
    with pytest.raises(TooManyPlans, match="ask again"):
        done.pop().result()
    assert all(future.result().checked for future in waiting)
