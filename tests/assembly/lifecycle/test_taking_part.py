"""Who takes part in an assembly, asks, proposes and objects; and every step that is refused."""

from datetime import date
from typing import Any

import msgspec
import pytest

from bioloom.assembly.decisions.deciding import (
    Counts,
    count_votes,
)
from bioloom.assembly.mandates.giving import lay_down
from bioloom.assembly.mandates.meeting import Kept
from bioloom.assembly.mandates.refusing import AssemblyAmiss, NotElector, NotMandated
from bioloom.assembly.petitions.petitioning import sign, start_petition, unsign
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
from bioloom.ledger.record.journal import RecordedOtherwise
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.mandates import MandateId
from bioloom.vocabulary.entries.petitions import PetitionSigned
from bioloom.vocabulary.entries.proposals import (
    EnactsCode,
    FundsLine,
    GivesMandate,
    RecallsMandate,
)
from bioloom.vocabulary.places import DistrictId
from tests.assembly.lifecycle.hall import CROWD, HALL, STRANGER, TREES, Hall, alias
from tests.assembly.lifecycle.proposals import (
    ASKED,
    GUARANTEE,
    decided,
    drafted,
    proposal,
)
from tests.ledger.people.town import ANA, BEN, CEM, MILL, NORTH, OAK, ZARA, noon

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
