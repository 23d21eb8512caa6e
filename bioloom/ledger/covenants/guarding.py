"""Guarding: one entry after another is held against all covenants, and binds what it binds.

Sealing asks `judge` before an entry is sealed and `take` after; deriving and verifying do the same
for entries that are recorded. All that either knows comes from the entries before.

    guard.judge(act, lookup)              # raises CovenantForbids; changes nothing
    guard.take(entry, act, lookup, rows)  # adds what a store must keep beside the entry
"""

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from typing import Any

from bioloom.ledger.covenants.laws.acts import Act
from bioloom.ledger.covenants.laws.enacting import judge_decision
from bioloom.ledger.covenants.laws.keeping import (
    Tally,
    judge_movements,
    judge_shrinking,
    stays,
    tally,
)
from bioloom.ledger.covenants.laws.leaving import judge_leaving
from bioloom.ledger.covenants.laws.looking import Lookup
from bioloom.ledger.covenants.laws.making import Making, judge_contents
from bioloom.ledger.covenants.standing import (
    COVENANT_KINDS,
    FOLDED_KINDS,
    Changes,
    Covenant,
    Covenants,
)
from bioloom.ledger.numbering import first_seq_of
from bioloom.ledger.stores.bindings.rows import (
    AwayRow,
    Bindings,
    BoundRow,
    CovenantRow,
    EndRow,
    LeaverRow,
    MemberRow,
)
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, BaseUnit
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, ProcessClosed

_MEMBERSHIPS = ("MembershipBegan", "MembershipAccepted", "MembershipEnded")


