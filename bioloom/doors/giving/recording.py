"""Recording what a form says, once: however often it is sent, and from however many phones."""

from collections.abc import Sequence
from typing import Any

import msgspec

from bioloom.doors.compose import City
from bioloom.doors.giving.giving import is_told_again
from bioloom.doors.giving.labels import label_of_lot, shown
from bioloom.ledger.record.journal import RecordedOtherwise
from bioloom.ledger.record.outcomes import Conflict, Recorded, Refused, Same
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal


class LabelTaken(Refusal):
    """Another lot bears the label already."""

    def __init__(self, *, lot: LotId) -> None:
        self.lot = lot
        super().__init__(
            what=f"A lot with label {shown(label_of_lot(lot) or lot)} is in the record already.",
            why="One label is one lot, and what you filled in is not what was recorded of it.",
            remedy="Look at that lot and correct it there; or give yours another label.",
        )


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A lot that is in the record, and whether it was there before."""

    lot: LotId
    again: bool


def record_gift(city: City, draft: Draft[LotArrived]) -> Given:
    """Put an arrival into the record, unless it is there; durable when this returns.

    Raises:
        LabelTaken: If another lot bears its label.
    """
    lot = draft.body.lot
    match city.commit([draft])[0]:
        case Recorded():
            return Given(lot=lot, again=False)
        case Same():
            return Given(lot=lot, again=True)
        case Conflict(_, current):
            # The lot may have been corrected since this form was sent for the first time.
            if any(_is_same(version, draft.body) for version in (current, _first(city, lot))):
                return Given(lot=lot, again=True)
            raise LabelTaken(lot=lot)
        case Refused(_, refusal):
            raise refusal


def is_recorded(city: City, key: str) -> bool:
    """Whether a form was recorded before; its number, made by chance, is part of the key."""
    return bool(city.journal.store.keys([key]))


def record_whole(city: City, drafts: Sequence[Draft[Any]], *, correct: bool = False) -> bool:
    """Put all drafts into the record or none; durable when this returns.

    Returns:
        Whether the record said so before.

    Raises:
        Refusal: What the ledger has against one of them.
    """
    again = False
    for outcome in city.commit(drafts, correct=correct):
        match outcome:
            case Refused(_, refusal):
                raise refusal
            case Conflict(draft, current):
                # The same form, sent twice at once: the other one came first.
                if current.body != draft.body:
                    raise RecordedOtherwise(key=draft.idempotency_key, seq=current.seq)
                again = True
            case Same():
                again = True
    return again


def _first(city: City, lot: LotId) -> Entry[Any]:
    seq = city.journal.store.keys([lot])[lot].first
    return city.journal.at([seq])[seq]


def _is_same(known: Entry[Any], told: LotArrived) -> bool:
    return isinstance(known.body, LotArrived) and is_told_again(known.body, told)
