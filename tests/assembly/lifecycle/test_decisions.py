"""From a decision to what it does, what it costs, and what the record shows of its effects."""

from datetime import date
from zoneinfo import ZoneInfo

import msgspec
import pytest

from bioloom.assembly.decisions.budgeting import commit_budget, pay_budget
from bioloom.assembly.decisions.deciding import (
    Counts,
    agreed,
    count_votes,
    take_decision,
)
from bioloom.assembly.decisions.measuring import Measuring
from bioloom.assembly.lifecycle.stages import stages_of
from bioloom.assembly.mandates.refusing import AssemblyAmiss, NotInAssembly, NotMandated
from bioloom.assembly.proposals.proposing import (
    Answers,
    draft_proposal,
)
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.people.permitting import NotPermitted
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.doors import TimerFired
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.entries.proposals import (
    BudgetCommitted,
    BudgetPaid,
    EffectId,
    EnactsCode,
    FundsLine,
    LineId,
)
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId
from tests.assembly.lifecycle.hall import HALL, STRANGER, TREES, Hall
from tests.assembly.lifecycle.proposals import (
    EFFECT,
    GUARANTEE,
    decided,
    drafted,
    facts,
    proposal,
)
from tests.ledger.people.town import ANA, BEN, CEM, MILL, NORTH, ZARA, noon

# Decisions


@pytest.mark.parametrize(
    ("counts", "outcome"),
    [
        (Counts(4, 2, 0), "adopted"),
        (Counts(3, 3, 0), "rejected"),
        (Counts(0, 0, 6), "rejected"),
        (Counts(5, 0, 0), "no_quorum"),
        (Counts(1, 0, 4, 1), "adopted"),
    ],
)
def test_what_two_people_count_alike_is_decided(counts: Counts, outcome: str) -> None:
    hall = Hall()
    drafted(hall)
    hall.does(BEN, count_votes, proposal(hall), counts)
    with pytest.raises(AssemblyAmiss, match="another one is to count"):
        hall.does(BEN, count_votes, proposal(hall), counts)
    with pytest.raises(AssemblyAmiss, match="no two people counted the same"):
        hall.take(take_decision(proposal(hall), "counted", hall.meeting(ANA), facts(hall)))
    hall.does(CEM, count_votes, proposal(hall), counts)
    hall.take(take_decision(proposal(hall), "counted", hall.meeting(ANA), facts(hall)))

    taken = proposal(hall).decisions[-1]
    assert (taken.outcome, taken.quorum, taken.electorate) == (outcome, 6, 12)


def test_two_who_count_differently_count_again() -> None:
    hall = Hall()
    drafted(hall)
    hall.does(BEN, count_votes, proposal(hall), Counts(7, 1, 0))
    hall.does(CEM, count_votes, proposal(hall), Counts(6, 2, 0))
    assert agreed(proposal(hall)) is None
    hall.does(CEM, count_votes, proposal(hall), Counts(7, 1, 0))
    hall.does(BEN, count_votes, proposal(hall), Counts(7, 1, 0))

    assert agreed(proposal(hall)) == Counts(7, 1, 0)
    assert [len(one) for one in proposal(hall).rounds] == [2, 2]
    with pytest.raises(AssemblyAmiss, match="counted the same already"):
        hall.does(CEM, count_votes, proposal(hall), Counts(7, 1, 0))


def test_more_votes_than_people_are_no_count() -> None:
    hall = Hall()
    drafted(hall)
    with pytest.raises(AssemblyAmiss, match="13 would have taken part, and 12 can"):
        hall.does(BEN, count_votes, proposal(hall), Counts(13, 0, 0))
    with pytest.raises(AssemblyAmiss, match="below zero"):
        hall.does(BEN, count_votes, proposal(hall), Counts(7, -1, 0))
    assert not proposal(hall).rounds


def test_a_decision_does_all_that_it_says_in_one_transaction_or_nothing() -> None:
    hall = Hall()
    funds = FundsLine(title="Trees", amount_minor=50_000)
    does = (EnactsCode(code=GUARANTEE), funds, EFFECT)
    drafted(hall, msgspec.structs.replace(TREES, measures=does))
    before = hall.journal.head().seq
    decided(hall)

    assert [entry.kind for entry in hall.journal.read(after=before)] == [
        *("DecisionTaken", "CodeEnacted", "BudgetLineMade", "EffectDeclared"),
    ]
    (version,) = codes_of(hall.journal).versions("shade")
    assert version.terms.version == 1
    with pytest.raises(AssemblyAmiss, match="it was adopted by decision 'trees:1'"):
        decided(hall)
    assert verify(hall.journal.store).holds


def test_a_code_that_somebody_else_made_a_version_of_meanwhile_is_the_next() -> None:
    hall = Hall()
    measures = (EnactsCode(code=GUARANTEE),)
    drafted(hall, msgspec.structs.replace(TREES, measures=measures))
    key = Draft(body=GUARANTEE, occurred_at=noon(2), author=ZARA, idempotency_key="code:shade:1")
    hall.take([key])
    decided(hall)

    versions = codes_of(hall.journal).versions("shade")
    assert [one.terms.version for one in versions] == [1, 2]


