"""Find: what is at hand in the city, and asking for it by saying that one will fetch it."""

from datetime import timedelta
from typing import Any

from litestar import Response, get, post

from bioloom.doors.giving.giving import Fields
from bioloom.doors.giving.handing_on import amount_of
from bioloom.doors.giving.labels import read_label
from bioloom.doors.giving.recording import is_recorded, record_whole
from bioloom.doors.web.asking import Sent, read_date
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.routes.hands.filling import ByHand, Hand
from bioloom.doors.web.routes.hands.giving import number_for
from bioloom.doors.web.views.finding import Search, find
from bioloom.ledger.people.permitting import About, may
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import CommitmentId, PromiseMade
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal

PAGE_FINDS = 50
_DAYS = 7


class NothingLeft(Refusal):
    """Something is asked for of which nobody has any."""

    def __init__(self, *, lot: LotId) -> None:
        self.lot = lot
        super().__init__(
            what=f"Nobody holds any of lot '{lot}' now.",
            why="It was used up or taken back since the page was made.",
            remedy="Look for another one.",
        )


@get("/find", include_in_schema=False, sync_to_thread=True)
def find_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """What commons and organisations have at hand, fifty at a time."""
    query = request.query_params
    search = Search(
        words=query.get("words", "")[:100],
        material=query.get("material", ""),
        place=query.get("place", ""),
        near=query.get("near", ""),
    )
    desk, standing = renderer.desk, renderer.desk.standing()
    page = query.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 7 else 1
    first = (max(1, number) - 1) * PAGE_FINDS
    found = find(
        desk.at_hand(),
        search,
        standing.declared,
        is_private=desk.people().is_private,
        promised=desk.promised(desk.city.today()),
        first=first,
        most=PAGE_FINDS,
    )
    return renderer.page(
        request,
        "find",
        standing,
        search=search,
        finds=found.finds,
        count=found.count,
        number=max(1, number),
        has_more=found.count > first + PAGE_FINDS,
    )


@get("/ask", include_in_schema=False, sync_to_thread=True)
def ask_page(hand: ByHand) -> Response[str]:
    """The form in which somebody says that they would fetch a lot."""
    return _form(hand, hand.asked())


@post("/ask", include_in_schema=False, sync_to_thread=True, status_code=200)
def ask(hand: ByHand, form: Sent) -> Response[Any]:
    """Record the word of whoever would fetch a lot; its holder hands it on, or does not."""
    try:
        lot, again = _asked_for(hand, form.fields)
    except Refusal as refused:
        return _form(hand, dict(form.fields), refused)
    return hand.answered(lot, said="asked", again=again)


def _asked_for(hand: Hand, fields: Fields) -> tuple[LotId, bool]:
    author = hand.sender(fields)
    row = hand.lot(fields.get("lot", ""))
    key = f"ask:{read_label(fields.get('number', ''))}"
    if is_recorded(hand.city, key):
        return row.lot, True
    fetcher = AgentId(fields.get("fetcher", author))
    may(author, "promise", About(sides=(fetcher,)), hand.people, at=hand.at)
    holders = [holder for holder in row.holders if holder != fetcher]
    if not holders:
        raise NothingLeft(lot=row.lot)
    holder = max(holders, key=lambda one: row.holders[one])
    body = PromiseMade(
        commitment=CommitmentId(key),
        action="pickup",
        provider=fetcher,
        receiver=holder,
        amount=amount_of(row.holders[holder], row.base_unit),
        base_unit=row.base_unit,
        lot=row.lot,
        material=row.material,
        due=read_date("due", fields.get("due", "")),
    )
    draft = Draft(body=body, occurred_at=hand.at, author=author, idempotency_key=key)
    return row.lot, record_whole(hand.city, [draft])


def _form(hand: Hand, fields: dict[str, str], refused: Refusal | None = None) -> Response[str]:
    due = (hand.city.today() + timedelta(days=_DAYS)).isoformat()
    return hand.form(
        "ask",
        {"number": number_for(hand), "due": due, **fields},
        refused,
        lot=hand.lot(fields.get("lot", "")),
        fetchers=hand.names("promise"),
    )
