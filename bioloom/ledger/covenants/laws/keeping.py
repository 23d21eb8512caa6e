"""Keeping: whether a movement takes a bound lot from those whose it is.

The movements decide, not the kind of entry: an event, a transfer, a correction and a reversal are
judged alike, each leg by the covenants that bound its lot before.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from bioloom.ledger.covenants.laws.acts import Act
from bioloom.ledger.covenants.laws.looking import Lookup
from bioloom.ledger.covenants.refusing import CovenantForbids, Reason
from bioloom.ledger.covenants.standing import Covenant, Covenants
from bioloom.ledger.numbering import (
    AT_INSIDE,
    AT_NOWHERE,
    AT_OUTSIDE,
    LAST_EDGE,
)
from bioloom.ledger.stores.bindings.rows import BoundRow
from bioloom.ledger.stores.protocol import LegRow
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import BaseUnit, for_people
from bioloom.vocabulary.entries.events import ProcessClosed
from bioloom.vocabulary.lots import Leg
from bioloom.vocabulary.periods import Instant

# What came in and what shrank of all bound lots of a covenant, in a unit.
Tally = dict[tuple[int, BaseUnit], tuple[int, int]]


def stays(act: Act, covenants: Covenants) -> bool:
    """Whether all that moves goes to who belongs under every covenant, or into a process.

    Nearly all acts are so, and no covenant has anything against them; what they make or bring in
    is another question.
    """
    if act.is_undoing:
        return False
    known, recorded_ms = covenants.by_number.values(), act.recorded_ms
    for leg, row in act.legs:
        if row.occurred_ms > recorded_ms or row.receiver < AT_INSIDE:
            return False
        if row.receiver != AT_INSIDE:
            for one in known:
                if not one.counts(leg.receiver, row.occurred_ms):
                    return False
    return True


def judge_movements(act: Act, covenants: Covenants, lookup: Lookup) -> None:
    """Hold every leg against the covenants that bind its lot.

    Raises:
        CovenantForbids: If one forbids it.
    """
    for leg, row in act.legs:
        for covenant in binding(row, act, covenants, lookup):
            unit = lookup.bound(row.lot)[covenant.number].base_unit
            _judge_leg(leg, row, act, covenant, unit)
    for covenant, lots in _written_down(act, covenants, lookup):
        if not is_insider(act.author, covenant, covenants, at=act.recorded_at, ms=act.recorded_ms):
            leg = next(leg for leg, row in act.legs if row.lot in lots)
            raise _forbidden(
                "taken_away",
                covenant,
                leg,
                f"'{act.author}' does not belong, and would write down lot '{leg.lot}'.",
                remedy="Let somebody who belongs record it, or one whom the covenant names as "
                "corrector.",
            )


def binding(row: LegRow, act: Act, covenants: Covenants, lookup: Lookup) -> Iterator[Covenant]:
    """The covenants that bind a leg: those of its lot that did when it happened, or do now."""
    for number in lookup.bound(row.lot):
        covenant = covenants.by_number[number]
        if covenant.binds(min(row.occurred_ms, act.recorded_ms)):
            yield covenant


def is_insider(
    agent: AgentId, covenant: Covenant, covenants: Covenants, *, at: Instant, ms: int
) -> bool:
    """Whether somebody may write bound lots down: they belong, act for those who do, or correct.

    Args:
        agent: Who.
        covenant: The covenant.
        covenants: All of them, with everybody's offices.
        at: Now.
        ms: The same instant [ms since 1970].
    """
    if covenant.counts(agent, ms) or agent in covenant.terms.correctors:
        return True
    offices = covenants.people.offices_of(agent, on=at)
    return any(office.scope is not None and covenant.counts(office.scope, ms) for office in offices)


def _judge_leg(leg: Leg, row: LegRow, act: Act, covenant: Covenant, unit: BaseUnit) -> None:
    if row.occurred_ms > act.recorded_ms:
        raise _forbidden(
            "dated_ahead",
            covenant,
            leg,
            f"Lot '{leg.lot}' would be moved in the future.",
            remedy="Record it once it has happened.",
        )
    if row.receiver <= LAST_EDGE:
        if row.receiver not in (AT_INSIDE, AT_NOWHERE) and not _may_end(row, act):
            raise _forbidden("rights_leave", covenant, leg, _leaving(leg, "would leave to", unit))
    elif not covenant.counts(leg.receiver, row.occurred_ms):
        if leg.rights_units:
            raise _forbidden("rights_leave", covenant, leg, _leaving(leg, "would belong to", unit))
        if leg.custody_units and covenant.terms.custody_days is None:
            raise _forbidden(
                "custody_leaves", covenant, leg, _leaving(leg, "would be held by", unit)
            )


def _may_end(row: LegRow, act: Act) -> bool:
    """Whether a leg to the city's edge is no way out: a figure corrected, or vapour declared."""
    is_declared = isinstance(act.body, ProcessClosed) and row.receiver != AT_OUTSIDE
    return act.is_undoing or is_declared


