"""Hand on and take in: a lot goes from hand to hand by the word of both."""

from typing import Any

from litestar import Response, get, post

from bioloom.doors.giving.giving import Fields, read_time
from bioloom.doors.giving.handing_on import (
    Handover,
    NotExpected,
    handed_over,
    promised,
    promises_to,
    read_handover,
    taken_in,
)
from bioloom.doors.giving.labels import read_label
from bioloom.doors.giving.recording import is_recorded, record_whole
from bioloom.doors.giving.standing import sites_open_to
from bioloom.doors.web.asking import Sent
from bioloom.doors.web.errors import wants_json
from bioloom.doors.web.routes.hands.filling import ByHand, Hand
from bioloom.doors.web.routes.hands.giving import number_for
from bioloom.doors.web.routes.hands.scanning import lot_numbered
from bioloom.ledger.inventory import lot
from bioloom.ledger.people.permitting import About, NotPermitted, may
from bioloom.ledger.people.roles import Act
from bioloom.ledger.transferring import AgentUnknown
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import EventHappened, PromiseMade
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.places import SiteId
from bioloom.vocabulary.refusal import Refusal

# What somebody must be allowed to do for a lot to change hands so.
_ACTS: dict[Action, tuple[Act, ...]] = {
    "transfer": ("transfer_rights", "transfer_custody"),
    "transferAllRights": ("transfer_rights",),
    "transferCustody": ("transfer_custody",),
}


@get("/hand-on", include_in_schema=False, sync_to_thread=True)
def hand_on_page(hand: ByHand) -> Response[str]:
    """Whose hands a lot goes into, all of it or a part, for now or for good."""
    return _hand_on_form(hand, hand.asked())


@post("/hand-on", include_in_schema=False, sync_to_thread=True, status_code=200)
def hand_on(hand: ByHand, form: Sent) -> Response[Any]:
    """Hand over, where one stands for both sides; else promise it to whoever takes it in."""
    try:
        said, again = _handed_on(hand, form.fields)
    except Refusal as refused:
        return _hand_on_form(hand, form.fields, refused)
    return hand.answered(LotId(form.fields["lot"]), said=said, again=again)


@get("/take-in", include_in_schema=False, sync_to_thread=True)
def take_in_page(hand: ByHand) -> Response[str]:
    """For whoever runs a site: scan, weigh, confirm."""
    asked = hand.asked()
    # The form of a scan calls a label's number just that.
    return _take_in_form(hand, {"label": asked.get("label") or asked.get("number", "")})


@post("/take-in", include_in_schema=False, sync_to_thread=True, status_code=200)
def take_in(hand: ByHand, form: Sent) -> Response[Any]:
    """Record that a promised lot came, as weighed."""
    try:
        name, again = _taken_in(hand, form.fields)
    except Refusal as refused:
        if wants_json(hand.request):
            raise
        return _take_in_form(hand, form.fields, refused)
    return hand.answered(name, said="taken_in", again=again)


def _handed_on(hand: Hand, fields: Fields) -> tuple[str, bool]:
    """What the page says afterwards, and whether the record said so before."""
    author, number = hand.sender(fields), read_label(fields.get("number", ""))
    keys = {"promised": f"hand-on:{number}", "handed_on": f"handed-on:{number}"}
    for said, key in keys.items():
        if is_recorded(hand.city, key):
            return said, True
    handover = read_handover(fields, hand.lot(fields.get("lot", "")))
    if handover.receiver not in hand.declared.agents:
        raise AgentUnknown(agent=handover.receiver)
    body = _agreed(hand, author, handover, number)
    said = "promised" if isinstance(body, PromiseMade) else "handed_on"
    draft = Draft(
        body=body,
        occurred_at=read_time(fields, zone=hand.city.settings.zone, now=hand.at),
        author=author,
        idempotency_key=keys[said],
    )
    return said, record_whole(hand.city, [draft])


def _agreed(
    hand: Hand, author: AgentId, handover: Handover, number: str
) -> EventHappened | PromiseMade:
    """The handing over, if the author may speak for both sides; else the giver's word."""
    both, giver = (handover.giver, handover.receiver), (handover.giver,)
    try:
        _may_move(hand, author, handover.action, About(sides=both))
    except NotPermitted:
        _may_move(hand, author, handover.action, About(sides=giver))
        may(author, "promise", About(sides=giver), hand.people, at=hand.at)
        return promised(handover, number)
    return handed_over(handover)


def _taken_in(hand: Hand, fields: Fields) -> tuple[LotId, bool]:
    author, journal = hand.sender(fields), hand.city.journal
    key = f"take-in:{read_label(fields.get('number', ''))}"
    for known in journal.current([key]).values():
        return known.body.lot, True
    site = hand.declared.sites.get(SiteId(fields.get("site", "")))
    name = lot_numbered(journal, fields.get("label", ""))
    row = None if name is None else lot(journal, name)
    promises = promises_to(journal, row.lot, [site.operator]) if row and site else []
    if row is None or not promises:
        # Whether there is such a lot is not for everybody to know.
        raise NotExpected
    promise = promises[0]
    giver, receiver = promise.body.provider, promise.body.receiver
    about = About(sides=(receiver, giver), agreed=frozenset({giver}))
    _may_move(hand, author, promise.body.action, about)
    events = taken_in(promise.body, row, fields.get("weighed", ""))
    occurred_at = read_time(fields, zone=hand.city.settings.zone, now=hand.at)
    drafts = [
        Draft(
            body=body,
            occurred_at=occurred_at,
            author=author,
            idempotency_key=key if body is events[-1] else f"{key}:weighed",
            # The weighing and the handing over both come from the same promise.
            cause=promise.id,
        )
        for body in events
    ]
    return row.lot, record_whole(hand.city, drafts)


def _may_move(hand: Hand, author: AgentId, action: Action, about: About) -> None:
    for act in _ACTS[action]:
        may(author, act, about, hand.people, at=hand.at)


def _hand_on_form(hand: Hand, fields: Fields, refused: Refusal | None = None) -> Response[str]:
    row, names = hand.lot(fields.get("lot", "")), hand.names("transfer_custody")
    return hand.form(
        "hand_on",
        {"number": number_for(hand), **fields},
        refused,
        lot=row,
        givers=[name for name in names if name in row.holders or name in row.owners],
        receivers=_receivers(hand, names),
    )


def _receivers(hand: Hand, own: list[AgentId]) -> list[AgentId]:
    """Sites first, then everybody else whose name is public, and whom one stands for."""
    sites = [site.operator for site in hand.declared.sites.values()]
    others = [n for n in hand.declared.agents if n in own or not hand.people.is_private(n)]
    return list(dict.fromkeys([*sites, *others]))


def _take_in_form(hand: Hand, fields: Fields, refused: Refusal | None = None) -> Response[str]:
    agent = hand.visitor.agent
    sites = sites_open_to(agent, hand.people, declared=hand.declared, at=hand.at) if agent else {}
    return hand.form("take_in", {"number": number_for(hand), **fields}, refused, sites=sites)
