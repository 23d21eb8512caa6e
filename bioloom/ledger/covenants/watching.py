"""Watching: covenants over the drafts of one transaction, from the store and what is pending."""

from collections.abc import Callable, Iterable
from copy import copy
from typing import Any

from bioloom.ledger.covenants.guarding import Guard
from bioloom.ledger.covenants.laws.acts import Act
from bioloom.ledger.covenants.laws.looking import Lookup
from bioloom.ledger.covenants.laws.returning import judge_returning
from bioloom.ledger.covenants.refusing import CovenantForbids
from bioloom.ledger.covenants.standing import FOLDED_KINDS, Covenants, covenants_of
from bioloom.ledger.events.mentioning import contents_of
from bioloom.ledger.record.lines import Lines
from bioloom.ledger.record.remembering import Memory
from bioloom.ledger.stores.protocol import Batch, Store
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import BaseUnit
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.registry import read_entry
from bioloom.vocabulary.lots import LotId


class Watch:
    """What covenants say to each draft, and what follows for the store from each entry."""

    def __init__(
        self,
        store: Store,
        known: Covenants,
        *,
        lines: Lines,
        memory: Memory,
        number: Callable[[AgentId], int],
    ) -> None:
        """Begin with what is committed.

        Args:
            store: Where the record is.
            known: Covenants that were known before; only newer entries are read.
            lines: The legs of its lots, kept up with the transaction.
            memory: The record as `Facts`, likewise.
            number: The number of an agent, who gets one if there is none yet.
        """
        self._store = store
        self._lookup = Lookup(store, lines, memory)
        self.committed = covenants_of(store, known)
        self._pending = Batch.empty()
        self._guard = Guard(self.committed, city=self._city, number=number, balance=self._balance)

    def prepare(self, numbers: Iterable[int], lots: Iterable[LotId]) -> list[str]:
        """Read together what binds some lots; under which names their contents are found."""
        if not self.committed.by_number:
            return []
        self._lookup.prepare(numbers)
        return [contents_of(lot) for lot in lots]

    def refusal(self, act: Act, pending: Batch) -> CovenantForbids | None:
        """What a covenant says against an act, if one does.

        Args:
            act: The act.
            pending: What the transaction has sealed before and not written.
        """
        kind = type(act.body).__name__
        if not self._guard.concerns(kind):
            return None
        self._pending = pending
        if not self._guard.covenants.people.agents:  # The first covenant: who belongs is read now.
            self._guard.covenants = self._everybody()
        try:
            if not self._guard.judge(act, self._lookup):
                judge_returning(act, self._guard.covenants, self._lookup)
        except CovenantForbids as forbidden:
            return forbidden
        return None

    def take(self, entry: Entry[Any], act: Act, pending: Batch) -> None:
        """Add to what is pending what follows from an entry that was judged last."""
        if self._guard.concerns(entry.kind):
            self._guard.take(entry, act, self._lookup, pending.bindings)

    def _everybody(self) -> Covenants:
        everybody = copy(covenants_of(self._store, even_none=True))
        for row in self._pending.entries:
            if row.kind in FOLDED_KINDS:
                everybody.fold(read_entry(row.text, row.kind))
        return everybody

    def _city(self) -> str:
        rows = self._store.rows_at([1])
        return (rows[1] if rows else self._pending.entries[0]).hash.hex()

    def _balance(self, covenant: int, base_unit: BaseUnit) -> tuple[int, int]:
        balance = self._store.bindings.balance(covenant, base_unit)
        return balance.in_units, balance.shrunk_units
