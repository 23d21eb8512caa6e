"""Passkeys: added to one's account, and used to sign in, by a script of ours."""

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from bioloom.doors.compose import now
from bioloom.doors.web.rendering import AnyRequest
from bioloom.doors.web.routes.people.ceremonies import (
    Party,
    PasskeyRefused,
    PasskeysNeedAName,
    answered,
    ask_to_make,
    ask_to_show,
    made,
    shown,
)
from bioloom.doors.web.routes.people.errands import SHOWN_ONCE, Errand, Errands
from bioloom.doors.web.routes.people.signing_in import come_in
from bioloom.vocabulary.agents import AgentId

# What the browser sent, as it was.
Answer = NamedDependency[bytes]


async def answer_of(request: AnyRequest) -> bytes:
    """The bytes that a script of ours sent."""
    return await request.body()


@post("/sign-in/passkey/question", include_in_schema=False, sync_to_thread=True, status_code=200)
def question_for_anybody(errand: Errands) -> Response[bytes]:
    """Ask for a passkey, whosever it is."""
    party = _party(errand)
    challenge = errand.register.passkeys.challenge(None, at=now())
    return _question(ask_to_show(party, challenge))


@post("/sign-in/passkey", include_in_schema=False, sync_to_thread=True)
def sign_in_by_passkey(errand: Errands, answer: Answer) -> Redirect:
    """Begin a session for whoever holds a passkey that is known here."""
    party, at = _party(errand), now()
    credential, challenge = _taken(errand, answer, None)
    passkey = errand.register.passkeys.passkey(credential)
    if passkey is None:
        raise PasskeyRefused(found="it is not known here")
    sign_count = shown(answer, party, challenge, passkey)
    if not errand.register.passkeys.used(credential, sign_count=sign_count, at=at):
        raise PasskeyRefused(found="it was copied, or used at the same moment")
    with errand.register.store.writing():
        begun = errand.register.sessions.begin(passkey.agent, "passkey", at=at)
    return come_in(errand, begun, to="/me")


@post("/me/passkeys/question", include_in_schema=False, sync_to_thread=True, status_code=200)
def question_for_oneself(errand: Errands) -> Response[bytes]:
    """Ask for a new passkey."""
    agent = errand.agent
    party = _party(errand)
    challenge = errand.register.passkeys.challenge(agent, at=now())
    known = [passkey.credential for passkey in errand.register.passkeys.passkeys_of(agent)]
    called = errand.register.name_of(agent) or agent
    return _question(ask_to_make(party, challenge, agent=agent, called=called, known=known))


@post("/me/passkeys", include_in_schema=False, sync_to_thread=True)
def add_passkey(errand: Errands, answer: Answer) -> Redirect:
    """Keep a passkey that was just made."""
    agent, at = errand.agent, now()
    party = _party(errand)
    _, challenge = _taken(errand, answer, agent)
    new = made(answer, party, challenge)
    kept = errand.register.passkeys.add(
        agent,
        str(len(errand.register.passkeys.passkeys_of(agent)) + 1),
        new.credential,
        public_key=new.public_key,
        sign_count=new.sign_count,
        at=at,
    )
    if kept is None:
        raise PasskeyRefused(found="it is known here already")
    return errand.on_to("/me")


@post("/me/passkeys/remove", include_in_schema=False, sync_to_thread=True)
def remove_passkey(errand: Errands) -> Redirect:
    """Take one of one's passkeys away."""
    errand.register.passkeys.remove(errand.form.text("passkey"), agent=errand.agent)
    return errand.on_to("/me")


def _party(errand: Errand) -> Party:
    """For whom a passkey is made.

    Raises:
        PasskeysNeedAName: If the page was opened in a way in which browsers have no passkeys.
    """
    ours = errand.gate.address
    if not ours.can_hold_passkeys(errand.host):
        raise PasskeysNeedAName(host=errand.host)
    return Party(
        name=errand.city.settings.name, host=ours.hostname_for(errand.host), origin=errand.origin
    )


def _taken(errand: Errand, answer: bytes, agent: AgentId | None) -> tuple[bytes, bytes]:
    """The credential and the challenge of an answer, once the challenge is used up.

    Raises:
        PasskeyRefused: If it was not given to this agent, or is too old.
    """
    credential, challenge = answered(answer)
    if not errand.register.passkeys.take(challenge, agent, at=now()):
        raise PasskeyRefused(found="it answers no question that is open")
    return credential, challenge


def _question(asked: bytes) -> Response[bytes]:
    return Response(asked, media_type="application/json", headers=SHOWN_ONCE)
