"""Talking in an assembly: conversations with statements, votes and moderation, and objections."""

from typing import Any, Literal, NamedTuple

from bioloom.assembly.deliberating import moderating, stating
from bioloom.assembly.deliberating.standing import Conversation
from bioloom.assembly.mandates.refusing import LONGEST_TEXT, see_text
from bioloom.assembly.proposals import objecting
from bioloom.assembly.proposals.standing import Proposal
from bioloom.doors.assembly.floor import (
    Floor,
    Written,
    act,
    keep,
    new_salt,
    on_record,
    pseudonym,
    see,
)
from bioloom.doors.compose import City
from bioloom.doors.register.register import Register
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.assemblies import AssemblyId
from bioloom.vocabulary.entries.deliberations import (
    ConversationId,
    DeliberationOpened,
    PolicyReason,
)
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.proposals import ProposalId


class Topic(NamedTuple):
    """What a conversation is about, and why statements may be taken off."""

    title: str
    about: str | None = None
    policy: tuple[PolicyReason, ...] = stating.DEFAULT_POLICY


class Speaker(NamedTuple):
    """Who speaks, in which city, and the register that knows them."""

    city: City
    register: Register
    by: AgentId

    def in_talk(self, name: str) -> tuple[Conversation, str]:
        """A conversation, and the speaker's pseudonym in it.

        Raises:
            NotInAssembly: If nobody opened it.
            SaltForgotten: If its salt is gone.
        """
        with on_record(self.city) as known:
            talk = known.conversations.named(name)
        return talk, pseudonym(self.register, talk.opened.salt_sha256, self.by, about=name)

    def on_proposal(self, name: str) -> tuple[Proposal, str]:
        """A proposal, and the speaker's pseudonym for objecting to it.

        Raises:
            NotInAssembly: If nobody drafted it.
            SaltForgotten: If its salt is gone.
        """
        with on_record(self.city) as known:
            proposal = known.proposals.named(name)
        return proposal, pseudonym(self.register, proposal.drafted.salt_sha256, self.by, about=name)


def open_talk(speaker: Speaker, assembly: str, name: str, topic: Topic) -> Entry[Any]:
    """Open a conversation of an assembly.

    Raises:
        Refusal: As `stating.open_deliberation`, or if it is about a proposal that there is not.
    """

    def opening(floor: Floor, salt_sha256: str) -> Draft[Any]:
        meeting = floor.meeting(assembly)
        if topic.about is not None:
            floor.known.proposals.named(topic.about)
        body = DeliberationOpened(
            conversation=ConversationId(name),
            assembly=AssemblyId(assembly),
            title=topic.title,
            about=None if topic.about is None else ProposalId(topic.about),
            policy=topic.policy,
            salt_sha256=salt_sha256,
        )
        return stating.open_deliberation(body, floor.known.conversations, meeting)

    see(speaker.city, speaker.by, lambda floor: opening(floor, ""))
    salt_sha256 = new_salt(speaker.register)
    return act(speaker.city, speaker.by, lambda floor: opening(floor, salt_sha256))[-1]


def close_talk(city: City, by: AgentId, name: str) -> Entry[Any]:
    """Close a conversation.

    Raises:
        Refusal: As `stating.close_deliberation`.
    """
    return act(city, by, lambda floor: stating.close_deliberation(*floor.talk(name)))[-1]


def say(speaker: Speaker, name: str, written: Written) -> Entry[Any]:
    """Make a statement in a conversation.

    Raises:
        Refusal: As `stating.see_may_state` and `stating.make_statement`.
    """
    _, participant = speaker.in_talk(name)

    def seeing(floor: Floor) -> None:
        talk, meeting = floor.talk(name)
        stating.see_may_state(talk, participant, written.text, meeting)

    see(speaker.city, speaker.by, seeing)
    kept = keep(speaker.register, speaker.by, written)

    def saying(floor: Floor) -> Draft[Any]:
        talk, meeting = floor.talk(name)
        return stating.make_statement(talk, participant, kept, meeting)

    return act(speaker.city, speaker.by, saying)[-1]


