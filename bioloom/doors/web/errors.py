"""Saying no: every refusal becomes a page or JSON that says what, why, and what to do."""

import logging
import secrets
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import MediaType, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from bioloom.assembly.ballots.standing import BallotUnknown
from bioloom.assembly.mandates.refusing import NotElector, NotInAssembly, NotMandated
from bioloom.circuits.codes.conflicting import CodesConflict
from bioloom.doors.keys.showing import HeadUnsigned
from bioloom.doors.register.tokens import TokenTooNarrow
from bioloom.doors.web.asking import NotThere
from bioloom.doors.web.desk import TooManyPlans
from bioloom.doors.web.guards.admitting import (
    SealMissing,
    SignInNeeded,
    TokenMisplaced,
    TokenUnknown,
)
from bioloom.doors.web.guards.crossing import CrossSite, HostUnknown
from bioloom.doors.web.guards.slowing import TooManyTries
from bioloom.doors.web.rendering import AnyRequest, Renderer
from bioloom.ledger.codes.standing import PeriodCutByCode
from bioloom.ledger.holdings import LotUnknown
from bioloom.ledger.people.permitting import NotPermitted
from bioloom.ledger.pledges.seasons import PledgeUnknown
from bioloom.ledger.proofs.proving import Forked
from bioloom.ledger.recipes.publishing import RecipeUnknown
from bioloom.ledger.stores.protocol import StoreFailed
from bioloom.vocabulary.refusal import Refusal

LOG = logging.getLogger("bioloom.web")
# Of what somebody sent, no more is sent back.
_LONGEST_FOUND = 300
# These answer machines; everything else answers people.
_FOR_MACHINES = ("/api", "/health", "/metrics", "/schema/openapi")


_STATUS: dict[type, HTTPStatus] = {
    NotThere: HTTPStatus.NOT_FOUND,
    LotUnknown: HTTPStatus.NOT_FOUND,
    RecipeUnknown: HTTPStatus.NOT_FOUND,
    PledgeUnknown: HTTPStatus.NOT_FOUND,
    NotInAssembly: HTTPStatus.NOT_FOUND,
    BallotUnknown: HTTPStatus.NOT_FOUND,
    HeadUnsigned: HTTPStatus.NOT_FOUND,
    CodesConflict: HTTPStatus.CONFLICT,
    PeriodCutByCode: HTTPStatus.CONFLICT,
    Forked: HTTPStatus.CONFLICT,
    TooManyPlans: HTTPStatus.SERVICE_UNAVAILABLE,
    TooManyTries: HTTPStatus.TOO_MANY_REQUESTS,
    HostUnknown: HTTPStatus.MISDIRECTED_REQUEST,
    SignInNeeded: HTTPStatus.UNAUTHORIZED,
    TokenUnknown: HTTPStatus.UNAUTHORIZED,
    TokenMisplaced: HTTPStatus.UNAUTHORIZED,
    CrossSite: HTTPStatus.FORBIDDEN,
    SealMissing: HTTPStatus.FORBIDDEN,
    NotPermitted: HTTPStatus.FORBIDDEN,
    NotElector: HTTPStatus.FORBIDDEN,
    NotMandated: HTTPStatus.FORBIDDEN,
    TokenTooNarrow: HTTPStatus.FORBIDDEN,
}


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
        """What the world did wrong, under the status that says so to a program."""
        if isinstance(refused, StoreFailed):
            return self._without_record(request, refused)
        kinds = type(refused).__mro__
        status = next((_STATUS[kind] for kind in kinds if kind in _STATUS), HTTPStatus.BAD_REQUEST)
        if isinstance(refused, SignInNeeded) and _is_a_page(request):
            # Whoever has signed in comes back to what they asked for.
            return Redirect(f"/sign-in?{urlencode({'next': _asked(request)})}", status_code=303)
        return self._say(request, status, refused)

    def _without_record(self, request: AnyRequest, failed: StoreFailed) -> Response[Any]:
        """The record cannot be had now. Where it is kept is told to the log, and to no reader."""
        LOG.error("at %s: %s", request.url.path, failed.what)
        refused = Refusal(
            what="The record cannot be read or written now.", why=failed.why, remedy=failed.remedy
        )
        return self._by_itself(request, HTTPStatus.SERVICE_UNAVAILABLE, refused)

    def http(self, request: AnyRequest, raised: HTTPException) -> Response[Any]:
        """What the framework refuses, such as an address without a page."""
        status = HTTPStatus(raised.status_code)
        if status is HTTPStatus.NOT_FOUND:
            return self._say(request, status, NotThere(word="page", name=request.url.path))
        found = _found(raised) if status is HTTPStatus.BAD_REQUEST else status.phrase
        refused = Refusal(
            what=f"{status.value} {found[:_LONGEST_FOUND]}.",
            why=status.description or "The request is not of a form that is answered here.",
            remedy="See /schema for what can be asked.",
        )
        response = self._say(request, status, refused)
        # Such as which methods an address allows.
        response.headers.update(raised.headers or {})
        return response

    def bug(self, request: AnyRequest, raised: Exception) -> Response[Any]:
        """Anything else is our own mistake; the reader gets an id under which it is logged."""
        number = secrets.token_hex(4)
        LOG.error("error %s at %s", number, request.url.path, exc_info=raised)
        refused = Refusal(
            what=f"Bioloom made a mistake (error {number}).",
            why="This is a bug of the program, not of your request. The record is untouched.",
            remedy=f"Report it with the lines that the server logged under {number}.",
        )
        return self._by_itself(request, HTTPStatus.INTERNAL_SERVER_ERROR, refused)

    def _by_itself(
        self, request: AnyRequest, status: HTTPStatus, refused: Refusal
    ) -> Response[Any]:
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


def _found(raised: HTTPException) -> str:
    """What the framework could not read, field by field where it says so."""
    faults = raised.extra if isinstance(raised.extra, list) else []
    told = [f"{fault.get('key', 'body')}: {fault['message']}" for fault in faults]
    return "; ".join(told) or raised.detail


def _is_a_page(request: AnyRequest) -> bool:
    return request.method == "GET" and not _is_for_machines(request)


def _asked(request: AnyRequest) -> str:
    query = request.scope["query_string"].decode("ascii", errors="replace")
    return f"{request.url.path}?{query}" if query else request.url.path


def wants_json(request: AnyRequest) -> bool:
    """Whether a script of ours asks, and not a browser that shows a page."""
    return request.headers.get("accept") == MediaType.JSON


def _is_for_machines(request: AnyRequest) -> bool:
    return request.url.path.startswith(_FOR_MACHINES) or wants_json(request)


def _as_json(status: HTTPStatus, refused: Refusal) -> Response[Problem]:
    problem = Problem(status=status, what=refused.what, why=refused.why, remedy=refused.remedy)
    return Response(problem, media_type=MediaType.JSON, status_code=status)
