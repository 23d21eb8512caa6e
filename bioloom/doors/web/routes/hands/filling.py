"""Filling in: what all forms for a hand share, from the sender's name to the answer they get."""

from typing import Any

import msgspec
from litestar import MediaType, Response
from litestar.response import Redirect

from bioloom.doors.giving.giving import Fields
from bioloom.doors.web.errors import wants_json
from bioloom.doors.web.guards.admitting import SignInNeeded
from bioloom.doors.web.rendering import AnyRequest, segment
from bioloom.doors.web.visiting import Visitor
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


def sender_of(visitor: Visitor, fields: Fields) -> AgentId:
    """Who sends a form, if they are who filled it in.

    Raises:
        SignInNeeded: If nobody is signed in.
        SomebodyElse: If it was filled in by another person.
    """
    if visitor.agent is None:
        raise SignInNeeded
    if fields.get("filled_by", visitor.agent) != visitor.agent:
        raise SomebodyElse
    return visitor.agent


def answered(request: AnyRequest, lot: LotId, *, said: str, again: bool) -> Response[Any]:
    """Lead to the lot's page, which says what was done.

    Args:
        request: The form that was sent.
        lot: The lot it was about.
        said: What the page says first, by its name in the catalogue.
        again: Whether the record said so before.
    """
    lang = request.query_params.get("lang")
    page = f"/lots/{segment(lot)}?said={said}" + (f"&lang={lang}" if lang else "")
    if wants_json(request):
        answer = FormAnswer(lot=lot, page=page, again=again)
        return Response(answer, media_type=MediaType.JSON, status_code=200)
    return Redirect(page, status_code=303)
