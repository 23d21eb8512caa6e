"""People and roles: stewards see who is in their care, give and take roles, and let people in."""

import msgspec
from litestar import Response, get, post
from litestar.response import Redirect

from bioloom.doors.compose import now
from bioloom.doors.register.deciding import decide
from bioloom.doors.web.asking import NotThere
from bioloom.doors.web.guards.acting import acting_as
from bioloom.doors.web.rendering import Renderer
from bioloom.doors.web.routes.people.errands import Errands
from bioloom.doors.web.routes.people.inviting import groups_where, read_office
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
def people_page(errand: Errands) -> Response[str]:
    """Those whom the visitor looks after, with their roles."""
    groups = groups_where(errand, "grant_role")
    if not groups:
        raise NotThere(word="page", name=errand.request.url.path)
    names = errand.register.names()
    return errand.page(
        "people/people",
        groups=groups,
        everybody=[
            msgspec.structs.replace(one, name=names.get(one.agent))
            for one in _in_care(errand.renderer, groups)
        ],
        may_link=None in groups,
    )


@post("/people/grant", include_in_schema=False, sync_to_thread=True)
def give_role(errand: Errands) -> Redirect:
    """Give a role, in the record."""
    agent, office = AgentId(errand.form.text("agent")), read_office(errand.form)
    by = errand.agent
    decide(errand.city, by, lambda deed: [grant(agent, office, deed=deed)])
    return errand.on_to("/people")


@post("/people/withdraw", include_in_schema=False, sync_to_thread=True)
def take_role(errand: Errands) -> Redirect:
    """Take a role, or lay down one's own, in the record."""
    agent, office = AgentId(errand.form.text("agent")), read_office(errand.form)
    by = errand.agent
    decide(errand.city, by, lambda deed: [withdraw(agent, office, deed=deed)])
    return errand.on_to("/people")


@post("/people/link", include_in_schema=False, sync_to_thread=True, status_code=200)
def make_link(errand: Errands) -> Response[str]:
    """Make a sign-in link for somebody who has lost every way in, and show it once."""
    agent, at = AgentId(errand.form.text("agent")), now()
    by = acting_as(errand.visitor, "issue_link", errand.renderer, about=About(sides=(agent,)))
    link = f"{errand.origin}/sign-in/{errand.register.sessions.issue_link(agent, by=by, at=at)}"
    told = errand.say("secret.link", until=f"{at[:10]} + 24 h")
    return errand.show_once(told=told, secrets=[link], back="/people")


def _in_care(renderer: Renderer, groups: list[AgentId | None]) -> list[Somebody]:
    """Persons and office holders of some groups."""
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
    return [
        one
        for one in found.values()
        if one.offices or (one.groups and people.agents[one.agent] == "person")
    ]
