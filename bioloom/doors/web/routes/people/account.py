"""One's own account: where one is signed in, tokens, recovery codes, and being forgotten."""

from litestar import Response, get, post
from litestar.response import Redirect

from bioloom.doors.compose import now
from bioloom.doors.register.secrets import DAY_MS, later
from bioloom.doors.register.sessions import ABSOLUTE_MS, IDLE_MS
from bioloom.doors.register.stores.rows import Session
from bioloom.doors.register.tokens import SCOPES
from bioloom.doors.web.asking import Form, Sent
from bioloom.doors.web.guards.acting import acting_as
from bioloom.doors.web.rendering import AnyRequest, Pages, Renderer
from bioloom.doors.web.routes.people.inviting import groups_where
from bioloom.doors.web.routes.people.showing import oneself, show_once
from bioloom.doors.web.routes.people.signing_in import (
    Gates,
    Registers,
    forget_cookie,
    in_language,
)
from bioloom.doors.web.visiting import NOBODY, VISITOR, Visiting, Visitor
from bioloom.ledger.people.permitting import About
from bioloom.ledger.people.roles import Act
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import Instant

_LONGEST_TOKEN_DAYS = 365


@get("/me", include_in_schema=False, sync_to_thread=True)
def account_page(
    request: AnyRequest, renderer: Pages, register: Registers, gate: Gates, visitor: Visiting
) -> Response[str]:
    """Who one is here, what one may do, and every way in that one has."""
    agent, at = oneself(visitor), now()
    people = renderer.desk.people()
    return renderer.page(
        request,
        "people/account",
        renderer.desk.standing(),
        name=register.name_of(agent),
        offices=sorted(people.offices_of(agent, on=at), key=str),
        groups=sorted(people.groups_of(agent, on=at)),
        may_invite=bool(groups_where(renderer, visitor, "invite")),
        may_look_after=bool(groups_where(renderer, visitor, "grant_role")),
        sessions=register.sessions.sessions_of(agent, at=at),
        until=_until,
        passkeys=register.passkeys.passkeys_of(agent),
        passkeys_work=gate.address.can_hold_passkeys(request.headers.get("host", "")),
        codes_left=register.recovery.codes_left(agent),
        tokens=[token for token in register.tokens.tokens_of(agent) if at < token.expires_at],
        scopes=tuple(SCOPES),
    )


@post("/me/sessions/end", include_in_schema=False, sync_to_thread=True)
def end_sessions(
    request: AnyRequest, form: Sent, register: Registers, visitor: Visiting
) -> Redirect:
    """End one session of one's own, or all but this one where none is named."""
    agent = oneself(visitor)
    named = form.fields.get("session")
    others = [session.id for session in register.sessions.sessions_of(agent, at=now())]
    for session in [named] if named else others:
        if session != visitor.session:
            register.sessions.end_session(session, agent=agent)
    return Redirect(in_language(request, "/me"), status_code=303)


@post("/me/codes", include_in_schema=False, sync_to_thread=True, status_code=200)
def make_codes(
    request: AnyRequest, renderer: Pages, register: Registers, visitor: Visiting
) -> Response[str]:
    """Make new recovery codes, and show them once."""
    codes = register.recovery.make_codes(oneself(visitor))
    told = renderer.language(request).say("secret.codes")
    return show_once(request, renderer, told=told, secrets=codes, back="/me")


@post("/me/tokens", include_in_schema=False, sync_to_thread=True, status_code=200)
def make_token(
    request: AnyRequest, renderer: Pages, form: Sent, register: Registers, visitor: Visiting
) -> Response[str]:
    """Make a token for a program, and show it once."""
    agent, at = _for_oneself(visitor, "issue_token", renderer), now()
    days = form.number("days", least=1, most=_LONGEST_TOKEN_DAYS)
    issued = register.tokens.issue(
        agent,
        form.text("name", longest=60),
        _chosen(form),
        expires_at=later(at, days * DAY_MS),
        at=at,
    )
    told = renderer.language(request).say("secret.token")
    return show_once(request, renderer, told=told, secrets=[issued.secret], back="/me")


@post("/me/tokens/revoke", include_in_schema=False, sync_to_thread=True)
def revoke_token(
    request: AnyRequest, form: Sent, register: Registers, visitor: Visiting
) -> Redirect:
    """Revoke a token; the next time a program shows it, it is nobody's."""
    register.tokens.revoke(form.text("token"), agent=oneself(visitor))
    return Redirect(in_language(request, "/me"), status_code=303)


@get("/me/forget", include_in_schema=False, sync_to_thread=True)
def forget_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """What being forgotten means, and a button."""
    return renderer.page(request, "people/forget", renderer.desk.standing())


@post("/me/forget", include_in_schema=False, sync_to_thread=True, status_code=200)
def forget(
    *,
    request: AnyRequest,
    renderer: Pages,
    form: Sent,
    register: Registers,
    gate: Gates,
    visitor: Visiting,
) -> Response[str]:
    """Forget whoever asks for it; the record keeps their pseudonym and stays as it is."""
    form.text("sure")
    register.forget(_for_oneself(visitor, "forget", renderer))
    # The page that says so is already for nobody.
    request.scope["state"][VISITOR] = NOBODY
    page = renderer.page(request, "people/forgotten", renderer.desk.standing())
    page.cookies = [forget_cookie(gate)]
    return page


def _for_oneself(visitor: Visitor, act: Act, renderer: Renderer) -> AgentId:
    return acting_as(visitor, act, renderer, about=About(sides=(oneself(visitor),)))


def _chosen(form: Form) -> list[str]:
    return [scope for scope in SCOPES if form.fields.get(scope)]


def _until(session: Session) -> Instant:
    """When a session ends by itself, unless it is used again before."""
    return min(later(session.seen_at, IDLE_MS), later(session.begun_at, ABSOLUTE_MS))
