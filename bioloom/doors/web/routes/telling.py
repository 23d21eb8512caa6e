"""Telling by API what happened: events, processes, promises and claims, by a program's token."""

import msgspec
from litestar import post
from litestar.params import JSONBody

from bioloom.doors.capturing.told import Told
from bioloom.doors.recording import Became, record_told
from bioloom.doors.register.tokens import see_that_within
from bioloom.doors.web.guards.admitting import SignInNeeded
from bioloom.doors.web.rendering import Pages
from bioloom.doors.web.routes.api import BY_TOKEN, NOT_ALLOWED
from bioloom.doors.web.visiting import Visiting
from bioloom.vocabulary.refusal import Refusal

MOST_TOLD = 1_000


class TooMuchTold(Refusal):
    """More is told at once than one request may."""

    def __init__(self, *, items: int) -> None:
        self.items = items
        super().__init__(
            what=f"{items} items are told at once.",
            why=f"Others wait meanwhile; one request tells at most {MOST_TOLD}.",
            remedy="Send them in several requests; what is sent twice is recorded once.",
        )


class Telling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is told, and whether it may replace what was told otherwise under the same keys."""

    told: list[Told]
    correct: bool = False


@post(
    "/api/events",
    status_code=200,
    sync_to_thread=True,
    tags=["record"],
    summary="Tell what happened",
    responses=NOT_ALLOWED,
    security=BY_TOKEN,
)
def tell(data: JSONBody[Telling], renderer: Pages, visitor: Visiting) -> list[Became]:
    """Each item is judged by itself and durable when this answers; told twice, it is one."""
    if visitor.agent is None:
        raise SignInNeeded
    if len(data.told) > MOST_TOLD:
        raise TooMuchTold(items=len(data.told))
    if visitor.token is not None:
        kinds = {one.kind for one in data.told}
        if kinds - {"ProcessSpecified"}:
            see_that_within(visitor.token, "record_event")
        if "ProcessSpecified" in kinds:
            see_that_within(visitor.token, "declare")
    return record_told(renderer.desk.city, data.told, author=visitor.agent, correct=data.correct)
