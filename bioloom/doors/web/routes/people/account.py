"""One's own account: what one may do, and where one is signed in."""

from litestar import Response, get, post
from litestar.response import Redirect

from bioloom.doors.compose import now
from bioloom.doors.register.secrets import later
from bioloom.doors.register.sessions import ABSOLUTE_MS, IDLE_MS
from bioloom.doors.register.stores.rows import Session
from bioloom.doors.web.asking import Sent
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.routes.people.signing_in import Registers, in_language
from bioloom.doors.web.visiting import Visiting
from bioloom.vocabulary.periods import Instant


@get("/me", include_in_schema=False, sync_to_thread=True)
def account_page(
    request: AnyRequest, renderer: Pages, register: Registers, visitor: Visiting
) -> Response[str]:
    """Who one is here, what one may do, and where one is signed in."""
    agent, at = visitor.agent, now()
    assert agent is not None
    people = renderer.desk.people()
    return renderer.page(
        request,
        "people/account",
        renderer.desk.standing(),
        name=register.name_of(agent),
        offices=sorted(people.offices_of(agent, on=at), key=str),
        groups=sorted(people.groups_of(agent, on=at)),
        sessions=register.sessions.sessions_of(agent, at=at),
        until=_until,
    )


@post("/me/sessions/end", include_in_schema=False, sync_to_thread=True)
def end_sessions(
    request: AnyRequest, form: Sent, register: Registers, visitor: Visiting
) -> Redirect:
    """End one session of one's own, or all but this one where none is named."""
    agent = visitor.agent
    assert agent is not None
    named = form.fields.get("session")
    others = [session.id for session in register.sessions.sessions_of(agent, at=now())]
    for session in [named] if named else others:
        if session != visitor.session:
            register.sessions.end_session(session, agent=agent)
    return Redirect(in_language(request, "/me"), status_code=303)


def _until(session: Session) -> Instant:
    """When a session ends by itself, unless it is used again before."""
    return min(later(session.seen_at, IDLE_MS), later(session.begun_at, ABSOLUTE_MS))
