"""The pages of assemblies: all of their work, a petition, a proposal, a conversation."""

from litestar import Response, get

from bioloom.assembly.decisions.deciding import agreed
from bioloom.assembly.mandates.standing import is_elector
from bioloom.assembly.proposals.differing import difference
from bioloom.doors.answers.assembly.lifecycle import (
    tell_assemblies,
    tell_petition,
    tell_proposal,
    tell_talk,
)
from bioloom.doors.assembly.deliberations import Speaker
from bioloom.doors.assembly.floor import on_record
from bioloom.doors.compose import now
from bioloom.doors.web.asking import named_in
from bioloom.doors.web.rendering import AnyRequest, Pages, Renderer
from bioloom.doors.web.routes.people.errands import Registers
from bioloom.doors.web.visiting import Visiting, Visitor
from bioloom.vocabulary.agents import AgentId


@get("/assembly", include_in_schema=False, sync_to_thread=True)
def assembly_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """All assemblies, and how far each of their proposals came."""
    with on_record(renderer.desk.city) as known:
        told = tell_assemblies(renderer.desk.city, known)
    return renderer.page(request, "assembly/list", renderer.desk.standing(), assemblies=told)


@get("/assembly/petitions/{name:path}", include_in_schema=False, sync_to_thread=True)
def petition_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """A petition, how many signed, and a button to sign it or to take the word back."""
    desk = renderer.desk
    with on_record(desk.city) as known:
        petition = known.petitions.named(named_in(request.scope, "/assembly/petitions/"))
        declared = known.assemblies.named(petition.started.assembly).declared
        agent = _elector(renderer, visitor, declared.commons)
        return renderer.page(
            request,
            "assembly/petition",
            desk.standing(),
            told=tell_petition(petition, declared.commons, desk.people()),
            assembly=declared,
            may_sign=agent is not None and not petition.has_signed(agent),
            may_unsign=agent is not None and petition.has_signed(agent),
        )


@get("/assembly/proposals/{name:path}", include_in_schema=False, sync_to_thread=True)
def proposal_page(
    request: AnyRequest, renderer: Pages, visitor: Visiting, register: Registers
) -> Response[str]:
    """A proposal: what it says and does, its versions and their difference, and its objections."""
    desk = renderer.desk
    with on_record(desk.city) as known:
        proposal = known.proposals.named(named_in(request.scope, "/assembly/proposals/"))
        declared = known.assemblies.named(proposal.drafted.assembly).declared
        told = tell_proposal(proposal, known, register)
        agent = _elector(renderer, visitor, declared.commons)
        own: set[str] = set()
        if agent is not None:
            speaker = Speaker(desk.city, register, agent)
            _, participant = speaker.on_proposal(proposal.drafted.proposal)
            own = {
                one.raised.objection
                for one in proposal.open_objections
                if one.raised.participant == participant
            }
        pairs = zip(told.versions, told.versions[1:], strict=False)
        return renderer.page(
            request,
            "assembly/proposal",
            desk.standing(),
            told=told,
            assembly=declared,
            changes=[(after, difference(before.draught, after.draught)) for before, after in pairs],
            own=own,
            may_object=agent is not None and proposal.decided is None and not own,
        )


@get("/assembly/room/{name:path}", include_in_schema=False, sync_to_thread=True)
def room_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """A proposal on a projector: what is voted on, and what was counted, in large letters."""
    desk = renderer.desk
    with on_record(desk.city) as known:
        proposal = known.proposals.named(named_in(request.scope, "/assembly/room/"))
        assembly = known.assemblies.named(proposal.drafted.assembly)
        agent = visitor.agent if visitor.how == "session" else None
        today = desk.city.today()
        rounds = proposal.rounds[proposal.rounds_used :]
        is_free = proposal.decided is None and not proposal.open_objections
        counts = agreed(proposal)
        counting = {} if not rounds or len(rounds[-1]) > 1 else rounds[-1]
        return renderer.page(
            request,
            "assembly/room",
            desk.standing(),
            proposal=proposal,
            assembly=assembly.declared,
            counted=[len(one) for one in rounds],
            counts=counts,
            may_count=agent is not None
            and is_free
            and counts is None
            and agent not in counting
            and assembly.has_duty(agent, "count", today),
            may_decide=agent is not None
            and is_free
            and counts is not None
            and assembly.has_duty(agent, "facilitate", today),
        )


@get("/assembly/talks/{name:path}", include_in_schema=False, sync_to_thread=True)
def talk_page(
    request: AnyRequest, renderer: Pages, visitor: Visiting, register: Registers
) -> Response[str]:
    """A conversation: statements to vote on, one's own, and the log of moderation."""
    desk = renderer.desk
    with on_record(desk.city) as known:
        talk = known.conversations.named(named_in(request.scope, "/assembly/talks/"))
        declared = known.assemblies.named(talk.opened.assembly).declared
        agent = _elector(renderer, visitor, declared.commons)
        participant: str | None = None
        if agent is not None:
            _, participant = Speaker(desk.city, register, agent).in_talk(talk.opened.conversation)
        return renderer.page(
            request,
            "assembly/talk",
            desk.standing(),
            told=tell_talk(talk, register),
            assembly=declared,
            may_speak=participant is not None and talk.is_open,
            votes={name: one.votes.get(participant or "") for name, one in talk.statements.items()},
            own={
                name for name, one in talk.statements.items() if one.made.participant == participant
            },
        )


def _elector(renderer: Renderer, visitor: Visitor, commons: AgentId) -> AgentId | None:
    """Who is there themselves, if they may take part."""
    if visitor.how != "session" or visitor.agent is None:
        return None
    people = renderer.desk.people()
    return visitor.agent if is_elector(visitor.agent, commons, people, on=now()) else None
