"""Deciding: counting in a room by two people, taking the decision, and all that it does at once.

A decision and what it does are recorded together or not at all: no budget line without a decision,
and no decision for a Code that cannot be.
"""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import msgspec

from bioloom.assembly.mandates.giving import record_mandate
from bioloom.assembly.mandates.meeting import Meeting
from bioloom.assembly.mandates.refusing import AssemblyAmiss
from bioloom.assembly.petitions.petitioning import needed_of
from bioloom.assembly.proposals.proposing import see_draught, see_undecided
from bioloom.assembly.proposals.standing import Proposal
from bioloom.ledger.codes.enacting import draft_code
from bioloom.ledger.codes.standing import Codes
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.mandates import MandateGiven, MandateId, MandateRecalled
from bioloom.vocabulary.entries.proposals import (
    BudgetLineMade,
    DecisionId,
    DecisionTaken,
    EffectDeclared,
    EffectId,
    EnactsCode,
    ExpectsEffect,
    FundsLine,
    GivesMandate,
    LineId,
    Measure,
    RecallsMandate,
    VotesCounted,
)


class Counts(NamedTuple):
    """What somebody counted."""

    approving: int
    against: int
    abstaining: int
    invalid: int = 0

    @property
    def total(self) -> int:
        """How many took part."""
        return sum(self)


class Facts(NamedTuple):
    """What a decision is carried out on."""

    declared: Declared
    codes: Codes


def count_votes(proposal: Proposal, counts: Counts, meeting: Meeting) -> Draft[VotesCounted]:
    """Decide that one of two people counted; where the two differ, both count again.

    Raises:
        NotMandated: If who acts is not trusted with counting.
        AssemblyAmiss: If an objection is open, two agree already, they counted this round
            already, or it is more than can take part.
    """
    meeting.see_duty("count")
    name, by = proposal.drafted.proposal, meeting.deed.by
    see_decidable(proposal)
    _see_counts(name, counts, len(meeting.electors()))
    if agreed(proposal) is not None:
        raise AssemblyAmiss(about=name, found="two people counted the same already")
    rounds = proposal.rounds[proposal.rounds_used :]
    is_new = not rounds or len(rounds[-1]) > 1
    if not is_new and by in rounds[-1]:
        raise AssemblyAmiss(about=name, found=f"'{by}' counted; another one is to count, too")
    number = len(proposal.rounds) + (1 if is_new else 0)
    body = VotesCounted(
        proposal=name,
        version=proposal.number,
        round=number,
        approving=counts.approving,
        against=counts.against,
        abstaining=counts.abstaining,
        invalid=counts.invalid,
    )
    return meeting.draft(body, f"count:{name}:{proposal.number}:{number}:{by}")


def agreed(proposal: Proposal) -> Counts | None:
    """What two people counted alike of the newest version, and no decision rests on; or none."""
    rounds = proposal.rounds[proposal.rounds_used :]
    found = {_counts_of(one) for one in rounds[-1].values()} if rounds else set()
    return found.pop() if len(found) == 1 and len(rounds[-1]) > 1 else None


def take_decision(
    proposal: Proposal,
    basis: Literal["consent", "counted"],
    meeting: Meeting,
    facts: Facts,
    *,
    present: int = 0,
) -> list[Draft[Any]]:
    """Decide that an assembly decided, and all that its decision does.

    Args:
        proposal: What about; its newest version is meant.
        basis: By consent, or by what two people counted.
        meeting: The assembly, and who puts it on record.
        facts: The city and its Codes.
        present: How many took part in a consent.

    Raises:
        NotMandated: If who acts does not facilitate.
        AssemblyAmiss: If an objection is open, it was decided, or nobody counted.
        CodeAmiss, CodeNamesUnknown: If a Code of it cannot be enacted.
    """
    meeting.see_duty("facilitate")
    see_decidable(proposal)
    name, electorate = proposal.drafted.proposal, len(meeting.electors())
    counts = Counts(present, 0, 0) if basis == "consent" else agreed(proposal)
    if counts is None:
        raise AssemblyAmiss(about=name, found="no two people counted the same yet")
    _see_counts(name, counts, electorate)
    rules = meeting.assembly.declared
    quorum = needed_of(electorate, rules.quorum_per_mille)
    taken = DecisionTaken(
        decision=DecisionId(f"{name}:{len(proposal.decisions) + 1}"),
        assembly=rules.assembly,
        proposal=name,
        version=proposal.number,
        basis=basis,
        outcome=outcome_of(counts, quorum, rules.majority_per_mille),
        approving=counts.approving,
        against=counts.against,
        abstaining=counts.abstaining,
        electorate=electorate,
        quorum=quorum,
        dissents=tuple(key for key, one in proposal.objections.items() if one.state == "dissent"),
    )
    drafts: list[Draft[Any]] = [meeting.draft(taken, f"decision:{taken.decision}")]
    if taken.outcome == "adopted":
        # What was possible when it was drafted may be so no longer.
        see_draught(name, proposal.newest.draught, meeting, facts.declared)
        drafts += _carried_out(proposal, taken, meeting, facts)
    return drafts


