"""Replanning at the doors: from a disruption to commitments that stand, with a veto in between."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bioloom.circuits.proposing import FiguresChanged
from bioloom.circuits.replanning.adopting import RevisionOvertaken
from bioloom.circuits.replanning.undertaken import Way, undertaken, way_of
from bioloom.circuits.replanning.vetoing import NoSuchMove
from bioloom.doors.acting import adopt_plan, propose_plan, put_in_force
from bioloom.doors.asking.placing import place
from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, now, open_city
from bioloom.doors.loop import run_once
from bioloom.doors.replanning.acting import (
    NothingMoves,
    propose_replanned,
    replan,
)
from bioloom.doors.replanning.deciding import veto_move
from bioloom.ledger.accounts.owing import everything_owed
from bioloom.ledger.reactions.overdue import Overdue
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.circuits import CommitmentMade, Move
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import CommitmentId, EventHappened
from bioloom.vocabulary.lots import LotId
from tests.doors.sample_city import sample_city

STEWARD = AgentId("steward")
FLOOD = ["--kind", "site_down", "--site", "digester", "--reason", "Flooded."]
DAYS = ["--from", "2025-12-11", "--to", "2025-12-20"]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A city with a plan in force for its newest month."""
    folder = sample_city(tmp_path / "city")
    with open_city(folder) as city:
        adopt_plan(city, propose_plan(city, city.plan(), author=STEWARD).plan, author=STEWARD)
    return str(folder)


