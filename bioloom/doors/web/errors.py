"""Saying no: every refusal becomes a page or JSON that says what, why, and what to do."""

import logging
import secrets
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import MediaType, Response
from litestar.exceptions import HTTPException

from bioloom.doors.web.asking import NotThere
from bioloom.doors.web.desk import TooManyPlans
from bioloom.doors.web.rendering import AnyRequest, Renderer
from bioloom.ledger.holdings import LotUnknown
from bioloom.vocabulary.refusal import Refusal

LOG = logging.getLogger("bioloom.web")
# These answer machines; everything else answers people.
_FOR_MACHINES = ("/api", "/health", "/metrics", "/schema/openapi")


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A refusal as JSON: what happened, why it matters, what to do next."""

    status: int
    what: str
    why: str
    remedy: str


class Saying:
    """The app's exception handlers. A traceback goes to the log and never to a reader."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    def refusal(self, request: AnyRequest, refused: Refusal) -> Response[Any]:
        """What the world did wrong: 404 for what is not there, 503 where we are busy, else 400."""
        match refused:
            case NotThere() | LotUnknown():
                status = HTTPStatus.NOT_FOUND
            case TooManyPlans():
                status = HTTPStatus.SERVICE_UNAVAILABLE
            case _:
                status = HTTPStatus.BAD_REQUEST
        return self._say(request, status, refused)

    def http(self, request: AnyRequest, raised: HTTPException) -> Response[Any]:
        """What the framework refuses, such as an address without a page."""
        status = HTTPStatus(raised.status_code)
        if status is HTTPStatus.NOT_FOUND:
            return self._say(request, status, NotThere(word="page", name=request.url.path))
        refused = Refusal(
            what=f"{status.value} {status.phrase}.",
            why=status.description or "The request is not of a form that is answered here.",
            remedy="See /schema for what can be asked.",
        )
        return self._say(request, status, refused)

    def bug(self, request: AnyRequest, raised: Exception) -> Response[Any]:
        """Anything else is our own mistake; the reader gets an id under which it is logged."""
        number = secrets.token_hex(4)
        LOG.error("error %s at %s", number, request.url.path, exc_info=raised)
        refused = Refusal(
            what=f"Bioloom made a mistake (error {number}).",
            why="This is a bug of the program, not of your request. The record is untouched.",
            remedy=f"Report it with the lines that the server logged under {number}.",
        )
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        if _is_for_machines(request):
            return _as_json(status, refused)
        # What failed may be the record or a template: this page asks nothing of either.
        return Response(self._renderer.bare(refused), media_type=MediaType.HTML, status_code=status)

    def _say(self, request: AnyRequest, status: HTTPStatus, refused: Refusal) -> Response[Any]:
        if _is_for_machines(request):
            return _as_json(status, refused)
        standing = self._renderer.desk.standing()
        return self._renderer.page(
            request, "refusal", standing, status=status, refused=refused, code=status.value
        )


def _is_for_machines(request: AnyRequest) -> bool:
    return request.url.path.startswith(_FOR_MACHINES)


def _as_json(status: HTTPStatus, refused: Refusal) -> Response[Problem]:
    problem = Problem(status=status, what=refused.what, why=refused.why, remedy=refused.remedy)
    return Response(problem, media_type=MediaType.JSON, status_code=status)
