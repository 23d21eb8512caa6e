"""Covenants inside plans: what a covenant binds is planned, committed and handed over within it."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from bioloom.circuits.proposing import FiguresChanged
from bioloom.circuits.replanning.undertaken import undertaken
from bioloom.circuits.siting.proposals import read_facilities
from bioloom.doors.acting import adopt_plan, propose_plan, put_in_force
from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, now, open_city
from bioloom.doors.foreseeing.asking import siting_in
from bioloom.doors.loop import run_once
from bioloom.doors.replanning.acting import propose_replanned, replan
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.circuits import CommitmentMade, Flow, PlanProposed
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import CommitmentId, EventHappened
from bioloom.vocabulary.lots import LotId
from tests.doors.sample_city import sample_city

STEWARD = AgentId("steward")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return sample_city(tmp_path / "city")


@pytest.fixture
def city(folder: Path) -> Iterator[City]:
    """A city with a plan in force for its newest month."""
    with open_city(folder) as city:
        adopt_plan(city, propose_plan(city, city.plan(), author=STEWARD).plan, author=STEWARD)
        yield city


def bind(folder: Path, commons: AgentId, *, without: str = "") -> None:
    """A covenant of a commons to which no site's operator belongs, but for those named."""
    file = folder.parent / "covenant.toml"
    file.write_text(
        f'covenant = "ours"\ncommons = "{commons}"\ntitle = "Ours"\ntext = "It stays."\n'
        f'quorum = 1\nsigners = ["steward"]\n{without}',
        encoding="utf-8",
    )
    assert main(["covenants", "enact", str(folder), str(file)]) == 0


def first_flow(city: City) -> Flow:
    """A flow of a district whose commons owns what it offers."""
    return city.plan(explain=False).flows[0]


def owner(city: City, flow: Flow) -> AgentId:
    return city.journal.declared().districts[flow.district].commons


def join(folder: Path, member: str, commons: AgentId) -> None:
    at = str(folder)
    assert main(["people", "join", at, member, commons]) == 0
    assert main(["people", "accept", at, member, commons, "--as", member]) == 0


def hand_over_all(city: City, plan: str) -> int:
    """Every commitment that stands is kept to the last lot; how many handings over that took."""
    drafts = []
    for one in undertaken(plan, city.plans(), city.journal):
        made: CommitmentMade = one.made
        for number, portion in enumerate(() if one.ended else made.lots):
            event = EventHappened(
                action="transfer",
                provider=made.provider,
                receiver=made.receiver,
                lot=LotId(portion.lot),
                quantity=Amount(units=portion.mass_mg, reported=str(portion.mass_mg), unit="mg"),
                stamp="measured",
                fulfills=(CommitmentId(made.commitment),),
            )
            key = f"handed:{made.commitment}:{number}"
            drafts.append(
                Draft(body=event, occurred_at=city.clock(), author=STEWARD, idempotency_key=key)
            )
    city.journal.record(drafts, recorded_at=now())
    return len(drafts)


def proposed_by_loop(city: City) -> list[PlanProposed]:
    known = set(city.plans().proposed)
    run_once(city, city.clock())
    return [one for name, one in city.plans().proposed.items() if name not in known]


def test_a_covenant_enacted_revises_the_plan_and_what_is_accepted_can_all_be_handed_over(
    city: City, folder: Path
) -> None:
    run_once(city, city.clock())
    flow = first_flow(city)
    bind(folder, owner(city, flow))

    (revision,) = proposed_by_loop(city)

    kept = [one for one in revision.flows if one.district == flow.district]
    assert kept == []
    assert any("covenants ('ours') keep lots of it" in move.reason for move in revision.moves)
    put_in_force(city, revision.plan, author=STEWARD)
    assert hand_over_all(city, revision.plan) > 0
    assert verify(city.journal.store).holds
    assert proposed_by_loop(city) == []


def test_what_is_bound_goes_to_a_site_that_belongs_and_the_flow_says_so(
    city: City, folder: Path
) -> None:
    flow = first_flow(city)
    operator = city.journal.declared().sites[flow.site].operator
    join(folder, operator, owner(city, flow))
    bind(folder, owner(city, flow))

    made = city.plan(explain=False)

    own = [one for one in made.flows if one.district == flow.district]
    assert own
    operators = {city.journal.declared().sites[one.site].operator for one in own}
    assert operators == {operator}
    assert all(one.covenants[0].covenants == ("ours",) for one in own)
    assert all(one.covenants[0].mass_mg == one.mass_mg for one in own)
    revision = replan(city)
    put_in_force(city, propose_replanned(city, revision, author=STEWARD).plan, author=STEWARD)
    assert hand_over_all(city, next(reversed(city.plans().in_force))) > 0


def test_no_site_that_is_proposed_is_brought_what_a_covenant_keeps(
    city: City, folder: Path
) -> None:
    flow = first_flow(city)
    material = city.journal.declared().materials[flow.material]
    place = city.journal.declared().districts[flow.district].point
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [place.longitude_deg, place.latitude_deg]},
        "properties": {"name": "New", "accepts": [material.group], "capacity_t_per_day": 1000},
    }
    text = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    proposed = read_facilities(BytesIO(text), groups=[material.group])
    bind(folder, owner(city, flow))

    [option] = siting_in(city, proposed).options

    [of_it] = [one for one in option.changes if one.district == flow.district]
    assert (of_it.service, of_it.service_then) == (0, 0)


def test_a_plan_proposed_before_a_covenant_cannot_be_adopted_after_it(
    folder: Path,
) -> None:
    with open_city(folder) as city:
        proposed = propose_plan(city, city.plan(), author=STEWARD).plan
        bind(folder, owner(city, first_flow(city)))

        with pytest.raises(FiguresChanged, match="have changed"):
            adopt_plan(city, proposed, author=STEWARD)
        again = propose_plan(city, city.plan(), author=STEWARD).plan
        assert adopt_plan(city, again, author=STEWARD)
        assert hand_over_all(city, again) > 0
