"""Acting on plans: proposed once, adopted once, on figures that still hold, lots oldest first."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from bioloom.circuits.proposing import (
    FiguresChanged,
    PlanAlreadyAdopted,
    PlanOfNothing,
    PlanOnlyTried,
    PlanUnknown,
)
from bioloom.circuits.proving.flowing import FlowsImpossible
from bioloom.doors.acting import acting_as, adopt_plan, propose_plan, record_proposal
from bioloom.doors.compose import City, now, open_city
from bioloom.doors.register.deciding import see_that_may
from bioloom.ledger.people.permitting import NotPermitted
from bioloom.ledger.people.roles import Act
from bioloom.ledger.record.journal import RecordMovedOn
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.transferring import AgentUnknown
from bioloom.vocabulary.agents import OUTSIDE, AgentId
from bioloom.vocabulary.entries.circuits import CommitmentMade, Flow, PlanProposed
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import AgentDeclared, LotArrived
from bioloom.vocabulary.periods import Instant, Period
from bioloom.vocabulary.places import SiteId
from tests.doors.sample_city import sample_city
from tests.ledger.records import weighing

STEWARD = "steward"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with open_city(sample_city(tmp_path / "city")) as opened:
        yield opened


@pytest.fixture
def proposed(city: City) -> PlanProposed:
    return propose_plan(city, city.plan(), author=acting_as(city, None))


def test_the_same_plan_proposed_twice_is_one_proposal(city: City, proposed: PlanProposed) -> None:
    head = city.journal.head()

    again = propose_plan(city, city.plan(), author=acting_as(city, None))

    assert again == proposed
    assert city.journal.head() == head
    assert list(city.plans().proposed) == [proposed.plan]


def test_adopting_commits_the_mass_of_every_flow_to_its_site(
    city: City, proposed: PlanProposed
) -> None:
    made = adopt_plan(city, proposed.plan, author=acting_as(city, None))

    assert [commitment.mass_mg for commitment in made] == [flow.mass_mg for flow in proposed.flows]
    for commitment in made:
        assert sum(lot.mass_mg for lot in commitment.lots) == commitment.mass_mg
        assert commitment.due == proposed.last_day
    recorded = [entry.body for entry in city.journal.read(kinds=["CommitmentMade"])]
    assert recorded == list(made)
    assert city.plans().in_force == [proposed.plan]
    assert verify(city.journal.store).holds


def test_no_lot_is_committed_beyond_its_mass(city: City, proposed: PlanProposed) -> None:
    made = adopt_plan(city, proposed.plan, author=acting_as(city, None))

    committed: Counter[str] = Counter()
    for commitment in made:
        for lot in commitment.lots:
            committed[lot.lot] += lot.mass_mg
    bodies = {key: entry.body for key, entry in city.journal.current(list(committed)).items()}
    assert bodies.keys() == committed.keys()
    assert all(mass_mg <= bodies[lot].mass_mg for lot, mass_mg in committed.items())


def test_the_backlog_is_committed_oldest_lot_first(city: City) -> None:
    proposed = propose_plan(city, city.plan(backlog=True), author=acting_as(city, None))

    made = adopt_plan(city, proposed.plan, author=acting_as(city, None))

    for node in {(commitment.provider, commitment.material) for commitment in made}:
        taken = [lots_of(city, one) for one in made if (one.provider, one.material) == node]
        order = [moment for moments in taken for moment in moments]
        assert order == sorted(order)
        assert order[0] == "2025-01-31T12:00:00.000Z"  # The practice year's first month.


def lots_of(city: City, commitment: CommitmentMade) -> list[str]:
    """When a commitment's lots happened."""
    entries = city.journal.current([lot.lot for lot in commitment.lots])
    return [entries[lot.lot].occurred_at for lot in commitment.lots]


def test_a_plan_is_not_adopted_twice(city: City, proposed: PlanProposed) -> None:
    adopt_plan(city, proposed.plan, author=acting_as(city, None))

    with pytest.raises(PlanAlreadyAdopted, match="was adopted before"):
        adopt_plan(city, proposed.plan, author=acting_as(city, None))


