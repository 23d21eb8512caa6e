"""What people do on the pages of an assembly, by plain forms: sign, object, say, vote, appeal."""

from typing import Literal

from litestar import post
from litestar.response import Redirect

from bioloom.assembly.decisions.deciding import Counts
from bioloom.assembly.deliberating.stating import LONGEST_STATEMENT
from bioloom.assembly.mandates.refusing import LONGEST_TEXT
from bioloom.doors.assembly import deliberations
from bioloom.doors.assembly.assemblies import conclude, count, sign
from bioloom.doors.assembly.deliberations import Speaker
from bioloom.doors.assembly.floor import Written
from bioloom.doors.web.rendering import segment
from bioloom.doors.web.routes.assembly import pages
from bioloom.doors.web.routes.people.errands import Errand, Errands


@post("/assembly/sign", include_in_schema=False, sync_to_thread=True)
def sign_petition(errand: Errands) -> Redirect:
    """Sign a petition."""
    return _sign(errand, takes_back=False)


@post("/assembly/unsign", include_in_schema=False, sync_to_thread=True)
def unsign_petition(errand: Errands) -> Redirect:
    """Take the word for a petition back."""
    return _sign(errand, takes_back=True)


@post("/assembly/object", include_in_schema=False, sync_to_thread=True)
def object_to_proposal(errand: Errands) -> Redirect:
    """Object to a proposal."""
    name = errand.form.text("proposal")
    deliberations.object_to(_speaker(errand), name, _written(errand, longest=LONGEST_TEXT))
    return errand.on_to(f"/assembly/proposals/{segment(name)}")


@post("/assembly/settle", include_in_schema=False, sync_to_thread=True)
def settle_objection(errand: Errands) -> Redirect:
    """Say that an objection of one's own is settled, or keep it as dissent."""
    name, objection = errand.form.text("proposal"), errand.form.text("objection")
    is_dissent = errand.form.fields.get("how") == "dissent"
    how: Literal["settled", "dissent"] = "dissent" if is_dissent else "settled"
    deliberations.close_objection(_speaker(errand), name, objection, how)
    return errand.on_to(f"/assembly/proposals/{segment(name)}")


@post("/assembly/say", include_in_schema=False, sync_to_thread=True)
def say_statement(errand: Errands) -> Redirect:
    """Make a statement."""
    name = errand.form.text("talk")
    written = _written(errand, longest=LONGEST_STATEMENT)
    deliberations.say(_speaker(errand), name, written)
    return errand.on_to(f"/assembly/talks/{segment(name)}")


@post("/assembly/vote", include_in_schema=False, sync_to_thread=True)
def vote_on_statement(errand: Errands) -> Redirect:
    """Agree with a statement, disagree, or pass."""
    name, statement = errand.form.text("talk"), errand.form.text("statement")
    deliberations.vote_on(_speaker(errand), name, statement, errand.form.text("says"))
    return errand.on_to(f"/assembly/talks/{segment(name)}#statement-{segment(statement)}")


@post("/assembly/appeal", include_in_schema=False, sync_to_thread=True)
def appeal_moderation(errand: Errands) -> Redirect:
    """Ask another moderator about a statement of one's own."""
    name, statement = errand.form.text("talk"), errand.form.text("statement")
    written = _written(errand, longest=LONGEST_STATEMENT)
    deliberations.appeal(_speaker(errand), name, statement, written)
    return errand.on_to(f"/assembly/talks/{segment(name)}#log")


@post("/assembly/count", include_in_schema=False, sync_to_thread=True)
def count_votes(errand: Errands) -> Redirect:
    """Put on record what one counted in a room."""
    name, most = errand.form.text("proposal"), 10**8
    counts = Counts(
        *(
            errand.form.number(field, least=0, most=most)
            for field in ("approving", "against", "abstaining", "invalid")
        )
    )
    count(errand.city, errand.agent, name, counts)
    return errand.on_to(f"/assembly/room/{segment(name)}")


@post("/assembly/decide", include_in_schema=False, sync_to_thread=True)
def decide_by_count(errand: Errands) -> Redirect:
    """Put on record what two people counted alike, and all that it does."""
    name = errand.form.text("proposal")
    conclude(errand.city, errand.agent, name, "counted")
    return errand.on_to(f"/assembly/proposals/{segment(name)}")


def _sign(errand: Errand, *, takes_back: bool) -> Redirect:
    name = errand.form.text("petition")
    sign(errand.city, errand.agent, name, takes_back=takes_back)
    return errand.on_to(f"/assembly/petitions/{segment(name)}")


def _speaker(errand: Errand) -> Speaker:
    return Speaker(errand.city, errand.register, errand.agent)


def _written(errand: Errand, *, longest: int) -> Written:
    language = errand.renderer.language(errand.request).code
    return Written(errand.form.text("text", longest=longest), language)


ROUTES = (
    *(pages.assembly_page, pages.petition_page, pages.proposal_page, pages.talk_page),
    *(sign_petition, unsign_petition, object_to_proposal, settle_objection),
    *(say_statement, vote_on_statement, appeal_moderation),
    *(pages.room_page, count_votes, decide_by_count),
)
