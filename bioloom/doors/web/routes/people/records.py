"""One's own records: the lots that are one's own, and what the record says of one."""

from itertools import chain

from litestar import Response, get

from bioloom.doors.web.guards.reading import Reader, reader_of
from bioloom.doors.web.routes.people.errands import Errands
from bioloom.ledger.inventory import LotFilter, LotRow
from bioloom.ledger.people.naming import agents_named
from bioloom.ledger.people.people import PEOPLE_KINDS
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.lots import LotId

_MOST_LOTS = 200


@get("/me/records", include_in_schema=False, sync_to_thread=True)
def records_page(errand: Errands) -> Response[str]:
    """What the record says of whoever is signed in."""
    reader, agent = reader_of(errand.renderer, errand.visitor), errand.agent
    # Kinds about people are few; what happened to a lot stands on the lot's own page.
    entries = [
        entry
        for entry in reader.journal.read(kinds=PEOPLE_KINDS)
        if agent in agents_named(entry.body) and reader.sees_entry(entry)
    ]
    return errand.page(
        "people/records",
        rows=_own(reader, [agent, *_households_of(reader, agent)]),
        entries=entries,
    )


def _households_of(reader: Reader, agent: AgentId) -> list[AgentId]:
    groups = reader.people.groups_of(agent, on=reader.at)
    return sorted(group for group in groups if reader.people.is_private(group))


def _own(reader: Reader, owners: list[AgentId]) -> list[LotRow]:
    """The lots that some agents own or hold, in the order in which they came into the record."""
    found: dict[LotId, LotRow] = {}
    filters = [(LotFilter(owner=one), LotFilter(holder=one)) for one in owners]
    for which in chain.from_iterable(filters):
        found |= {row.lot: row for row in reader.lots(which, _MOST_LOTS)[0]}
    return sorted(found.values(), key=lambda row: row.made_by)
