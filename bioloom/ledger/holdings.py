"""Holdings: what agents have of a lot, and the law that nobody ever gives what is not there."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from bioloom.ledger.stores.protocol import LegRow
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import BaseUnit, said
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant, from_epoch_ms
from bioloom.vocabulary.refusal import Refusal


class LotUnknown(Refusal):
    """A movement names a lot that never arrived."""

    def __init__(self, *, lot: LotId) -> None:
        self.lot = lot
        super().__init__(
            what=f"Lot '{lot}' is not in the record.",
            why="A lot is in the record from its arrival on.",
            remedy="Record its arrival first, or correct the name; `bioloom lots` lists all.",
        )


class Overdraft(Refusal):
    """A movement would take a balance below zero, now or at an earlier instant."""

    def __init__(
        self, *, lot: LotId, agent: AgentId, short_units: int, base_unit: BaseUnit, at: Instant
    ) -> None:
        self.lot, self.agent, self.at = lot, agent, at
        self.short_units, self.base_unit = short_units, base_unit
        short = said(short_units, base_unit)
        super().__init__(
            what=f"'{agent}' would have {short} less than nothing of lot '{lot}' at {at}.",
            why="Nobody can give what they do not have, at any instant of the record.",
            remedy=f"Give less, or date it later; `bioloom trace` shows the line of '{lot}'.",
        )


def first_overdraft(legs: Sequence[LegRow], account: int) -> tuple[int, Instant] | None:
    """When an account of one lot first falls below zero in the order of happening, and how far.

    Both sides count; what happens at one instant counts as one movement. As the last balance in
    this order is the balance now, a lot that passes after every append is sound in the order of
    recording too.

    Args:
        legs: All legs of one lot, in any order.
        account: The number of the agent who gives.
    """
    rights_units = custody_units = 0
    for occurred_ms, simultaneous in groupby(_changes(legs, account), key=itemgetter(0)):
        for _, rights_change_mg, custody_change_mg in simultaneous:
            rights_units += rights_change_mg
            custody_units += custody_change_mg
        lower_mg = min(rights_units, custody_units)
        if lower_mg < 0:
            return -lower_mg, from_epoch_ms(occurred_ms)
    return None


def _changes(legs: Iterable[LegRow], account: int) -> list[tuple[int, int, int]]:
    """When, and by how much, the two balances of an account change, in the order of happening."""
    received = [
        (leg.occurred_ms, leg.rights_units, leg.custody_units)
        for leg in legs
        if leg.receiver == account
    ]
    given = [
        (leg.occurred_ms, -leg.rights_units, -leg.custody_units)
        for leg in legs
        if leg.giver == account
    ]
    return sorted(received + given, key=itemgetter(0))
