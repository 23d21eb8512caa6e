"""A store that forgets: for trials, tests and rehearsals. Plain dictionaries, obviously right."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from copy import deepcopy
from dataclasses import dataclass, field
from threading import RLock

from bioloom.ledger.numbering import AT_OUTSIDE, LAST_EDGE
from bioloom.ledger.stores.bindings.memory import BindingTables, MemoryBindings
from bioloom.ledger.stores.bindings.ordering import in_order
from bioloom.ledger.stores.protocol import (
    Batch,
    EntryRow,
    Holding,
    KeyRow,
    LegRow,
    StoreOverdrawn,
)
from bioloom.vocabulary.agents import BOUNDARY, AgentId
from bioloom.vocabulary.entries.registry import read_entry
from bioloom.vocabulary.lots import LotId


@dataclass
class _Kept:
    entries: list[EntryRow] = field(default_factory=list)
    keys: dict[str, KeyRow] = field(default_factory=dict)
    agents: dict[AgentId, int] = field(
        default_factory=lambda: {agent: number for number, agent in enumerate(BOUNDARY, start=1)}
    )
    legs: list[LegRow] = field(default_factory=list)
    holdings: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    lot_names: dict[LotId, int] = field(default_factory=dict)
    mentions: set[tuple[str, int]] = field(default_factory=set)
    bindings: BindingTables = field(default_factory=BindingTables)


class MemoryStore:
    """The rows of one city, in memory only."""

    def __init__(self) -> None:
        self._kept = _Kept()
        self._pen = RLock()
        self.bindings = MemoryBindings(lambda: self._kept.bindings, lambda: self._kept.legs)

    def reading(self) -> AbstractContextManager[None]:
        """See `Store.reading`. Nobody else writes to a store that one trial has for itself."""
        return nullcontext()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the pen; on any exception everything is as it was before."""
        with self._pen, ExitStack() as undo:
            undo.callback(setattr, self, "_kept", deepcopy(self._kept))
            yield
            undo.pop_all()

    def write(self, batch: Batch) -> None:
        """Add rows. See `Store.write`."""
        kept = self._kept
        kept.entries += batch.entries
        kept.keys |= {row.key: row for row in batch.keys}
        for row in batch.keys_corrected:
            kept.keys[row.key] = kept.keys[row.key]._replace(newest=row.newest)
        kept.agents |= {agent: number for number, agent in batch.agents}
        kept.lot_names |= dict(batch.lot_names)
        kept.mentions |= set(batch.mentions)
        for legs, rows in in_order(batch.legs, batch.bindings):
            for leg in legs:
                self._post(leg)
            kept.bindings.add(rows)
        kept.legs += batch.legs

    def _post(self, leg: LegRow) -> None:
        """Judge a leg, and let balances follow it."""
        kept = self._kept
        if leg.lot in kept.bindings.bound:
            row = kept.entries[leg.seq - 1]
            corrects = read_entry(row.text, row.kind).corrects
            kept.bindings.admit(
                leg,
                is_undoing=corrects is not None or row.kind == "EventReversed",
                is_closing=row.kind == "ProcessClosed",
            )
        _post(kept.holdings, leg, leg.receiver, 1)
        _post(kept.holdings, leg, leg.giver, -1)

    def last(self) -> EntryRow | None:
        """The newest entry."""
        return self._kept.entries[-1] if self._kept.entries else None

    def rows(
        self, *, after: int = 0, before: int | None = None, kinds: Collection[str] | None = None
    ) -> Iterator[EntryRow]:
        """Entries in order. See `Store.rows`."""
        # Entries are numbered from 1 without a gap, so a slice is a range of them.
        stop = None if before is None else max(before - 1, 0)
        for row in self._kept.entries[after:stop]:
            if kinds is None or row.kind in kinds:
                yield row

    def rows_at(self, seqs: Sequence[int]) -> dict[int, EntryRow]:
        """Entries by sequence number."""
        known = range(1, len(self._kept.entries) + 1)
        return {seq: self._kept.entries[seq - 1] for seq in seqs if seq in known}

    def keys(self, keys: Sequence[str]) -> dict[str, KeyRow]:
        """Those of some idempotency keys that are known."""
        return {key: self._kept.keys[key] for key in keys if key in self._kept.keys}

    def count_keys(self) -> tuple[int, int]:
        """How many keys there are, and how many were corrected."""
        keys = self._kept.keys.values()
        return len(keys), sum(row.newest != row.first for row in keys)

    def agents(self) -> dict[AgentId, int]:
        """Every numbered agent."""
        return dict(self._kept.agents)

    def lot_numbers(self, names: Sequence[LotId]) -> dict[LotId, int]:
        """Those of some lots that do not bear their entry's key, by name."""
        known = self._kept.lot_names
        return {name: known[name] for name in names if name in known}

    def mentions(self, about: Sequence[str]) -> dict[str, list[int]]:
        """Sequence numbers of the entries about each of some things, in order."""
        found: dict[str, list[int]] = {}
        for name, seq in sorted(self._kept.mentions):
            if name in set(about):
                found.setdefault(name, []).append(seq)
        return found

    def count_named(self) -> tuple[int, int]:
        """How many lots bear a name of their own, and how many mentions there are."""
        return len(self._kept.lot_names), len(self._kept.mentions)

    def legs(self, lot: int) -> list[LegRow]:
        """All legs of one lot, in the order of recording."""
        return [leg for leg in self._kept.legs if leg.lot == lot]

    def legs_of(self, lots: Sequence[int]) -> Iterator[LegRow]:
        """All legs of some lots, lot by lot, each in the order of recording."""
        return iter(sorted(leg for leg in self._kept.legs if leg.lot in set(lots)))

    def legs_with(self, accounts: Sequence[int]) -> Iterator[LegRow]:
        """All legs in which one of some agents gives or receives. See `Store.legs_with`."""
        some = set(accounts)
        return iter(sorted(leg for leg in self._kept.legs if {leg.giver, leg.receiver} & some))

    def all_legs(self, *, after: int = 0) -> Iterator[LegRow]:
        """Legs in the order of recording. See `Store.all_legs`."""
        return iter([leg for leg in self._kept.legs if leg.seq > after])

    def legs_of_moved_lots(self) -> Iterator[LegRow]:
        """The legs of those lots that some agent has given on, lot by lot."""
        moved = {leg.lot for leg in self._kept.legs if leg.giver > LAST_EDGE}
        return iter(sorted(leg for leg in self._kept.legs if leg.lot in moved))

    def holdings(self, lots: Sequence[int]) -> list[Holding]:
        """What agents have of some lots."""
        return [held for held in _held(self._kept) if held.lot in set(lots)]

    def arrived_mg(self, start_ms: int, end_ms: int) -> dict[int, int]:
        """Net mass from outside, by lot. See `Store.arrived_mg`."""
        legs = [leg for leg in self._kept.legs if start_ms <= leg.occurred_ms < end_ms]
        return _net_arrivals(legs, by="lot")

    def held(self, before_ms: int) -> Iterator[Holding]:
        """What agents have of lots that came from outside before an instant."""
        early = {
            leg.lot
            for leg in self._kept.legs
            if leg.giver == AT_OUTSIDE and leg.occurred_ms < before_ms
        }
        return iter([held for held in _held(self._kept) if held.lot in early])

    def arrivals_by_instant(self) -> dict[int, int]:
        """Net mass from outside, by when it occurred."""
        return _net_arrivals(self._kept.legs, by="occurred_ms")

    def holdings_amiss(self) -> list[Holding]:
        """By how much balances differ from the sum of their legs, where they do."""
        sums: dict[tuple[int, int], tuple[int, int]] = {}
        for leg in self._kept.legs:
            _post(sums, leg, leg.receiver, 1, check=False)
            _post(sums, leg, leg.giver, -1, check=False)
        differences = []
        for at in sorted(sums.keys() | self._kept.holdings.keys()):
            rights_units, custody_units = sums.get(at, (0, 0))
            kept_rights_units, kept_custody_units = self._kept.holdings.get(at, (0, 0))
            difference = Holding(
                *at, rights_units - kept_rights_units, custody_units - kept_custody_units
            )
            differences.append(difference)
        return [difference for difference in differences if any(difference[2:])]

    def keys_amiss(self) -> list[KeyRow]:
        """Keys that are not the key of their first entry."""
        keys = self._kept.keys.values()
        return [row for row in keys if _key_at(self._kept, row.first) != row.key]

    def damage(self) -> list[str]:
        """Nothing: there is no file to be damaged."""
        return []

    def interrupt(self) -> None:
        """Nothing here takes long: whoever writes is waited for."""
        self._pen.acquire()
        self._pen.release()

    def close(self) -> None:
        """Forget everything."""
        self._kept = _Kept()


