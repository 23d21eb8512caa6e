"""Errands: what somebody came to a page for, and all that a page about people needs to do it."""

import msgspec
from litestar import Response
from litestar.di import NamedDependency
from litestar.response import Redirect

from bioloom.doors.compose import City
from bioloom.doors.register.register import Register
from bioloom.doors.web.asking import Form, Sent
from bioloom.doors.web.guards.admitting import Gate
from bioloom.doors.web.rendering import AnyRequest, Pages, Renderer, address
from bioloom.doors.web.visiting import Visiting, Visitor
from bioloom.vocabulary.agents import AgentId

# What is shown once must not be found again by the key "back".
SHOWN_ONCE = {"cache-control": "no-store"}


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks for what, and whom to ask in turn."""

    request: AnyRequest
    renderer: Renderer
    register: Register
    gate: Gate
    visitor: Visitor
    form: Form

    @property
    def agent(self) -> AgentId:
        """Who is there; the guard has seen that somebody is."""
        assert self.visitor.agent is not None
        return self.visitor.agent

    @property
    def city(self) -> City:
        """The city whose pages these are."""
        return self.renderer.desk.city

    @property
    def host(self) -> str:
        """The name under which the page was asked for."""
        return self.request.headers.get("host", "")

    @property
    def origin(self) -> str:
        """The address of this server, to begin a link with."""
        return self.gate.address.origin_for(self.host)

    def say(self, key: str, **values: object) -> str:
        """A text in the reader's language."""
        return self.renderer.language(self.request).say(key, **values)

    def page(self, template: str, **shown: object) -> Response[str]:
        """A page with what it shows."""
        standing = self.renderer.desk.standing()
        return self.renderer.page(self.request, template, standing, status=200, **shown)

    def on_to(self, path: str) -> Redirect:
        """Lead to another page, in the language that this one's address chose, if it did."""
        language = self.request.query_params.get("lang", "")
        there = path if "?" in path else address(path, lang=language)
        return Redirect(there, status_code=303)

    def show_once(self, *, told: str, secrets: list[str], back: str) -> Response[str]:
        """A page with secrets that nobody can look up again."""
        page = self.page("people/secret", told=told, secrets=secrets, back=back)
        page.headers.update(SHOWN_ONCE)
        return page


Errands = NamedDependency[Errand]
Registers = NamedDependency[Register]
Gates = NamedDependency[Gate]


def errand_of(
    *,
    request: AnyRequest,
    renderer: Pages,
    register: Registers,
    gate: Gates,
    visitor: Visiting,
    form: Sent,
) -> Errand:
    """The errand of a request."""
    return Errand(
        request=request,
        renderer=renderer,
        register=register,
        gate=gate,
        visitor=visitor,
        form=form,
    )
