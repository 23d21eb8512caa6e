"""Answers about assemblies: what `bioloom assembly … --json` prints, and what the pages show.

All of it is for anybody: who signed and who voted is told in numbers only.
"""

from collections.abc import Collection
from datetime import date
from typing import Literal, TypeVar

import msgspec

from bioloom.assembly.campaigns.standing import Campaign
from bioloom.assembly.deliberating.standing import Conversation, Moderation, Tallied, tallied
from bioloom.assembly.lifecycle.stages import Stage, stages_of
from bioloom.assembly.lifecycle.standing import Lifecycle
from bioloom.assembly.mandates.standing import Assembly, Mandate, electors_of
from bioloom.assembly.petitions.standing import Petition
from bioloom.assembly.proposals.standing import Objection, ObjectionState, Proposal
from bioloom.doors.compose import City, now
from bioloom.doors.register.register import Register
from bioloom.ledger.people.people import People, people_of
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.assemblies import AssemblyDeclared
from bioloom.vocabulary.entries.campaigns import CampaignStarted, TaskOffered
from bioloom.vocabulary.entries.deliberations import DeliberationOpened
from bioloom.vocabulary.entries.mandates import MandateGiven, MandateRecalled
from bioloom.vocabulary.entries.petitions import PetitionStarted
from bioloom.vocabulary.entries.proposals import (
    BudgetLineMade,
    DecisionTaken,
    Draught,
    EffectDeclared,
    EffectMeasured,
    ProposalId,
)
from bioloom.vocabulary.periods import Instant

T = TypeVar("T")


class MandateTold(msgspec.Struct, frozen=True, kw_only=True):
    """A mandate, and whether it counts today."""

    given: MandateGiven
    is_in_force: bool
    how_ended: Literal["recalled", "laid down"] | None


class PetitionTold(msgspec.Struct, frozen=True, kw_only=True):
    """A petition, who started it, and how many signed."""

    started: PetitionStarted
    author: AgentId
    seq: int
    signed: int
    is_enough: bool


