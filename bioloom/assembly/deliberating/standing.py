"""Conversations as they stand: statements, everybody's newest vote, and how each was moderated."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bioloom.assembly.mandates.refusing import known_as
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.deliberations import (
    AppealDecided,
    ConversationId,
    DeliberationClosed,
    DeliberationOpened,
    ModerationAppealed,
    Says,
    StatementId,
    StatementMade,
    StatementModerated,
    StatementVoted,
)
from bioloom.vocabulary.entries.envelope import Entry


@dataclass(slots=True)
class Moderation:
    """How a statement was taken off: by whom, why, and what became of the appeal."""

    moderated: StatementModerated
    moderator: AgentId
    seq: int
    appeal: ModerationAppealed | None = None
    decided: AppealDecided | None = None
    judge: AgentId | None = None

    @property
    def is_off(self) -> bool:
        """Whether it still keeps the statement off."""
        return self.decided is None or not self.decided.is_restored


@dataclass(slots=True)
class Statement:
    """A statement with the newest vote of everybody."""

    made: StatementMade
    seq: int
    votes: dict[str, Says] = field(default_factory=dict)
    moderation: Moderation | None = None

    @property
    def is_shown(self) -> bool:
        """Whether it can be read and voted on."""
        return self.moderation is None or not self.moderation.is_off

    def counts(self) -> Counter[Says]:
        """How many agree, disagree and pass."""
        return Counter(self.votes.values())


@dataclass(slots=True)
class Conversation:
    """A conversation with its statements in order."""

    opened: DeliberationOpened
    seq: int
    statements: dict[StatementId, Statement] = field(default_factory=dict)
    closed_seq: int | None = None
    # How often each has voted on each statement, so that each vote has a key of its own.
    turns: Counter[tuple[StatementId, str]] = field(default_factory=Counter)

    @property
    def is_open(self) -> bool:
        """Whether what is said now still counts."""
        return self.closed_seq is None

    @property
    def log(self) -> list[Statement]:
        """Statements that were ever taken off, in order."""
        return [one for one in self.statements.values() if one.moderation is not None]

    @property
    def participants(self) -> frozenset[str]:
        """Everybody who said or voted anything."""
        made = {one.made.participant for one in self.statements.values()}
        return frozenset(made.union(*(one.votes for one in self.statements.values())))

    def statement(self, name: str) -> Statement:
        """One of its statements.

        Raises:
            NotInAssembly: If nobody made it.
        """
        return known_as("statement", name, self.statements)

    def fold(self, entry: Entry[Any]) -> None:
        """Take in what was said here; what comes after its end is void, but for appeals."""
        known = self.statements.get(getattr(entry.body, "statement", StatementId("")))
        match entry.body:
            case DeliberationClosed() if self.is_open:
                self.closed_seq = entry.seq
            case StatementMade() as made if self.is_open and known is None:
                self.statements[made.statement] = Statement(made, entry.seq)
            case StatementVoted() as vote if known is not None:
                self.turns[vote.statement, vote.participant] += 1
                if self.is_open and known.is_shown:
                    known.votes[vote.participant] = vote.says
            case StatementModerated() as moderated if known is not None and known.is_shown:
                known.moderation = Moderation(moderated, entry.author, entry.seq)
            case ModerationAppealed() | AppealDecided() if known is not None:
                _appeal(entry, known)


@dataclass(slots=True)
class Conversations:
    """All conversations of a record: a pure fold, which passes over what names nothing."""

    by_id: dict[ConversationId, Conversation] = field(default_factory=dict)

    def fold(self, entry: Entry[Any]) -> None:
        """Take one entry in; entries of other kinds say nothing here."""
        body = entry.body
        if isinstance(body, DeliberationOpened):
            self.by_id.setdefault(body.conversation, Conversation(body, entry.seq))
            return
        known = self.by_id.get(getattr(body, "conversation", ConversationId("")))
        if known is not None:
            known.fold(entry)

    def named(self, name: str) -> Conversation:
        """A conversation by its name.

        Raises:
            NotInAssembly: If nobody opened it.
        """
        return known_as("conversation", name, self.by_id)


class Tallied(msgspec.Struct, frozen=True, kw_only=True):
    """A statement's votes, as anybody may know them."""

    statement: StatementId
    agree: int
    disagree: int
    passed: int


def tallied(statement: Statement) -> Tallied:
    """The votes of a statement, each participant's newest."""
    counts = statement.counts()
    return Tallied(
        statement=statement.made.statement,
        agree=counts["agree"],
        disagree=counts["disagree"],
        passed=counts["pass"],
    )


def _appeal(entry: Entry[Any], known: Statement) -> None:
    moderation = known.moderation
    if moderation is None or moderation.decided is not None:
        return
    if isinstance(entry.body, ModerationAppealed):
        moderation.appeal = moderation.appeal or entry.body
    elif moderation.appeal is not None and entry.author != moderation.moderator:
        moderation.decided, moderation.judge = entry.body, entry.author
