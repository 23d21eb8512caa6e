"""Petitions as they stand: who signed when, and how many of them count."""

from dataclasses import dataclass, field
from typing import Any

from bioloom.assembly.mandates.refusing import known_as
from bioloom.assembly.mandates.standing import is_elector
from bioloom.ledger.people.people import People
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.petitions import (
    PetitionId,
    PetitionSigned,
    PetitionStarted,
    PetitionUnsigned,
)
from bioloom.vocabulary.periods import Instant


@dataclass(slots=True)
class Petition:
    """A petition with everybody's newest word; none where they took it back."""

    started: PetitionStarted
    author: AgentId
    seq: int
    words: dict[AgentId, Instant | None] = field(default_factory=dict)
    # How often each has said something, so that each word has a key of its own.
    turns: dict[AgentId, int] = field(default_factory=dict)

    def has_signed(self, who: AgentId) -> bool:
        """Whether somebody's word stands."""
        return self.words.get(who) is not None

    def counted(self, commons: AgentId, people: People) -> int:
        """How many signed who could at that time; each is one, whatever the record was told."""
        return sum(
            at is not None and is_elector(who, commons, people, on=at)
            for who, at in self.words.items()
        )


@dataclass(slots=True)
class Petitions:
    """All petitions of a record: a pure fold, which passes over what names nothing."""

    by_id: dict[PetitionId, Petition] = field(default_factory=dict)

    def fold(self, entry: Entry[Any]) -> None:
        """Take one entry in; entries of other kinds say nothing about petitions."""
        match entry.body:
            case PetitionStarted() as started:
                self.by_id.setdefault(started.petition, Petition(started, entry.author, entry.seq))
            case PetitionSigned() | PetitionUnsigned() as word:
                known = self.by_id.get(word.petition)
                # Nobody signs for another.
                if known is None or entry.author != word.who:
                    return
                is_new = isinstance(word, PetitionSigned)
                if is_new != known.has_signed(word.who):
                    known.words[word.who] = entry.recorded_at if is_new else None
                known.turns[word.who] = known.turns.get(word.who, 0) + 1

    def named(self, name: str) -> Petition:
        """A petition by its name.

        Raises:
            NotInAssembly: If nobody started it.
        """
        return known_as("petition", name, self.by_id)