@pytest.fixture
def city(folder: str) -> Iterator[City]:
    """The same with the digester flooded for ten days."""
    assert main(["circuits", "disrupt", folder, "flood", *FLOOD, *DAYS]) == 0
    with open_city(folder) as city:
        yield city


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:  # noqa: ANN401  Any JSON value.
    capsys.readouterr()
    assert main([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def standing_mg(city: City, plan: str) -> Counter[Way]:
    """What is owed and done on each way, by the commitments of a plan and what it stands on."""
    found: Counter[Way] = Counter()
    for one in undertaken(plan, city.plans(), city.journal):
        found[one.way] += one.done_mg if one.ended else one.made.mass_mg
    return +found


def planned_mg(city: City, plan: str) -> Counter[Way]:
    return Counter({way_of(flow): flow.mass_mg for flow in city.plans().named(plan).flows})


def hand_over(city: City, made: CommitmentMade, mass_mg: int) -> None:
    """Some of the first lot of a commitment goes to who was promised it."""
    event = EventHappened(
        action="transfer",
        provider=made.provider,
        receiver=made.receiver,
        lot=LotId(made.lots[0].lot),
        quantity=Amount(units=mass_mg, reported=str(mass_mg), unit="mg"),
        stamp="measured",
        fulfills=(CommitmentId(made.commitment),),
    )
    happened = city.clock()
    draft = Draft(body=event, occurred_at=happened, author=STEWARD, idempotency_key="handed")
    city.journal.record([draft], recorded_at=now())


def of_digester(city: City) -> CommitmentMade:
    return next(
        entry.body
        for entry in city.journal.read(kinds=["CommitmentMade"])
        if isinstance(entry.body, CommitmentMade) and entry.body.commitment.endswith("/digester")
    )


def first_to(moves: tuple[Move, ...], site: str) -> Move:
    return next(move for move in moves if move.site == site)


@pytest.mark.system(5)
def test_a_flood_is_replanned_a_move_vetoed_and_what_is_accepted_is_what_is_owed(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(capsys, "circuits", "disrupt", folder, "flood", *FLOOD, *DAYS)
    first = answer(capsys, "circuits", "replan", folder, "--propose")
    move = next(move for move in first["moves"] if move["to"] == "compost_south")
    names = ["--district", move["district"], "--material", move["material"]]
    wrong = [*names, "--site", "compost_south", "--reason", "The lane is too narrow."]
    vetoed = answer(capsys, "circuits", "veto", folder, first["proposed"], *wrong)
    again = answer(capsys, "circuits", "replan", folder, "--propose")
    done = answer(capsys, "circuits", "accept", folder, again["proposed"])

    assert first["certificate"]["checked"]
    assert again["certificate"]["checked"]
    assert vetoed["kind"] == "MoveVetoed"
    same = {key: move[key] for key in ("district", "material", "to")}
    assert all({key: one[key] for key in same} != same for one in again["moves"])
    assert done["ended"]
    assert done["commitments"]
    with open_city(folder) as city:
        assert standing_mg(city, again["proposed"]) == planned_mg(city, again["proposed"])
        owed = sum(row.owed.units for row in everything_owed(city.journal, today=city.today()))
        assert owed == planned_mg(city, again["proposed"]).total()
    assert main(["verify", folder]) == 0


def test_what_was_handed_over_is_planned_and_is_not_owed_again(city: City) -> None:
    made = of_digester(city)
    half_mg = made.lots[0].mass_mg // 2
    hand_over(city, made, half_mg)

    revision = replan(city)
    plan = propose_replanned(city, revision, author=STEWARD).plan
    adoption = put_in_force(city, plan, author=STEWARD)

    assert standing_mg(city, plan) == planned_mg(city, plan)
    ended = {one.commitment: one.done_mg for one in adoption.ended}
    assert ended.get(made.commitment, half_mg) == half_mg
    # Revised again, all of the chain counts.
    assert replan(city).moves == ()
    with pytest.raises(NothingMoves, match="stays as it is"):
        propose_replanned(city, replan(city), author=STEWARD)


def test_more_that_went_meanwhile_overtakes_a_revision(city: City) -> None:
    revision = replan(city)
    plan = propose_replanned(city, revision, author=STEWARD)
    lost = next(move for move in plan.moves if move.origin == "digester")
    made = next(
        entry.body
        for entry in city.journal.read(kinds=["CommitmentMade"])
        if entry.body.commitment.endswith(f"/{lost.district}/{lost.material}/digester")
    )
    hand_over(city, made, made.lots[0].mass_mg)

    with pytest.raises(RevisionOvertaken, match="meanwhile"):
        put_in_force(city, plan.plan, author=STEWARD)


def test_a_revision_is_of_the_plan_in_force_and_of_the_figures_it_was_made_from(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = propose_replanned(city, replan(city), author=STEWARD).plan
    answer(capsys, "circuits", "restore", str(city.folder), "flood", "--reason", "A false alarm.")

    with pytest.raises(FiguresChanged, match="figures have changed"):
        put_in_force(city, plan, author=STEWARD)
    assert replan(city).moves == ()


def test_a_vetoed_revision_names_its_veto_and_how_to_come_to_another(city: City) -> None:
    first = propose_replanned(city, replan(city), author=STEWARD)
    move = next(one for one in first.moves if one.origin and one.site)
    assert move.site is not None
    way = move.district, move.material, move.site
    veto_move(city, first.plan, way, reason="Too narrow.", by=STEWARD)

    with pytest.raises(FiguresChanged, match=r"vetoed \(.*: Too narrow\.\)") as refused:
        put_in_force(city, first.plan, author=STEWARD)
    assert "bioloom circuits replan DIR --propose" in refused.value.remedy
    second = propose_replanned(city, replan(city), author=STEWARD).plan
    with pytest.raises(FiguresChanged, match=f"Adopt plan '{second}'"):
        put_in_force(city, first.plan, author=STEWARD)


def test_asking_what_if_writes_nothing_and_cannot_be_proposed(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = answer(capsys, "verify", folder)

    told = answer(capsys, "circuits", "replan", folder, "--down", "digester", "pulp")
    cut = answer(capsys, "circuits", "replan", folder, "--cut", "digester=500")

    assert told["certificate"]["checked"]
    assert told["moved_mg"] > cut["moved_mg"] > 0
    assert all(one["reason"] for one in told["moves"])
    assert answer(capsys, "verify", folder) == before
    refused = ["circuits", "replan", folder, "--down", "digester", "--propose"]
    assert answer(capsys, *refused, code=2)["refused"]["kind"] == "OnlyAsked"


def test_without_a_plan_in_force_it_tells_of_the_plan_that_would_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(sample_city(tmp_path / "city"))

    told = answer(capsys, "circuits", "replan", folder, "--down", "digester")

    assert (told["revises"], told["certificate"]["checked"]) == (None, True)
    assert {move["from"] for move in told["moves"]} >= {"digester"}
    refused = answer(capsys, "circuits", "replan", folder, "--propose", code=2)
    assert refused["refused"]["kind"] == "NothingToRevise"


def test_the_loop_proposes_a_revision_once_and_again_without_a_vetoed_move(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_once(city, city.clock())["PlanProposed"] == 1
    assert run_once(city, city.clock())["PlanProposed"] == 0
    *_, first = city.plans().proposed.values()
    move = first_to(first.moves, "compost_south")
    names = ["--district", move.district, "--material", move.material]
    wrong = [*names, "--site", "compost_south", "--reason", "The lane is too narrow."]
    answer(capsys, "circuits", "veto", str(city.folder), first.plan, *wrong)

    assert run_once(city, city.clock())["PlanProposed"] == 1

    *_, second = city.plans().proposed.values()
    way = move.district, move.material, move.site
    assert way not in {(one.district, one.material, one.site) for one in second.moves}
    assert put_in_force(city, second.plan, author=STEWARD).ended


def test_a_lot_whose_commitment_stands_on_is_told_as_committed_by_the_plan_in_force(
    city: City,
) -> None:
    plan = propose_replanned(city, replan(city), author=STEWARD).plan
    put_in_force(city, plan, author=STEWARD)
    standing = [one.made for one in undertaken(plan, city.plans(), city.journal) if not one.ended]
    made = next(one for one in standing if one.plan != plan)

    placed = place(city, made.lots[0].lot, None)

    assert placed.plan == plan
    assert made.commitment in {going.commitment for going in placed.goes}


def test_only_a_move_of_the_proposal_is_vetoed_and_once_lifted_it_may_be_vetoed_again(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, folder = propose_replanned(city, replan(city), author=STEWARD), str(city.folder)
    move = first_to(plan.moves, "compost_south")
    names = ["--district", move.district, "--material", move.material]
    why = ["--reason", "The lane is too narrow."]

    nowhere = answer(
        capsys, "circuits", "veto", folder, plan.plan, *names, "--site", "pulp", *why, code=2
    )
    assert nowhere["refused"]["kind"] == NoSuchMove.__name__
    wrong = [*names, "--site", "compost_south", *why]
    answer(capsys, "circuits", "veto", folder, plan.plan, *wrong)
    answer(capsys, "circuits", "veto", folder, plan.plan, *wrong)
    [veto] = answer(capsys, "circuits", "disruptions", folder)["vetoes"]
    lifted = ["circuits", "lift", folder, veto["veto"], "--reason", "It was widened."]
    answer(capsys, *lifted)
    answer(capsys, *lifted)
    assert answer(capsys, "circuits", "disruptions", folder)["vetoes"] == []
    for _ in range(2):
        answer(capsys, "circuits", "veto", folder, plan.plan, *wrong)
    [again] = answer(capsys, "circuits", "disruptions", folder)["vetoes"]
    assert {**again, "veto": veto["veto"]} == veto
    answer(capsys, "circuits", "lift", folder, again["veto"], "--reason", "It was widened.")
    assert answer(capsys, "circuits", "disruptions", folder)["vetoes"] == []
    unknown = answer(capsys, "circuits", "lift", folder, "none", *why, code=2)
    assert unknown["refused"]["kind"] == "VetoUnknown"


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["--kind", "site_down", "--site", "moon", "--reason", "x"], "DisruptionSenseless"),
        (["--kind", "site_down", "--reason", "x"], "DisruptionSenseless"),
        (["--kind", "site_down", "--site", "pulp", "--reason", " "], "DisruptionSenseless"),
        (["--kind", "road_cut", "--area", "99", "--reason", "x"], "DisruptionSenseless"),
        (
            ["--kind", "surge", "--per-mille", "900", "--reason", "x"],
            "DisruptionSenseless",
        ),
        (["--kind", "blockade", "--agent", "nobody", "--reason", "x"], "DisruptionSenseless"),
        (
            ["--kind", "site_down", "--site", "pulp", "--reason", "x", "--as", "site:digester"],
            "NotPermitted",
        ),
    ],
)
def test_what_cannot_be_is_refused(
    folder: str, capsys: pytest.CaptureFixture[str], arguments: list[str], kind: str
) -> None:
    told = answer(
        capsys, "circuits", "disrupt", folder, "x", "--from", "2025-12-01", *arguments, code=2
    )

    assert told["refused"]["kind"] == kind


def test_an_operator_reports_of_its_own_site_and_says_the_same_twice(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["circuits", "disrupt", folder, "flood", *FLOOD, *DAYS, "--as", "site:digester"]

    first, second = answer(capsys, *words), answer(capsys, *words)

    assert first == second
    other = answer(capsys, *words[:-4], "--as", "site:digester", code=2)
    assert other["refused"]["kind"] == "SaidOtherwise"


def test_what_ended_is_not_reported_again_under_its_name(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["circuits", "disrupt", folder, "flood", *FLOOD, *DAYS]
    answer(capsys, *words)
    ended = ["circuits", "restore", folder, "flood", "--reason", "A mistake."]

    assert answer(capsys, *ended) == answer(capsys, *ended)

    assert answer(capsys, *words, code=2)["refused"]["kind"] == "SaidOtherwise"


def test_ended_commitments_are_waited_for_no_longer(city: City) -> None:
    plan = propose_replanned(city, replan(city), author=STEWARD).plan
    adoption = put_in_force(city, plan, author=STEWARD)
    overdue = Overdue(city.settings.zone)
    for entry in city.journal.read(kinds=overdue.folds):
        overdue.fold(entry)

    waiting = {name for day in overdue._waiting.values() for name in day}
    assert waiting.isdisjoint(one.commitment for one in adoption.ended)
    assert waiting >= {one.commitment for one in adoption.made}


def test_the_answers_read_as_tables(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["circuits", "disrupt", folder, "flood", *FLOOD, *DAYS])
    assert main(["circuits", "replan", folder, "--propose"]) == 0
    out = capsys.readouterr().out
    assert "The certificate checks" in out
    proposed = out.split("bioloom circuits accept")[1].split()[-1]
    for words in (
        ["moves", folder, proposed],
        ["disruptions", folder],
        ["accept", folder, proposed],
    ):
        assert main(["circuits", *words]) == 0
    assert "commitments ended" in capsys.readouterr().out


def test_a_surge_is_in_weeks_ahead_and_never_in_what_was_weighed(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    days = ["--from", "2025-12-01", "--to", "2025-12-31"]
    month = answer(capsys, "plan", folder, *days)
    before = answer(capsys, "plan", folder, *days, "--weeks", "1")["weeks"][0]
    words = ["--kind", "surge", "--per-mille", "2000", "--reason", "A fair."]
    answer(capsys, "circuits", "disrupt", folder, "fair", *words, "--from", "2025-12-01")

    after = answer(capsys, "plan", folder, *days, "--weeks", "1")["weeks"][0]

    assert offered_mg(after) == 2 * offered_mg(before)
    assert offered_mg(answer(capsys, "plan", folder, *days)) == offered_mg(month)


def offered_mg(plan: Any) -> int:  # noqa: ANN401  Any JSON value.
    return sum(one["mass_mg"] for one in (*plan["flows"], *plan["unmet"]))
