"""Returning: who holds bound lots without belonging, since when, and by when they are due back.

Passing it on among themselves starts no new time: what is held is due since it left those who
belong, the oldest first. Into a process and out of it again the time goes on, too.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from typing import NamedTuple

from bioloom.ledger.covenants.laws.acts import Act
from bioloom.ledger.covenants.laws.keeping import binding
from bioloom.ledger.covenants.laws.looking import Lookup
from bioloom.ledger.covenants.refusing import CovenantForbids
from bioloom.ledger.covenants.standing import DAY_MS, Covenant, Covenants
from bioloom.ledger.numbering import AT_INSIDE, LAST_EDGE
from bioloom.ledger.stores.protocol import LegRow


class Parcel(NamedTuple):
    """Some units that left those who belong at an instant; none: they are theirs, in a process."""

    since_ms: int | None
    units: int


def held_since(
    legs: Iterable[LegRow], belongs: Callable[[int], bool]
) -> dict[int, list[tuple[int, int]]]:
    """What accounts that do not belong hold of one lot, each with since when and how much.

    Args:
        legs: All legs of the lot.
        belongs: Whether an account belongs.

    Example:
        Account 7 belongs. 8 gets ten units of it, and hands four on to 9:

        >>> legs = [LegRow(1, 1, 0, 7, 8, 0, 10, 500), LegRow(1, 2, 0, 8, 9, 0, 4, 900)]
        >>> held_since(legs, lambda account: account == 7)
        {8: [(500, 6)], 9: [(500, 4)]}
    """
    held: defaultdict[int, deque[Parcel]] = defaultdict(deque)
    for leg in sorted(legs, key=lambda leg: (leg.occurred_ms, leg.seq, leg.ordinal)):
        is_kept = leg.receiver == AT_INSIDE or (
            leg.receiver > LAST_EDGE and not belongs(leg.receiver)
        )
        for parcel in _taken(held[leg.giver], leg.custody_units):
            since_ms = parcel.since_ms
            if leg.receiver != AT_INSIDE and since_ms is None:
                since_ms = leg.occurred_ms
            if is_kept:
                held[leg.receiver].append(Parcel(since_ms, parcel.units))
    return {
        account: [(one.since_ms, one.units) for one in parcels if one.since_ms is not None]
        for account, parcels in sorted(held.items())
        if account > LAST_EDGE and parcels
    }


def judge_returning(act: Act, covenants: Covenants, lookup: Lookup) -> None:
    """See that nobody outside gets custody who keeps something that is overdue.

    Raises:
        CovenantForbids: If somebody would.
    """
    for leg, row in act.legs:
        if not leg.custody_units or row.receiver <= LAST_EDGE:
            continue
        for covenant in binding(row, act, covenants, lookup):
            if covenant.counts(leg.receiver, act.recorded_ms):
                continue
            if _is_late(row.receiver, covenant, act, lookup):
                raise CovenantForbids(
                    reason="return_overdue",
                    terms=[covenant.terms],
                    what=f"'{leg.receiver}' would get lot '{leg.lot}', and keeps bound lots "
                    "that were due back.",
                    why="Custody that never ends would be as good as owning.",
                    remedy="Let them give back what is overdue first: `bioloom covenants away`.",
                    leg=leg,
                )


def due_ms(since_ms: int, covenant: Covenant) -> int:
    """When something is due back that left at an instant; at once where custody stays inside."""
    return since_ms + DAY_MS * (covenant.terms.custody_days or 0)


def _is_late(account: int, covenant: Covenant, act: Act, lookup: Lookup) -> bool:
    for lot in lookup.away_with(account, covenant.number):

        def belongs(number: int) -> bool:
            return covenant.counts(lookup.names([number])[0], act.recorded_ms)

        for since_ms, _ in held_since(lookup.legs(lot), belongs).get(account, []):
            if due_ms(since_ms, covenant) < act.recorded_ms:
                return True
    return False


def _taken(parcels: deque[Parcel], units: int) -> list[Parcel]:
    """The oldest of some parcels up to so many units; what is beyond them was not held before."""
    taken: list[Parcel] = []
    while units and parcels:
        first = parcels.popleft()
        some = min(units, first.units)
        taken.append(Parcel(first.since_ms, some))
        if first.units > some:
            parcels.appendleft(Parcel(first.since_ms, first.units - some))
        units -= some
    return [*taken, Parcel(None, units)] if units else taken
