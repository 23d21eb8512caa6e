"""Passkeys: added to one's account, and used to sign in, by a script of ours."""

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from bioloom.doors.compose import now
from bioloom.doors.web.asking import Sent
from bioloom.doors.web.guards.admitting import Gate
from bioloom.doors.web.rendering import AnyRequest, Pages
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
from bioloom.doors.web.routes.people.showing import SHOWN_ONCE, oneself
from bioloom.doors.web.routes.people.signing_in import Gates, Registers, come_in, in_language
from bioloom.doors.web.visiting import Visiting

# What the browser sent, as it was.
Answer = NamedDependency[bytes]


async def answer_of(request: AnyRequest) -> bytes:
    """The bytes that a script of ours sent."""
    return await request.body()


@post("/sign-in/passkey/question", include_in_schema=False, sync_to_thread=True, status_code=200)
def question_for_anybody(
    request: AnyRequest, renderer: Pages, register: Registers, gate: Gates
) -> Response[bytes]:
    """Ask for a passkey, whosever it is."""
    party = _party(request, renderer.desk.city.settings.name, gate)
    challenge = register.passkeys.challenge(None, at=now())
    return _question(ask_to_show(party, challenge))


@post("/sign-in/passkey", include_in_schema=False, sync_to_thread=True)
def sign_in_by_passkey(
    *,
    request: AnyRequest,
    renderer: Pages,
    answer: Answer,
    register: Registers,
    gate: Gates,
    visitor: Visiting,
) -> Redirect:
    """Begin a session for whoever holds a passkey that is known here."""
    party, at = _party(request, renderer.desk.city.settings.name, gate), now()
    credential, challenge = answered(answer)
    if not register.passkeys.take(challenge, None, at=at):
        raise PasskeyRefused(found="it answers no question that is open")
    passkey = register.passkeys.passkey(credential)
    if passkey is None:
        raise PasskeyRefused(found="it is not known here")
    sign_count = shown(answer, party, challenge, passkey)
    if not register.passkeys.used(credential, sign_count=sign_count, at=at):
        raise PasskeyRefused(found="it was copied, or used at the same moment")
    with register.store.writing():
        begun = register.sessions.begin(passkey.agent, "passkey", at=at)
    return come_in(request, begun, register, gate, visitor, to="/me")


@post("/me/passkeys/question", include_in_schema=False, sync_to_thread=True, status_code=200)
def question_for_oneself(
    request: AnyRequest, renderer: Pages, register: Registers, gate: Gates, visitor: Visiting
) -> Response[bytes]:
    """Ask for a new passkey."""
    agent = oneself(visitor)
    party = _party(request, renderer.desk.city.settings.name, gate)
    challenge = register.passkeys.challenge(agent, at=now())
    known = [passkey.credential for passkey in register.passkeys.passkeys_of(agent)]
    called = register.name_of(agent) or agent
    return _question(ask_to_make(party, challenge, agent=agent, called=called, known=known))


@post("/me/passkeys", include_in_schema=False, sync_to_thread=True)
def add_passkey(
    *,
    request: AnyRequest,
    renderer: Pages,
    answer: Answer,
    register: Registers,
    gate: Gates,
    visitor: Visiting,
) -> Redirect:
    """Keep a passkey that was just made."""
    agent, at = oneself(visitor), now()
    party = _party(request, renderer.desk.city.settings.name, gate)
    _, challenge = answered(answer)
    if not register.passkeys.take(challenge, agent, at=at):
        raise PasskeyRefused(found="it answers no question that is open")
    new = made(answer, party, challenge)
    kept = register.passkeys.add(
        agent,
        str(len(register.passkeys.passkeys_of(agent)) + 1),
        new.credential,
        public_key=new.public_key,
        sign_count=new.sign_count,
        at=at,
    )
    if kept is None:
        raise PasskeyRefused(found="it is known here already")
    return Redirect(in_language(request, "/me"), status_code=303)


@post("/me/passkeys/remove", include_in_schema=False, sync_to_thread=True)
def remove_passkey(
    request: AnyRequest, form: Sent, register: Registers, visitor: Visiting
) -> Redirect:
    """Take one of one's passkeys away."""
    register.passkeys.remove(form.text("passkey"), agent=oneself(visitor))
    return Redirect(in_language(request, "/me"), status_code=303)


def _party(request: AnyRequest, city: str, gate: Gate) -> Party:
    """For whom a passkey is made.

    Raises:
        PasskeysNeedAName: If the page was opened in a way in which browsers have no passkeys.
    """
    host = request.headers.get("host", "")
    if not gate.address.can_hold_passkeys(host):
        raise PasskeysNeedAName(host=host)
    origin = gate.address.origin_for(host)
    return Party(name=city, host=gate.address.hostname_for(host), origin=origin)


def _question(asked: bytes) -> Response[bytes]:
    return Response(asked, media_type="application/json", headers=SHOWN_ONCE)
