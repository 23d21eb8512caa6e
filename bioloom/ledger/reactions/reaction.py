"""A reaction: what a room does of itself when something is recorded or an instant comes.

A reaction is pure: it folds entries into what it knows, and says what follows from the next one. It
has neither clock nor disk; `doors/loop.py` runs it, records what follows, and remembers how far it
came.
"""

from collections.abc import Collection, Iterable
from typing import Any, Protocol

import msgspec

from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.periods import Instant


class Following(msgspec.Struct, frozen=True, kw_only=True):
    """What follows from an entry. With the reaction and the cause, `about` makes its key."""

    body: msgspec.Struct
    about: str
    occurred_at: Instant


class Reaction(Protocol):
    """What the loop asks of every reaction."""

    # With the version it names what was reacted to; a new version reacts to everything anew.
    name: str
    version: int
    # Kinds that it folds; where it folds any, nothing follows before the first of them. They are
    # read from the beginning whenever the loop starts, so none that comes by the million.
    folds: Collection[str]
    # Kinds that something may follow from, besides its own `TimerFired`.
    hears: Collection[str]

    def react(self, entry: Entry[Any], journal: Journal) -> Iterable[Following]:
        """What follows from an entry, given what was folded before it."""

    def fold(self, entry: Entry[Any]) -> None:
        """Take an entry in, of the kinds folded or a `TimerFired` of its own."""

    def due(self) -> Instant | None:
        """The next instant at which something may follow; once it fired and is folded, a later."""
