"""Acting: whether a visitor may do something, as themselves or by a token of theirs."""

from bioloom.doors.compose import now
from bioloom.doors.register.tokens import see_that_within
from bioloom.doors.web.guards.admitting import SignInNeeded
from bioloom.doors.web.rendering import Renderer
from bioloom.doors.web.visiting import Visitor
from bioloom.ledger.people.permitting import THE_CITY, About, NotPermitted, may
from bioloom.ledger.people.roles import Act
from bioloom.vocabulary.agents import AgentId


def acting_as(
    visitor: Visitor, act: Act, renderer: Renderer, *, about: About = THE_CITY
) -> AgentId:
    """The agent that a visitor acts as, once it is sure that they may.

    Args:
        visitor: Who asks.
        act: What they do.
        renderer: Has the desk with everybody, as the record has them.
        about: Whom it binds; the whole city unless given.

    Raises:
        SignInNeeded: If nobody is there.
        TokenTooNarrow: If a token was not let in for this.
        NotPermitted: If nothing in the record permits it.
    """
    if visitor.agent is None:
        raise SignInNeeded
    if visitor.token is not None:
        see_that_within(visitor.token, act)
    may(visitor.agent, act, about, renderer.desk.people(), at=now())
    return visitor.agent


def could_act(visitor: Visitor, act: Act, renderer: Renderer, *, about: About = THE_CITY) -> bool:
    """Whether a page should offer somebody to do something."""
    if visitor.how != "session":
        return False
    try:
        acting_as(visitor, act, renderer, about=about)
    except NotPermitted:
        return False
    return True
