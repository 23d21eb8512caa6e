"""Sealing: how drafts become entries inside one transaction, with their chain, keys and legs."""

from collections.abc import Sequence
from typing import Any

import msgspec

from bioloom.ledger.covenants.laws.acts import Act
from bioloom.ledger.covenants.refusing import RESERVED, CovenantForbids, KeyReserved, refused
from bioloom.ledger.covenants.standing import Covenants
from bioloom.ledger.covenants.watching import Watch
from bioloom.ledger.custody.keeping import judge_kept
from bioloom.ledger.events.happening import LotThere
from bioloom.ledger.events.judging import is_judged, judge, judge_correcting
from bioloom.ledger.events.mentioning import claims_on, lots_made, mentions_of, reversal_of
from bioloom.ledger.guarding.claimed import uncovered
from bioloom.ledger.guarding.dating import judge_date, latest_of
from bioloom.ledger.guarding.reading import judge_arrival, judge_transfer
from bioloom.ledger.guarding.shortage import shortage
from bioloom.ledger.holdings import LotUnknown
from bioloom.ledger.legs import Movement, lots_named, movements_of
from bioloom.ledger.numbering import lot_number
from bioloom.ledger.record.chain import GENESIS, canonical_text, id_prefix, link
from bioloom.ledger.record.lines import Lines
from bioloom.ledger.record.outcomes import Conflict, Outcome, Recorded, Refused, Same
from bioloom.ledger.record.remembering import Memory, all_mentions, numbers_of
from bioloom.ledger.stores.protocol import Batch, EntryRow, KeyRow, LegRow, Store, StoreFailed
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import EventReversed, ProcessClosed
from bioloom.vocabulary.entries.ledger import LotArrived, LotTransferred
from bioloom.vocabulary.entries.registry import VERSIONS, read_entry
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant, epoch_ms
from bioloom.vocabulary.refusal import Refusal

# Databases find a name by an index, which takes 2,700 bytes; a character has four at most.
LONGEST_NAME = 500