def _written_down(
    act: Act, covenants: Covenants, lookup: Lookup
) -> list[tuple[Covenant, set[int]]]:
    """By covenant, the bound lots of which accounts would have less in all after an act."""
    is_last = AT_INSIDE if act.is_undoing else AT_NOWHERE
    if all(row.receiver > is_last for row in act.rows):
        return []
    lost: defaultdict[int, int] = defaultdict(int)
    for row in act.rows:
        lost[row.lot] += row.rights_units * ((row.receiver <= is_last) - (row.giver <= is_last))
    found: dict[int, set[int]] = {}
    if isinstance(act.body, ProcessClosed):
        return []
    for row in act.rows:
        if lost[row.lot] > 0:
            for covenant in binding(row, act, covenants, lookup):
                found.setdefault(covenant.number, set()).add(row.lot)
    return [(covenants.by_number[number], lots) for number, lots in found.items()]


def tally(act: Act, covenants: Covenants, bound_of: Callable[[int], Iterable[BoundRow]]) -> Tally:
    """By how much an act changes what came in and what shrank, by covenant and unit."""
    changes: Tally = {}
    for row in act.rows:
        came = row.rights_units * ((row.giver == AT_OUTSIDE) - (row.receiver == AT_OUTSIDE))
        gone = row.rights_units * ((row.receiver == AT_NOWHERE) - (row.giver == AT_NOWHERE))
        if not (came or gone):
            continue
        for bound in bound_of(row.lot):
            if covenants.by_number[bound.covenant].binds(row.occurred_ms):
                at = bound.covenant, bound.base_unit
                before = changes.get(at, (0, 0))
                changes[at] = before[0] + came, before[1] + gone
    return changes


def judge_shrinking(
    changes: Tally,
    act: Act,
    covenants: Covenants,
    balance: Callable[[int, BaseUnit], tuple[int, int]],
) -> None:
    """See that no more of all that came in is unaccounted for than a covenant allows.

    Many small losses are one large one: they are added up from the covenant's beginning on.

    Args:
        changes: What the act changes.
        act: The act.
        covenants: All covenants.
        balance: What came in and shrank before, by covenant and unit.

    Raises:
        CovenantForbids: If more would be.
    """
    for (number, unit), (came, gone) in changes.items():
        if gone <= 0 and came >= 0:
            continue
        covenant = covenants.by_number[number]
        in_units, shrunk_units = balance(number, unit)
        most = max(in_units + came, 0) * covenant.terms.shrinkage_per_mille
        if (shrunk_units + gone) * 1000 > most:
            amount, name = for_people(shrunk_units + gone, unit)
            raise CovenantForbids(
                reason="shrinks",
                terms=[covenant.terms],
                what=f"{amount:,} {name} of bound lots would be unaccounted for in all.",
                why=f"At most {covenant.terms.shrinkage_per_mille} of 1000 that came in may be.",
                remedy="Find what is missing, or say where it went; see `bioloom covenants show`.",
                lot=act.movements[0][0].lot,
            )


def _leaving(leg: Leg, how: str, base: BaseUnit) -> str:
    amount, unit = for_people(leg.rights_units or leg.custody_units, base)
    return f"{amount:,} {unit} of lot '{leg.lot}' {how} '{leg.receiver}', who does not belong."


def _forbidden(
    reason: Reason, covenant: Covenant, leg: Leg, what: str, *, remedy: str | None = None
) -> CovenantForbids:
    terms = [covenant.terms]
    return CovenantForbids(reason=reason, terms=terms, what=what, remedy=remedy, leg=leg)