def test_what_is_recorded_once_somebody_was_let_in_keeps_them_from_adopting(
    city: City, proposed: PlanProposed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def let_in(city: City, actor: AgentId, act: Act, *, at: Instant | None = None) -> None:
        see_that_may(city, actor, act, at=at)
        body = AgentDeclared(agent=AgentId("late"), name="Late", sort="organisation")
        told = Draft(body=body, occurred_at=now(), author=actor, idempotency_key="late")
        city.journal.record([told], recorded_at=now())

    monkeypatch.setattr("bioloom.doors.acting.see_that_may", let_in)

    with pytest.raises(RecordMovedOn, match="went on"):
        adopt_plan(city, proposed.plan, author=acting_as(city, None))


def test_nobody_records_a_proposal_who_may_not_propose(city: City, proposed: PlanProposed) -> None:
    other = msgspec.structs.replace(proposed, plan="other")
    with pytest.raises(NotPermitted, match="may not propose plan"):
        record_proposal(city, other, author=OUTSIDE)


def test_a_plan_on_figures_that_were_corrected_since_is_refused(
    city: City, proposed: PlanProposed
) -> None:
    flow = proposed.flows[0]
    (entry,) = (
        entry
        for entry in city.journal.read(kinds=["LotArrived"])
        if isinstance(entry.body, LotArrived)
        and (entry.body.place, entry.body.material) == (flow.district, flow.material)
        and entry.body.last_day == proposed.last_day
    )
    corrected: Draft[LotArrived] = Draft(
        body=weighing(entry.body, entry.body.mass_mg - 1),
        occurred_at=entry.occurred_at,
        author=entry.author,
        idempotency_key=entry.idempotency_key,
    )
    city.journal.append([corrected], recorded_at=now(), correct=True)
    head = city.journal.head()

    with pytest.raises(FiguresChanged, match="have changed since") as refusal:
        adopt_plan(city, proposed.plan, author=acting_as(city, None))

    assert refusal.value.proposed_sha256 != refusal.value.current_sha256
    assert city.journal.head() == head


def test_a_plan_that_leaves_sites_out_is_never_proposed(city: City) -> None:
    site = SiteId("digester")

    with pytest.raises(PlanOnlyTried, match="leaves out digester"):
        propose_plan(city, city.plan(without=[site]), author=acting_as(city, None))

    assert not city.plans().proposed


def test_a_plan_that_nobody_proposed_is_not_adopted(city: City) -> None:
    with pytest.raises(PlanUnknown, match="No plan 'mine'"):
        adopt_plan(city, "mine", author=acting_as(city, None))


def test_only_declared_agents_act(city: City) -> None:
    assert acting_as(city, None) == acting_as(city, STEWARD) == STEWARD
    with pytest.raises(AgentUnknown, match="Agent 'mallory' is not in the record"):
        acting_as(city, "mallory")


def test_a_plan_of_days_on_which_nothing_is_offered_is_printed_and_not_proposed(
    city: City,
) -> None:
    head, empty = city.journal.head(), Period(first=date(2030, 1, 1), last=date(2030, 1, 31))
    made = city.plan(empty)

    with pytest.raises(PlanOfNothing, match="Nothing is offered from 2030-01-01 to 2030-01-31"):
        propose_plan(city, made, author=acting_as(city, None))

    assert made.checked
    assert city.journal.head() == head


def told_otherwise(city: City, proposed: PlanProposed, flow: Flow) -> str:
    """A proposal in the record whose first flow is another than was planned."""
    forged = msgspec.structs.replace(proposed, plan="forged", flows=(flow, *proposed.flows[1:]))
    return record_proposal(city, forged, author=acting_as(city, None)).plan


def test_flows_that_could_not_be_are_refused_whatever_the_proposal_says(
    city: City, proposed: PlanProposed
) -> None:
    first = proposed.flows[0]
    takers = {flow.site for flow in proposed.flows if flow.material == first.material}
    elsewhere = next(
        name
        for name, site in city.journal.declared().sites.items()
        if name not in takers and site.intakes
    )
    forged = told_otherwise(city, proposed, msgspec.structs.replace(first, site=elsewhere))
    head = city.journal.head()

    with pytest.raises(FlowsImpossible, match="cannot be carried out"):
        adopt_plan(city, forged, author=acting_as(city, None))

    assert city.journal.head() == head
    assert adopt_plan(city, proposed.plan, author=acting_as(city, None))
