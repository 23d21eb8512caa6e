"""What every store keeps and answers. Rows are plain tuples of numbers, text and bytes.

Lots and agents are numbered inside a store, so that a leg is eight integers and a balance is found
by two. A lot's number follows from the entry that made it: see `numbering.py`.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from bioloom.ledger.stores.bindings.rows import Bindings, BindingsKept
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal

# What stands beside the entries, and where: recorded in every store. One of an older layout is made
# anew from its entries, which are the same in all.
LAYOUT = 3
# Kinds that come by the million; all other kinds are found by an index.
BULK_KINDS = ("EventHappened", "LotArrived", "LotTransferred")


class EntryRow(NamedTuple):
    """An entry as it is kept: its canonical text, and its hash of 32 bytes."""

    seq: int
    kind: str
    text: bytes
    hash: bytes


class KeyRow(NamedTuple):
    """An idempotency key, its first entry, and the newest that corrects it."""

    key: str
    first: int
    newest: int


class LegRow(NamedTuple):
    """A leg, with its lot and both agents by number."""

    lot: int
    seq: int
    ordinal: int
    giver: int
    receiver: int
    rights_units: int
    custody_units: int
    occurred_ms: int


class Holding(NamedTuple):
    """What an agent has of a lot."""

    lot: int
    account: int
    rights_units: int
    custody_units: int


class Batch(NamedTuple):
    """Rows that belong together."""

    entries: list[EntryRow]
    keys: list[KeyRow]
    # Keys that are known already and have a newer entry now.
    keys_corrected: list[KeyRow]
    agents: list[tuple[int, AgentId]]
    legs: list[LegRow]
    # Lots that do not bear the key of the entry that made them, with their numbers.
    lot_names: list[tuple[LotId, int]]
    # What entries are about besides lots, such as "process:7", with their sequence numbers.
    mentions: list[tuple[str, int]]
    # Covenants, who belongs, and the lots they bind.
    bindings: Bindings

    @classmethod
    def empty(cls) -> "Batch":
        """No rows."""
        return cls([], [], [], [], [], [], [], Bindings.empty())


class StoreOverdrawn(Refusal):
    """A store refused rows that would take a balance below zero."""

    def __init__(self) -> None:
        super().__init__(
            what="A movement would take more of a lot than its giver has.",
            why="No balance is ever below zero.",
            remedy="See the lot's line with `bioloom trace`, and move what is there.",
        )


class StoreFailed(Refusal):
    """A store could not be read or written: damaged, out of room, or held by somebody else."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"The journal cannot be read or written: {found}.",
            why="What was acknowledged before stays as it is; nothing was recorded now.",
            remedy="See that the disk has room and no other program holds the file; "
            "`bioloom verify` says what is damaged.",
        )


class Store(Protocol):
    """Reads, and appends in transactions. Every read sees the last commit and its own writes.

    Everything here raises StoreFailed if the store cannot do its work.
    """

    @property
    def bindings(self) -> BindingsKept:
        """What is kept about covenants."""

    def reading(self) -> AbstractContextManager[None]:
        """Look at one commit: whatever this thread reads inside, none sees a later one."""

    def writing(self) -> AbstractContextManager[None]:
        """Hold the only pen: all that is written inside becomes durable together, or not at all."""

    def write(self, batch: Batch) -> None:
        """Add rows, and let the balances follow. Only inside `writing`.

        Raises:
            StoreOverdrawn: If a leg would take a balance below zero.
            StoreForbade: If a covenant forbids a leg.
        """

    def last(self) -> EntryRow | None:
        """The newest entry."""

    def rows(
        self, *, after: int = 0, before: int | None = None, kinds: Collection[str] | None = None
    ) -> Iterator[EntryRow]:
        """Entries in order with `after < seq < before`, of all kinds or of some."""

    def rows_at(self, seqs: Sequence[int]) -> dict[int, EntryRow]:
        """Entries by sequence number; those that are not there are left out."""

    def keys(self, keys: Sequence[str]) -> dict[str, KeyRow]:
        """Those of some idempotency keys that are known."""

    def count_keys(self) -> tuple[int, int]:
        """How many idempotency keys there are, and how many of them were corrected."""

    def agents(self) -> dict[AgentId, int]:
        """Every numbered agent."""

    def lot_numbers(self, names: Sequence[LotId]) -> dict[LotId, int]:
        """Those of some lots that do not bear their entry's key, by name."""

    def mentions(self, about: Sequence[str]) -> dict[str, list[int]]:
        """Sequence numbers of the entries about each of some things, in order."""

    def count_named(self) -> tuple[int, int]:
        """How many lots bear a name of their own, and how many mentions there are."""

    def legs(self, lot: int) -> list[LegRow]:
        """All legs of one lot, in the order of recording."""

    def legs_of(self, lots: Sequence[int]) -> Iterator[LegRow]:
        """All legs of some lots, lot by lot, each in the order of recording."""

    def legs_with(self, accounts: Sequence[int]) -> Iterator[LegRow]:
        """All legs in which one of some agents gives or receives, lot by lot.

        Their account is asked for seldom: it is found by looking through the legs, since an index
        by agent would be written with every one of them.
        """

    def all_legs(self, *, after: int = 0) -> Iterator[LegRow]:
        """All legs of entries with `seq > after`, in the order of recording."""

    def legs_of_moved_lots(self) -> Iterator[LegRow]:
        """The legs of those lots that some agent has given on, lot by lot."""

    def holdings(self, lots: Sequence[int]) -> list[Holding]:
        """What agents have of some lots; balances of nothing are left out."""

    def arrived_mg(self, start_ms: int, end_ms: int) -> dict[int, int]:
        """Net mass that came from outside with `start <= occurred < end`, by lot."""

    def held(self, before_ms: int) -> Iterator[Holding]:
        """What agents have of lots that came from outside before an instant."""

    def arrivals_by_instant(self) -> dict[int, int]:
        """Net mass that came from outside, by when it occurred [ms since 1970]."""

    def holdings_amiss(self) -> list[Holding]:
        """By how much balances differ from the sum of their legs, where they do."""

    def keys_amiss(self) -> list[KeyRow]:
        """Idempotency keys that are not the key of the entry they name as their first."""

    def damage(self) -> list[str]:
        """What is wrong with the store itself, such as an altered schema; empty if sound."""

    def interrupt(self) -> None:
        """Let whatever is being read or written fail with StoreFailed, so that it ends soon."""

    def close(self) -> None:
        """Let go of files and connections."""
