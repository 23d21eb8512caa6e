"""Entries: what every fact in the record carries besides its body."""

from typing import Generic, TypeVar

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import Instant

B = TypeVar("B", bound=msgspec.Struct)

# gc=False: drafts and entries are trees of plain values, made by the hundred thousand; the cycle
# collector has nothing to find in them.


class Draft(msgspec.Struct, Generic[B], frozen=True, kw_only=True, gc=False):
    """A decided fact on its way into the journal, which gives it its place and its hash."""

    body: B
    occurred_at: Instant
    author: AgentId
    # Source and natural key: the same fact told twice is one entry.
    idempotency_key: str
    cause: str | None = None


class Entry(msgspec.Struct, Generic[B], frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One fact of the record, chained to all that came before it by its hash."""

    seq: int
    id: str
    kind: str
    version: int
    occurred_at: Instant
    recorded_at: Instant
    author: AgentId
    idempotency_key: str
    body: B
    # The id of the entry that this one replaces, and of the entry it came from.
    corrects: str | None = None
    cause: str | None = None
    # Hexadecimal SHA-256; not part of the text that it is taken over.
    hash: str | msgspec.UnsetType = msgspec.UNSET
