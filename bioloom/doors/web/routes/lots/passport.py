"""A lot's passport: a page to look at and to print, and the same as JSON."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from litestar import Response, get
from litestar.params import FromQuery, PathParameter

from bioloom.doors.compose import now
from bioloom.doors.giving.labels import label_of_lot, short_of, shown
from bioloom.doors.giving.standing import Deeds, deeds_open_to, sites_open_to
from bioloom.doors.keys.showing import head_or_none
from bioloom.doors.web.asking import Wish, named_in, read_seq
from bioloom.doors.web.guards.reading import reader_of
from bioloom.doors.web.rendering import AnyRequest, Pages, Renderer
from bioloom.doors.web.routes.api import REFUSALS
from bioloom.doors.web.routes.hands.scanning import label_code
from bioloom.doors.web.routes.why.answering import answer
from bioloom.doors.web.views.passport import Owing, Passport, read_passport, tell_steps
from bioloom.doors.web.visiting import Visiting, Visitor
from bioloom.ledger.declared import waste_of
from bioloom.ledger.formats.prov.documents import write_json
from bioloom.ledger.formats.prov.lines import statements_of
from bioloom.ledger.holdings import LotUnknown
from bioloom.ledger.inventory import LotRow
from bioloom.ledger.passports.origins import MOST_LOTS
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.lots import Direction, LotId

# So many entries of a line stand on one page; a heap may have thousands.
PAGE_STEPS = 20


@get("/lots/{lot:path}", include_in_schema=False, sync_to_thread=True)
def lot_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """What a lot is, where from, whose, who holds it, what may become of it, and its line."""
    name = LotId(named_in(request.scope, "/lots/"))
    reader = reader_of(renderer, visitor)
    passport, entries = read_passport(reader, renderer.desk, name)
    row = passport.lot
    before = request.query_params.get("before")
    is_asked, standing = "ask" in request.query_params, renderer.desk.standing()
    is_planned = row.place in standing.declared.districts and bool(standing.declared.sites)
    told = [entry for entry in entries if before is None or entry.seq < read_seq("before", before)]
    return renderer.page(
        request,
        "lot",
        standing,
        passport=passport,
        lot=row,
        waste=waste_of(standing.declared, row.material),
        steps=tell_steps(reader, renderer.desk, told[-PAGE_STEPS:]),
        earlier=told[-PAGE_STEPS].seq if len(told) > PAGE_STEPS else None,
        said=request.query_params.get("said", ""),
        is_by_hand=label_of_lot(name) is not None,
        short=shown(short_of(row)),
        code=label_code(renderer, request, short_of(row)),
        link=f"{renderer.origin(request)}/l/{short_of(row)}",
        deeds=_deeds(renderer, visitor, row, entries),
        may_take_in=_may_take_in(renderer, visitor, passport.owing),
        provable=head_or_none(renderer.desk.city)[0] is not None,
        is_planned=is_planned,
        answer=answer(request, renderer, "lot", name, Wish()) if is_planned and is_asked else None,
        wish=Wish(),
    )


@get(
    "/api/passports/{lot:path}",
    sync_to_thread=True,
    tags=["record"],
    summary="A lot's passport",
    responses=REFUSALS,
)
def passport_of(
    request: AnyRequest,
    renderer: Pages,
    visitor: Visiting,
    lot: Annotated[str, PathParameter(description="The lot's id, percent-encoded.")],  # noqa: ARG001
) -> Passport:
    """What a lot is, where it came from and where it went, with exact shares, and what is owed."""
    name = LotId(named_in(request.scope, "/api/passports/"))
    return read_passport(reader_of(renderer, visitor), renderer.desk, name)[0]


@get(
    "/api/provenance/{lot:path}",
    sync_to_thread=True,
    tags=["record"],
    summary="A lot's line as W3C PROV",
    responses=REFUSALS,
)
def provenance_of(
    request: AnyRequest,
    renderer: Pages,
    visitor: Visiting,
    lot: Annotated[str, PathParameter(description="The lot's id, percent-encoded.")],  # noqa: ARG001
    direction: FromQuery[Direction] = "back",
) -> dict[str, Any]:
    """Its line back or forward as PROV-JSON, of the entries that its reader may see."""
    name = LotId(named_in(request.scope, "/api/provenance/"))
    reader = reader_of(renderer, visitor)
    if not reader.knows_lot(name):
        raise LotUnknown(lot=name)
    told = statements_of(reader.journal, name, direction, shows=reader.sees_entry, most=MOST_LOTS)
    found: dict[str, Any] = msgspec.json.decode(write_json(told))
    return found


def _deeds(renderer: Renderer, visitor: Visitor, row: LotRow, line: Sequence[Entry[Any]]) -> Deeds:
    actor = visitor.agent if visitor.how == "session" else None
    return deeds_open_to(actor, row, line, renderer.desk.people(), at=now())


def _may_take_in(renderer: Renderer, visitor: Visitor, owing: Sequence[Owing]) -> bool:
    """Whether it is promised to a site that the visitor takes in for."""
    if visitor.agent is None:
        return False
    declared = renderer.desk.standing().declared
    sites = sites_open_to(visitor.agent, renderer.desk.people(), declared=declared, at=now())
    operators = {declared.sites[site].operator for site in sites}
    return any(one.receiver in operators and not one.is_claim for one in owing)