class VersionTold(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a proposal, its author and why it was said anew."""

    number: int
    draught: Draught
    author: AgentId
    seq: int
    recorded_at: Instant
    reason: str


class ObjectionTold(msgspec.Struct, frozen=True, kw_only=True):
    """An objection; its text is none where the register has forgotten it."""

    objection: str
    version: int
    state: ObjectionState
    text: str | None
    language: str
    answers: list[str]


class ProposalTold(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal with its versions, the newest last, and how far it came."""

    proposal: ProposalId
    assembly: str
    authors: list[AgentId]
    versions: list[VersionTold]
    stages: list[Stage]
    objections: list[ObjectionTold]
    decisions: list[DecisionTaken]


class LineTold(msgspec.Struct, frozen=True, kw_only=True):
    """A budget line, and how much of it is promised and paid, in minor units."""

    made: BudgetLineMade
    committed_minor: int
    paid_minor: int


class EffectTold(msgspec.Struct, frozen=True, kw_only=True):
    """What was to follow from a decision, and what the record showed after its last day."""

    declared: EffectDeclared
    measured: EffectMeasured | None
    is_on_agenda: bool


class ModerationTold(msgspec.Struct, frozen=True, kw_only=True):
    """How a statement was taken off, and what became of an appeal."""

    moderator: AgentId
    reason: str
    explanation: str
    seq: int
    appeal: str | None
    is_appealed: bool
    is_restored: bool | None
    judge: AgentId | None
    judgement: str | None


class StatementTold(msgspec.Struct, frozen=True, kw_only=True):
    """A statement; its text is none where it was taken off, or the register has forgotten it."""

    tally: Tallied
    text: str | None
    language: str
    is_shown: bool
    moderation: ModerationTold | None


class TalkTold(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation with its statements in order."""

    opened: DeliberationOpened
    seq: int
    is_open: bool
    people: int
    statements: list[StatementTold]


class TaskTold(msgspec.Struct, frozen=True, kw_only=True):
    """A task: how many took it on, and what was achieved."""

    offered: TaskOffered
    taken: int
    told: int
    achieved: int
    is_done: bool


class CampaignTold(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign with its tasks in order."""

    started: CampaignStarted
    tasks: list[TaskTold]


class ProposalListed(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal in a list: its newest title and cost, and how far it came."""

    proposal: ProposalId
    title: str
    cost_minor: int
    version: int
    stages: list[Stage]


class AssemblyTold(msgspec.Struct, frozen=True, kw_only=True):
    """An assembly with all of its work, the newest first."""

    declared: AssemblyDeclared
    seq: int
    electorate: int
    mandates: list[MandateTold]
    petitions: list[PetitionTold]
    proposals: list[ProposalListed]
    talks: list[str]
    lines: list[LineTold]
    effects: list[EffectTold]
    campaigns: list[CampaignTold]


def tell_assemblies(city: City, known: Lifecycle) -> list[AssemblyTold]:
    """All assemblies of a city."""
    people = people_of(city.journal)
    return [tell_assembly(city, one, known, people) for one in known.assemblies.by_id.values()]


def tell_assembly(city: City, assembly: Assembly, known: Lifecycle, people: People) -> AssemblyTold:
    """An assembly as anybody may know it.

    Args:
        city: Its city.
        assembly: The assembly.
        known: All that assemblies have on record.
        people: Everybody, as the record has them.
    """
    declared, today = assembly.declared, city.today()
    name, commons = declared.assembly, declared.commons
    agenda = known.consequences.agenda(name)
    return AssemblyTold(
        declared=declared,
        seq=assembly.seq,
        electorate=len(electors_of(commons, people, on=now())),
        mandates=[_mandate(one, today) for one in assembly.mandates.values()],
        petitions=[
            tell_petition(one, commons, people)
            for one in _newest(known.petitions.by_id.values())
            if one.started.assembly == name
        ],
        proposals=[
            _listed(one, known)
            for one in _newest(known.proposals.by_id.values())
            if one.drafted.assembly == name
        ],
        talks=[
            one.opened.conversation
            for one in _newest(known.conversations.by_id.values())
            if one.opened.assembly == name
        ],
        lines=[
            LineTold(made=one.made, committed_minor=one.committed_minor, paid_minor=one.paid_minor)
            for one in known.consequences.lines.values()
            if one.made.assembly == name
        ],
        effects=[
            EffectTold(declared=one.declared, measured=one.measured, is_on_agenda=one in agenda)
            for one in known.consequences.effects.values()
            if one.declared.assembly == name
        ],
        campaigns=[
            tell_campaign(one)
            for one in _newest(known.campaigns.by_id.values())
            if one.started.assembly == name
        ],
    )


def _mandate(mandate: Mandate, today: date) -> MandateTold:
    how_ended: Literal["recalled", "laid down"] | None = None
    if mandate.ended is not None:
        is_recalled = isinstance(mandate.ended, MandateRecalled)
        how_ended = "recalled" if is_recalled else "laid down"
    return MandateTold(
        given=mandate.given, is_in_force=mandate.is_in_force(today), how_ended=how_ended
    )


def _listed(proposal: Proposal, known: Lifecycle) -> ProposalListed:
    return ProposalListed(
        proposal=proposal.drafted.proposal,
        title=proposal.newest.draught.title,
        cost_minor=proposal.newest.draught.cost_minor,
        version=proposal.number,
        stages=stages_of(proposal, known),
    )


def tell_petition(petition: Petition, commons: AgentId, people: People) -> PetitionTold:
    """A petition as anybody may know it: who signed is in no answer."""
    signed = petition.counted(commons, people)
    return PetitionTold(
        started=petition.started,
        author=petition.author,
        seq=petition.seq,
        signed=signed,
        is_enough=signed >= petition.started.needed,
    )


def tell_proposal(proposal: Proposal, known: Lifecycle, register: Register) -> ProposalTold:
    """A proposal as anybody may know it."""
    objections = proposal.objections.values()
    texts = register.texts([one.raised.text_sha256 for one in objections])
    return ProposalTold(
        proposal=proposal.drafted.proposal,
        assembly=proposal.drafted.assembly,
        authors=proposal.authors,
        versions=[
            VersionTold(
                number=number,
                draught=one.draught,
                author=one.author,
                seq=one.seq,
                recorded_at=one.recorded_at,
                reason=one.reason,
            )
            for number, one in enumerate(proposal.versions, start=1)
        ],
        stages=stages_of(proposal, known),
        objections=[_objection(one, texts.get(one.raised.text_sha256)) for one in objections],
        decisions=proposal.decisions,
    )


def _objection(objection: Objection, text: str | None) -> ObjectionTold:
    raised = objection.raised
    return ObjectionTold(
        objection=raised.objection,
        version=raised.version,
        state=objection.state,
        text=text,
        language=raised.language,
        answers=[one.text for one in objection.answers],
    )


def tell_talk(talk: Conversation, register: Register) -> TalkTold:
    """A conversation as anybody may know it."""
    shown = [one.made.text_sha256 for one in talk.statements.values() if one.is_shown]
    appeals = [
        one.moderation.appeal.text_sha256
        for one in talk.log
        if one.moderation is not None and one.moderation.appeal is not None
    ]
    texts = register.texts([*shown, *appeals])
    return TalkTold(
        opened=talk.opened,
        seq=talk.seq,
        is_open=talk.is_open,
        people=len(talk.participants),
        statements=[
            StatementTold(
                tally=tallied(one),
                text=texts.get(one.made.text_sha256),
                language=one.made.language,
                is_shown=one.is_shown,
                moderation=None if one.moderation is None else _moderation(one.moderation, texts),
            )
            for one in talk.statements.values()
        ],
    )


def _moderation(moderation: Moderation, texts: dict[str, str]) -> ModerationTold:
    appeal, decided = moderation.appeal, moderation.decided
    return ModerationTold(
        moderator=moderation.moderator,
        reason=moderation.moderated.reason,
        explanation=moderation.moderated.explanation,
        seq=moderation.seq,
        appeal=None if appeal is None else texts.get(appeal.text_sha256),
        is_appealed=appeal is not None,
        is_restored=None if decided is None else decided.is_restored,
        judge=moderation.judge,
        judgement=None if decided is None else decided.explanation,
    )


def tell_campaign(campaign: Campaign) -> CampaignTold:
    """A campaign as anybody may know it: who took what on is told in numbers."""
    return CampaignTold(
        started=campaign.started,
        tasks=[
            TaskTold(
                offered=one.offered,
                taken=len(one.taken),
                told=len(one.done),
                achieved=one.achieved,
                is_done=one.is_done,
            )
            for one in campaign.tasks.values()
        ],
    )


def _newest(found: Collection[T]) -> list[T]:
    return list(reversed(list(found)))
