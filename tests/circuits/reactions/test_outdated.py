"""Outdated: only what may change a plan's figures is looked at, and only until it has."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bioloom.circuits.reactions.outdated import Outdated
from bioloom.doors.acting import acting_as, adopt_plan, propose_plan
from bioloom.doors.compose import City, open_city
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.circuits import PlanOutdated
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.ledger import SiteDeclared
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant
from tests.doors.sample_city import sample_city
from tests.ledger.records import arrival, weighing


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """A city with a plan in force for its newest month."""
    with open_city(sample_city(tmp_path / "city")) as city:
        steward = acting_as(city, None)
        adopt_plan(city, propose_plan(city, city.plan(), author=steward).plan, author=steward)
        yield city


@pytest.fixture
def outdated(city: City) -> Outdated:
    outdated = Outdated(city.settings.zone)
    for entry in city.journal.read(kinds=outdated.folds):
        outdated.fold(entry)
    return outdated


def recorded(city: City, draft: Draft[Any], *, correct: bool = False) -> Entry[Any]:
    before = city.journal.head().seq
    city.commit([draft], correct=correct)
    return next(city.journal.read(after=before))


def names(outdated: Outdated, entry: Entry[Any], city: City) -> list[str]:
    found = [following.body for following in outdated.react(entry, city.journal)]
    return [body.plan for body in found if isinstance(body, PlanOutdated)]


def in_force(city: City) -> list[str]:
    return city.plans().in_force


def test_a_lot_of_another_month_changes_nothing(city: City, outdated: Outdated) -> None:
    entry = recorded(city, arrival("long ago", 5))

    assert names(outdated, entry, city) == []


def test_a_site_that_takes_less_does(city: City, outdated: Outdated) -> None:
    [site, *_] = city.journal.read(kinds=["SiteDeclared"])
    assert isinstance(site.body, SiteDeclared)
    smaller = tuple(
        msgspec.structs.replace(intake, capacity_mg_per_day=intake.capacity_mg_per_day // 2)
        for intake in site.body.intakes
    )
    corrected = Draft(
        body=msgspec.structs.replace(site.body, intakes=smaller),
        occurred_at=site.occurred_at,
        author=site.author,
        idempotency_key=site.idempotency_key,
    )
    entry = recorded(city, corrected, correct=True)

    assert names(outdated, entry, city) == in_force(city)


def test_a_lot_that_moves_out_of_the_month_does(city: City, outdated: Outdated) -> None:
    plan = city.plans().proposed[in_force(city)[0]]
    lot = next(
        entry
        for entry in city.journal.read(kinds=["LotArrived"])
        if entry.body.first_day == plan.first_day and entry.body.mass_mg
    )
    earlier = Draft(
        body=lot.body,
        occurred_at=Instant("2020-01-01T12:00:00.000Z"),
        author=lot.author,
        idempotency_key=lot.idempotency_key,
    )
    entry = recorded(city, earlier, correct=True)

    assert names(outdated, entry, city) == [plan.plan]


def test_once_it_is_noticed_it_is_not_looked_at_again(city: City, outdated: Outdated) -> None:
    plan = city.plans().proposed[in_force(city)[0]]
    noticed = Draft(
        body=PlanOutdated(plan=plan.plan, inputs_sha256="0" * 64),
        occurred_at=Instant("2026-01-01T00:00:00.000Z"),
        author=AgentId("steward"),
        idempotency_key="noticed",
    )
    outdated.fold(recorded(city, noticed))
    [site, *_] = city.journal.read(kinds=["SiteDeclared"])

    # It asks nothing of the journal, which is closed.
    city.close()
    assert names(outdated, site, city) == []


def test_a_plan_is_told_of_once_though_its_note_is_not_read_yet(
    city: City, outdated: Outdated
) -> None:
    newest = list(city.journal.read(kinds=["LotArrived"]))[-1]
    for name in ("one", "other"):
        late = weighing(msgspec.structs.replace(newest.body, lot=LotId(name)), 1)
        draft = Draft(
            body=late,
            occurred_at=newest.occurred_at,
            author=newest.author,
            idempotency_key=name,
        )
        entry = recorded(city, draft)
        assert names(outdated, entry, city) == (in_force(city) if name == "one" else [])
