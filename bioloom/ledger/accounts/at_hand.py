"""At hand: which lots somebody owns some of now, kept up as the record goes on."""

from typing import NamedTuple

from bioloom.ledger import legs
from bioloom.ledger.inventory import LotRow, lots_named, lots_numbered
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import BaseUnit
from bioloom.vocabulary.entries.events import EventReversed
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.stamps import Stamp


class AtHand(NamedTuple):
    """A lot of which something is left: what it is, how much is left, whose, and where."""

    lot: LotId
    material: MaterialId
    place: str
    owners: tuple[AgentId, ...]
    holders: tuple[AgentId, ...]
    units: int
    base_unit: BaseUnit
    stamp: Stamp
    made_by: int


class Shelves:
    """All lots at hand. Read once; afterwards only what newer entries touch is read again."""

    def __init__(self) -> None:
        self._seq = 0
        self._rows: dict[LotId, AtHand] = {}

    def rows(self, journal: Journal) -> list[AtHand]:
        """The lots at hand as of now, the newest first. One thread at a time may ask."""
        with journal.store.reading():
            end = journal.head().seq
            if self._seq == 0:
                numbers = [lot for lot, _ in journal.store.bindings.owners(None)]
                self._take(list(lots_numbered(journal, numbers).values()))
            elif end > self._seq:
                touched = self._touched(journal)
                for name in touched:
                    self._rows.pop(name, None)
                self._take(list(lots_named(journal, touched).values()))
            self._seq = end
        return sorted(self._rows.values(), key=lambda row: -row.made_by)

    def _take(self, rows: list[LotRow]) -> None:
        self._rows |= {
            row.lot: AtHand(
                lot=row.lot,
                material=row.material,
                place=row.place,
                owners=tuple(row.owners),
                holders=tuple(row.holders),
                units=sum(row.owners.values()),
                base_unit=row.base_unit,
                stamp=row.stamp,
                made_by=row.made_by,
            )
            for row in rows
            if row.owners
        }

    def _touched(self, journal: Journal) -> list[LotId]:
        """The lots that newer entries are about, and those that the ones they correct were."""
        found = set[LotId]()
        for entry in journal.read(after=self._seq):
            found |= set(legs.lots_named(entry.body))
            before = entry.corrects
            if isinstance(entry.body, EventReversed):
                before = entry.body.entry
            replaced = None if before is None else journal.by_id(before)
            if replaced is not None:
                found |= set(legs.lots_named(replaced.body))
        return sorted(found)
