"""The list of lots, fifty at a time."""

import msgspec
from litestar import Response, get

from bioloom.doors.web.asking import read_date, read_seq
from bioloom.doors.web.guards.reading import reader_of
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.visiting import Visiting
from bioloom.ledger.inventory import LotFilter
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId

PAGE_LOTS = 50


class LotQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The filters of the list of lots as an address has them; empty ones do not narrow it."""

    place: str = ""
    material: str = ""
    owner: str = ""
    first: str = ""
    last: str = ""
    after: str = ""

    def read(self) -> LotFilter:
        """What to ask the ledger for.

        Raises:
            DateUnreadable: If a day is not a date.
            NumberUnreadable: If `after` is not an entry's number.
        """
        return LotFilter(
            place=DistrictId(self.place) if self.place else None,
            material=MaterialId(self.material) if self.material else None,
            owner=AgentId(self.owner) if self.owner else None,
            first_day=read_date("from", self.first) if self.first else None,
            last_day=read_date("to", self.last) if self.last else None,
            after=read_seq("after", self.after) if self.after else 0,
        )


@get("/lots", include_in_schema=False, sync_to_thread=True)
def lots_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """Lots in the order in which they came into the record, fifty at a time."""
    query = request.query_params
    asked = LotQuery(
        place=query.get("place", ""),
        material=query.get("material", ""),
        owner=query.get("owner", ""),
        first=query.get("from", ""),
        last=query.get("to", ""),
        after=query.get("after", ""),
    )
    reader = reader_of(renderer, visitor)
    standing = renderer.desk.standing()
    rows, following = reader.lots(asked.read(), PAGE_LOTS)
    agents = standing.declared.agents
    owners = {agent: name for agent, name in agents.items() if reader.sees_agent(agent)}
    return renderer.page(
        request, "lots", standing, asked=asked, rows=rows, following=following, owners=owners
    )
