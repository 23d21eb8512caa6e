"""Tracing: a lot's line, from where it came and through whose hands it went, entry by entry."""

from typing import Any, Literal

import msgspec

from bioloom.ledger.holdings import LotUnknown
from bioloom.ledger.inventory import LotRow, lot
from bioloom.ledger.numbering import lot_number
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.ledger import FileTaken, LotArrived, LotTransferred
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant

Direction = Literal["back", "forward"]


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


class LotLine(msgspec.Struct, frozen=True, kw_only=True):
    """A lot as it is now, the entries that made it so, and the files they came from."""

    lot: LotRow
    direction: Direction
    steps: list[Step]
    origins: list[Origin]


def trace(journal: Journal, lot_id: LotId, direction: Direction = "back") -> LotLine:
    """Follow a lot back to where it came from, or forward to where it went.

    Back: its arrival, every correction of it, and the files they were read from. Forward: every
    later movement. Lots are not yet made of other lots, so a line has one lot.

    Raises:
        LotUnknown: If there is no such lot.
    """
    row = lot(journal, lot_id)
    if row is None:
        raise LotUnknown(lot=lot_id)
    touching = {leg.seq for leg in journal.store.legs(lot_number(row.made_by))}
    touching |= {row.made_by, row.said_by}
    entries = [journal.at([seq])[seq] for seq in sorted(touching)]
    arrivals = [entry for entry in entries if isinstance(entry.body, LotArrived)]
    moves = [entry for entry in entries if not isinstance(entry.body, LotArrived)]
    line = arrivals if direction == "back" else moves
    return LotLine(
        lot=row,
        direction=direction,
        steps=[_step(entry) for entry in line],
        origins=_origins(journal, line),
    )


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
    return type(body).__name__


def _origins(journal: Journal, line: list[Entry[Any]]) -> list[Origin]:
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
