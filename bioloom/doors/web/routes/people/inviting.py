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
from bioloom.doors.web.asking import FieldMissing, Form
from bioloom.doors.web.guards.acting import could_act
from bioloom.doors.web.routes.people.errands import Errand, Errands
from bioloom.doors.web.routes.people.signing_in import come_in
from bioloom.ledger.people.deciding import there
from bioloom.ledger.people.people import Office
from bioloom.ledger.people.roles import Act
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.people import Role

_LONGEST_DAYS = 30


@get("/invite", include_in_schema=False, sync_to_thread=True)
def invite_page(errand: Errands) -> Response[str]:
    """A form that makes an invitation, and those that are still open."""
    groups = groups_where(errand, "invite")
    invitations = [
        invitation
        for invitation in open_invitations(errand.register, at=now())
        if invitation.invited_by == errand.visitor.agent or invitation.scope in groups
    ]
    return errand.page(
        "people/invite",
        groups=groups,
        roles=get_args(Role),
        invitations=invitations,
    )


@post("/invite", include_in_schema=False, sync_to_thread=True, status_code=200)
def make_invitation(errand: Errands) -> Response[str]:
    """Make an invitation, and show its link once."""
    days = errand.form.number("days", least=1, most=_LONGEST_DAYS)
    made = invite(
        errand.register,
        errand.city,
        read_office(errand.form),
        by=errand.agent,
        valid_ms=days * DAY_MS,
    )
    until = made.invitation.expires_at[:10]
    told = errand.say("secret.link", until=until)
    link = f"{errand.origin}/invitations/{made.secret}"
    return errand.show_once(told=told, secrets=[link], back="/invite")


@post("/invite/withdraw", include_in_schema=False, sync_to_thread=True)
def take_back(errand: Errands) -> Redirect:
    """Take an invitation back that nobody has accepted yet."""
    named = errand.form.text("invitation")
    withdraw_invitation(errand.register, errand.city, named, by=errand.agent)
    return errand.on_to("/invite")


@get("/invitations/{secret:str}", include_in_schema=False, sync_to_thread=True)
def invitation_page(errand: Errands, secret: FromPath[str]) -> Response[str]:
    """An invitation that was opened. Looking at it does not use it up."""
    invitation = invitation_of(errand.register, secret, at=now())
    agents, scope = errand.renderer.desk.standing().declared.agents, invitation.scope
    group = agents.get(scope, scope) if scope else errand.city.settings.name
    return errand.page(
        "people/invitation", secret=secret, group=group, role=invitation.role, role_scope=scope
    )


@post("/invitations", include_in_schema=False, sync_to_thread=True)
def accept(errand: Errands) -> Redirect:
    """Join: as whoever is signed in here, or as somebody new under the name they chose."""
    begun = accept_invitation(
        errand.register,
        errand.city,
        errand.form.text("invitation"),
        name=errand.form.fields.get("name", ""),
        agent=errand.visitor.agent,
    )
    return come_in(errand, begun, to="/me")


def groups_where(errand: Errand, act: Act) -> list[AgentId | None]:
    """For which commons and organisations, or the whole city (None), somebody may do something."""
    people = errand.renderer.desk.people()
    own = people.groups_of(errand.agent, on=now())
    public = ("organisation", "commons")
    # Of households, of which there are many, only one's own.
    groups = [agent for agent, sort in people.agents.items() if sort in public or agent in own]
    sides: list[AgentId | None] = [None, *groups]
    return [
        side
        for side in sides
        if could_act(errand.visitor, act, errand.renderer, about=there(Office("member", side)))
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
