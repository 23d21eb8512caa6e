"""Verdiva's year as a record: it holds, it closes, all of it is generated, and much happens."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bioloom.doors.compose import City, open_city
from bioloom.doors.stories.verdiva.places import SPECIFICATIONS
from bioloom.ledger.numbering import first_seq_of
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AIR, BOUNDARY, INSIDE, OUTSIDE, SOIL, UNACCOUNTED, WATER
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import (
    EventHappened,
    EventReversed,
    LotMade,
    ProcessClosed,
    ProcessOpened,
)
from bioloom.vocabulary.entries.ledger import LotArrived
from tests.doors.stories.made import verdiva


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    with open_city(verdiva()) as opened:
        yield opened


@pytest.fixture(scope="module")
def entries(city: City) -> list[Entry[Any]]:
    return list(city.journal.read())


def test_the_record_holds(city: City) -> None:
    verdict = verify(city.journal.store)

    assert verdict.problems == []
    assert verdict.holds


def test_what_came_in_is_held_or_left_or_is_inside_an_open_process(
    city: City, entries: list[Entry[Any]]
) -> None:
    numbers = {number: agent for agent, number in city.journal.store.agents().items()}
    weighed = {entry.seq for entry in entries if is_of_mass(entry.body)}
    net_mg: defaultdict[str, int] = defaultdict(int)
    for leg in city.journal.store.all_legs():
        if first_seq_of(leg.lot) in weighed:
            assert leg.rights_units == leg.custody_units
            net_mg[numbers[leg.giver]] -= leg.rights_units
            net_mg[numbers[leg.receiver]] += leg.rights_units

    held_mg = sum(mass for agent, mass in net_mg.items() if agent not in BOUNDARY)
    left_mg = sum(net_mg[edge] for edge in (AIR, WATER, SOIL, UNACCOUNTED))
    assert -net_mg[OUTSIDE] == held_mg + left_mg + net_mg[INSIDE]
    assert net_mg[INSIDE] == inside_open_processes_mg(entries) > 0
    assert min(net_mg[edge] for edge in (AIR, WATER, SOIL)) > 0
    assert all(mass >= 0 for agent, mass in net_mg.items() if agent not in BOUNDARY)


def is_of_mass(body: object) -> bool:
    """Whether the lot that an entry makes, if it makes one, is counted in milligrams."""
    match body:
        case EventHappened(made=LotMade(base_unit=base_unit)):
            return base_unit == MILLIGRAM
        case LotArrived() | ProcessClosed():
            return True
    return False


def inside_open_processes_mg(entries: list[Entry[Any]]) -> int:
    events = [entry.body for entry in entries]
    closed = {event.process for event in events if isinstance(event, ProcessClosed)}
    return sum(
        event.quantity.units
        for event in events
        if isinstance(event, EventHappened)
        and event.action == "consume"
        and event.input_of not in closed
        and event.quantity is not None
    )


def test_every_process_closes_within_what_its_kind_tolerates(entries: list[Entry[Any]]) -> None:
    bodies = [entry.body for entry in entries]
    kinds = {one.specification: one for one in SPECIFICATIONS}
    opened = {one.process: one for one in bodies if isinstance(one, ProcessOpened)}
    in_mg, out_mg = Counter[str](), Counter[str]()
    for event in bodies:
        if isinstance(event, EventHappened) and event.quantity is not None:
            if event.action == "consume":
                in_mg[str(event.input_of)] += event.quantity.units
            if event.action == "produce" and is_of_mass(event):
                out_mg[str(event.output_of)] += event.quantity.units

    closed = [one for one in bodies if isinstance(one, ProcessClosed)]
    for one in closed:
        lost_mg = sum(loss.mass_mg for loss in one.losses)
        assert in_mg[one.process] == out_mg[one.process] + lost_mg + one.residual_mg
        kind = kinds[opened[one.process].specification]
        if kind.tolerance_per_mille is not None:
            assert abs(one.residual_mg) <= in_mg[one.process] * kind.tolerance_per_mille // 1000
    assert len(closed) > 50


def test_every_figure_is_stamped_as_generated(entries: list[Entry[Any]]) -> None:
    stamps = {entry.body.stamp for entry in entries if hasattr(entry.body, "stamp")}
    losses = [loss for entry in entries for loss in getattr(entry.body, "losses", ())]

    assert stamps == {"generated"}
    assert losses
    assert {loss.stamp for loss in losses} == {"generated"}


def test_every_district_has_ten_households_that_keep_an_account(
    entries: list[Entry[Any]],
) -> None:
    members = Counter(
        entry.body.group
        for entry in entries
        if entry.kind == "MembershipBegan" and entry.body.member.startswith("household:")
    )

    assert len(members) == 24
    assert min(members.values()) >= 10


def test_a_pseudonym_tells_no_district(entries: list[Entry[Any]]) -> None:
    households = [
        entry.body for entry in entries
        if entry.kind == "AgentDeclared" and entry.body.sort == "household"
    ]  # fmt: skip

    assert len({one.agent for one in households}) == len(households)
    assert [one.agent for one in households] != sorted(one.agent for one in households)


def test_every_place_material_and_process_has_a_definition_and_a_unit(city: City) -> None:
    declared = city.journal.declared()
    specified = [entry.body for entry in city.journal.read(kinds=["ProcessSpecified"])]
    processes = {one.specification for one in specified}

    assert all("milli" in one.definition or "mass" in one.definition for one in specified)
    assert all(one.source for one in specified)
    worked = {site.process for site in declared.sites.values()} - {"transfer"}
    assert worked == processes
    assert {material.base_unit for material in declared.materials.values()} == {
        "mg", "ml", "piece", "s"
    }  # fmt: skip


def test_much_of_what_can_happen_happens(entries: list[Entry[Any]]) -> None:
    actions = {entry.body.action for entry in entries if isinstance(entry.body, EventHappened)}
    kinds = {entry.kind for entry in entries}

    assert actions >= {
        "transfer", "consume", "produce", "work", "deliverService",
        "combine", "separate", "raise", "lower",
    }  # fmt: skip
    assert kinds >= {
        "ClaimMade", "PromiseMade", "CommitmentMade", "PlanAdopted", "EventReversed",
        "ProcessOpened", "ProcessClosed", "RoleGranted",
    }  # fmt: skip
    assert any(entry.corrects for entry in entries if entry.kind == "LotArrived")


def test_what_is_wanted_back_is_given_back_and_no_longer_offered(
    city: City, entries: list[Entry[Any]]
) -> None:
    reversed_ids = {entry.body.entry for entry in entries if isinstance(entry.body, EventReversed)}
    arrived = [
        entry.body.lot
        for entry in entries
        if entry.id in reversed_ids and isinstance(entry.body, LotArrived)
    ]
    numbers = city.journal.store.lot_numbers(arrived)

    assert arrived
    assert city.journal.store.holdings(list(numbers.values())) == []


def test_something_is_due_today_and_something_is_overdue(
    city: City, entries: list[Entry[Any]]
) -> None:
    done_mg: Counter[str] = Counter()
    for entry in entries:
        if isinstance(entry.body, EventHappened) and entry.body.quantity is not None:
            done_mg.update(dict.fromkeys(entry.body.fulfills, entry.body.quantity.units))
    standing = Counter(
        "overdue" if entry.body.due < city.today() else "today"
        for entry in entries
        if entry.kind == "CommitmentMade"
        and done_mg[entry.body.commitment] < entry.body.mass_mg
        and entry.body.due <= city.today()
    )

    assert city.today() == date(2025, 12, 31)
    assert standing["overdue"] > 0


def test_a_process_that_is_open_at_the_end_was_opened_in_the_last_week(
    entries: list[Entry[Any]],
) -> None:
    closed = {entry.body.process for entry in entries if isinstance(entry.body, ProcessClosed)}
    still_open = [
        entry for entry in entries
        if isinstance(entry.body, ProcessOpened) and entry.body.process not in closed
    ]  # fmt: skip

    assert still_open
    assert min(entry.occurred_at for entry in still_open) > "2025-12-29"
