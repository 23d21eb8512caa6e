"""Signing in and out: by a link, a recovery code or a passkey; without passwords."""

from typing import Literal

import msgspec
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from bioloom.doors.compose import now
from bioloom.doors.register.register import Register
from bioloom.doors.register.sessions import ABSOLUTE_MS, SignedIn
from bioloom.doors.web.asking import Sent, inner_path
from bioloom.doors.web.guards.admitting import Gate
from bioloom.doors.web.rendering import AnyRequest, Pages, address
from bioloom.doors.web.routes.people.showing import SHOWN_ONCE
from bioloom.doors.web.visiting import Visiting, Visitor
from bioloom.vocabulary.agents import AgentId

Registers = NamedDependency[Register]
Gates = NamedDependency[Gate]


class VisitAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in here, and the seal for what a script of ours sends."""

    agent: AgentId | None
    how: Literal["nobody", "session", "token"]
    seal: str


@get("/visit", include_in_schema=False, sync_to_thread=False)
def visit(visitor: Visiting) -> Response[VisitAnswer]:
    """For our own scripts: a form that waited offline needs a seal of the session of today."""
    answer = VisitAnswer(agent=visitor.agent, how=visitor.how, seal=visitor.seal)
    return Response(answer, headers=SHOWN_ONCE)


@get("/sign-in", include_in_schema=False, sync_to_thread=True)
def sign_in_page(request: AnyRequest, renderer: Pages, gate: Gates) -> Response[str]:
    """The ways to come in."""
    return renderer.page(
        request,
        "people/sign_in",
        renderer.desk.standing(),
        next=inner_path(request.query_params.get("next", "/")),
        passkeys_work=gate.address.can_hold_passkeys(request.headers.get("host", "")),
    )


@get("/sign-in/{link:str}", include_in_schema=False, sync_to_thread=True)
def link_page(
    request: AnyRequest, renderer: Pages, register: Registers, link: FromPath[str]
) -> Response[str]:
    """A link that was opened. Looking at it does not use it up; its button does."""
    register.sessions.link_of(link, at=now())
    return renderer.page(request, "people/link", renderer.desk.standing(), link=link)


@post("/sign-in/link", include_in_schema=False, sync_to_thread=True)
def redeem_link(
    request: AnyRequest, form: Sent, register: Registers, gate: Gates, visitor: Visiting
) -> Redirect:
    """Use a link up, and begin a session."""
    begun = register.sessions.redeem_link(form.text("link"), at=now())
    return come_in(request, begun, register, gate, visitor, to="/me")


@post("/sign-in/code", include_in_schema=False, sync_to_thread=True)
def redeem_code(
    request: AnyRequest, form: Sent, register: Registers, gate: Gates, visitor: Visiting
) -> Redirect:
    """Use a recovery code up, and begin a session."""
    begun = register.recovery.redeem(form.text("code"), at=now())
    to = inner_path(form.fields.get("next", "/"))
    return come_in(request, begun, register, gate, visitor, to=to if to != "/" else "/me")


@post("/sign-out", include_in_schema=False, sync_to_thread=True)
def sign_out(request: AnyRequest, register: Registers, gate: Gates, visitor: Visiting) -> Redirect:
    """End this session, on the server and in the browser."""
    assert visitor.agent is not None
    if visitor.session is not None:
        register.sessions.end_session(visitor.session, agent=visitor.agent)
    return Redirect(in_language(request, "/"), status_code=303, cookies=[forget_cookie(gate)])


def come_in(
    request: AnyRequest,
    begun: SignedIn,
    register: Register,
    gate: Gate,
    before: Visitor,
    *,
    to: str,
) -> Redirect:
    """Hand the new session to the browser, and end the one that it had."""
    if before.session is not None and before.agent is not None:
        register.sessions.end_session(before.session, agent=before.agent)
    cookie = _cookie(gate, begun.secret, max_age_s=ABSOLUTE_MS // 1000)
    return Redirect(in_language(request, to), status_code=303, cookies=[cookie])


def forget_cookie(gate: Gate) -> Cookie:
    """What makes a browser forget its session."""
    return _cookie(gate, "", max_age_s=0)


def in_language(request: AnyRequest, path: str) -> str:
    """An address of ours in the language that the request's address chose, if it did."""
    language = request.query_params.get("lang", "")
    return path if "?" in path else address(path, lang=language)


def _cookie(gate: Gate, secret: str, *, max_age_s: int) -> Cookie:
    return Cookie(
        key=gate.cookie,
        value=secret,
        max_age=max_age_s,
        path="/",
        secure=gate.address.is_secure,
        httponly=True,
        samesite="lax",
    )
