"""People and roles: stewards see who is in their care, give and take roles, and let people in."""

import msgspec
from litestar import Response, get, post
from litestar.response import Redirect

from bioloom.doors.compose import now
from bioloom.doors.register.deciding import decide
from bioloom.doors.web.asking import NotThere, Sent
from bioloom.doors.web.guards.acting import acting_as
from bioloom.doors.web.rendering import AnyRequest, Pages, Renderer
from bioloom.doors.web.routes.people.inviting import groups_where, read_office
from bioloom.doors.web.routes.people.showing import here, oneself, show_once
from bioloom.doors.web.routes.people.signing_in import Gates, Registers, in_language
from bioloom.doors.web.visiting import Visiting
from bioloom.ledger.people.deciding import grant, withdraw
from bioloom.ledger.people.people import Office
from bioloom.ledger.people.permitting import About
from bioloom.vocabulary.agents import AgentId


class Somebody(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a steward's care, with the name that the register has."""

    agent: AgentId
    name: str | None
    groups: list[AgentId]
    offices: list[Office]


@get("/people", include_in_schema=False, sync_to_thread=True)
def people_page(
    request: AnyRequest, renderer: Pages, register: Registers, visitor: Visiting
) -> Response[str]:
    """Those whom the visitor looks after, with their roles."""
    groups = groups_where(renderer, visitor, "grant_role")
    if not groups:
        raise NotThere(word="page", name=request.url.path)
    names = register.names()
    return renderer.page(
        request,
        "people/people",
        renderer.desk.standing(),
        groups=groups,
        everybody=[
            msgspec.structs.replace(one, name=names.get(one.agent))
            for one in _in_care(renderer, groups)
        ],
        may_link=None in groups,
    )


@post("/people/grant", include_in_schema=False, sync_to_thread=True)
def give_role(request: AnyRequest, renderer: Pages, form: Sent, visitor: Visiting) -> Redirect:
    """Give a role, in the record."""
    agent, office = AgentId(form.text("agent")), read_office(form)
    by = oneself(visitor)
    decide(renderer.desk.city, by, lambda deed: [grant(agent, office, deed=deed)])
    return Redirect(in_language(request, "/people"), status_code=303)


@post("/people/withdraw", include_in_schema=False, sync_to_thread=True)
def take_role(request: AnyRequest, renderer: Pages, form: Sent, visitor: Visiting) -> Redirect:
    """Take a role, or lay down one's own, in the record."""
    agent, office = AgentId(form.text("agent")), read_office(form)
    by = oneself(visitor)
    decide(renderer.desk.city, by, lambda deed: [withdraw(agent, office, deed=deed)])
    return Redirect(in_language(request, "/people"), status_code=303)


@post("/people/link", include_in_schema=False, sync_to_thread=True, status_code=200)
def make_link(
    *,
    request: AnyRequest,
    renderer: Pages,
    form: Sent,
    register: Registers,
    gate: Gates,
    visitor: Visiting,
) -> Response[str]:
    """Make a sign-in link for somebody who has lost every way in, and show it once."""
    agent, at = AgentId(form.text("agent")), now()
    by = acting_as(visitor, "issue_link", renderer, about=About(sides=(agent,)))
    link = f"{here(request, gate)}/sign-in/{register.sessions.issue_link(agent, by=by, at=at)}"
    told = renderer.language(request).say("secret.link", until=f"{at[:10]} + 24 h")
    return show_once(request, renderer, told=told, secrets=[link], back="/people")


def _in_care(renderer: Renderer, groups: list[AgentId | None]) -> list[Somebody]:
    """Members and office holders of some groups; of the whole city, everybody with an office."""
    people, at = renderer.desk.people(), now()
    found = {
        agent: Somebody(
            agent=agent,
            name=None,
            groups=sorted(g for g in people.groups_of(agent, on=at) if g in groups),
            offices=sorted(
                (o for o in people.offices_of(agent, on=at) if o.scope in groups), key=str
            ),
        )
        for agent in people.agents
    }
    return [one for one in found.values() if one.groups or one.offices]
