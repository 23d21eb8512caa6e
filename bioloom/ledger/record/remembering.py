"""Remembering: what the record says about named things, kept up with one transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, get_args

from bioloom.ledger.codes.obeying import Obeying
from bioloom.ledger.codes.standing import CODE_KINDS, Codes
from bioloom.ledger.declared import DECLARATIONS, declared_by
from bioloom.ledger.events.facts import Sort, Standing
from bioloom.ledger.events.mentioning import mentions_of, reversal_of
from bioloom.ledger.events.processes import LOST
from bioloom.ledger.numbering import first_seq_of, lot_number
from bioloom.ledger.record.chain import seq_in_id
from bioloom.ledger.record.lines import Lines
from bioloom.ledger.stores.protocol import Store
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, BaseUnit
from bioloom.vocabulary.entries.custody import CustodyBody
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import ClaimMade, EventHappened, ProcessClosed
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.entries.registry import read_entry
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId

_RULING = frozenset((*CODE_KINDS, *DECLARATIONS))
_CLAIMS = (ClaimMade.__name__,)
_CUSTODY = frozenset(kind.__name__ for kind in get_args(CustodyBody))


class Memory:
    """The record as `Facts`, read once a transaction and kept up with what is sealed in it."""

    def __init__(
        self,
        store: Store,
        lines: Lines,
        *,
        agents: dict[AgentId, int],
        number_of: Callable[[LotId], int | None],
        newest_of: Callable[[str], int | None],
        before: int | None = None,
    ) -> None:
        """Begin with nothing read.

        Args:
            store: Where the record is.
            lines: The legs of its lots.
            agents: Numbers of agents by name.
            number_of: The number of a lot, if there is one of that name.
            newest_of: The newest entry of an idempotency key, if it is known.
            before: Read only entries before this one.
        """
        self._before = before
        self._store, self._lines, self._agents = store, lines, agents
        self._number_of, self._newest_of = number_of, newest_of
        self._entries: dict[int, Entry[Any]] = {}
        self._about: dict[str, list[int]] = {}
        # Of names that were asked for, what stands and what it adds up to.
        self._standing: dict[str, Standing] = {}
        self._kinds: dict[int, tuple[MaterialId, BaseUnit]] = {}
        self._names: dict[int, AgentId] = {}
        # Not asked yet.
        self._has_claims: bool | None = None
        self._has_custody: bool | None = None
        # Codes and declarations sealed in this transaction, and what all of them say by then.
        self._sealed: list[Entry[Any]] = []
        self._obeying: Obeying | None = None
        # Left out of all answers while its correction is judged.
        self.hidden: Entry[Any] | None = None

    @contextmanager
    def without(self, entry: Entry[Any] | None) -> Iterator[None]:
        """Leave an entry out of all answers for a while."""
        self.hidden = entry
        try:
            yield
        finally:
            self.hidden = None

    def prepare(self, names: Iterable[str]) -> None:
        """Read all that mentions some names together."""
        unknown = [name for name in dict.fromkeys(names) if name not in self._about]
        if not unknown:
            return
        found = self._store.mentions(unknown)
        if self._before is not None:
            before = self._before
            found = {name: [seq for seq in seqs if seq < before] for name, seqs in found.items()}
        self._about |= {name: found.get(name, []) for name in unknown}
        self._read({seq for seqs in found.values() for seq in seqs})

    def prepare_lots(self, numbers: Iterable[int]) -> None:
        """Read together what some lots are made of."""
        unknown = {first_seq_of(number): number for number in numbers if number not in self._kinds}
        rows = self._store.rows_at(list(unknown)) if unknown else {}
        made = {seq: read_entry(row.text, row.kind) for seq, row in rows.items()}
        for seq, entry in made.items():
            self.note_lot(unknown[seq], entry.body)
        made_by = {entry.idempotency_key: unknown[seq] for seq, entry in made.items()}
        keys = self._store.keys(list(made_by)) if made else {}
        corrected = {
            row.newest: made_by[row.key] for row in keys.values() if row.newest > row.first
        }
        newest = self._store.rows_at(list(corrected)) if corrected else {}
        for seq, row in newest.items():
            self.note_lot(corrected[seq], read_entry(row.text, row.kind).body)

    def note_lot(self, number: int, body: object) -> None:
        """Go on with a lot that is made now, or said to be something else."""
        if (kind := _kind_made(body)) is not None:
            self._kinds[number] = kind

    def note(self, entry: Entry[Any], mentions: Iterable[str]) -> None:
        """Go on with an entry that is sealed."""
        self._entries[entry.seq] = entry
        if isinstance(entry.body, ClaimMade):
            self._has_claims = True
        if entry.kind in _CUSTODY:
            self._has_custody = True
        if entry.kind in _RULING:
            self._sealed.append(entry)
            self._obeying = None
        names = list(mentions)
        if names:
            self.prepare(names)
            for name in names:
                self._about[name].append(entry.seq)
                if name in self._standing:
                    self._standing[name].take(entry)

    def about(self, name: str) -> list[Entry[Any]]:
        """Entries that mention a name. See `Facts.about`."""
        return self._known(name).about(self.hidden)

    def introducing(self, name: str) -> list[Entry[Any]]:
        """Those of them that are no events. See `Facts.introducing`."""
        return self._known(name).introducing(self.hidden)

    def has_claims(self) -> bool:
        """Whether anybody has a claim in this city; most records have none to be held against."""
        if self._has_claims is None:
            self._has_claims = next(self._store.rows(kinds=_CLAIMS), None) is not None
        return self._has_claims

    def has_custody(self) -> bool:
        """Whether anything was said of chain of custody. See `Facts.has_custody`."""
        if self._has_custody is None:
            self._has_custody = next(self._store.rows(kinds=_CUSTODY), None) is not None
        return self._has_custody

    def policies(self) -> Obeying:
        """The policies of the city's Codes. See `Facts.policies`."""
        if self._obeying is None:
            codes = Codes()
            for entry in self._ruling(CODE_KINDS):
                codes.fold(entry)
            self._obeying = Obeying(codes, lambda: declared_by(self._ruling(DECLARATIONS)))
        return self._obeying

    def _ruling(self, kinds: Sequence[str]) -> Iterator[Entry[Any]]:
        """Entries of some kinds: the store's, and what is sealed and may not be there yet."""
        seen = 0
        for row in self._store.rows(kinds=kinds, before=self._before):
            seen = row.seq
            yield read_entry(row.text, row.kind)
        yield from (one for one in self._sealed if one.kind in kinds and one.seq > seen)

    def total(self, name: str, sort: Sort, key: str = "") -> int:
        """What events add up to. See `Facts.total`."""
        return self._known(name).total(sort, key, self.hidden)

    def totals(self, name: str, sort: Sort) -> Mapping[str, int]:
        """What events add up to, by what is added up. See `Facts.totals`."""
        return self._known(name).totals(sort, self.hidden)

    def entry(self, entry_id: str) -> Entry[Any] | None:
        """An entry by its id."""
        seq = seq_in_id(entry_id)
        if seq is None:
            return None
        self._read({seq})
        entry = self._entries.get(seq)
        return entry if entry is not None and entry.id == entry_id else None

    def newest(self, key: str) -> Entry[Any] | None:
        """What an idempotency key says now. See `Facts.newest`."""
        seq = self._newest_of(key)
        if seq is None:
            return None
        self._read({seq})
        entry = self._entries.get(seq)
        is_hidden = entry is None or (self.hidden is not None and self.hidden.id == entry.id)
        return None if entry is None or is_hidden or self.is_undone(entry) else entry

    def touching(self, lots: Sequence[LotId]) -> dict[LotId, list[Entry[Any]]]:
        """Entries that move some of some lots. See `Facts.touching`."""
        numbers = {lot: number for lot in lots if (number := self._number_of(lot)) is not None}
        self._lines.prepare(numbers.values())
        seqs = {
            lot: sorted({leg.seq for leg in self._lines.legs(number)})
            for lot, number in numbers.items()
        }
        every = {seq for some in seqs.values() for seq in some}
        self._read(every)
        entries = {seq: self._entries[seq] for seq in every}
        self.prepare([reversal_of(entry.id) for entry in entries.values()])
        left_out = None if self.hidden is None else self.hidden.id
        standing = {
            seq: entry
            for seq, entry in entries.items()
            if entry.id != left_out and not self.is_undone(entry)
        }
        return {
            lot: [standing[seq] for seq in seqs.get(lot, ()) if seq in standing] for lot in lots
        }

    def is_undone(self, entry: Entry[Any]) -> bool:
        """Whether an entry was corrected or taken back."""
        name = reversal_of(entry.id)
        self.prepare([name])
        return bool(self._about[name]) or self._newest_of(entry.idempotency_key) != entry.seq

    def kind_of(self, lot: LotId) -> tuple[MaterialId, BaseUnit] | None:
        """What a lot is made of and counted in. See `Facts.kind_of`."""
        number = self._number_of(lot)
        return None if number is None else self.kind_at(number)

    def number_of(self, lot: LotId) -> int | None:
        """The number of a lot, if there is one of that name."""
        return self._number_of(lot)

    def kind_at(self, number: int) -> tuple[MaterialId, BaseUnit] | None:
        """What a lot is made of and counted in, by its number."""
        if number not in self._kinds:
            self.prepare_lots([number])
        return self._kinds.get(number)

    def owner_units(self, lot: LotId) -> dict[str, int]:
        """Who owns how much of a lot. See `Facts.owner_units`."""
        number = self._number_of(lot)
        if number is None:
            return {}
        owners = self._lines.owner_units(number)
        return {self.agent_at(agent): units for agent, units in owners.items()}

    def holder_units(self, lot: LotId) -> dict[str, int]:
        """Who holds how much of a lot. See `Facts.holder_units`."""
        number = self._number_of(lot)
        holders = {} if number is None else self._lines.holder_units(number)
        return {self.agent_at(agent): units for agent, units in holders.items()}

    def agent_at(self, number: int) -> AgentId:
        """The agent of a number."""
        if len(self._names) != len(self._agents):  # Numbers are given, and never taken back.
            self._names = {number: agent for agent, number in self._agents.items()}
        return self._names[number]

    def _known(self, name: str) -> Standing:
        if name not in self._standing:
            self.prepare([name])
            self._standing[name] = standing = Standing(name)
            for seq in self._about[name]:
                standing.take(self._entries[seq])
        return self._standing[name]

    def _read(self, seqs: set[int]) -> None:
        # One by one: to subtract all keys would walk all that was ever read.
        unknown = sorted(seq for seq in seqs if seq not in self._entries)
        rows = self._store.rows_at(unknown) if unknown else {}
        self._entries |= {seq: read_entry(row.text, row.kind) for seq, row in rows.items()}


