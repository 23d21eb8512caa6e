"""Filling in: what all forms for a hand share, from the sender's name to the answer they get."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import MediaType, Response
from litestar.di import NamedDependency
from litestar.response import Redirect

from bioloom.doors.compose import City
from bioloom.doors.giving.giving import Fields
from bioloom.doors.giving.standing import names_open_to
from bioloom.doors.web.asking import NotThere
from bioloom.doors.web.errors import wants_json
from bioloom.doors.web.guards.admitting import SignInNeeded
from bioloom.doors.web.guards.reading import reader_of
from bioloom.doors.web.rendering import AnyRequest, Pages, Renderer, segment
from bioloom.doors.web.visiting import Visiting, Visitor
from bioloom.ledger.declared import Declared
from bioloom.ledger.inventory import LotRow, lot
from bioloom.ledger.people.roles import Act
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal


class SomebodyElse(Refusal):
    """A form that waited on a phone, and that another person filled in."""

    def __init__(self) -> None:
        super().__init__(
            what="Somebody else filled in this form.",
            why="It would be recorded in your name, and you did not say it.",
            remedy="Whoever filled it in signs in on this phone and sends it; or throw it away.",
        )


class FormAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a script of ours is told: which lot it is, its page, and whether it was known before."""

    lot: LotId
    page: str
    again: bool


class Hand:
    """One request by hand: who asks, when, and what the record says."""

    def __init__(self, request: AnyRequest, renderer: Renderer, visitor: Visitor) -> None:
        self.request, self.renderer, self.visitor = request, renderer, visitor
        self.standing = renderer.desk.standing()
        self.people = renderer.desk.people()
        self.at = self.city.clock()

    @property
    def city(self) -> City:
        """The city that is open."""
        return self.renderer.desk.city

    @property
    def declared(self) -> Declared:
        """Its places, materials and agents."""
        return self.standing.declared

    def asked(self) -> dict[str, str]:
        """What the address fills in beforehand."""
        return dict(self.request.query_params.items())

    def sender(self, fields: Fields) -> AgentId:
        """Who sends a form, if they are who filled it in.

        Raises:
            SignInNeeded: If nobody is signed in.
            SomebodyElse: If it was filled in by another person.
        """
        if self.visitor.agent is None:
            raise SignInNeeded
        if fields.get("filled_by", self.visitor.agent) != self.visitor.agent:
            raise SomebodyElse
        return self.visitor.agent

    def names(self, act: Act) -> list[AgentId]:
        """In whose name the visitor may do something; themselves first."""
        if self.visitor.agent is None:
            return []
        return names_open_to(
            self.visitor.agent, act, self.people, declared=self.declared, at=self.at
        )

    def lot(self, name: str) -> LotRow:
        """A lot that the visitor may see.

        Raises:
            NotThere: If there is none of that name, or it is not for them to know.
        """
        row = lot(self.city.journal, LotId(name))
        if row is None or not reader_of(self.renderer, self.visitor).sees_lot(row):
            raise NotThere(word="lot", name=name)
        return row

    def form(
        self, template: str, fields: Mapping[str, str], refused: Refusal | None, **shown: object
    ) -> Response[str]:
        """A page with a form, as far as it is filled in, and what was refused of it."""
        return self.renderer.page(
            self.request,
            f"hands/{template}",
            self.standing,
            status=400 if refused else 200,
            fields=defaultdict(str, fields),
            refused=refused,
            # A copy for when there is no network has nothing that is good for one session.
            is_kept="kept" in self.request.query_params,
            **shown,
        )

    def answered(self, name: LotId, *, said: str, again: bool) -> Response[Any]:
        """Lead to the lot's page, which says what was done.

        Args:
            name: The lot it was about.
            said: What the page says first, by its name in the catalogue.
            again: Whether the record said so before.
        """
        lang = self.request.query_params.get("lang")
        page = f"/lots/{segment(name)}?said={said}" + (f"&lang={lang}" if lang else "")
        if wants_json(self.request):
            answer = FormAnswer(lot=name, page=page, again=again)
            return Response(answer, media_type=MediaType.JSON, status_code=200)
        return Redirect(page, status_code=303)


def hand_of(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Hand:
    """What a handler needs of a request by hand."""
    return Hand(request, renderer, visitor)


# What a handler asks for to answer a form.
ByHand = NamedDependency[Hand]