def test_without_a_quorum_nothing_follows_and_it_can_be_decided_again() -> None:
    hall = Hall()
    drafted(hall, msgspec.structs.replace(TREES, measures=(EFFECT,)))
    decided(hall, present=5)
    assert not hall.known.consequences.effects
    decided(hall, present=6)

    assert [one.outcome for one in proposal(hall).decisions] == ["no_quorum", "adopted"]
    assert list(hall.known.consequences.effects) == ["trees:2:1"]


# Money


def test_never_more_is_promised_than_there_is_nor_paid_than_was_promised() -> None:
    hall = Hall()
    funds = FundsLine(title="Trees", amount_minor=50_000)
    drafted(hall, msgspec.structs.replace(TREES, measures=(funds,)))
    decided(hall)
    with pytest.raises(AssemblyAmiss, match="50001 is more than the 50000"):
        promise(hall, 50_001)
    with pytest.raises(NotMandated, match="keep purse"):
        promise(hall, 1, by=BEN)
    promise(hall, 30_000)
    with pytest.raises(AssemblyAmiss, match="20001 is more than the 20000"):
        promise(hall, 20_001, name="more")
    with pytest.raises(NotInAssembly, match="no promise 'nothing'"):
        pay(hall, 1, "nothing")
    pay(hall, 29_999, "saplings")
    with pytest.raises(AssemblyAmiss, match="2 is more than the 1"):
        pay(hall, 2, "saplings", name="second")
    pay(hall, 1, "saplings", name="second")

    line = hall.known.consequences.line("trees:1:1")
    assert (line.committed_minor, line.paid_minor) == (30_000, 30_000)


def promise(hall: Hall, amount: int, *, name: str = "saplings", by: AgentId = ANA) -> None:
    line = hall.known.consequences.line("trees:1:1")
    body = BudgetCommitted(
        line=LineId("trees:1:1"),
        commitment=name,
        receiver=MILL,
        amount_minor=amount,
        purpose="Saplings.",
    )
    hall.does(by, commit_budget, body, line)


def pay(hall: Hall, amount: int, commitment: str, *, name: str = "first") -> None:
    line = hall.known.consequences.line("trees:1:1")
    body = BudgetPaid(
        line=LineId("trees:1:1"), commitment=commitment, payment=name, amount_minor=amount
    )
    hall.does(ANA, pay_budget, body, line)


# Effects


@pytest.mark.parametrize(("mass_mg", "is_met"), [(999, False), (1_000, True)])
def test_an_effect_is_measured_from_the_record_and_a_missed_one_is_on_the_agenda(
    mass_mg: int, is_met: bool
) -> None:
    hall = Hall()
    drafted(hall, msgspec.structs.replace(TREES, measures=(EFFECT,)))
    decided(hall)
    hall.day = 5
    hall.take([Draft(body=glass(mass_mg), occurred_at=noon(5), author=ZARA, idempotency_key="lot")])
    measures(hall)

    effect = hall.known.consequences.effects[EffectId("trees:1:1")]
    assert effect.measured is not None
    assert (effect.measured.found_mg, effect.measured.is_met) == (mass_mg, is_met)
    agenda = [one.declared.effect for one in hall.known.consequences.agenda(HALL)]
    assert agenda == ([] if is_met else ["trees:1:1"])
    states = [(one.stage, one.state) for one in stages_of(proposal(hall), hall.known)]
    last = "done" if is_met else "missed"
    assert states == [("proposal", "done"), ("decision", "done"), ("effect", last)]
    if not is_met:
        known, declared = hall.known.proposals, hall.journal.declared()
        answers = Answers(item=EffectId("trees:1:1"))
        hall.does_with(
            BEN, draft_proposal, "again", TREES, known, declared=declared, answers=answers
        )
        assert not hall.known.consequences.agenda(HALL)


def glass(mass_mg: int) -> LotArrived:
    return LotArrived(
        lot=LotId("lot"),
        material=MaterialId("glass"),
        place=DistrictId("north"),
        owner=NORTH,
        holder=NORTH,
        mass_mg=mass_mg,
        reported=str(mass_mg),
        unit="mg",
        stamp="measured",
        first_day=date(2024, 1, 5),
        last_day=date(2024, 1, 5),
    )


def measures(hall: Hall) -> None:
    """What the loop would do once the effect's last day is over."""
    reaction = Measuring(ZoneInfo("UTC"))
    for entry in hall.journal.read(kinds=reaction.folds):
        reaction.fold(entry)
    due = reaction.due()
    assert due == "2024-01-10T00:00:00.000Z"
    hall.day = 10
    fired = TimerFired(reaction="measuring/1", due=due)
    hall.take([Draft(body=fired, occurred_at=due, author=ZARA, idempotency_key="timer")])
    (timer,) = hall.journal.read(kinds=["TimerFired"])
    following = list(reaction.react(timer, hall.journal))
    reaction.fold(timer)
    assert reaction.due() is None
    hall.take(
        [
            Draft(body=one.body, occurred_at=due, author=ZARA, idempotency_key=one.about)
            for one in following
        ]
    )


def test_only_a_steward_declares_an_assembly_or_gives_its_first_mandates() -> None:
    hall = Hall()
    for who in (ANA, STRANGER, MILL):
        with pytest.raises(NotPermitted, match="may not give mandate"):
            hall.give("fourth", BEN, ("count",), by=who)
    with pytest.raises(AssemblyAmiss, match="nobody gives one to themselves"):
        hall.give("fourth", ZARA, ("count",))
    assert len(hall.known.assemblies.named(HALL).mandates) == 3