class Guard:
    """All covenants of a record, asked about one entry after another."""

    def __init__(
        self,
        covenants: Covenants,
        *,
        city: Callable[[], str],
        number: Callable[[AgentId], int],
        balance: Callable[[int, BaseUnit], tuple[int, int]] = lambda *_: (0, 0),
    ) -> None:
        """Begin with what stands.

        Args:
            covenants: All covenants so far; they are left as they are, and a copy is followed.
            city: The hash of the record's first entry, in hexadecimal.
            number: The number of an agent, who gets one if there is none yet.
            balance: What came in and shrank before the first act, by covenant and unit.
        """
        self.covenants, self._is_copy = covenants, False
        self._city, self._number, self._balance = city, number, balance
        self._tallies: Tally = {}
        # Of the act that was judged last: what it binds as made of bound lots, and its tally.
        self._made: list[BoundRow] = []
        self._changes: Tally = {}

    def concerns(self, kind: str) -> bool:
        """Whether an entry of some kind must be looked at at all."""
        return bool(self.covenants.by_number) or kind in COVENANT_KINDS

    def follow(self, entry: Entry[Any]) -> None:
        """Go on with an entry from before the first covenant, which binds nothing."""
        if entry.kind in FOLDED_KINDS:
            self._folded(entry)

    def judge(self, act: Act, lookup: Lookup) -> bool:
        """Hold an act against all covenants. What it would bind is remembered for `take`.

        Returns:
            Whether all that it moves stays among those who belong: see `stays`.

        Raises:
            CovenantForbids: If one forbids it.
        """
        self._made, self._changes = [], {}
        kind = type(act.body).__name__
        if kind in COVENANT_KINDS:
            judge_decision(act, self.covenants, city=self._city())
        if kind in _MEMBERSHIPS:
            judge_leaving(act, copy(self.covenants), lookup, number=self._number)
        lookup.prepare_moved(act)
        hidden, lookup.memory.hidden = lookup.memory.hidden, act.replaced
        try:
            if not (all_stays := stays(act, self.covenants)):
                judge_movements(act, self.covenants, lookup)
                judge_contents(act, self.covenants, lookup)
            for made in Making(act, self.covenants, lookup).made():
                unit = _unit_of(made.number, act, lookup)
                self._made += [
                    BoundRow(made.number, one.number, unit, act.seq, 1, 0) for one in made.covenants
                ]
        finally:
            lookup.memory.hidden = hidden
        self._changes = tally(act, self.covenants, lambda lot: self._bound(lot, lookup))
        judge_shrinking(self._changes, act, self.covenants, self._balance_of)
        return all_stays

    def take(self, entry: Entry[Any], act: Act, lookup: Lookup, rows: Bindings) -> None:
        """Add to `rows` what follows from the entry judged last, whose legs are noted."""
        before_bound = len(rows.bound)
        for at, (came, gone) in self._changes.items():
            before = self._balance_of(*at)
            self._tallies[at] = before[0] + came, before[1] + gone
        self._note(self._made, rows, lookup)
        enacted: list[Covenant] = []
        if entry.kind in FOLDED_KINDS:
            enacted = self._fold(entry, rows)
        touched = sorted({row.lot for row in act.rows})
        for covenant in self.covenants.binding(act.recorded_ms):
            lots: Iterable[tuple[int, dict[int, int]]] = [
                (lot, lookup.owners(lot))
                for lot in touched
                if covenant.number not in lookup.bound(lot)
            ]
            if covenant in enacted:
                lots = lookup.everything_owned()
            if lots:
                self._note(list(self._in_scope(covenant, lots, act, lookup)), rows, lookup)
        bound_now = (row.lot for row in rows.bound[before_bound:])
        rows.away.extend(self._away([*touched, *bound_now], act, lookup))

    def _fold(self, entry: Entry[Any], rows: Bindings) -> list[Covenant]:
        """Follow an entry about covenants or people; the covenants that it enacts."""
        changes = self._folded(entry)
        rows.covenants.extend(_row_of(covenant) for covenant in changes.enacted)
        rows.ended.extend(EndRow(number, entry.seq) for number in changes.ended)
        rows.members.extend(
            MemberRow(number, self._number(agent), from_ms, entry.seq)
            for number, agent, from_ms in changes.joined
        )
        rows.left.extend(
            LeaverRow(number, self._number(agent), entry.seq) for number, agent in changes.left
        )
        return changes.enacted

    def _folded(self, entry: Entry[Any]) -> Changes:
        if not self._is_copy:
            self.covenants, self._is_copy = copy(self.covenants), True
        return self.covenants.fold(entry)

    def _in_scope(
        self,
        covenant: Covenant,
        lots: Iterable[tuple[int, dict[int, int]]],
        act: Act,
        lookup: Lookup,
    ) -> Iterator[BoundRow]:
        """Lots that a covenant binds because all who own some of them belong."""
        terms = covenant.terms
        named = {lookup.number_of(lot) for lot in terms.lots}
        for lot, owners in lots:
            if not owners or (named and lot not in named):
                continue
            names = lookup.names(owners)
            if not all(covenant.counts(name, act.recorded_ms) for name in names):
                continue
            if covenant.number in lookup.bound(lot):
                continue
            kind = lookup.kind_at(lot)
            if kind is None or (terms.materials and kind[0] not in terms.materials):
                continue
            yield BoundRow(lot, covenant.number, kind[1], act.seq, 0, sum(owners.values()))

    def _away(self, lots: Iterable[int], act: Act, lookup: Lookup) -> Iterator[AwayRow]:
        """Bound lots, of some, of which somebody has custody who does not belong."""
        at_ms, agent_at = act.recorded_ms, lookup.memory.agent_at
        for lot in dict.fromkeys(lots):
            for number in lookup.bound(lot):
                covenant = self.covenants.by_number[number]
                if not covenant.binds(at_ms):
                    continue
                for account in lookup.holders(lot):
                    if not covenant.counts(agent_at(account), at_ms):
                        yield AwayRow(number, account, lot, act.seq)

    def _note(self, bound: list[BoundRow], rows: Bindings, lookup: Lookup) -> None:
        if not bound:
            return
        rows.bound.extend(bound)
        lookup.note(bound)
        for row in bound:
            at = row.covenant, row.base_unit
            came, gone = self._balance_of(*at)
            self._tallies[at] = came + row.in_units, gone

    def _bound(self, lot: int, lookup: Lookup) -> list[BoundRow]:
        """What binds a lot, and what would by the act that is judged."""
        return [*lookup.bound(lot).values(), *(row for row in self._made if row.lot == lot)]

    def _balance_of(self, covenant: int, base_unit: BaseUnit) -> tuple[int, int]:
        at = covenant, base_unit
        if at not in self._tallies:
            self._tallies[at] = self._balance(covenant, base_unit)
        return self._tallies[at]


def _row_of(covenant: Covenant) -> CovenantRow:
    terms = covenant.terms
    return CovenantRow(
        covenant.number,
        covenant.seq,
        terms.covenant,
        covenant.until_ms,
        int(terms.custody_days is None),
        terms.shrinkage_per_mille,
    )


def _unit_of(lot: int, act: Act, lookup: Lookup) -> BaseUnit:
    """What a lot is counted in, that an act may itself make."""
    if isinstance(act.body, ProcessClosed):
        return MILLIGRAM
    made = act.body.made if isinstance(act.body, EventHappened) else None
    if made is not None and first_seq_of(lot) == act.seq:
        return made.base_unit
    kind = lookup.kind_at(lot)
    return MILLIGRAM if kind is None else kind[1]
