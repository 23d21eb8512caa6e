"""Give: one form, for one thumb, with or without scripts and network."""

import secrets
from collections import defaultdict
from typing import Any

from litestar import Response, get, post

from bioloom.doors.compose import now
from bioloom.doors.giving.giving import Fields, arrival_of, read_gift
from bioloom.doors.giving.labels import LABEL_BITS, LabelNumber, new_label
from bioloom.doors.giving.measures import MEASURES
from bioloom.doors.giving.recording import Given, record_gift
from bioloom.doors.giving.standing import names_open_to
from bioloom.doors.web.asking import Sent
from bioloom.doors.web.errors import wants_json
from bioloom.doors.web.rendering import AnyRequest, Pages, Renderer
from bioloom.doors.web.routes.hands.filling import answered, sender_of
from bioloom.doors.web.views.icons import icon_of
from bioloom.doors.web.visiting import Visiting, Visitor
from bioloom.ledger.declared import Declared
from bioloom.ledger.people.people import people_of
from bioloom.ledger.people.permitting import About, may
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.ledger import MaterialDeclared
from bioloom.vocabulary.places import DistrictId
from bioloom.vocabulary.refusal import Refusal


@get("/give", include_in_schema=False, sync_to_thread=True)
def give_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """The form, empty or begun by a label that was scanned."""
    query = request.query_params
    fields = {name: query[name] for name in ("label", "material", "district") if name in query}
    return _form(request, renderer, visitor, fields)


@post("/give", include_in_schema=False, sync_to_thread=True, status_code=200)
def give(request: AnyRequest, renderer: Pages, visitor: Visiting, form: Sent) -> Response[Any]:
    """Record what the form says, once, however often it is sent."""
    try:
        given = _record(renderer, visitor, form.fields)
    except Refusal as refused:
        if wants_json(request):
            raise
        return _form(request, renderer, visitor, form.fields, refused=refused)
    return answered(request, given.lot, said="given", again=given.again)


def label_by_chance() -> LabelNumber:
    """The number of a label that nobody has."""
    return new_label(secrets.randbits(LABEL_BITS))


def givable(declared: Declared) -> list[tuple[MaterialDeclared, str]]:
    """What a form lets one choose from, each with its icon: all that is weighed."""
    weighed = [m for m in declared.materials.values() if m.base_unit == MILLIGRAM]
    return [(material, icon_of(material)) for material in weighed]


def _record(renderer: Renderer, visitor: Visitor, fields: Fields) -> Given:
    city, at = renderer.desk.city, now()
    author = sender_of(visitor, fields)
    standing = renderer.desk.standing()
    zone = city.settings.zone
    # A label that was printed before takes the place of the number that the form came with.
    numbered = {**fields, "number": fields.get("label") or fields.get("number", "")}
    gift = read_gift(numbered, declared=standing.declared, zone=zone, now=at)
    people = people_of(city.journal)
    may(author, "give_lot", About(sides=(gift.owner,)), people, at=at)
    draft = arrival_of(gift, declared=standing.declared, author=author, zone=zone)
    return record_gift(city, draft)


def _form(
    request: AnyRequest,
    renderer: Renderer,
    visitor: Visitor,
    fields: Fields,
    *,
    refused: Refusal | None = None,
) -> Response[str]:
    standing = renderer.desk.standing()
    owners: list[AgentId] = []
    if visitor.agent is not None:
        people = people_of(renderer.desk.city.journal)
        owners = names_open_to(
            visitor.agent, "give_lot", people, declared=standing.declared, at=now()
        )
    # A copy for when there is no network has nothing in it that is good for one form or session.
    is_kept = "kept" in request.query_params
    return renderer.page(
        request,
        "hands/give",
        standing,
        status=400 if refused else 200,
        fields=defaultdict(str, {"number": "" if is_kept else label_by_chance(), **fields}),
        refused=refused,
        is_kept=is_kept,
        materials=givable(standing.declared),
        measures=MEASURES,
        owners=owners,
        home=_home(owners, standing.declared),
    )


def _home(owners: list[AgentId], declared: Declared) -> DistrictId | None:
    """The district whose commons somebody belongs to, if it is one."""
    homes = [d.district for d in declared.districts.values() if d.commons in set(owners)]
    return homes[0] if len(homes) == 1 else None
