"""Covenants: the list of them, each with its text to read and to sign, and what they refused."""

from litestar import Response, get

from bioloom.doors.compose import now
from bioloom.doors.web.asking import NotThere, named_in, read_seq
from bioloom.doors.web.guards.reading import reader_of
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.views.covenants import bond_of, tell_attempts, tell_covenant
from bioloom.doors.web.visiting import Visiting
from bioloom.vocabulary.entries.covenants import CovenantId

PAGE_REFUSALS = 50


@get("/covenants", include_in_schema=False, sync_to_thread=True)
def covenants_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """Every covenant, those in force first."""
    bonds = [bond_of(one, now()) for one in renderer.desk.covenants().by_number.values()]
    bonds.sort(key=lambda bond: (not bond.is_in_force, bond.enacted_by))
    return renderer.page(request, "covenants/list", renderer.desk.standing(), bonds=bonds)


@get("/covenants/{covenant:path}", include_in_schema=False, sync_to_thread=True)
def covenant_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """One covenant: its words, its terms, who belongs and signs, what was released."""
    name = CovenantId(named_in(request.scope, "/covenants/"))
    covenants = renderer.desk.covenants()
    covenant = covenants.by_id.get(name)
    if covenant is None:
        raise NotThere(word="covenant", name=name)
    reader = reader_of(renderer, visitor)
    told = tell_covenant(reader, covenant, covenants.releases.values(), now())
    return renderer.page(request, "covenants/covenant", renderer.desk.standing(), told=told)


@get("/refused", include_in_schema=False, sync_to_thread=True)
def refused_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """What was tried against a covenant and not done, the newest first."""
    before = request.query_params.get("before")
    reader = reader_of(renderer, visitor)
    end = read_seq("before", before) if before else None
    entries = list(reader.journal.read(before=end, kinds=["ActRefused"]))[::-1]
    covenants = renderer.desk.covenants().by_id
    return renderer.page(
        request,
        "covenants/refused",
        renderer.desk.standing(),
        attempts=tell_attempts(reader, entries[:PAGE_REFUSALS]),
        count=len(entries),
        older=entries[PAGE_REFUSALS - 1].seq if len(entries) > PAGE_REFUSALS else None,
        titles={name: covenant.terms.title for name, covenant in covenants.items()},
    )
