"""Ballots: the list of them, and each as a paper to fill in by thumb or by keyboard.

Drawing a credential needs a session, as who may vote is asked; casting needs none, so that it can
be done signed out, from any device.
"""

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from bioloom.assembly.ballots.filling import RANKED, FilledAmiss, fill
from bioloom.doors.assembly.balloting import cast, draw, exchange, open_box
from bioloom.doors.assembly.glancing import Glance, glance, glances
from bioloom.doors.web.asking import Form
from bioloom.doors.web.rendering import AnyRequest, Pages, segment
from bioloom.doors.web.routes.people.errands import SHOWN_ONCE, Errand, Errands
from bioloom.doors.web.visiting import Visiting
from bioloom.vocabulary.entries.ballots import BallotOpened

_LONGEST_CREDENTIAL = 60


@get("/assembly/ballots", include_in_schema=False, sync_to_thread=True)
def ballots_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """Every ballot, the newest first."""
    desk = renderer.desk
    with open_box(desk.city) as box:
        told = glances(desk.city, box)
    return renderer.page(request, "ballots/list", desk.standing(), ballots=told)


@get("/assembly/ballots/{ballot:str}", include_in_schema=False, sync_to_thread=True)
def ballot_page(
    request: AnyRequest, renderer: Pages, visitor: Visiting, ballot: FromPath[str]
) -> Response[str]:
    """One ballot: what is asked, the paper to fill in, and what came of it."""
    desk = renderer.desk
    with open_box(desk.city) as box:
        told = glance(desk.city, box, ballot)
        name = told.opened.ballot
        is_there = visitor.how == "session" and visitor.agent is not None
        agent = visitor.agent if is_there else None
        may_draw = agent is not None and box.may_vote(name, agent)
        has_drawn = agent is not None and box.has_drawn(name, agent)
    cast_as = request.query_params.get("in", "")
    return renderer.page(
        request,
        "ballots/ballot",
        desk.standing(),
        told=told,
        is_ranked=told.opened.rule in RANKED,
        may_draw=may_draw and not has_drawn,
        has_drawn=has_drawn,
        credential="",
        cast_as=int(cast_as) if cast_as.isascii() and cast_as.isdigit() else None,
    )


@post("/assembly/vote/draw", include_in_schema=False, sync_to_thread=True)
def draw_one(errand: Errands) -> Response[str]:
    """Draw one's credential; the paper that is shown has it in it."""
    name = errand.form.text("ballot")
    with open_box(errand.city) as box:
        credential = draw(errand.city, box, name, errand.agent)
        told = glance(errand.city, box, name)
    return _paper(errand, told, credential)


@post("/assembly/vote/exchange", include_in_schema=False, sync_to_thread=True)
def exchange_one(errand: Errands) -> Response[str]:
    """Give up a credential that somebody else may have seen, for another."""
    name = errand.form.text("ballot")
    given_up = errand.form.text("credential", longest=_LONGEST_CREDENTIAL)
    with open_box(errand.city) as box:
        credential = exchange(errand.city, box, name, given_up)
        told = glance(errand.city, box, name)
    return _paper(errand, told, credential)


@post("/assembly/vote/cast", include_in_schema=False, sync_to_thread=True)
def cast_one(errand: Errands) -> Redirect:
    """Cast a ballot with the credential that the form has."""
    name = errand.form.text("ballot")
    credential = errand.form.text("credential", longest=_LONGEST_CREDENTIAL)
    with open_box(errand.city) as box:
        opened = glance(errand.city, box, name).opened
        filled = fill(marks_in(errand.form, opened), opened)
        entry = cast(errand.city, box, name, credential, filled)
    return errand.on_to(f"/assembly/ballots/{segment(name)}?in={entry.seq}")


def marks_in(form: Form, opened: BallotOpened) -> list[str]:
    """What a form marks, from the best down where ranks are given.

    Raises:
        FilledAmiss: If a rank is none, or given twice.
    """
    if "answer" in form.fields:
        return [form.fields["answer"]] if form.fields["answer"] else []
    prefix = "rank:" if opened.rule in RANKED else "mark:"
    said = {
        field.removeprefix(prefix): value.strip()
        for field, value in form.fields.items()
        if field.startswith(prefix) and value.strip()
    }
    if opened.rule not in RANKED:
        return list(said)
    if not all(rank.isascii() and rank.isdigit() and len(rank) <= 3 for rank in said.values()):
        raise FilledAmiss(found="a rank is no number")
    if len({int(rank) for rank in said.values()}) < len(said):
        raise FilledAmiss(found="two options have the same rank")
    return sorted(said, key=lambda option: int(said[option]))


PAGES = (ballots_page, ballot_page, draw_one, exchange_one, cast_one)


def _paper(errand: Errand, told: Glance, credential: str) -> Response[str]:
    page = errand.page(
        "ballots/ballot",
        told=told,
        is_ranked=told.opened.rule in RANKED,
        may_draw=False,
        has_drawn=True,
        credential=credential,
        cast_as=None,
    )
    page.headers.update(SHOWN_ONCE)
    return page