def _kind_made(body: object) -> tuple[MaterialId, BaseUnit] | None:
    match body:
        case LotArrived():
            return body.material, MILLIGRAM
        case EventHappened(made=made) if made is not None:
            return made.material, made.base_unit
        case ProcessClosed():
            return LOST, MILLIGRAM
    return None


def all_mentions(body: object, replaced: Entry[Any] | None) -> tuple[str, ...]:
    """What an entry is found under: what it is about, and what the one it corrects was about."""
    if replaced is None:
        return mentions_of(body)
    return tuple(dict.fromkeys([*mentions_of(replaced.body), *mentions_of(body)]))


def numbers_of(store: Store, lots: Sequence[LotId]) -> dict[LotId, int]:
    """Numbers of those lots that are known: by their entry's key, or by a name of their own."""
    by_key = {LotId(row.key): lot_number(row.first) for row in store.keys(lots).values()}
    return by_key | store.lot_numbers(lots)


def recall(store: Store) -> Memory:
    """The record as `Facts`, for whoever only asks; it does not follow what is recorded later."""

    def number_of(lot: LotId) -> int | None:
        return numbers_of(store, [lot]).get(lot)

    def newest_of(key: str) -> int | None:
        known = store.keys([key]).get(key)
        return None if known is None else known.newest

    return Memory(
        store, Lines(store), agents=store.agents(), number_of=number_of, newest_of=newest_of
    )
