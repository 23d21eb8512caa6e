"""Reading: what one visitor may see of the record. What they may not is the same as not there."""

from collections.abc import Sequence
from typing import Any

import msgspec

from bioloom.doors.compose import now
from bioloom.doors.web.asking import NotThere
from bioloom.doors.web.rendering import Renderer
from bioloom.doors.web.visiting import Visitor
from bioloom.ledger.custody.naming import lots_beneath
from bioloom.ledger.holdings import LotUnknown
from bioloom.ledger.inventory import LotFilter, LotRow, lot, lots, lots_named
from bioloom.ledger.people.naming import agents_named
from bioloom.ledger.people.people import People
from bioloom.ledger.people.reading import may_read_entry, may_read_lot
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.tracing import LotLine, trace
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.circuits import CommitmentEnded, CommitmentMade
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventReversed
from bioloom.vocabulary.entries.workorders import WorkOrderIssued
from bioloom.vocabulary.lots import Direction, LotId
from bioloom.vocabulary.periods import Instant

# A page looks at no more lots than these, however few of them its reader may see.
_MOST_LOOKED_AT = 20_000


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """One visitor before the record, at one moment."""

    viewer: AgentId | None
    journal: Journal
    people: People
    at: Instant

    def sees_lot(self, row: LotRow) -> bool:
        """Whether they may see a lot."""
        parties = set(row.owners) | set(row.holders)
        if not parties:
            # Nobody has any of it any more: it stays theirs who had it when last it was described.
            parties = set(agents_named(self.journal.at([row.said_by])[row.said_by].body))
        return may_read_lot(self.viewer, parties, self.people, at=self.at)

    def knows_lot(self, name: LotId) -> bool:
        """Whether there is a lot of a name, and they may see it."""
        found = lot(self.journal, name)
        return found is not None and self.sees_lot(found)

    def sees_entry(self, entry: Entry[Any]) -> bool:
        """Whether they may see what an entry says."""
        reverses = None
        if isinstance(entry.body, EventReversed):
            reverses = self.journal.by_id(entry.body.entry)
        # Commitments and claims of custody name lots, and they may be of households.
        named = {lot for one in (entry, reverses) if one is not None for lot in _named(one.body)}
        rows = lots_named(self.journal, sorted(named)) if named else {}
        return all(name in rows and self.sees_lot(rows[name]) for name in named) and may_read_entry(
            self.viewer, entry, self.people, at=self.at, reverses=reverses
        )

    def sees_agent(self, agent: AgentId) -> bool:
        """Whether they may see that an agent is there."""
        return may_read_lot(self.viewer, [agent], self.people, at=self.at)

    def sees_what_is_between(self, *agents: AgentId) -> bool:
        """Whether they may see what some agents have to do with each other."""
        return may_read_lot(self.viewer, agents, self.people, at=self.at)

    def lots(self, which: LotFilter, limit: int) -> tuple[list[LotRow], int | None]:
        """Some lots, and the entry after which the next page begins, if there is one."""
        rows: list[LotRow] = []
        for looked_at, row in enumerate(lots(self.journal, which)):
            if len(rows) == limit:
                return rows, rows[-1].made_by
            if looked_at == _MOST_LOOKED_AT:
                return rows, row.made_by - 1
            if self.sees_lot(row):
                rows.append(row)
        return rows, None

    def line(self, name: LotId, direction: Direction) -> LotLine:
        """A lot's line, as far as they may see it.

        Raises:
            LotUnknown: If there is no such lot, or none that they may see.
        """
        if not self.knows_lot(name):
            raise LotUnknown(lot=name)
        line = trace(self.journal, name, direction)
        entries = self.journal.at([step.seq for step in line.steps])
        seen = {one.lot for one in line.kin if self.knows_lot(one.lot)}
        kin = [one for one in line.kin if one.lot in seen and one.of in seen | {name}]
        return msgspec.structs.replace(
            line,
            steps=[step for step in line.steps if self.sees_entry(entries[step.seq])],
            kin=kin,
            kin_in_all=None if line.kin_in_all is None else len(kin),
        )

    def entry(self, seq: int) -> Entry[Any]:
        """The entry of a number.

        Raises:
            NotThere: If the record is shorter, or what it says is not for them.
        """
        entry = self.journal.at([seq]).get(seq)
        if entry is None or not self.sees_entry(entry):
            raise NotThere(word="entry", name=str(seq))
        return entry

    def first_seen(self, seqs: Sequence[int]) -> int | None:
        """The first of some entries that they may see."""
        found = self.journal.at(seqs)
        return next((seq for seq in seqs if seq in found and self.sees_entry(found[seq])), None)


def reader_of(renderer: Renderer, visitor: Visitor) -> Reader:
    """The reader that a visitor is."""
    desk = renderer.desk
    return Reader(
        viewer=visitor.reads_as, journal=desk.city.journal, people=desk.people(), at=now()
    )


def _named(body: object) -> list[LotId]:
    """The lots that an entry names beside whom it names."""
    if isinstance(body, WorkOrderIssued):
        return [portion.lot for task in body.tasks for portion in task.lots]
    if isinstance(body, CommitmentMade | CommitmentEnded):
        return [portion.lot for portion in body.lots]
    return lots_beneath(body)
