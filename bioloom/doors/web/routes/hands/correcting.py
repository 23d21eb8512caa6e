"""Correct and take back: whoever recorded something amiss says so on the page."""

from typing import Any

from litestar import Response, get, post

from bioloom.doors.giving.correcting import REASONS, about_mending, mended, taken_back
from bioloom.doors.giving.giving import Fields, arrival_of, read_gift
from bioloom.doors.giving.labels import label_of_lot
from bioloom.doors.giving.measures import MEASURES, measure_of
from bioloom.doors.giving.recording import record_whole
from bioloom.doors.web.asking import NotThere, Sent
from bioloom.doors.web.routes.hands.filling import ByHand, Hand
from bioloom.doors.web.routes.hands.giving import givable
from bioloom.ledger.inventory import LotRow
from bioloom.ledger.people.permitting import may
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal


@get("/correct", include_in_schema=False, sync_to_thread=True)
def correct_page(hand: ByHand) -> Response[str]:
    """The form for giving, filled in with what the record has."""
    return _form(hand, hand.asked())


@post("/correct", include_in_schema=False, sync_to_thread=True, status_code=200)
def correct(hand: ByHand, form: Sent) -> Response[Any]:
    """Record what is right under the key of what was amiss."""
    try:
        lot, again = _corrected(hand, form.fields)
    except Refusal as refused:
        return _form(hand, form.fields, refused)
    return hand.answered(lot, said="corrected", again=again)


@get("/take-back", include_in_schema=False, sync_to_thread=True)
def take_back_page(hand: ByHand) -> Response[str]:
    """Ask for the reason before anything is taken back."""
    return _take_back_form(hand, hand.asked())


@post("/take-back", include_in_schema=False, sync_to_thread=True, status_code=200)
def take_back(hand: ByHand, form: Sent) -> Response[Any]:
    """Move back what an entry moved, with a reason."""
    try:
        lot, again = _taken_back(hand, form.fields)
    except Refusal as refused:
        return _take_back_form(hand, form.fields, refused)
    return hand.answered(lot, said="taken_back", again=again)


def _corrected(hand: Hand, fields: Fields) -> tuple[LotId, bool]:
    author, zone = hand.sender(fields), hand.city.settings.zone
    row = hand.lot(fields.get("lot", ""))
    entry = hand.city.journal.at([row.said_by])[row.said_by]
    number = label_of_lot(row.lot) or ""
    # Unless another time is given, it happened when it happened.
    filled = {**fields, "number": number, "filled_at": entry.occurred_at}
    gift = read_gift(filled, declared=hand.declared, zone=zone, now=hand.at)
    told = arrival_of(gift, declared=hand.declared, author=author, zone=zone)
    draft = mended(entry, told)
    may(author, "correct_entry", about_mending(entry, draft), hand.people, at=hand.at)
    return row.lot, record_whole(hand.city, [draft], correct=True)


def _taken_back(hand: Hand, fields: Fields) -> tuple[LotId, bool]:
    author = hand.sender(fields)
    row, entry = _of_a_lot(hand, fields)
    may(author, "correct_entry", about_mending(entry), hand.people, at=hand.at)
    draft = taken_back(entry, fields.get("reason", ""), author=author, at=hand.at)
    return row.lot, record_whole(hand.city, [draft])


def _of_a_lot(hand: Hand, fields: Fields) -> tuple[LotRow, Entry[Any]]:
    """A lot that the visitor may see, and the entry of its line that is to be taken back."""
    row = hand.lot(fields.get("lot", ""))
    entry = hand.city.journal.by_id(fields.get("entry", ""))
    if entry is None or getattr(entry.body, "lot", None) != row.lot:
        raise NotThere(word="entry", name=fields.get("entry", ""))
    return row, entry


def _form(hand: Hand, fields: Fields, refused: Refusal | None = None) -> Response[str]:
    row = hand.lot(fields.get("lot", ""))
    entry = hand.city.journal.at([row.said_by])[row.said_by]
    # Who may not correct it is told so before they fill anything in.
    may(hand.sender({}), "correct_entry", about_mending(entry), hand.people, at=hand.at)
    return hand.form(
        "correct",
        {**_as_filled_in(entry.body), **fields},
        refused,
        lot=row,
        materials=givable(hand.declared),
        measures=MEASURES,
        owners=hand.names("give_lot"),
    )


def _as_filled_in(body: object) -> dict[str, str]:
    """What the form said, as far as the record knows."""
    if not isinstance(body, LotArrived):
        return {}
    return {
        "material": body.material,
        "count": body.reported,
        "measure": measure_of(body.unit, is_estimate=body.uncertainty_mg is not None),
        "district": body.place,
        "owner": body.owner,
    }


def _take_back_form(hand: Hand, fields: Fields, refused: Refusal | None = None) -> Response[str]:
    row, entry = _of_a_lot(hand, fields)
    may(hand.sender({}), "correct_entry", about_mending(entry), hand.people, at=hand.at)
    return hand.form("take_back", fields, refused, lot=row, entry=entry, reasons=REASONS)
