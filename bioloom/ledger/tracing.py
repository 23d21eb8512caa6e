"""Tracing: a lot's line, from where it came and through whose hands it went, entry by entry."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from bioloom.ledger.events.mentioning import lots_made
from bioloom.ledger.genealogy.stepping import neighbours
from bioloom.ledger.guarding.weighing import PiecesWeighed, pieces_weighed
from bioloom.ledger.holdings import LotUnknown
from bioloom.ledger.inventory import LotRow, lot
from bioloom.ledger.numbering import lot_number
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, EventReversed, ProcessClosed
from bioloom.vocabulary.entries.ledger import FileTaken, LotArrived, LotTransferred
from bioloom.vocabulary.lots import Direction, LotId
from bioloom.vocabulary.periods import Instant

if TYPE_CHECKING:
    from bioloom.ledger.genealogy.walking import Genealogy

# Of a lot's kin so many are named, the nearest; the others are counted.
NAMED = 200


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a lot's line, with its movement in words."""

    seq: int
    id: str
    kind: str
    occurred_at: Instant
    recorded_at: Instant
    author: AgentId
    corrects: str | None
    says: str
    hash: str


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """The file an entry of the line was read from."""

    seq: int
    name: str
    sha256: str
    source: str


class Kin(msgspec.Struct, frozen=True, kw_only=True):
    """A lot that another was made of, or that was made of it, and by what."""

    lot: LotId
    # The lot one step nearer to the one that was asked for.
    of: LotId
    # A process or, for a transfer into another lot, the id of its entry.
    via: str
    depth: int


class LotLine(msgspec.Struct, frozen=True, kw_only=True):
    """A lot as it is now, the entries that made it so, and the files they came from.

    `kin` are the nearest of the lots that it was made of (back) or that were made of it (forward);
    `kin_in_all` counts them all, unless they were too many to be counted on the way.
    """

    lot: LotRow
    direction: Direction
    steps: list[Step]
    origins: list[Origin]
    kin: list[Kin]
    kin_in_all: int | None
    # What is known of the mass of its pieces; none where it is not counted, or nobody weighed any.
    weighed: PiecesWeighed | None


def trace(
    journal: Journal,
    lot_id: LotId,
    direction: Direction = "back",
    *,
    genealogy: Callable[[], "Genealogy"] | None = None,
) -> LotLine:
    """Follow a lot back to where it came from, or forward to where it went.

    Back: what made it, every correction of that, the files they were read from, and the lots it
    was made of. Forward: every later movement, and the lots that were made of it.

    Args:
        journal: The record.
        lot_id: The lot.
        direction: Which way to follow it.
        genealogy: That of the whole record, asked only if the kin are too many to be named; they
            are then not counted where it is not given.

    Raises:
        LotUnknown: If there is no such lot.
    """
    row = lot(journal, lot_id)
    if row is None:
        raise LotUnknown(lot=lot_id)
    entries = entries_of(journal, row)
    making = [entry for entry in entries if _makes(entry, lot_id)]
    moves = [entry for entry in entries if not _makes(entry, lot_id)]
    line = making if direction == "back" else moves
    kin = list(islice(kin_of(journal, lot_id, direction), NAMED + 1))
    in_all: int | None = len(kin)
    if len(kin) > NAMED:
        number = lot_number(row.made_by)
        in_all = None if genealogy is None else len(genealogy().kin(number, direction).lots)
    return LotLine(
        lot=row,
        direction=direction,
        steps=[_step(entry) for entry in line],
        origins=files_of(journal, line),
        kin=kin[:NAMED],
        kin_in_all=in_all,
        weighed=pieces_weighed(lot_id, recall(journal.store)),
    )


def entries_of(journal: Journal, row: LotRow) -> list[Entry[Any]]:
    """Every entry that made a lot what it is or moved some of it, in the order of recording."""
    touching = {leg.seq for leg in journal.store.legs(lot_number(row.made_by))}
    touching |= {row.made_by, row.said_by}
    found = journal.at(sorted(touching))
    return [found[seq] for seq in sorted(touching)]


def kin_of(journal: Journal, lot_id: LotId, direction: Direction) -> Iterator[Kin]:
    """The lots a lot was made of, or that were made of it, however many steps away.

    What several lots went into together is counted as made of each of them.
    """
    facts = recall(journal.store)
    known, waiting = {lot_id}, deque([(lot_id, 0)])
    while waiting:
        name, depth = waiting.popleft()
        for beside, via in neighbours(name, facts, direction):
            if beside not in known:
                known.add(beside)
                waiting.append((beside, depth + 1))
                yield Kin(lot=beside, of=name, via=via, depth=depth + 1)


def _makes(entry: Entry[Any], lot_id: LotId) -> bool:
    return isinstance(entry.body, LotArrived) or lot_id in lots_made(entry.body)


def _step(entry: Entry[Any]) -> Step:
    return Step(
        seq=entry.seq,
        id=entry.id,
        kind=entry.kind,
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        author=entry.author,
        corrects=entry.corrects,
        says=_in_words(entry.body),
        hash=str(entry.hash),
    )


def _in_words(body: object) -> str:
    match body:
        case LotArrived():
            days = (
                f"on {body.first_day}"
                if body.first_day == body.last_day
                else f"from {body.first_day} to {body.last_day}"
            )
            return (
                f"{body.reported} {body.unit} of {body.material} arrived in {body.place} {days}, "
                f"{body.stamp}; {body.owner} owns it and {body.holder} holds it"
            )
        case LotTransferred():
            what = " and ".join(body.sides)
            return f"{body.giver} gave {body.receiver} {what} of {body.mass_mg} mg"
        case EventHappened():
            return _event_in_words(body)
        case EventReversed():
            return f"entry {body.entry} was taken back ({body.reason})"
        case ProcessClosed():
            lost_mg = sum(loss.mass_mg for loss in body.losses)
            return f"{body.process} closed: {lost_mg} mg lost, {body.residual_mg} mg unaccounted"
    return type(body).__name__


def _event_in_words(body: EventHappened) -> str:
    amounts = [amount for amount in (body.quantity, body.effort) if amount is not None]
    told = " and ".join(f"{amount.reported} {amount.unit}" for amount in amounts)
    words = [f"{body.action} {told}: {body.provider}"]
    words += [f"to {body.receiver}"] if body.receiver != body.provider else []
    words += [f"into {body.to_lot}"] if body.to_lot not in (None, body.lot) else []
    words += [f"in process {body.input_of}"] if body.input_of else []
    words += [f"out of process {body.output_of}"] if body.output_of else []
    words += [f"container {body.container}"] if body.container else []
    return ", ".join(words)


def files_of(journal: Journal, line: Iterable[Entry[Any]]) -> list[Origin]:
    """The files that the entries of a line were read from."""
    causes = {entry.cause for entry in line if entry.cause is not None}
    found = [journal.by_id(cause) for cause in sorted(causes)]
    return [
        Origin(
            seq=entry.seq,
            name=entry.body.name,
            sha256=entry.body.sha256,
            source=entry.body.source,
        )
        for entry in found
        if entry is not None and isinstance(entry.body, FileTaken)
    ]