def _net_arrivals(legs: Sequence[LegRow], *, by: str) -> dict[int, int]:
    net_mg: defaultdict[int, int] = defaultdict(int)
    for leg in legs:
        if AT_OUTSIDE in (leg.giver, leg.receiver):
            net_mg[getattr(leg, by)] += (
                leg.rights_units if leg.giver == AT_OUTSIDE else -leg.rights_units
            )
    return {at: mass_mg for at, mass_mg in net_mg.items() if mass_mg > 0}


def _key_at(kept: _Kept, seq: int) -> str | None:
    rows = kept.entries[seq - 1 : seq]
    return read_entry(rows[0].text, rows[0].kind).idempotency_key if rows else None


def _held(kept: _Kept) -> list[Holding]:
    return [Holding(*at, *mass) for at, mass in sorted(kept.holdings.items()) if any(mass)]


def _post(
    holdings: dict[tuple[int, int], tuple[int, int]],
    leg: LegRow,
    account: int,
    sign: int,
    *,
    check: bool = True,
) -> None:
    if account <= LAST_EDGE:
        return
    rights_units, custody_units = holdings.get((leg.lot, account), (0, 0))
    balance = (rights_units + sign * leg.rights_units, custody_units + sign * leg.custody_units)
    if check and min(balance) < 0:
        raise StoreOverdrawn
    holdings[leg.lot, account] = balance