def vote_on(speaker: Speaker, name: str, statement: str, says: str) -> Entry[Any]:
    """Agree with a statement, disagree, or pass.

    Raises:
        Refusal: As `stating.vote`.
    """
    _, participant = speaker.in_talk(name)

    def voting(floor: Floor) -> Draft[Any]:
        talk, meeting = floor.talk(name)
        return stating.vote(talk, statement, participant, says, meeting)

    return act(speaker.city, speaker.by, voting)[-1]


class Ruling(NamedTuple):
    """What a moderator says of a statement: a reason of the policy, in their own words, too."""

    reason: str
    explanation: str


def take_off(city: City, by: AgentId, name: str, statement: str, ruling: Ruling) -> Entry[Any]:
    """Take a statement off for a reason of the policy.

    Raises:
        Refusal: As `moderating.moderate`.
    """

    def moderated(floor: Floor) -> Draft[Any]:
        talk, meeting = floor.talk(name)
        return moderating.moderate(talk, statement, *ruling, meeting)

    return act(city, by, moderated)[-1]


def appeal(speaker: Speaker, name: str, statement: str, written: Written) -> Entry[Any]:
    """Ask another moderator about a statement of one's own that was taken off.

    Raises:
        Refusal: As `moderating.appeal`.
    """
    talk, participant = speaker.in_talk(name)
    moderating.see_may_appeal(talk, statement, participant)
    see_text(statement, written.text, longest=stating.LONGEST_STATEMENT, what="the appeal")
    kept = keep(speaker.register, speaker.by, written)

    def appealing(floor: Floor) -> Draft[Any]:
        known, meeting = floor.talk(name)
        return moderating.appeal(known, statement, participant, kept, meeting)

    return act(speaker.city, speaker.by, appealing)[-1]


class Judgement(NamedTuple):
    """What another moderator says to an appeal."""

    is_restored: bool
    explanation: str


def judge_appeal(
    city: City, by: AgentId, name: str, statement: str, judgement: Judgement
) -> Entry[Any]:
    """Put a statement back, or leave it off.

    Raises:
        Refusal: As `moderating.decide_appeal`.
    """

    def judging(floor: Floor) -> Draft[Any]:
        talk, meeting = floor.talk(name)
        return moderating.decide_appeal(
            talk,
            statement,
            judgement.explanation,
            meeting,
            is_restored=judgement.is_restored,
        )

    return act(city, by, judging)[-1]


def object_to(speaker: Speaker, name: str, written: Written) -> Entry[Any]:
    """Object to the newest version of a proposal.

    Raises:
        Refusal: As `objecting.raise_objection`.
    """
    see_text(name, written.text, longest=LONGEST_TEXT, what="the objection")
    _, participant = speaker.on_proposal(name)

    def seeing(floor: Floor) -> None:
        proposal, meeting = floor.proposal(name)
        objecting.see_may_object(proposal, participant, meeting)

    see(speaker.city, speaker.by, seeing)
    kept = keep(speaker.register, speaker.by, written)

    def raising(floor: Floor) -> Draft[Any]:
        proposal, meeting = floor.proposal(name)
        return objecting.raise_objection(proposal, participant, kept, meeting)

    return act(speaker.city, speaker.by, raising)[-1]


def close_objection(
    speaker: Speaker, name: str, objection: str, how: Literal["settled", "dissent"]
) -> Entry[Any]:
    """Say that an objection is settled, or keep it as dissent.

    Raises:
        Refusal: As `objecting.close_objection`.
    """
    _, participant = speaker.on_proposal(name)

    def closing(floor: Floor) -> Draft[Any]:
        proposal, meeting = floor.proposal(name)
        return objecting.close_objection(proposal, objection, how, participant, meeting)

    return act(speaker.city, speaker.by, closing)[-1]