class NameUnkeepable(Refusal):
    """A name that is too long, or has a character after which databases see nothing."""

    def __init__(self, *, key: str) -> None:
        self.key = key
        super().__init__(
            what=f"What is recorded under {key[:60]!r} has a name with a null character, "
            f"or of more than {LONGEST_NAME} characters.",
            why="Some databases could not keep it, and others never find it again.",
            remedy="Leave that character out, or shorten the name.",
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

    def __init__(
        self,
        store: Store,
        *,
        recorded_at: Instant,
        correct: bool,
        covenants: Covenants | None = None,
    ) -> None:
        """Begin a transaction.

        Args:
            store: Where to write.
            recorded_at: Now.
            correct: See `Journal.append`.
            covenants: Those that were known before, so that only newer entries are read.
        """
        self._store, self._correct = store, correct
        self._covenants = covenants or Covenants()
        last = store.last()
        self._seq, self._hash = (0, GENESIS) if last is None else (last.seq, last.hash)
        if last is not None:
            # Never earlier than the entry before: a clock that went back must not reorder time.
            recorded_at = max(recorded_at, read_entry(last.text, last.kind).recorded_at)
        self._recorded_at, self._latest = recorded_at, latest_of(recorded_at)
        self._id_prefix = ""
        self._pending = Batch.empty()
        self._remember_nothing()

    @property
    def covenants(self) -> Covenants:
        """All covenants that were committed before, for the next transaction to go on from."""
        return self._covenants

    def take(self, drafts: Sequence[Draft[Any]]) -> list[Outcome]:
        """Judge and seal drafts in their order, each by itself, and write what came of them."""
        self._look_up(drafts)
        outcomes: list[Outcome] = []
        for draft in drafts:
            outcomes.append(self._take_one(draft))
            self._note_refusal(outcomes[-1])
        self._write()
        return outcomes

    def take_whole(self, drafts: Sequence[Draft[Any]]) -> list[Outcome]:
        """Judge and seal drafts that belong together: if one is turned away, none is recorded.

        Returns:
            What became of each; up to the first that was turned away, where one was.
        """
        seq, chained = self._seq, self._hash
        self._look_up(drafts)
        outcomes: list[Outcome] = []
        for draft in drafts:
            outcomes.append(self._take_one(draft))
            if isinstance(outcomes[-1], Conflict | Refused):
                self._seq, self._hash, self._id_prefix = seq, chained, ""
                self._pending = Batch.empty()
                self._remember_nothing()
                self._note_refusal(outcomes[-1])
                self._write()
                return outcomes
        self._write()
        return outcomes

    def against(self, draft: Draft[Any]) -> Refusal | None:
        """What speaks against a draft, after those tried before it; nothing goes on record."""
        self._look_up([draft])
        outcome = self._take_one(draft)
        return outcome.refusal if isinstance(outcome, Refused) else None

    def _remember_nothing(self) -> None:
        """Forget what was read and noted since the last writing."""
        self._agents = _Agents(self._store.agents())
        self._known: dict[str, KeyRow] = {}
        self._newest: dict[str, Entry[Any]] = {}
        # None: there is no lot of that name.
        self._numbers: dict[LotId, int | None] = {}
        self._mentions: dict[int, tuple[str, ...]] = {}
        self._lines = Lines(self._store, newest=self._seq)
        self._memory = Memory(
            self._store,
            self._lines,
            agents=self._agents,
            number_of=self._number,
            newest_of=self._newest_seq,
        )
        self._watch = Watch(
            self._store,
            self._covenants,
            lines=self._lines,
            memory=self._memory,
            number=self._agents.__getitem__,
        )
        self._covenants = self._watch.committed

    def _look_up(self, drafts: Sequence[Draft[Any]]) -> None:
        """Read what is known of all keys, lots and names of some drafts together."""
        keys = [draft.idempotency_key for draft in drafts]
        known = self._store.keys([key for key in keys if key not in self._known])
        self._known |= known
        rows = self._store.rows_at([row.newest for row in known.values()])
        for key, row in known.items():
            newest = rows.get(row.newest)
            if newest is None:
                raise StoreFailed(found=f"'{key}' names entry {row.newest}, which is not there")
            entry = read_entry(newest.text, newest.kind)
            msgspec.structs.force_setattr(entry, "hash", newest.hash.hex())
            self._newest[key] = entry
        moving = [draft.body for draft in drafts if not isinstance(draft.body, LotArrived)]
        lots = {lot for body in moving for lot in (*lots_named(body), *lots_made(body))}
        arriving = [LotId(key) for key in keys if key not in known]
        self._find([*lots, *arriving])
        numbers = [number for lot in lots if (number := self._numbers[lot]) is not None]
        self._lines.prepare(numbers)
        self._memory.prepare_lots(numbers)
        # By identity: the caller holds the drafts meanwhile.
        self._mentions = {id(body): mentions_of(body) for body in moving}
        names = [name for some in self._mentions.values() for name in some]
        if self._correct:
            names += [reversal_of(self._newest[key].id) for key in known]
        names += self._watch.prepare(numbers, lots)
        if moving and self._memory.has_claims():
            names += [claims_on(lot) for lot in lots]
        self._memory.prepare(names)

    def _take_one(self, draft: Draft[Any]) -> Outcome:
        current = self._newest.get(draft.idempotency_key)
        if current is not None:
            if current.body == draft.body and current.occurred_at == draft.occurred_at:
                return Same(draft, current)
            # A correction may change what was said, never what it was said about.
            if not self._correct or type(current.body) is not type(draft.body):
                return Conflict(draft, current)
        try:
            self._judge(draft, current)
            movements, numbers = self._moved(draft, current)
        except StoreFailed:
            raise
        except Refusal as refusal:
            return Refused(draft, refusal)
        legs = self._rows(movements, numbers)
        act = Act.about(draft, current, movements, legs, (self._seq + 1, self._recorded_at))
        against = (
            shortage(movements, legs, self._lines, self._memory)
            or uncovered(draft.body, current, movements, self._memory)
            or self._watch.refusal(act, self._pending)
        )
        if against is not None:
            return Refused(draft, against)
        entry = self._seal(draft, current, legs)
        self._watch.take(entry, act, self._pending)
        return Recorded(entry)

    def _note_refusal(self, outcome: Outcome) -> None:
        """Put on record what somebody tried that a covenant forbids; the same attempt once."""
        if isinstance(outcome, Refused) and isinstance(outcome.refusal, CovenantForbids):
            tried = refused(outcome.draft, outcome.refusal, at=self._recorded_at)
            key = tried.idempotency_key
            if key not in self._known and not self._store.keys([key]):
                self._seal(tried, None, [])

    def _judge(self, draft: Draft[Any], current: Entry[Any] | None) -> None:
        """See that nothing but what it moves speaks against an entry."""
        body, key = draft.body, draft.idempotency_key
        if _is_unkeepable(key):
            raise NameUnkeepable(key=key)
        if key.startswith(RESERVED):
            raise KeyReserved(key=key)
        if current is not None:
            judge_correcting(current, body, self._memory)
        judge_date(draft, latest=self._latest)
        if isinstance(body, LotTransferred):
            judge_transfer(body)
        if isinstance(body, LotArrived):
            judge_arrival(body)
            if body.lot != key:  # Its mass would go to a lot that another entry made.
                raise LotUnknown(lot=body.lot)
            if current is None and self._number(body.lot) is not None:
                raise LotThere(lot=body.lot)
        elif is_judged(body):
            if any(map(_is_unkeepable, (*lots_made(body), *self._mentions[id(body)]))):
                raise NameUnkeepable(key=key)
            with self._memory.without(current):
                judge(draft, current, self._memory)
        undone = self._memory.entry(body.entry) if isinstance(body, EventReversed) else current
        with self._memory.without(undone):
            judge_kept(draft, undone, self._memory)

    def _moved(
        self, draft: Draft[Any], current: Entry[Any] | None
    ) -> tuple[list[Movement], list[int]]:
        """What an entry moves, and the number of the lot of each movement.

        Raises:
            LotUnknown: If it is of a lot that nobody knows.
            NameUnkeepable: If it is between agents who cannot be named.
        """
        movements = movements_of(draft.body, draft.occurred_at, current)
        numbers: list[int] = []
        for leg, _ in movements:
            number = self._lot(leg.lot, draft)
            if number is None:
                raise LotUnknown(lot=leg.lot)
            if _is_unkeepable(leg.giver) or _is_unkeepable(leg.receiver):
                raise NameUnkeepable(key=draft.idempotency_key)
            numbers.append(number)
        return movements, numbers

    def _rows(self, movements: list[Movement], numbers: list[int]) -> list[LegRow]:
        """Movements as the store keeps them."""
        agents, seq = self._agents, self._seq + 1
        return [
            LegRow(
                number,
                seq,
                ordinal,
                agents[leg.giver],
                agents[leg.receiver],
                leg.rights_units,
                leg.custody_units,
                epoch_ms(at),
            )
            for ordinal, (number, (leg, at)) in enumerate(zip(numbers, movements, strict=True))
        ]

    def _lot(self, lot: LotId, draft: Draft[Any]) -> int | None:
        """The number of a lot that an entry moves, made by the entry itself or before."""
        makes = (
            lot == draft.idempotency_key
            if isinstance(draft.body, LotArrived)
            else (lot in lots_made(draft.body))
        )
        if makes and not (isinstance(draft.body, ProcessClosed) and self._number(lot) is not None):
            known = self._known.get(draft.idempotency_key)
            return lot_number(self._seq + 1 if known is None else known.first)
        return self._number(lot)

    def _number(self, lot: LotId) -> int | None:
        """The number of a lot, if there is one of that name."""
        if lot not in self._numbers:
            self._find([lot])
        return self._numbers[lot]

    def _find(self, lots: Sequence[LotId]) -> None:
        """Read the numbers of some lots together, or that there are none of these names."""
        unknown = [lot for lot in lots if lot not in self._numbers]
        if unknown:
            self._numbers |= dict.fromkeys(unknown)
            self._numbers |= numbers_of(self._store, unknown)

    def _newest_seq(self, key: str) -> int | None:
        known = self._known.get(key) or self._store.keys([key]).get(key)
        return None if known is None else known.newest

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
            self._note_lots(draft, seq)
        else:
            known = self._known[key]._replace(newest=seq)
            self._pending.keys_corrected.append(known)
            self._memory.note_lot(lot_number(known.first), draft.body)
        self._known[key], self._newest[key] = known, entry
        mentions = self._mentioned(draft.body, replaced)
        self._pending.mentions.extend([(name, seq) for name in mentions])
        self._memory.note(entry, mentions)
        self._lines.add(legs)
        return entry

    def _mentioned(self, body: object, replaced: Entry[Any] | None) -> tuple[str, ...]:
        """What an entry is found under, most of which was looked up before."""
        if isinstance(body, LotArrived):
            return ()  # What arrives mentions nothing.
        known = None if replaced is not None else self._mentions.get(id(body))
        return all_mentions(body, replaced) if known is None else known

    def _note_lots(self, draft: Draft[Any], seq: int) -> None:
        """Give a number to the lot that an entry makes, if it makes one."""
        if isinstance(draft.body, LotArrived):
            made: tuple[LotId, ...] = (LotId(draft.idempotency_key),)
        else:
            made = lots_made(draft.body)
        for lot in made:
            if isinstance(draft.body, ProcessClosed) and self._number(lot) is not None:
                continue  # Closed before: its losses are of the same lot.
            self._numbers[lot] = number = lot_number(seq)
            self._lines.begin(number)
            self._memory.note_lot(number, draft.body)
            if lot != draft.idempotency_key:
                self._pending.lot_names.append((lot, number))

    def _city_salt(self, first: Draft[Any]) -> str:
        """What tells this city's ids from another's: the key of the record's first entry."""
        row = self._store.rows_at([1]).get(1)
        return read_entry(row.text, row.kind).idempotency_key if row else first.idempotency_key

    def _write(self) -> None:
        self._pending.agents.extend(self._agents.noted)
        self._agents.noted.clear()
        self._store.write(self._pending)
        self._pending = Batch.empty()


def _is_unkeepable(name: str) -> bool:
    return "\0" in name or len(name) > LONGEST_NAME
