"""Sealing: how drafts become entries inside one transaction, with their chain, keys and legs."""

from collections.abc import Sequence
from typing import Any

import msgspec

from bioloom.ledger.holdings import Overdraft, first_overdraft
from bioloom.ledger.legs import Movement, movements_of
from bioloom.ledger.numbering import lot_number
from bioloom.ledger.record.chain import GENESIS, canonical_text, id_prefix, link
from bioloom.ledger.record.outcomes import Conflict, Outcome, Recorded, Refused, Same
from bioloom.ledger.stores.protocol import Batch, EntryRow, KeyRow, LegRow, Store, StoreFailed
from bioloom.vocabulary.agents import BOUNDARY, AgentId
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.entries.registry import VERSIONS, read_entry
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant, epoch_ms
from bioloom.vocabulary.refusal import Refusal

_LAST_BOUNDARY = len(BOUNDARY)


class LotUnknown(Refusal):
    """A movement names a lot that never arrived."""

    def __init__(self, *, lot: LotId) -> None:
        self.lot = lot
        super().__init__(
            what=f"Lot '{lot}' is not in the record.",
            why="A lot is in the record from its arrival on.",
            remedy="Record its arrival first, or correct the name; `bioloom lots` lists all.",
        )


class _Agents(dict[AgentId, int]):
    """Numbers of agents; one that has none yet gets the next, and is noted for the store."""

    def __init__(self, known: dict[AgentId, int]) -> None:
        super().__init__(known)
        self.noted: list[tuple[int, AgentId]] = []

    def __missing__(self, agent: AgentId) -> int:
        self[agent] = number = len(self) + 1
        self.noted.append((number, agent))
        return number


class Sealing:
    """One transaction's drafts on their way into the record. The caller holds the store's pen."""

    def __init__(self, store: Store, *, recorded_at: Instant, correct: bool) -> None:
        self._store, self._correct = store, correct
        last = store.last()
        self._seq, self._hash = (0, GENESIS) if last is None else (last.seq, last.hash)
        if last is not None:
            # Never earlier than the entry before: a clock that went back must not reorder time.
            recorded_at = max(recorded_at, read_entry(last.text, last.kind).recorded_at)
        self._recorded_at = recorded_at
        self._id_prefix = ""
        self._agents = _Agents(store.agents())
        self._known: dict[str, KeyRow] = {}
        self._newest: dict[str, Entry[Any]] = {}
        self._pending = Batch([], [], [], [], [])

    def take(self, drafts: Sequence[Draft[Any]]) -> list[Outcome]:
        """Judge and seal drafts in their order, and write what came of them."""
        if drafts:
            self._look_up([draft.idempotency_key for draft in drafts])
        outcomes = [self._take_one(draft) for draft in drafts]
        self._write()
        return outcomes

    def _look_up(self, keys: Sequence[str]) -> None:
        self._known = self._store.keys(keys)
        rows = self._store.rows_at([known.newest for known in self._known.values()])
        for key, known in self._known.items():
            newest = rows.get(known.newest)
            if newest is None:
                raise StoreFailed(found=f"'{key}' names entry {known.newest}, which is not there")
            self._newest[key] = read_entry(newest.text, newest.kind)

    def _take_one(self, draft: Draft[Any]) -> Outcome:
        current = self._newest.get(draft.idempotency_key)
        if current is not None:
            if current.body == draft.body and current.occurred_at == draft.occurred_at:
                return Same(draft, current)
            # A correction may change what was said, never what it was said about.
            if not self._correct or type(current.body) is not type(draft.body):
                return Conflict(draft, current)
        movements = movements_of(draft.body, draft.occurred_at, current)
        legs: list[LegRow] = []
        for leg, at in movements:
            lot = self._lot(leg.lot, draft)
            if lot is None:
                return Refused(draft, LotUnknown(lot=leg.lot))
            legs.append(
                LegRow(
                    lot,
                    self._seq + 1,
                    len(legs),
                    self._agents[leg.giver],
                    self._agents[leg.receiver],
                    leg.rights_units,
                    leg.custody_units,
                    epoch_ms(at),
                )
            )
        # Only what an agent gives can be more than there is; arrivals come from outside.
        if any(row.giver > _LAST_BOUNDARY for row in legs):
            refusal = self._overdraft(movements, legs)
            if refusal is not None:
                return Refused(draft, refusal)
        return Recorded(self._seal(draft, current, legs))

    def _lot(self, lot: LotId, draft: Draft[Any]) -> int | None:
        """The number of a lot that an entry moves, made by the entry itself or before."""
        known = self._known.get(lot)
        if lot == draft.idempotency_key and isinstance(draft.body, LotArrived):
            return lot_number(self._seq + 1 if known is None else known.first)
        if known is None:
            known = self._store.keys([lot]).get(lot)
        return None if known is None else lot_number(known.first)

    def _overdraft(self, movements: list[Movement], legs: list[LegRow]) -> Overdraft | None:
        """Which balance these legs would take below zero, if any."""
        self._write()  # So that the store has every leg but these.
        for (leg, _), row in zip(movements, legs, strict=True):
            if row.giver > _LAST_BOUNDARY:
                line = [*self._store.legs(row.lot), *(one for one in legs if one.lot == row.lot)]
                found = first_overdraft(line, row.giver)
                if found is not None:
                    short_mg, at = found
                    return Overdraft(lot=leg.lot, agent=leg.giver, short_mg=short_mg, at=at)
        return None

    def _seal(
        self, draft: Draft[Any], replaced: Entry[Any] | None, legs: list[LegRow]
    ) -> Entry[Any]:
        kind, key, seq = type(draft.body).__name__, draft.idempotency_key, self._seq + 1
        if not self._id_prefix:
            self._id_prefix = id_prefix(epoch_ms(self._recorded_at), self._city_salt(draft))
        entry = Entry(
            seq=seq,
            id=f"{self._id_prefix}{seq:010x}",
            kind=kind,
            version=VERSIONS[kind],
            occurred_at=draft.occurred_at,
            recorded_at=self._recorded_at,
            author=draft.author,
            idempotency_key=key,
            corrects=None if replaced is None else replaced.id,
            cause=draft.cause,
            body=draft.body,
        )
        text = canonical_text(entry)
        self._seq, self._hash = seq, link(self._hash, text)
        msgspec.structs.force_setattr(entry, "hash", self._hash.hex())  # Nobody else has it yet.
        self._pending.entries.append(EntryRow(seq, kind, text, self._hash))
        self._pending.legs.extend(legs)
        if replaced is None:
            known = KeyRow(key, seq, seq)
            self._pending.keys.append(known)
        else:
            known = self._known[key]._replace(newest=seq)
            self._pending.keys_corrected.append(known)
        self._known[key], self._newest[key] = known, entry
        return entry

    def _city_salt(self, first: Draft[Any]) -> str:
        """What tells this city's ids from another's: the key of the record's first entry."""
        rows = self._store.rows_at([1])
        return (
            read_entry(rows[1].text, rows[1].kind).idempotency_key
            if rows
            else (first.idempotency_key)
        )

    def _write(self) -> None:
        self._pending.agents.extend(self._agents.noted)
        self._agents.noted.clear()
        self._store.write(self._pending)
        self._pending = Batch([], [], [], [], [])
