"""Asking for captured events, as they were told: SimpleEventQuery, and what there is to ask by."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import PathParameter

from bioloom.doors.compose import City, now
from bioloom.doors.stores.captures import CAPTURES_FILE, Captures, EventKept
from bioloom.doors.web.asking import NotThere
from bioloom.doors.web.guards.acting import acting_as
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.routes.api import BY_TOKEN, NOT_ALLOWED
from bioloom.doors.web.visiting import Visiting
from bioloom.ledger.formats.epcis.hashing import event_id
from bioloom.ledger.formats.epcis.reading import Event, read_document
from bioloom.ledger.formats.epcis.selecting import read_query, select, values_of
from bioloom.ledger.formats.epcis.telling.writing import write_answer
from bioloom.ledger.formats.epcis.terms import EVENT_TYPES
from bioloom.vocabulary.refusal import Refusal

_SLASHES = re.compile("/+")
_JSON = "application/json"
_ANSWERS = NOT_ALLOWED | {
    # Written by ourselves: numbers keep their digits.
    200: ResponseSpec(dict[str, Any], description="An EPCISQueryDocument of EPCIS 2.0."),
}


class EventAltered(Refusal):
    """An event that is kept otherwise than it was captured."""

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__(
            what=f"The event {name} is not what was captured.",
            why="What is kept of it has another hash, so that somebody or something changed it.",
            remedy=f"Restore '{CAPTURES_FILE}' from a backup, or ask for other events.",
        )


@get(
    "/api/events",
    sync_to_thread=True,
    tags=["events"],
    summary="Captured events, asked for by SimpleEventQuery",
    responses=_ANSWERS,
    security=BY_TOKEN,
    media_type=_JSON,
)
def events(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[bytes]:
    """Events as they were told, in an EPCISQueryDocument, page by page.

    The parameters are those of SimpleEventQuery (EPCIS 2.0, 8.2.7.1), with `|` between several
    values; one that there is not, or that is not offered, is refused. The newest captured come
    first unless orderBy and orderDirection say otherwise. The address of the next page is in Link.
    """
    acting_as(visitor, "import", renderer)
    asked = {name: "|".join(request.query_params.getall(name)) for name in request.query_params}
    query = read_query(asked)
    found, token = select(_captured(renderer.desk.city), query)
    headers = {}
    if token is not None:
        following = urlencode(asked | {"nextPageToken": token})
        headers["link"] = f'</api/events?{following}>; rel="next"'
    text = write_answer([_as_captured(event) for event in found], at=now())
    return Response(text, headers=headers, media_type=_JSON)


@get(
    "/api/events/{event_id:path}",
    sync_to_thread=True,
    tags=["events"],
    summary="A captured event",
    responses=_ANSWERS,
    security=BY_TOKEN,
    media_type=_JSON,
)
def event_named(
    event_id: Annotated[str, PathParameter(description="Its id, or its hash.")],
    request: AnyRequest,
    renderer: Pages,
    visitor: Visiting,
) -> Response[bytes]:
    """An event by its own id, or by the id of its hash; all that were told under that id."""
    acting_as(visitor, "import", renderer)
    name = event_id.removeprefix("/")
    if request.url.query:
        name += f"?{request.url.query}"  # The name of a hash ends like a query.
    told = _SLASHES.sub("/", name)  # The server takes several in a path for one.
    found = [
        event
        for event in _captured(renderer.desk.city)
        if told in _SLASHES.sub("/", event.path).split(" ")
    ]
    if not found:
        raise NotThere(word="event", name=name)
    text = write_answer([_as_captured(event) for event in found], at=now())
    return Response(text, media_type=_JSON)


def _vocabulary(address: str, about: str) -> HTTPRouteHandler:
    def values(renderer: Pages, visitor: Visiting) -> dict[str, Any]:
        """What captured events have of it: what one can ask for."""
        acting_as(visitor, "import", renderer)
        found = set(EVENT_TYPES) if address == "eventTypes" else set[str]()
        for event in _captured(renderer.desk.city) if address != "eventTypes" else ():
            found |= values_of(event, address)
        return {"type": "Collection", "member": sorted(found)}

    make: Callable[[Any], HTTPRouteHandler] = get(
        f"/api/{address}",
        sync_to_thread=True,
        tags=["events"],
        summary=about,
        responses=NOT_ALLOWED,
        security=BY_TOKEN,
    )
    return make(values)


VOCABULARIES = (
    _vocabulary("eventTypes", "Types of events"),
    _vocabulary("epcs", "Objects and classes that captured events name"),
    _vocabulary("bizSteps", "Business steps of captured events"),
    _vocabulary("bizLocations", "Places where things of captured events are from then on"),
    _vocabulary("readPoints", "Places where captured events happened"),
    _vocabulary("dispositions", "Dispositions of captured events"),
)


def _captured(city: City) -> Iterator[Event]:
    """All that was captured, each event with its record time and with its names as its path."""
    with closing(Captures(city.folder / CAPTURES_FILE)) as captures:
        for kept in captures.events():
            yield _event(kept)


def _event(kept: EventKept) -> Event:
    (event,) = read_document(kept.text).events
    own = str(event.body.get("eventID", kept.event_id))
    body = event.body | {"eventID": own, "recordTime": kept.recorded_at}
    return Event(f"{kept.event_id} {own}", body, event.names)


def _as_captured(event: Event) -> dict[str, Any]:
    """An event to be told, once it is sure that it is what was captured."""
    name = event.path.split(" ")[0]
    if event_id(event) != name:
        raise EventAltered(name=name)
    return event.body
