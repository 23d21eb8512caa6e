"""Scanning: from a label in the hand to its lot, and sheets of labels to print."""

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from bioloom.doors.giving.labels import (
    lot_of_label,
    numbered_lot,
    read_label,
    shown,
)
from bioloom.doors.web.asking import NotThere
from bioloom.doors.web.guards.reading import reader_of
from bioloom.doors.web.rendering import AnyRequest, Pages, Renderer, segment
from bioloom.doors.web.routes.hands.giving import label_by_chance
from bioloom.doors.web.views.qr import draw_qr
from bioloom.doors.web.visiting import Visiting
from bioloom.ledger.numbering import first_seq_of, lot_number
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.entries.events import EventHappened, LotMade
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.lots import LotId

LABELS_A_SHEET = 24
# Nothing but a camera that looks at labels, and on this page only.
_WITH_CAMERA = {"permissions-policy": "camera=(self), geolocation=(), microphone=()"}


@get("/scan", include_in_schema=False, sync_to_thread=True)
def scan_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """A field for a label's number and, where the browser reads codes, its camera."""
    page = renderer.page(
        request, "hands/scan", renderer.desk.standing(), number=request.query_params.get("number")
    )
    page.headers.update(_WITH_CAMERA)
    return page


@get("/l/{number:str}", include_in_schema=False, sync_to_thread=True)
def label_page(renderer: Pages, visitor: Visiting, number: FromPath[str]) -> Redirect:
    """Lead from a label to its lot; from one that no lot bears yet, to the form that gives one."""
    lot = lot_numbered(renderer.desk.city.journal, number)
    if lot is None:
        return Redirect(f"/give?label={shown(read_label(number))}", status_code=303)
    # The address would tell a stranger the lot's name.
    if not reader_of(renderer, visitor).knows_lot(lot):
        raise NotThere(word="lot", name=number)
    return Redirect(f"/lots/{segment(lot)}", status_code=303)


@get("/l", include_in_schema=False, sync_to_thread=False)
def typed_label(request: AnyRequest) -> Redirect:
    """Where the field of a scan leads without scripts."""
    number = request.query_params.get("number", "").strip()
    return Redirect(f"/l/{segment(number)}" if number else "/scan")


@get("/labels", include_in_schema=False, sync_to_thread=True)
def labels_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """A sheet of labels that no lot bears yet; nothing is recorded until one is given."""
    numbers = [label_by_chance() for _ in range(LABELS_A_SHEET)]
    labels = [(shown(number), label_code(renderer, request, number)) for number in numbers]
    return renderer.page(request, "hands/labels", renderer.desk.standing(), labels=labels)


def label_code(renderer: Renderer, request: AnyRequest, number: str) -> str:
    """The QR code of a number: the address where people reach this server, and the number."""
    language = renderer.language(request)
    return draw_qr(
        f"{renderer.origin(request)}/l/{number}", language.say("label.code", number=shown(number))
    )


def lot_numbered(journal: Journal, text: str) -> LotId | None:
    """The lot of a number as scanned or typed; none if it is a label that no lot bears yet.

    Raises:
        LabelUnreadable: If it is no number.
        NotThere: If it is the number of a lot that is not there.
    """
    number = numbered_lot(text)
    if number is None:
        labelled = lot_of_label(read_label(text))
        return labelled if journal.store.keys([labelled]) else None
    entry = journal.at([first_seq_of(number)]).get(first_seq_of(number))
    lot = None if entry is None or number != lot_number(entry.seq) else _made_by(entry.body)
    if lot is None:
        raise NotThere(word="lot", name=text)
    return lot


def _made_by(body: object) -> LotId | None:
    match body:
        case LotArrived(lot=lot) | EventHappened(made=LotMade(lot=lot)):
            return lot
    return None
