"""Signing in and out: by a link, a recovery code or a passkey; without passwords."""

from typing import Literal

import msgspec
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath
from litestar.response import Redirect

from bioloom.doors.compose import now
from bioloom.doors.register.sessions import ABSOLUTE_MS, SignedIn
from bioloom.doors.web.asking import inner_path
from bioloom.doors.web.guards.admitting import Gate
from bioloom.doors.web.routes.people.errands import SHOWN_ONCE, Errand, Errands
from bioloom.doors.web.visiting import Visiting
from bioloom.vocabulary.agents import AgentId


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
def sign_in_page(errand: Errands) -> Response[str]:
    """The ways to come in."""
    return errand.page(
        "people/sign_in",
        next=inner_path(errand.request.query_params.get("next", "/")),
        passkeys_work=errand.gate.address.can_hold_passkeys(errand.host),
    )


@get("/sign-in/{link:str}", include_in_schema=False, sync_to_thread=True)
def link_page(errand: Errands, link: FromPath[str]) -> Response[str]:
    """A link that was opened. Looking at it does not use it up; its button does."""
    errand.register.sessions.link_of(link, at=now())
    return errand.page("people/link", link=link)


@post("/sign-in/link", include_in_schema=False, sync_to_thread=True)
def redeem_link(errand: Errands) -> Redirect:
    """Use a link up, and begin a session."""
    begun = errand.register.sessions.redeem_link(errand.form.text("link"), at=now())
    return come_in(errand, begun, to="/me")


@post("/sign-in/code", include_in_schema=False, sync_to_thread=True)
def redeem_code(errand: Errands) -> Redirect:
    """Use a recovery code up, and begin a session."""
    begun = errand.register.recovery.redeem(errand.form.text("code"), at=now())
    to = inner_path(errand.form.fields.get("next", "/"))
    return come_in(errand, begun, to=to if to != "/" else "/me")


@post("/sign-out", include_in_schema=False, sync_to_thread=True)
def sign_out(errand: Errands) -> Redirect:
    """End this session, on the server and in the browser."""
    if errand.visitor.session is not None:
        errand.register.sessions.end_session(errand.visitor.session, agent=errand.agent)
    led = errand.on_to("/")
    led.cookies = [forget_cookie(errand.gate)]
    return led


def come_in(errand: Errand, begun: SignedIn, *, to: str) -> Redirect:
    """Hand the new session to the browser, and end the one that it had."""
    if errand.visitor.session is not None:
        errand.register.sessions.end_session(errand.visitor.session, agent=errand.agent)
    led = errand.on_to(to)
    led.cookies = [_cookie(errand.gate, begun.secret, max_age_s=ABSOLUTE_MS // 1000)]
    return led


def forget_cookie(gate: Gate) -> Cookie:
    """What makes a browser forget its session."""
    return _cookie(gate, "", max_age_s=0)


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
