"""Shortage: nobody gives what they do not have, and nothing comes out that did not go in."""

from bioloom.ledger.events.processes import GivenBackTooMuch
from bioloom.ledger.holdings import Overdraft
from bioloom.ledger.legs import Movement
from bioloom.ledger.numbering import AT_INSIDE, LAST_EDGE
from bioloom.ledger.record.lines import Lines
from bioloom.ledger.record.remembering import Memory
from bioloom.ledger.stores.protocol import LegRow
from bioloom.vocabulary.amounts import MILLIGRAM


def shortage(
    movements: list[Movement], legs: list[LegRow], lines: Lines, memory: Memory
) -> Overdraft | GivenBackTooMuch | None:
    """What some legs would take out of an account, or from inside, that is not there.

    Args:
        movements: What one entry moves.
        legs: The same as the store keeps it, in the same order.
        lines: The legs of these lots before it.
        memory: What the lots are.
    """
    # Only what an agent gives can be more than there is; arrivals come from outside.
    if any(row.giver > LAST_EDGE for row in legs):
        short = lines.first_short(legs)
        if short is not None:
            row, units, at = short
            leg = movements[row.ordinal][0]
            kind = memory.kind_of(leg.lot)
            base_unit = MILLIGRAM if kind is None else kind[1]
            return Overdraft(
                lot=leg.lot, agent=leg.giver, short_units=units, base_unit=base_unit, at=at
            )
    if any(AT_INSIDE in (row.giver, row.receiver) for row in legs):
        beyond = lines.units_beyond(legs)
        if beyond is not None:
            row, units = beyond
            out_units = max(row.custody_units, row.rights_units)
            return GivenBackTooMuch(
                lot=movements[row.ordinal][0].lot,
                units=out_units,
                inside_units=out_units - units,
            )
    return None
