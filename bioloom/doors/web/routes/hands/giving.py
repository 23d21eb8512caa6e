"""Give: one form, for one thumb, with or without scripts and network."""

import secrets
from typing import Any

from litestar import Response, get, post

from bioloom.doors.giving.giving import Fields, arrival_of, read_gift
from bioloom.doors.giving.labels import LABEL_BITS, LabelNumber, new_label
from bioloom.doors.giving.measures import MEASURES
from bioloom.doors.giving.recording import Given, record_gift
from bioloom.doors.web.asking import Sent
from bioloom.doors.web.errors import wants_json
from bioloom.doors.web.routes.hands.filling import ByHand, Hand
from bioloom.doors.web.views.icons import icon_of
from bioloom.ledger.declared import Declared
from bioloom.ledger.people.permitting import About, may
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.ledger import MaterialDeclared
from bioloom.vocabulary.places import DistrictId
from bioloom.vocabulary.refusal import Refusal


@get("/give", include_in_schema=False, sync_to_thread=True)
def give_page(hand: ByHand) -> Response[str]:
    """The form, empty or begun by a label that was scanned."""
    return _form(hand, hand.asked())


@post("/give", include_in_schema=False, sync_to_thread=True, status_code=200)
def give(hand: ByHand, form: Sent) -> Response[Any]:
    """Record what the form says, once, however often it is sent."""
    try:
        given = _record(hand, form.fields)
    except Refusal as refused:
        if wants_json(hand.request):
            raise
        return _form(hand, form.fields, refused)
    return hand.answered(given.lot, said="given", again=given.again)


def label_by_chance() -> LabelNumber:
    """The number of a label that nobody has."""
    return new_label(secrets.randbits(LABEL_BITS))


def number_for(hand: Hand) -> str:
    """The number of a form that is filled in now; the copy that a phone keeps has none."""
    return "" if "kept" in hand.request.query_params else label_by_chance()


def givable(declared: Declared) -> list[tuple[MaterialDeclared, str]]:
    """What a form lets one choose from, each with its icon: what is weighed, and a site takes."""
    intakes = [intake for site in declared.sites.values() for intake in site.intakes]
    taken = {group for intake in intakes for group in intake.accepts}
    weighed = [m for m in declared.materials.values() if m.base_unit == MILLIGRAM]
    # A city that has no sites yet may still know what its people have.
    return [(m, icon_of(m)) for m in weighed if m.group in taken or not taken]


def _record(hand: Hand, fields: Fields) -> Given:
    author, zone = hand.sender(fields), hand.city.settings.zone
    # A label that was printed before takes the place of the number that the form came with.
    numbered = {**fields, "number": fields.get("label") or fields.get("number", "")}
    gift = read_gift(numbered, declared=hand.declared, zone=zone, now=hand.at)
    may(author, "give_lot", About(sides=(gift.owner,)), hand.people, at=hand.at)
    draft = arrival_of(gift, declared=hand.declared, author=author, zone=zone)
    return record_gift(hand.city, draft)


def _form(hand: Hand, fields: Fields, refused: Refusal | None = None) -> Response[str]:
    owners = hand.names("give_lot")
    return hand.form(
        "give",
        {"number": number_for(hand), **fields},
        refused,
        materials=givable(hand.declared),
        measures=MEASURES,
        owners=owners,
        home=_home(owners, hand.declared),
    )


def _home(owners: list[AgentId], declared: Declared) -> DistrictId | None:
    """The district whose commons somebody belongs to, if it is one."""
    homes = [d.district for d in declared.districts.values() if d.commons in set(owners)]
    return homes[0] if len(homes) == 1 else None
