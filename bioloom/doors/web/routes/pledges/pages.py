"""Pledges: the list of them, each with how it is kept, and a button to join or to leave."""

from collections.abc import Callable
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from bioloom.doors.answers.pledges import tell_pledge
from bioloom.doors.compose import now
from bioloom.doors.giving.standing import names_open_to
from bioloom.doors.register.deciding import decide
from bioloom.doors.web.asking import NotThere, named_in
from bioloom.doors.web.rendering import AnyRequest, Pages, Renderer, segment
from bioloom.doors.web.routes.people.errands import Errand, Errands
from bioloom.doors.web.views.qr import draw_qr
from bioloom.doors.web.visiting import Visiting, Visitor
from bioloom.ledger.people.deciding import Deed
from bioloom.ledger.pledges.counting import known_pledge
from bioloom.ledger.pledges.pledging import join_pledge, leave_pledge
from bioloom.ledger.pledges.seasons import Pledge
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.pledges import PledgeId


@get("/pledges", include_in_schema=False, sync_to_thread=True)
def pledges_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """Every pledge, and how its newest season is kept."""
    desk = renderer.desk
    pledges, gathered = desk.pledges()
    told = [tell_pledge(desk.city, one, gathered, desk.people()) for one in pledges.values()]
    return renderer.page(request, "pledges/list", desk.standing(), pledges=told)


@get("/pledges/{pledge:path}", include_in_schema=False, sync_to_thread=True)
def pledge_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """One pledge: its words, its seasons, a code to put up in the street."""
    desk = renderer.desk
    name = PledgeId(named_in(request.scope, "/pledges/"))
    pledges, gathered = desk.pledges()
    if name not in pledges:
        raise NotThere(word="pledge", name=name)
    pledge, people = pledges[name], desk.people()
    told = tell_pledge(desk.city, pledge, gathered, people)
    link = f"{renderer.origin(request)}/pledges/{segment(name)}"
    own = [] if told.seasons[0].is_over else _names(renderer, visitor)
    newest = pledge.newest
    return renderer.page(
        request,
        "pledges/pledge",
        desk.standing(),
        told=told,
        link=link,
        code=draw_qr(link, renderer.language(request).say("pledge.code")),
        may_join=[
            one
            for one in own
            if not newest.has(one) and pledge.made.commons in people.groups_of(one, on=now())
        ],
        may_leave=[one for one in own if newest.has(one)],
    )


@post("/pledges/join", include_in_schema=False, sync_to_thread=True)
def join(errand: Errands) -> Redirect:
    """Give a word for the newest season."""
    return _say(errand, join_pledge)


@post("/pledges/leave", include_in_schema=False, sync_to_thread=True)
def leave(errand: Errands) -> Redirect:
    """Take a word back."""
    return _say(errand, leave_pledge)


def _say(errand: Errand, saying: Callable[..., Draft[Any]]) -> Redirect:
    name, who = errand.form.text("pledge"), AgentId(errand.form.text("who"))

    def deciding(deed: Deed) -> list[Draft[Any]]:
        pledge: Pledge = known_pledge(errand.city.journal, name)
        return [saying(pledge, who, deed=deed)]

    decide(errand.city, errand.agent, deciding, occurred_at=errand.city.clock())
    return errand.on_to(f"/pledges/{segment(name)}")


def _names(renderer: Renderer, visitor: Visitor) -> list[AgentId]:
    """In whose name somebody may give their word here."""
    if visitor.how != "session" or visitor.agent is None:
        return []
    desk = renderer.desk
    declared = desk.standing().declared
    return names_open_to(visitor.agent, "promise", desk.people(), declared=declared, at=now())
