"""Inviting: a link for one person, who chooses a name and belongs from then on."""

from typing import get_args

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from bioloom.doors.compose import now
from bioloom.doors.register.inviting import (
    accept_invitation,
    invitation_of,
    invite,
    open_invitations,
    withdraw_invitation,
)
from bioloom.doors.register.secrets import DAY_MS
from bioloom.doors.web.asking import FieldMissing, Form, Sent
from bioloom.doors.web.guards.acting import could_act
from bioloom.doors.web.rendering import AnyRequest, Pages, Renderer
from bioloom.doors.web.routes.people.showing import here, oneself, show_once
from bioloom.doors.web.routes.people.signing_in import Gates, Registers, come_in, in_language
from bioloom.doors.web.visiting import Visiting, Visitor
from bioloom.ledger.people.deciding import there
from bioloom.ledger.people.people import Office
from bioloom.ledger.people.roles import Act
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.people import Role

_LONGEST_DAYS = 30


@get("/invite", include_in_schema=False, sync_to_thread=True)
def invite_page(
    request: AnyRequest, renderer: Pages, register: Registers, visitor: Visiting
) -> Response[str]:
    """A form that makes an invitation, and those that are still open."""
    groups = groups_where(renderer, visitor, "invite")
    invitations = [
        invitation
        for invitation in open_invitations(register, at=now())
        if invitation.invited_by == visitor.agent or invitation.scope in groups
    ]
    return renderer.page(
        request,
        "people/invite",
        renderer.desk.standing(),
        groups=groups,
        roles=get_args(Role),
        invitations=invitations,
    )


@post("/invite", include_in_schema=False, sync_to_thread=True, status_code=200)
def make_invitation(
    *,
    request: AnyRequest,
    renderer: Pages,
    form: Sent,
    register: Registers,
    gate: Gates,
    visitor: Visiting,
) -> Response[str]:
    """Make an invitation, and show its link once."""
    days = form.number("days", least=1, most=_LONGEST_DAYS)
    made = invite(
        register,
        renderer.desk.city,
        read_office(form),
        by=oneself(visitor),
        valid_ms=days * DAY_MS,
    )
    until = made.invitation.expires_at[:10]
    told = renderer.language(request).say("secret.link", until=until)
    link = f"{here(request, gate)}/invitations/{made.secret}"
    return show_once(request, renderer, told=told, secrets=[link], back="/invite")


@post("/invite/withdraw", include_in_schema=False, sync_to_thread=True)
def take_back(
    request: AnyRequest, renderer: Pages, form: Sent, register: Registers, visitor: Visiting
) -> Redirect:
    """Take an invitation back that nobody has accepted yet."""
    named = form.text("invitation")
    withdraw_invitation(register, renderer.desk.city, named, by=oneself(visitor))
    return Redirect(in_language(request, "/invite"), status_code=303)


@get("/invitations/{secret:str}", include_in_schema=False, sync_to_thread=True)
def invitation_page(
    request: AnyRequest, renderer: Pages, register: Registers, secret: FromPath[str]
) -> Response[str]:
    """An invitation that was opened. Looking at it does not use it up."""
    invitation = invitation_of(register, secret, at=now())
    standing = renderer.desk.standing()
    scope = invitation.scope
    group = standing.declared.agents.get(scope, scope) if scope else standing_city(renderer)
    return renderer.page(
        request, "people/invitation", standing, secret=secret, group=group, role=invitation.role
    )


@post("/invitations", include_in_schema=False, sync_to_thread=True)
def accept(
    *,
    request: AnyRequest,
    renderer: Pages,
    form: Sent,
    register: Registers,
    gate: Gates,
    visitor: Visiting,
) -> Redirect:
    """Join: as whoever is signed in here, or as somebody new under the name they chose."""
    begun = accept_invitation(
        register,
        renderer.desk.city,
        form.text("invitation"),
        name=form.fields.get("name", ""),
        agent=visitor.agent,
    )
    return come_in(request, begun, register, gate, visitor, to="/me")


def groups_where(renderer: Renderer, visitor: Visitor, act: Act) -> list[AgentId | None]:
    """For which commons and organisations, or the whole city (None), a visitor may do something."""
    agents = renderer.desk.people().agents
    sides = [
        None,
        *(agent for agent, sort in agents.items() if sort not in ("person", "programme")),
    ]
    return [
        side
        for side in sides
        if could_act(visitor, act, renderer, about=there(Office("member", side)))
    ]


def read_office(form: Form) -> Office:
    """The role that a form names, and what it is for; an empty scope is the whole city.

    Raises:
        FieldMissing: If it names none that there is.
    """
    named = form.text("role")
    role = next((role for role in get_args(Role) if role == named), None)
    if role is None or "scope" not in form.fields:
        raise FieldMissing(field="role")
    scope = form.fields["scope"].strip()
    return Office(role, AgentId(scope) if scope else None)


def standing_city(renderer: Renderer) -> str:
    """The city's name."""
    return renderer.desk.city.settings.name
