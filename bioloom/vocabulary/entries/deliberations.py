"""Entries of deliberations: statements, what people say to them, and how they are moderated.

Who takes part stands here by a pseudonym of the conversation, and what people write by salted
hashes; the register has the salts and texts, and can forget.
"""

from typing import Literal, NewType

import msgspec

from bioloom.vocabulary.entries.assemblies import AssemblyId
from bioloom.vocabulary.entries.proposals import ProposalId

ConversationId = NewType("ConversationId", str)
StatementId = NewType("StatementId", str)
Says = Literal["agree", "disagree", "pass"]


class PolicyReason(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A reason for which statements may be taken off, in words for everybody."""

    reason: str
    text: str


class DeliberationOpened(msgspec.Struct, frozen=True, kw_only=True):
    """An assembly talks about something.

    Attributes:
        about: The proposal that it is about; none: an open question.
        policy: All reasons for which a statement may be taken off.
        salt_sha256: Under which the register keeps the salt of its pseudonyms.
    """

    conversation: ConversationId
    assembly: AssemblyId
    title: str
    about: ProposalId | None
    policy: tuple[PolicyReason, ...]
    salt_sha256: str


class DeliberationClosed(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing that is recorded after this counts in the conversation."""

    conversation: ConversationId


class StatementMade(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody says something to be agreed or disagreed with."""

    conversation: ConversationId
    statement: StatementId
    participant: str
    text_sha256: str
    language: str


class StatementVoted(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody says what they think of a statement; what they say last counts."""

    conversation: ConversationId
    statement: StatementId
    participant: str
    says: Says


class StatementModerated(msgspec.Struct, frozen=True, kw_only=True):
    """A moderator takes a statement off, for a reason of the policy."""

    conversation: ConversationId
    statement: StatementId
    reason: str
    explanation: str


class ModerationAppealed(msgspec.Struct, frozen=True, kw_only=True):
    """Who made a statement asks another moderator to decide about it."""

    conversation: ConversationId
    statement: StatementId
    text_sha256: str
    language: str


class AppealDecided(msgspec.Struct, frozen=True, kw_only=True):
    """Another moderator decides: the statement is back, or stays off for good."""

    conversation: ConversationId
    statement: StatementId
    is_restored: bool
    explanation: str
