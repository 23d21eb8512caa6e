"""One's own account: where one is signed in, tokens, recovery codes, and being forgotten."""

import msgspec
from litestar import Response, get, post
from litestar.response import Redirect

from bioloom.doors.compose import now
from bioloom.doors.register.deciding import decide
from bioloom.doors.register.secrets import DAY_MS, later
from bioloom.doors.register.sessions import ABSOLUTE_MS, IDLE_MS
from bioloom.doors.register.stores.rows import Session
from bioloom.doors.register.tokens import SCOPES
from bioloom.doors.web.asking import Form
from bioloom.doors.web.guards.acting import acting_as
from bioloom.doors.web.routes.people.errands import Errand, Errands
from bioloom.doors.web.routes.people.inviting import groups_where
from bioloom.doors.web.routes.people.signing_in import forget_cookie
from bioloom.doors.web.visiting import NOBODY, VISITOR
from bioloom.ledger.people import deciding
from bioloom.ledger.people.permitting import About
from bioloom.ledger.people.roles import Act
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.covenants import CovenantId
from bioloom.vocabulary.periods import Instant, epoch_ms

_LONGEST_TOKEN_DAYS = 365


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A membership that somebody else has recorded, and the covenants that would bind by it."""

    member: AgentId
    group: AgentId
    covenants: dict[CovenantId, str]


@get("/me", include_in_schema=False, sync_to_thread=True)
def account_page(errand: Errands) -> Response[str]:
    """Who one is here, what one may do, and every way in that one has."""
    agent, at = errand.agent, now()
    people = errand.renderer.desk.people()
    return errand.page(
        "people/account",
        name=errand.register.name_of(agent),
        offices=sorted(people.offices_of(agent, on=at), key=str),
        groups=sorted(people.groups_of(agent, on=at)),
        asked=_asked(errand),
        may_invite=bool(groups_where(errand, "invite")),
        may_look_after=bool(groups_where(errand, "grant_role")),
        sessions=errand.register.sessions.sessions_of(agent, at=at),
        until=_until,
        passkeys=errand.register.passkeys.passkeys_of(agent),
        passkeys_work=errand.gate.address.can_hold_passkeys(errand.host),
        codes_left=errand.register.recovery.codes_left(agent),
        tokens=[one for one in errand.register.tokens.tokens_of(agent) if at < one.expires_at],
        scopes=tuple(SCOPES),
    )


@post("/me/accept", include_in_schema=False, sync_to_thread=True)
def accept(errand: Errands) -> Redirect:
    """Give one's own word for a membership, or that of a household or group one speaks for."""
    member, group = (AgentId(errand.form.text(name)) for name in ("member", "group"))
    decide(errand.city, errand.agent, lambda deed: [deciding.accept(member, group, deed=deed)])
    return errand.on_to("/me")


@post("/me/sessions/end", include_in_schema=False, sync_to_thread=True)
def end_sessions(errand: Errands) -> Redirect:
    """End one session of one's own, or all but this one where none is named."""
    agent = errand.agent
    named = errand.form.fields.get("session")
    others = [session.id for session in errand.register.sessions.sessions_of(agent, at=now())]
    for session in [named] if named else others:
        if session != errand.visitor.session:
            errand.register.sessions.end_session(session, agent=agent)
    return errand.on_to("/me")


@post("/me/codes", include_in_schema=False, sync_to_thread=True, status_code=200)
def make_codes(errand: Errands) -> Response[str]:
    """Make new recovery codes, and show them once."""
    codes = errand.register.recovery.make_codes(errand.agent)
    told = errand.say("secret.codes")
    return errand.show_once(told=told, secrets=codes, back="/me")


@post("/me/tokens", include_in_schema=False, sync_to_thread=True, status_code=200)
def make_token(errand: Errands) -> Response[str]:
    """Make a token for a program, and show it once."""
    agent, at = _for_oneself(errand, "issue_token"), now()
    days = errand.form.number("days", least=1, most=_LONGEST_TOKEN_DAYS)
    issued = errand.register.tokens.issue(
        agent,
        errand.form.text("name", longest=60),
        _chosen(errand.form),
        expires_at=later(at, days * DAY_MS),
        at=at,
    )
    told = errand.say("secret.token")
    return errand.show_once(told=told, secrets=[issued.secret], back="/me")


@post("/me/tokens/revoke", include_in_schema=False, sync_to_thread=True)
def revoke_token(errand: Errands) -> Redirect:
    """Revoke a token; the next time a program shows it, it is nobody's."""
    errand.register.tokens.revoke(errand.form.text("token"), agent=errand.agent)
    return errand.on_to("/me")


@get("/me/forget", include_in_schema=False, sync_to_thread=True)
def forget_page(errand: Errands) -> Response[str]:
    """What being forgotten means, and a button."""
    return errand.page("people/forget")


@post("/me/forget", include_in_schema=False, sync_to_thread=True, status_code=200)
def forget(errand: Errands) -> Response[str]:
    """Forget whoever asks for it; the record keeps their pseudonym and stays as it is."""
    errand.form.text("sure")
    errand.register.forget(_for_oneself(errand, "forget"))
    # The page that says so is already for nobody.
    errand.request.scope["state"][VISITOR] = NOBODY
    page = errand.page("people/forgotten")
    page.cookies = [forget_cookie(errand.gate)]
    return page


def _asked(errand: Errand) -> list[Asked]:
    """Memberships that await a word which is the visitor's to give."""
    people, at = errand.renderer.desk.people(), now()
    bonds = list(errand.renderer.desk.covenants().binding(epoch_ms(at)))
    asked = []
    for member in people.voices_of(errand.agent, on=at):
        for group in people.unanswered(member, on=at):
            above = {group, *people.groups_of(group, on=at)}
            found = [one.terms for one in bonds if one.terms.commons in above]
            covenants = {terms.covenant: terms.title for terms in found}
            asked.append(Asked(member=member, group=group, covenants=covenants))
    return asked


def _for_oneself(errand: Errand, act: Act) -> AgentId:
    about = About(sides=(errand.agent,))
    return acting_as(errand.visitor, act, errand.renderer, about=about)


def _chosen(form: Form) -> list[str]:
    return [scope for scope in SCOPES if form.fields.get(scope)]


def _until(session: Session) -> Instant:
    """When a session ends by itself, unless it is used again before."""
    return min(later(session.seen_at, IDLE_MS), later(session.begun_at, ABSOLUTE_MS))
