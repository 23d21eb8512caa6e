"""Sealing: how drafts become entries inside one transaction, with their chain, keys and legs."""

from collections.abc import Sequence
from typing import Any

import msgspec

from bioloom.ledger.record.chain import GENESIS, canonical_text, id_prefix, link
from bioloom.ledger.holdings import Overdraft, first_overdraft
from bioloom.ledger.legs import Movement, movements_of
from bioloom.ledger.numbering import lot_number
from bioloom.ledger.record.outcomes import Conflict, Outcome, Recorded, Refused, Same
from bioloom.ledger.stores.protocol import Batch, EntryRow, KeyRow, LegRow, Store
from bioloom.vocabulary.agents import BOUNDARY, AgentId
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.entries.registry import VERSIONS, read_entry
from bioloom.vocabulary.lots import Leg, LotId
from bioloom.vocabulary.periods import Instant, epoch_ms
from bioloom.vocabulary.refusal import Refusal


class LotUnknown(Refusal):
    """A movement names a lot that never arrived."""

    def __init__(self, *, lot: LotId) -> None:
        self.lot = lot
        super().__init__(
            what=f"Lot '{lot}' is not in the record.",
            why="Only what has arrived can be moved.",
            remedy="Record its arrival first, or correct the name; `bioloom lots` lists all.",
        )


class Sealing:
    """One transaction's drafts on their way into the record. The caller holds the store's pen."""

    def __init__(self, store: Store, *, recorded_at: Instant, correct: bool) -> None:
        self._store, self._correct = store, correct
        last = store.last()
        self._seq, self._hash = (0, GENESIS) if last is None else (last.seq, last.hash)
        # Never earlier than the entry before: a clock that went back must not reorder the record.
        self._recorded_at = (
            recorded_at
            if last is None
            else max(recorded_at, read_entry(last.text, last.kind).recorded_at)
        )
        self._id_prefix: str | None = None
        self._agents = store.agents()
        self._known: dict[str, KeyRow] = {}
        self._newest: dict[str, Entry[Any]] = {}
        self._pending = Batch([], [], [], [], [])

    def take(self, drafts: Sequence[Draft[Any]]) -> list[Outcome]:
        """Judge and seal drafts in their order, and write what came of them."""
        self._look_up([draft.idempotency_key for draft in drafts])
        outcomes = [self._take_one(draft) for draft in drafts]
        self._write()
        return outcomes

    def _look_up(self, keys: Sequence[str]) -> None:
        self._known = self._store.keys(keys)
        rows = self._store.rows_at([known.newest for known in self._known.values()])
        for key, known in self._known.items():
            newest = rows[known.newest]
            self._newest[key] = read_entry(newest.text, newest.kind)

    def _take_one(self, draft: Draft[Any]) -> Outcome:
        current = self._newest.get(draft.idempotency_key)
        if current is not None:
            if current.body == draft.body and current.occurred_at == draft.occurred_at:
                return Same(draft, current)
            if not self._correct:
                return Conflict(draft, current)
        seq = self._seq + 1
        movements = movements_of(draft.body, draft.occurred_at, current)
        self._number_agents(movements)
        numbers = self._number_lots(draft, movements, seq)
        legs = [self._leg(*one, numbers, seq, at) for at, one in enumerate(movements)]
        refusal = self._objection(movements, legs)
        if refusal is not None:
            return Refused(draft, refusal)
        return Recorded(self._seal(draft, current, legs))

    def _seal(
        self, draft: Draft[Any], replaced: Entry[Any] | None, legs: list[LegRow]
    ) -> Entry[Any]:
        kind, key = type(draft.body).__name__, draft.idempotency_key
        seq = self._seq + 1
        if self._id_prefix is None:
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
        self._keep(entry, text, legs, corrected=replaced is not None)
        return entry

    def _keep(self, entry: Entry[Any], text: bytes, legs: list[LegRow], *, corrected: bool) -> None:
        key, pending = entry.idempotency_key, self._pending
        pending.entries.append(EntryRow(entry.seq, entry.kind, text, self._hash))
        pending.legs.extend(legs)
        if corrected:
            known = self._known[key]._replace(newest=entry.seq)
            pending.keys_corrected.append(known)
        else:
            known = KeyRow(key, entry.seq, entry.seq)
            pending.keys.append(known)
        self._known[key], self._newest[key] = known, entry

    def _leg(
        self, leg: Leg, at: Instant, numbers: dict[LotId, int], seq: int, ordinal: int
    ) -> LegRow:
        return LegRow(
            numbers.get(leg.lot, 0),
            seq,
            ordinal,
            self._agents[leg.giver],
            self._agents[leg.receiver],
            leg.rights_mg,
            leg.custody_mg,
            epoch_ms(at),
        )

    def _number_agents(self, movements: list[Movement]) -> None:
        for leg, _ in movements:
            for agent in (leg.giver, leg.receiver):
                if agent not in self._agents:
                    self._agents[agent] = len(self._agents) + 1
                    self._pending.agents.append((self._agents[agent], agent))

    def _number_lots(
        self, draft: Draft[Any], movements: list[Movement], seq: int
    ) -> dict[LotId, int]:
        """The numbers of the lots an entry moves; a lot that does not exist has none."""
        if isinstance(draft.body, LotArrived):
            assert draft.body.lot == draft.idempotency_key, "a lot is named by what made it"
            known = self._known.get(draft.idempotency_key)
            return {draft.body.lot: lot_number(seq if known is None else known.first)}
        lots = list({leg.lot for leg, _ in movements})
        made = {key: row for key, row in self._known.items() if key in lots}
        made |= self._store.keys([lot for lot in lots if lot not in made])
        return {LotId(key): lot_number(row.first) for key, row in made.items()}

    def _objection(self, movements: list[Movement], legs: list[LegRow]) -> Refusal | None:
        """Which law of the ledger these legs would break, if any."""
        for (leg, _), row in zip(movements, legs, strict=True):
            if row.lot == 0:
                return LotUnknown(lot=leg.lot)
        given = {
            (row.lot, row.giver): leg
            for (leg, _), row in zip(movements, legs, strict=True)
            if row.giver > len(BOUNDARY)
        }
        if given:
            self._write()  # So that the store has every leg but these.
        for (lot, giver), leg in given.items():
            line = [*self._store.legs(lot), *(row for row in legs if row.lot == lot)]
            found = first_overdraft(line, giver)
            if found is not None:
                short_mg, at = found
                return Overdraft(lot=leg.lot, agent=leg.giver, short_mg=short_mg, at=at)
        return None

    def _city_salt(self, draft: Draft[Any]) -> str:
        """What tells this city's ids from another's: the key of the record's first entry."""
        first = [*self._pending.entries, *self._store.rows_at([1]).values()]
        return (
            read_entry(first[0].text, first[0].kind).idempotency_key
            if first
            else draft.idempotency_key
        )

    def _write(self) -> None:
        self._store.write(self._pending)
        self._pending = Batch([], [], [], [], [])
