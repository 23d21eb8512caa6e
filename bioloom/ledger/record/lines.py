"""Lines: the legs of the lots that a transaction moves, so that overdrafts show before writing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate

import msgspec

from bioloom.ledger.holdings import first_overdraft
from bioloom.ledger.numbering import AT_INSIDE, LAST_EDGE, first_seq_of
from bioloom.ledger.stores.protocol import LegRow, Store
from bioloom.vocabulary.periods import Instant


class _Account(msgspec.Struct, gc=False):
    """What one agent has of one lot now, and when that last changed."""

    rights_units: int = 0
    custody_units: int = 0
    changed_ms: int = -(2**63)


class _Line:
    """The legs of one lot, in the order of recording."""

    __slots__ = ("accounts", "legs")

    def __init__(self, legs: Iterable[LegRow]) -> None:
        self.legs: list[LegRow] = []
        self.accounts: defaultdict[int, _Account] = defaultdict(_Account)
        for leg in legs:
            self.add(leg)

    def add(self, leg: LegRow) -> None:
        """Go on with one leg."""
        self.legs.append(leg)
        _, _, _, giver, receiver, rights_units, custody_units, occurred_ms = leg
        if giver >= AT_INSIDE:  # Of the rest of the city's edge there are no balances.
            account = self.accounts[giver]
            account.rights_units -= rights_units
            account.custody_units -= custody_units
            account.changed_ms = max(account.changed_ms, occurred_ms)
        if receiver >= AT_INSIDE:
            account = self.accounts[receiver]
            account.rights_units += rights_units
            account.custody_units += custody_units
            account.changed_ms = max(account.changed_ms, occurred_ms)

    def can_pay_last(self, leg: LegRow) -> bool:
        """Whether a leg is paid out of what its giver has, and happens after all they did."""
        account = self.accounts.get(leg.giver)
        return (
            account is not None
            and leg.occurred_ms >= account.changed_ms
            and account.rights_units >= leg.rights_units
            and account.custody_units >= leg.custody_units
        )


class Lines:
    """Lines of lots by number, read from the store once a transaction and kept up with it."""

    def __init__(
        self, store: Store, *, before: int | None = None, newest: int | None = None
    ) -> None:
        """Begin with nothing read.

        Args:
            store: Where the legs are.
            before: Read only legs of entries before this one.
            newest: The store's newest entry, where lots that are made later are noted here: of
                those it is not asked.
        """
        self._store, self._before, self._newest = store, before, newest
        self._lines: dict[int, _Line] = {}
        # Lots made now, with the one leg that most of them get; a line is made when asked for.
        self._begun: dict[int, LegRow | None] = {}

    def prepare(self, lots: Iterable[int]) -> None:
        """Read the lines of some lots together."""
        unknown = {lot for lot in lots if lot not in self._lines and lot not in self._begun}
        self._lines |= {lot: _Line(()) for lot in unknown}
        if self._newest is not None:
            unknown = {lot for lot in unknown if first_seq_of(lot) <= self._newest}
        for leg in self._store.legs_of(sorted(unknown)) if unknown else ():
            if self._before is None or leg.seq < self._before:
                self._lines[leg.lot].add(leg)

    def begin(self, lot: int) -> None:
        """Note a lot that is made now, and so has no legs yet."""
        if lot not in self._lines:
            self._begun[lot] = None

    def add(self, legs: Sequence[LegRow]) -> None:
        """Go on with legs that are sealed."""
        for leg in legs:
            if (line := self._lines.get(leg.lot)) is not None:
                line.add(leg)
            elif leg.lot in self._begun:
                if self._begun[leg.lot] is None:
                    self._begun[leg.lot] = leg
                else:
                    self._line(leg.lot).add(leg)

    def first_short(self, legs: Sequence[LegRow]) -> tuple[LegRow, int, Instant] | None:
        """The first leg that takes its giver below zero, by how much, and when; none if none does.

        Legs of one entry count together, in the order of happening.
        """
        given = [leg for leg in legs if leg.giver > LAST_EDGE]
        each_once = len({(leg.lot, leg.giver) for leg in given}) == len(given)
        if each_once and all(self._line(leg.lot).can_pay_last(leg) for leg in given):
            return None
        for leg in legs:
            if leg.giver > LAST_EDGE:
                line = self._line(leg.lot).legs
                found = first_overdraft(
                    [*line, *(one for one in legs if one.lot == leg.lot)], leg.giver
                )
                if found is not None:
                    return (leg, *found)
        return None

    def units_beyond(self, legs: Sequence[LegRow]) -> tuple[LegRow, int] | None:
        """A leg by which more custody comes out from inside than went in, and how much more.

        Counted in the order of happening, as what agents have is; a closing that takes the rights
        of what was used up takes from inside, too.
        """
        for leg in legs:
            if _net_inside(leg) < 0:
                line = [*self._line(leg.lot).legs, *(one for one in legs if one.lot == leg.lot)]
                lowest = _lowest_inside(line)
                if lowest < 0:
                    return leg, -lowest
        return None

    def owner_units(self, lot: int) -> dict[int, int]:
        """Who owns how much of a lot, by the numbers of agents."""
        accounts = self._line(lot).accounts.items()
        return {
            number: account.rights_units
            for number, account in accounts
            if number > LAST_EDGE and account.rights_units
        }

    def holder_units(self, lot: int) -> dict[int, int]:
        """Who holds how much of a lot, by the numbers of agents."""
        accounts = self._line(lot).accounts.items()
        return {
            number: account.custody_units
            for number, account in accounts
            if number > LAST_EDGE and account.custody_units
        }

    def went_inside(self, lot: int) -> bool:
        """Whether some of a lot went into another lot, a process or a container."""
        return any(leg.receiver == AT_INSIDE for leg in self._line(lot).legs)

    def legs(self, lot: int) -> list[LegRow]:
        """All legs of a lot, in the order of recording."""
        return self._line(lot).legs

    def known(self) -> set[int]:
        """The lots whose lines were read or begun."""
        return {*self._lines, *self._begun}

    def _line(self, lot: int) -> _Line:
        if lot in self._begun:
            leg = self._begun.pop(lot)
            self._lines[lot] = _Line(() if leg is None else (leg,))
        if lot not in self._lines:
            self.prepare([lot])
        return self._lines[lot]


def _lowest_inside(line: Iterable[LegRow]) -> int:
    """The least that was inside of a lot by custody alone at the end of any instant."""
    changes: defaultdict[int, int] = defaultdict(int)
    for leg in line:
        changes[leg.occurred_ms] += _net_inside(leg)
    return min(accumulate(changes[at] for at in sorted(changes)), default=0)


def _net_inside(leg: LegRow) -> int:
    sign = (leg.receiver == AT_INSIDE) - (leg.giver == AT_INSIDE)
    return sign * (leg.custody_units - leg.rights_units)
