"""One's own records: the lots that are one's own, and what the record says of one."""

from litestar import Response, get

from bioloom.doors.web.guards.reading import Reader, reader_of
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.routes.people.showing import oneself
from bioloom.doors.web.visiting import Visiting
from bioloom.ledger.inventory import LotFilter, LotRow
from bioloom.ledger.people.naming import agents_named
from bioloom.ledger.people.people import PEOPLE_KINDS
from bioloom.vocabulary.agents import AgentId

_MOST_LOTS = 200


@get("/me/records", include_in_schema=False, sync_to_thread=True)
def records_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """What the record says of whoever is signed in."""
    reader, agent = reader_of(renderer, visitor), oneself(visitor)
    # Kinds about people are few; what happened to a lot stands on the lot's own page.
    entries = [
        entry
        for entry in reader.journal.read(kinds=PEOPLE_KINDS)
        if agent in agents_named(entry.body) and reader.sees_entry(entry)
    ]
    return renderer.page(
        request,
        "people/records",
        renderer.desk.standing(),
        rows=_own(reader, agent),
        entries=entries,
    )


def _own(reader: Reader, agent: AgentId) -> list[LotRow]:
    owned, _ = reader.lots(LotFilter(owner=agent), _MOST_LOTS)
    held, _ = reader.lots(LotFilter(holder=agent), _MOST_LOTS)
    return sorted({row.lot: row for row in [*owned, *held]}.values(), key=lambda row: row.made_by)
