"""From a petition to a measured effect, and every step that is refused on the way."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from bioloom.assembly.decisions.budgeting import commit_budget, pay_budget
from bioloom.assembly.decisions.deciding import (
    Counts,
    Facts,
    agreed,
    count_votes,
    take_decision,
)
from bioloom.assembly.decisions.measuring import Measuring
from bioloom.assembly.lifecycle.stages import stages_of
from bioloom.assembly.mandates.giving import lay_down
from bioloom.assembly.mandates.meeting import Kept
from bioloom.assembly.mandates.refusing import AssemblyAmiss, NotElector, NotInAssembly, NotMandated
from bioloom.assembly.petitions.petitioning import Words, sign, start_petition, unsign
from bioloom.assembly.proposals.differing import difference
from bioloom.assembly.proposals.objecting import (
    answer_objection,
    close_objection,
    raise_objection,
)
from bioloom.assembly.proposals.proposing import (
    Answers,
    accept_co_authorship,
    draft_proposal,
    invite_co_author,
    revise_proposal,
)
from bioloom.assembly.proposals.standing import Proposal
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.people.permitting import NotPermitted
from bioloom.ledger.record.journal import RecordedOtherwise
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.codes import CodeEnacted, CodeId, ShareGuaranteed
from bioloom.vocabulary.entries.doors import TimerFired
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.entries.mandates import MandateId
from bioloom.vocabulary.entries.petitions import PetitionSigned
from bioloom.vocabulary.entries.proposals import (
    BudgetCommitted,
    BudgetPaid,
    Draught,
    EffectId,
    EnactsCode,
    ExpectsEffect,
    FundsLine,
    GivesMandate,
    LineId,
    RecallsMandate,
)
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId
from tests.assembly.lifecycle.hall import (
    CROWD,
    HALL,
    STRANGER,
    TREES,
    Hall,
    alias,
    trees,
)
from tests.ledger.people.town import ANA, BEN, CEM, MILL, NORTH, OAK, ZARA, noon

ASKED = Words("More trees", "We want shade.", "en")
GUARANTEE = CodeEnacted(
    code=CodeId("shade"),
    version=1,
    title="Shade",
    rationale="Decided together.",
    rules=(ShareGuaranteed(group=GroupId("glass"), per_mille=500),),
    first_day=date(2024, 2, 1),
)
EFFECT = ExpectsEffect(
    title="More glass apart",
    districts=(DistrictId("north"),),
    materials=(MaterialId("glass"),),
    target_mg=1_000,
    first_day=date(2024, 1, 3),
    last_day=date(2024, 1, 9),
)


def drafted(hall: Hall, draught: Draught = TREES, name: str = "trees", by: AgentId = ANA) -> None:
    known, declared = hall.known, hall.journal.declared()
    hall.does_with(by, draft_proposal, name, draught, known.proposals, declared=declared)


def proposal(hall: Hall) -> Proposal:
    return hall.known.proposals.named(trees())


def facts(hall: Hall) -> Facts:
    return Facts(hall.journal.declared(), codes_of(hall.journal))


def decided(hall: Hall, by: AgentId = ANA, *, present: int = 8) -> None:
    hall.take(
        take_decision(proposal(hall), "consent", hall.meeting(by), facts(hall), present=present)
    )


# Who may


def test_nobody_outside_an_assembly_takes_part_in_it() -> None:
    hall = Hall()
    with pytest.raises(NotElector, match="no person who belongs"):
        hall.does(STRANGER, start_petition, "shade", ASKED, hall.known.petitions)
    hall.does(BEN, start_petition, "shade", ASKED, hall.known.petitions)
    for who in (STRANGER, ZARA, OAK, MILL, NORTH):
        with pytest.raises(NotElector, match="no person who belongs"):
            hall.does(who, sign, hall.known.petitions.named("shade"))
    with pytest.raises(NotElector, match="no person who belongs"):
        drafted(hall, by=STRANGER)
    drafted(hall)
    with pytest.raises(NotElector, match="no person who belongs"):
        hall.does(ANA, invite_co_author, proposal(hall), STRANGER)
    with pytest.raises(NotElector, match="no person who belongs"):
        hall.does(STRANGER, raise_objection, proposal(hall), alias(STRANGER), Kept("0", "en"))


def test_a_duty_is_done_by_nobody_without_a_mandate_for_it() -> None:
    hall = Hall()
    drafted(hall)
    for who in (ZARA, BEN, CROWD[0], STRANGER):
        with pytest.raises(NotMandated, match="no mandate of 'hall' to facilitate"):
            decided(hall, who)
    for who in (ZARA, ANA, CROWD[0], STRANGER):
        with pytest.raises(NotMandated, match="no mandate of 'hall' to count"):
            hall.does(who, count_votes, proposal(hall), Counts(7, 0, 0))


def test_a_mandate_ends_when_it_is_laid_down_or_its_days_are_over() -> None:
    hall = Hall()
    with pytest.raises(AssemblyAmiss, match="only who has it"):
        hall.does(BEN, lay_down, "first")
    hall.does(BEN, lay_down, "second")
    with pytest.raises(AssemblyAmiss, match="it ended before"):
        hall.does(BEN, lay_down, "second")
    assembly = hall.known.assemblies.named(HALL)
    assert not assembly.has_duty(BEN, "count", date(2024, 6, 1))
    assert assembly.has_duty(CEM, "count", date(2024, 12, 31))
    assert not assembly.has_duty(CEM, "count", date(2025, 1, 1))


def test_only_a_steward_gives_the_first_mandates_and_then_decisions_do() -> None:
    hall = Hall()
    given = GivesMandate(
        agent=CROWD[0], duties=("count",), first_day=date(2024, 1, 1), last_day=date(2024, 3, 1)
    )
    recalled = RecallsMandate(mandate=MandateId("third"), reason="Moved away.")
    drafted(hall, msgspec.structs.replace(TREES, measures=(given, recalled)))
    decided(hall)

    assembly = hall.known.assemblies.named(HALL)
    assert assembly.has_duty(CROWD[0], "count", date(2024, 1, 2))
    assert not assembly.has_duty(CEM, "count", date(2024, 1, 2))
    with pytest.raises(AssemblyAmiss, match="decisions give mandates by now"):
        hall.give("more", CROWD[1], ("moderate",))
    for mandate in assembly.mandates.values():
        assert mandate.given.decision in {None, "trees:1"}


# Petitions


def test_a_petition_needs_a_share_of_those_who_were_there_when_it_started() -> None:
    hall = Hall()
    hall.does(BEN, start_petition, "shade", ASKED, hall.known.petitions)
    petition = hall.known.petitions.named("shade")
    assert (petition.started.electorate, petition.started.needed) == (12, 3)
    for who in (BEN, CEM):
        hall.does(who, sign, hall.known.petitions.named("shade"))
    with pytest.raises(AssemblyAmiss, match="2 signed it, and it needs 3"):
        answered(hall)
    hall.does(ANA, sign, hall.known.petitions.named("shade"))
    hall.does(ANA, unsign, hall.known.petitions.named("shade"))
    with pytest.raises(AssemblyAmiss, match="2 signed it"):
        answered(hall)
    hall.does(ANA, sign, hall.known.petitions.named("shade"))
    answered(hall)

    assert proposal(hall).drafted.petition == "shade"


def answered(hall: Hall) -> None:
    petition = hall.known.petitions.named("shade")
    known, declared = hall.known.proposals, hall.journal.declared()
    answers = Answers(petition=petition)
    hall.does_with(ANA, draft_proposal, "trees", TREES, known, declared=declared, answers=answers)


def test_who_signs_twice_counts_once_whatever_the_record_is_told() -> None:
    hall = Hall()
    hall.does(BEN, start_petition, "shade", ASKED, hall.known.petitions)
    hall.does(BEN, sign, hall.known.petitions.named("shade"))
    with pytest.raises(AssemblyAmiss, match="counts once"):
        hall.does(BEN, sign, hall.known.petitions.named("shade"))
    petition = hall.known.petitions.named("shade").started.petition
    forged = [
        (PetitionSigned(petition=petition, who=BEN), BEN),
        (PetitionSigned(petition=petition, who=CEM), BEN),
        (PetitionSigned(petition=petition, who=STRANGER), STRANGER),
        (PetitionSigned(petition=petition, who=NORTH), NORTH),
    ]
    hall.take(
        [
            Draft(body=body, occurred_at=noon(2), author=author, idempotency_key=f"forged:{number}")
            for number, (body, author) in enumerate(forged)
        ]
    )

    counted = hall.known.petitions.named("shade").counted(NORTH, hall.deed(ANA).people)
    assert counted == 1


def test_the_same_act_under_the_same_key_is_not_recorded_twice() -> None:
    hall = Hall()
    hall.does(BEN, start_petition, "shade", ASKED, hall.known.petitions)
    petition, head = hall.known.petitions.named("shade"), hall.journal.head().seq
    once = sign(petition, hall.meeting(BEN))
    hall.take([once])
    hall.take([once])
    hall.day += 1
    with pytest.raises(RecordedOtherwise, match="something else under"):
        hall.take([sign(petition, hall.meeting(BEN))])

    assert hall.journal.head().seq == head + 1


# Proposals


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"text": "x" * 10_000_000}, "10000000 characters, and 20000 are the most"),
        ({"text": "  "}, "its text is empty"),
        ({"cost_minor": -1}, "cost is out of range"),
        ({"measures": (FundsLine(title="Trees", amount_minor=50_001),)}, "more than what it costs"),
        ({"measures": (FundsLine(title="Trees", amount_minor=0),)}, "of nothing"),
        ({"places": (DistrictId("nowhere"),)}, "no district 'nowhere'"),
        (
            {"measures": (RecallsMandate(mandate=MandateId("none"), reason="No."),)},
            "no mandate 'none'",
        ),
        (
            {"measures": (EnactsCode(code=msgspec.structs.replace(GUARANTEE, rules=())),)},
            "no rule",
        ),
    ],
)
def test_what_cannot_be_is_not_proposed(change: dict[str, Any], found: str) -> None:
    hall = Hall()
    before = hall.journal.head()

    with pytest.raises(Exception, match=found):
        drafted(hall, msgspec.structs.replace(TREES, **change))

    assert hall.journal.head() == before


def test_an_assembly_that_may_not_enact_codes_proposes_none() -> None:
    hall = Hall(may_enact=False)
    with pytest.raises(AssemblyAmiss, match="may enact Codes"):
        drafted(hall, msgspec.structs.replace(TREES, measures=(EnactsCode(code=GUARANTEE),)))
    assert not hall.known.proposals.by_id


def test_authors_revise_what_they_wrote_together_and_anybody_sees_the_difference() -> None:
    hall = Hall()
    drafted(hall)
    nine = msgspec.structs.replace(TREES, title="Nine trees", cost_minor=45_000)
    declared = hall.journal.declared()
    for who in (BEN, ZARA):
        with pytest.raises(AssemblyAmiss, match="no author of it"):
            hall.take(revise_proposal(proposal(hall), nine, "Fewer.", hall.meeting(who), declared))
    with pytest.raises(AssemblyAmiss, match="no author of it asked"):
        hall.does(BEN, accept_co_authorship, proposal(hall))
    hall.does(ANA, invite_co_author, proposal(hall), BEN)
    hall.does(BEN, accept_co_authorship, proposal(hall))
    hall.take(revise_proposal(proposal(hall), nine, "Fewer.", hall.meeting(BEN), declared))

    known = proposal(hall)
    assert (known.authors, known.number) == ([ANA, BEN], 2)
    signs = [(line.sign, line.text) for line in difference(TREES, known.newest.draught)]
    assert ("gone", "Ten trees") in signs
    assert ("new", "cost: 45000") in signs
    assert ("same", "Along the street.") in signs


# Objections


@pytest.mark.system(48)
def test_nothing_is_decided_while_an_objection_is_neither_settled_nor_kept_as_dissent() -> None:
    hall = Hall()
    drafted(hall)
    for who in (BEN, CROWD[0]):
        hall.does(who, raise_objection, proposal(hall), alias(who), Kept("0", "en"))
    with pytest.raises(AssemblyAmiss, match="can say all there is"):
        hall.does(BEN, raise_objection, proposal(hall), alias(BEN), Kept("0", "en"))
    with pytest.raises(AssemblyAmiss, match="trees:1, trees:2"):
        decided(hall)
    with pytest.raises(AssemblyAmiss, match="objections are open"):
        hall.does(BEN, count_votes, proposal(hall), Counts(8, 0, 0))
    with pytest.raises(AssemblyAmiss, match="no author has answered"):
        closes(hall, BEN, "trees:1", "dissent")
    hall.does(ANA, answer_objection, proposal(hall), "trees:1", "There is room.")
    hall.does(ANA, answer_objection, proposal(hall), "trees:2", "There is water.")
    with pytest.raises(AssemblyAmiss, match="only who raised it"):
        closes(hall, CEM, "trees:1", "settled")
    with pytest.raises(AssemblyAmiss, match="an author does not judge it"):
        closes(hall, ANA, "trees:1", "dissent")
    with pytest.raises(NotMandated, match="to facilitate"):
        closes(hall, CEM, "trees:1", "dissent")
    closes(hall, BEN, "trees:1", "settled")
    closes(hall, CROWD[0], "trees:2", "dissent")
    decided(hall)

    known = proposal(hall)
    assert known.decided is not None
    assert known.decided.dissents == ("trees:2",)
    assert [one.state for one in known.objections.values()] == ["settled", "dissent"]
    with pytest.raises(AssemblyAmiss, match="it was adopted"):
        hall.does(CEM, raise_objection, known, alias(CEM), Kept("0", "en"))
    named = {entry.author for entry in hall.journal.read(kinds=["ObjectionRaised"])}
    assert named == {"programme:assembly"}


def closes(hall: Hall, who: AgentId, objection: str, how: str) -> None:
    hall.does(who, close_objection, proposal(hall), objection, how, alias(who))


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
