"""Entries of proposals: what is to be done, in versions; objections; what was decided of it."""

from datetime import date
from typing import Literal, NewType

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.assemblies import AssemblyId
from bioloom.vocabulary.entries.codes import CodeEnacted, CodeId
from bioloom.vocabulary.entries.mandates import Duty, MandateId
from bioloom.vocabulary.entries.petitions import PetitionId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId

ProposalId = NewType("ProposalId", str)
ObjectionId = NewType("ObjectionId", str)
DecisionId = NewType("DecisionId", str)
LineId = NewType("LineId", str)
EffectId = NewType("EffectId", str)


class EnactsCode(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="does", tag="enacts", gc=False
):
    """A version of a Code comes into force."""

    code: CodeEnacted


class FundsLine(msgspec.Struct, frozen=True, kw_only=True, tag_field="does", tag="funds", gc=False):
    """A budget line of so many minor units of the city's currency, such as cents."""

    title: str
    amount_minor: int


class GivesMandate(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="does", tag="mandates", gc=False
):
    """Somebody is trusted with duties."""

    agent: AgentId
    duties: tuple[Duty, ...]
    first_day: date
    last_day: date


class RecallsMandate(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="does", tag="recalls", gc=False
):
    """A mandate is taken back."""

    mandate: MandateId
    reason: str


class ExpectsEffect(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="does", tag="expects", gc=False
):
    """What the record is to show: so much of some materials is offered by districts in some days.

    Attributes:
        is_at_least: Whether it is to be so much or more; otherwise so much or less.
    """

    title: str
    districts: tuple[DistrictId, ...]
    materials: tuple[MaterialId, ...]
    target_mg: int
    first_day: date
    last_day: date
    is_at_least: bool = True


Measure = EnactsCode | FundsLine | GivesMandate | RecallsMandate | ExpectsEffect


class Draught(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One version of what is proposed.

    Attributes:
        cost_minor: What it costs, in minor units of the city's currency; its lines are no more.
        measures: What a decision for it does of itself.
        codes, lots: What else it touches.
    """

    title: str
    text: str
    language: str
    cost_minor: int = 0
    places: tuple[DistrictId, ...] = ()
    measures: tuple[Measure, ...] = ()
    codes: tuple[CodeId, ...] = ()
    lots: tuple[LotId, ...] = ()


class ProposalDrafted(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of an assembly proposes something: its version 1.

    Attributes:
        salt_sha256: Under which the register keeps the salt of the pseudonyms of who objects.
        petition: The petition that it answers.
        item: The item of the agenda that it answers, such as an effect that was missed.
    """

    proposal: ProposalId
    assembly: AssemblyId
    draught: Draught
    salt_sha256: str
    petition: PetitionId | None = None
    item: EffectId | None = None


class ProposalRevised(msgspec.Struct, frozen=True, kw_only=True):
    """One of its authors says it anew: its next version, and what it answers."""

    proposal: ProposalId
    version: int
    draught: Draught
    reason: str


class CoAuthorInvited(msgspec.Struct, frozen=True, kw_only=True):
    """One of its authors asks somebody to write it with them."""

    proposal: ProposalId
    who: AgentId


class CoAuthorAccepted(msgspec.Struct, frozen=True, kw_only=True):
    """Who was asked writes it with them from now on."""

    proposal: ProposalId
    who: AgentId


class ObjectionRaised(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of the assembly objects to a version; no decision while it is open.

    Attributes:
        participant: Who, by a pseudonym of this proposal.
        text_sha256: Salted hash of why; the text stands in the register, which can forget.
    """

    objection: ObjectionId
    proposal: ProposalId
    version: int
    participant: str
    text_sha256: str
    language: str


class ObjectionAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """An author answers; the objection is closed by whoever raised it, or kept as dissent."""

    objection: ObjectionId
    proposal: ProposalId
    text: str


class ObjectionClosed(msgspec.Struct, frozen=True, kw_only=True):
    """An objection stands in the way no longer.

    Attributes:
        how: "settled": by an answer or a new version, says who raised it. "dissent": it stays on
            record as dissent, after an answer.
    """

    objection: ObjectionId
    proposal: ProposalId
    how: Literal["settled", "dissent"]


class VotesCounted(msgspec.Struct, frozen=True, kw_only=True):
    """One of two people counted hands or paper ballots in a room.

    Attributes:
        round: The first count is 1; two that differ are counted again.
        invalid: Papers that say nothing clearly; they took part, and are for nobody.
    """

    proposal: ProposalId
    version: int
    round: int
    approving: int
    against: int
    abstaining: int
    invalid: int = 0


class DecisionTaken(msgspec.Struct, frozen=True, kw_only=True):
    """An assembly decided about a version of a proposal.

    Attributes:
        basis: "consent": nobody objected any more. "counted": by what two people counted.
        approving: How many were for it; by consent those who took part.
        electorate: How many could take part at that time.
        quorum: How many had to.
        dissents: Objections that are kept as dissent.
    """

    decision: DecisionId
    assembly: AssemblyId
    proposal: ProposalId
    version: int
    basis: Literal["consent", "counted"]
    outcome: Literal["adopted", "rejected", "no_quorum"]
    approving: int
    against: int
    abstaining: int
    electorate: int
    quorum: int
    dissents: tuple[ObjectionId, ...] = ()


class BudgetLineMade(msgspec.Struct, frozen=True, kw_only=True):
    """A decision gives so many minor units of the city's currency for something."""

    line: LineId
    assembly: AssemblyId
    decision: DecisionId
    title: str
    amount_minor: int


class BudgetCommitted(msgspec.Struct, frozen=True, kw_only=True):
    """Some of a line is promised to somebody."""

    line: LineId
    commitment: str
    receiver: AgentId
    amount_minor: int
    purpose: str


class BudgetPaid(msgspec.Struct, frozen=True, kw_only=True):
    """Some of what was promised was paid."""

    line: LineId
    commitment: str
    payment: str
    amount_minor: int


class EffectDeclared(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision is to bring about, as the record will show it after its last day."""

    effect: EffectId
    assembly: AssemblyId
    decision: DecisionId
    expects: ExpectsEffect


class EffectMeasured(msgspec.Struct, frozen=True, kw_only=True):
    """What the record shows of an effect after its last day.

    Attributes:
        found_mg: The mass that the districts offered; what fewer than ten households are behind
            is left out.
        as_of_seq: The newest entry that it rests on.
    """

    effect: EffectId
    found_mg: int
    is_met: bool
    as_of_seq: int


class ItemReturned(msgspec.Struct, frozen=True, kw_only=True):
    """An effect was missed: it is on the agenda of the assembly again."""

    assembly: AssemblyId
    effect: EffectId
    decision: DecisionId
    found_mg: int
