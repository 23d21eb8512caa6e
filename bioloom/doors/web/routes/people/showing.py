"""What several pages about people share: who is there, where the page is, and what shows once."""

from litestar import Response

from bioloom.doors.web.guards.admitting import Gate
from bioloom.doors.web.rendering import AnyRequest, Renderer
from bioloom.doors.web.visiting import Visitor
from bioloom.vocabulary.agents import AgentId

# What is shown once must not be found again by the key "back".
SHOWN_ONCE = {"cache-control": "no-store"}


def oneself(visitor: Visitor) -> AgentId:
    """Who is there; the guard has seen that somebody is."""
    assert visitor.agent is not None
    return visitor.agent


def here(request: AnyRequest, gate: Gate) -> str:
    """The address of this server, to begin a link with."""
    return gate.address.origin_for(request.headers.get("host", ""))


def show_once(
    request: AnyRequest, renderer: Renderer, *, told: str, secrets: list[str], back: str
) -> Response[str]:
    """A page with secrets that nobody can look up again."""
    standing = renderer.desk.standing()
    page = renderer.page(request, "people/secret", standing, told=told, secrets=secrets, back=back)
    page.headers.update(SHOWN_ONCE)
    return page
