"""Regrouping: several lots of one material become one, or parts of a lot become lots of their own.

Each is a Valueflows `move` of some of a lot into another: what leaves the one comes into the other,
and covenants, claims and origins go along. Whoever has a lot both owns it and holds it.
"""

from collections.abc import Mapping, Sequence

import msgspec

from bioloom.doors.capturing.told import Told
from bioloom.doors.compose import City
from bioloom.doors.giving.handing_on import amount_of
from bioloom.doors.recording import Became, record_told
from bioloom.ledger.guarding.weighing import pieces_weighed
from bioloom.ledger.holdings import LotUnknown
from bioloom.ledger.inventory import LotRow, lots_named
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.events import EventHappened, LotMade
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.stamps import STAMPS


class NotRegrouped(Refusal):
    """Lots that cannot be put together, or taken apart, as somebody wants it."""

    def __init__(self, *, lot: LotId, found: str) -> None:
        self.lot, self.found = lot, found
        super().__init__(
            what=f"'{lot}' cannot be regrouped so: {found}.",
            why="Regrouping changes nobody's share and no material; it only draws other bounds.",
            remedy="See `bioloom lots DIR`; what changes hands or is transformed is told with "
            "`bioloom record`.",
        )


def combine(city: City, into: LotId, lots: Sequence[LotId], *, author: AgentId) -> list[Became]:
    """Put all that is left of some lots into a new one, in one act or not at all.

    What the new lot stands on is the weakest of what they stand on.

    Args:
        city: An open city.
        into: The name of the new lot.
        lots: At least two, of one material, all of one owner who holds them.
        author: Who does it.

    Raises:
        NotRegrouped: If they are too few, of several materials, or of several owners.
        LotUnknown: If there is no such lot.
        NotWhole: If the record turns one of them away; see why there.
    """
    rows = _rows(city, lots)
    first = min(rows, key=lambda row: -STAMPS.index(row.stamp))
    owner, _ = _had(first)
    if len(rows) < 2:
        raise NotRegrouped(lot=into, found="one lot alone is what it is")
    events = []
    for row in (first, *(row for row in rows if row is not first)):
        if row.material != first.material or row.base_unit != first.base_unit:
            raise NotRegrouped(lot=row.lot, found=f"it is of {row.material}, not {first.material}")
        whose, units = _had(row)
        if whose != owner:
            raise NotRegrouped(lot=row.lot, found=f"it belongs to '{whose}', not to '{owner}'")
        made = _made(into, row) if row is first else None
        event = _moved(row, into, amount_of(units, row.base_unit), made)
        events.append(msgspec.structs.replace(event, mass_mg=_known_mass(city, row, units)))
    return _record(city, events, author)


def separate(
    city: City, lot: LotId, parts: Mapping[LotId, Amount], *, author: AgentId
) -> list[Became]:
    """Make parts of a lot lots of their own, in one act or not at all; the rest stays in it.

    Args:
        city: An open city.
        lot: The lot; of one owner who holds it.
        parts: The names of the new lots, and how much each has.
        author: Who does it.

    Raises:
        NotRegrouped: If there is no part, or pieces would lose what is known of their mass.
        LotUnknown: If there is no such lot.
        NotWhole: If the record turns a part away, such as when they are more than there is.
    """
    (row,) = _rows(city, [lot])
    if not parts:
        raise NotRegrouped(lot=lot, found="no part is named")
    if pieces_weighed(lot, recall(city.journal.store)) is not None:
        raise NotRegrouped(lot=lot, found="its pieces were weighed, and each part has its own mass")
    events = [_moved(row, name, part, _made(name, row)) for name, part in parts.items()]
    return _record(city, events, author)


def _rows(city: City, lots: Sequence[LotId]) -> list[LotRow]:
    found = lots_named(city.journal, lots)
    for lot in lots:
        if lot not in found:
            raise LotUnknown(lot=lot)
    if len(set(lots)) < len(lots):
        raise NotRegrouped(lot=lots[0], found="a lot is named twice")
    return [found[lot] for lot in lots]


def _had(row: LotRow) -> tuple[AgentId, int]:
    """Who has all of a lot, and how much that is."""
    if len(row.owners) != 1 or row.owners != row.holders:
        raise NotRegrouped(lot=row.lot, found="nobody both owns and holds all that is left of it")
    ((owner, units),) = row.owners.items()
    return owner, units


def _known_mass(city: City, row: LotRow, units: int) -> int | None:
    """What pieces that go on together weigh, where all of them were weighed."""
    weighed = pieces_weighed(row.lot, recall(city.journal.store))
    if weighed is None:
        return None
    if weighed.weighed_units != units:
        raise NotRegrouped(lot=row.lot, found="only some of its pieces were weighed")
    return weighed.mass_mg


def _made(lot: LotId, like: LotRow) -> LotMade:
    place = like.place or None
    return LotMade(lot=lot, material=like.material, place=place, base_unit=like.base_unit)


def _moved(row: LotRow, into: LotId, amount: Amount, made: LotMade | None) -> EventHappened:
    owner, _ = _had(row)
    return EventHappened(
        action="move",
        provider=owner,
        receiver=owner,
        stamp=row.stamp,
        lot=row.lot,
        to_lot=into,
        made=made,
        quantity=amount,
    )


def _record(city: City, events: Sequence[EventHappened], author: AgentId) -> list[Became]:
    told = [
        Told(
            kind="EventHappened",
            key=f"regrouped:{event.lot}:{event.to_lot}",
            body=msgspec.to_builtins(event),
        )
        for event in events
    ]
    return record_told(city, told, author=author, whole=True)