def outcome_of(
    counts: Counts, quorum: int, majority_per_mille: int
) -> Literal["adopted", "rejected", "no_quorum"]:
    """What a count means. With as many against as for it, all stays as it is.

    Example:
        >>> outcome_of(Counts(6, 4, 0), 10, 500), outcome_of(Counts(5, 5, 0), 10, 500)
        ('adopted', 'rejected')
        >>> outcome_of(Counts(9, 0, 0), 10, 500), outcome_of(Counts(0, 0, 10), 10, 500)
        ('no_quorum', 'rejected')
    """
    if counts.total < quorum:
        return "no_quorum"
    spoken = counts.approving + counts.against
    return "adopted" if 1000 * counts.approving > majority_per_mille * spoken else "rejected"


def see_decidable(proposal: Proposal) -> None:
    """Return if nothing stands in the way of deciding about a proposal.

    Raises:
        AssemblyAmiss: If it was decided, or an objection is open.
    """
    see_undecided(proposal)
    waiting = proposal.open_objections
    if waiting:
        names = ", ".join(one.raised.objection for one in waiting)
        found = f"objections are open, neither settled nor kept as dissent: {names}"
        raise AssemblyAmiss(about=proposal.drafted.proposal, found=found)


def _carried_out(
    proposal: Proposal, taken: DecisionTaken, meeting: Meeting, facts: Facts
) -> Iterator[Draft[Any]]:
    following: dict[str, int] = {}
    for number, measure in enumerate(proposal.newest.draught.measures, start=1):
        if isinstance(measure, EnactsCode):
            code = measure.code
            versions = facts.codes.by_id.get(code.code, [])
            following.setdefault(code.code, versions[-1].terms.version if versions else 0)
            following[code.code] += 1
            code = msgspec.structs.replace(code, version=following[code.code])
            yield draft_code(code, facts.declared, deed=meeting.deed)
        elif isinstance(measure, GivesMandate):
            yield record_mandate(_mandate(measure, taken, number), meeting)
        else:
            body = _following(measure, taken, f"{taken.decision}:{number}")
            yield meeting.draft(body, f"decision:{taken.decision}:{number}")


def _mandate(measure: GivesMandate, taken: DecisionTaken, number: int) -> MandateGiven:
    return MandateGiven(
        mandate=MandateId(f"{taken.decision}:{number}"),
        assembly=taken.assembly,
        agent=measure.agent,
        duties=measure.duties,
        first_day=measure.first_day,
        last_day=measure.last_day,
        decision=taken.decision,
    )


def _following(
    measure: Measure, taken: DecisionTaken, name: str
) -> BudgetLineMade | MandateRecalled | EffectDeclared:
    """What a measure other than a Code or a mandate puts on record."""
    match measure:
        case FundsLine():
            return BudgetLineMade(
                line=LineId(name),
                assembly=taken.assembly,
                decision=taken.decision,
                title=measure.title,
                amount_minor=measure.amount_minor,
            )
        case ExpectsEffect():
            return EffectDeclared(
                effect=EffectId(name),
                assembly=taken.assembly,
                decision=taken.decision,
                expects=measure,
            )
    assert isinstance(measure, RecallsMandate), measure
    return MandateRecalled(
        mandate=measure.mandate,
        assembly=taken.assembly,
        decision=taken.decision,
        reason=measure.reason,
    )


def _see_counts(name: str, counts: Counts, electorate: int) -> None:
    if min(counts) < 0:
        raise AssemblyAmiss(about=name, found="a count is below zero")
    if counts.total > electorate:
        found = f"{counts.total} would have taken part, and {electorate} can"
        raise AssemblyAmiss(about=name, found=found)


def _counts_of(counted: VotesCounted) -> Counts:
    return Counts(counted.approving, counted.against, counted.abstaining, counted.invalid)
