"""Passkey ceremonies: a key is made, and later shown to be held (W3C Web Authentication, Level 3).

The private half never leaves the person's device; the register keeps the public half.
"""

from hashlib import sha256

import msgspec
import webauthn
from webauthn.helpers import parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bioloom.doors.register.stores.rows import Passkey
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.refusal import Refusal

_LONGEST_ANSWER_BYTES = 20_000


class PasskeyRefused(Refusal):
    """A passkey's answer does not prove what it should."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what="The passkey was not accepted.",
            why=f"Its answer does not hold: {found}.",
            remedy="Try again; or sign in by a link or a recovery code.",
        )


class PasskeysNeedAName(Refusal):
    """Passkeys are bound to a name, and this page was opened by its number."""

    def __init__(self, *, host: str) -> None:
        self.host = host
        super().__init__(
            what=f"Passkeys do not work at '{host[:100]}'.",
            why="Browsers bind a passkey to a name, and only over TLS or on `localhost`.",
            remedy="Open this page at http://localhost with the same port, or at the city's name.",
        )


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a passkey is made for: the relying party, by its name and its origin."""

    name: str
    host: str
    origin: str


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """The public half of a passkey that was just made."""

    credential: bytes
    public_key: bytes
    sign_count: int


def ask_to_make(
    party: Party, challenge: bytes, *, agent: AgentId, called: str, known: list[bytes]
) -> bytes:
    """What the browser is asked for to make a passkey, as JSON.

    Args:
        party: Who asks.
        challenge: Bytes by chance.
        agent: For whom; the device keeps a digest of it.
        called: What the device calls the account.
        known: The credentials that the person has already, of which no second is made.
    """
    options = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name=party.name,
        user_id=sha256(agent.encode()).digest(),
        user_name=called,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return webauthn.options_to_json(options).encode()


def ask_to_show(party: Party, challenge: bytes) -> bytes:
    """What the browser is asked for to show a passkey, whosever it is, as JSON."""
    options = webauthn.generate_authentication_options(rp_id=party.host, challenge=challenge)
    return webauthn.options_to_json(options).encode()


def answered(answer: bytes) -> tuple[bytes, bytes]:
    """The credential and the challenge that an answer is about; nothing of it is proven yet.

    Raises:
        PasskeyRefused: If it is not an answer.
    """
    if len(answer) > _LONGEST_ANSWER_BYTES:
        raise PasskeyRefused(found="it is too long")
    try:
        told = msgspec.json.decode(answer, type=_Answer)
        client = parse_client_data_json(webauthn.base64url_to_bytes(told.response.clientDataJSON))
        return webauthn.base64url_to_bytes(told.rawId), client.challenge
    except (msgspec.DecodeError, WebAuthnException, ValueError, TypeError, KeyError) as unreadable:
        raise PasskeyRefused(found="it cannot be read") from unreadable


def made(answer: bytes, party: Party, challenge: bytes) -> Made:
    """The passkey that was made, from what the browser answered.

    Raises:
        PasskeyRefused: If the answer is not to this challenge, at this origin, by a present person.
    """
    try:
        verified = webauthn.verify_registration_response(
            credential=answer.decode(),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as refused:
        raise PasskeyRefused(found=_told(refused)) from refused
    return Made(
        credential=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
    )


def shown(answer: bytes, party: Party, challenge: bytes, passkey: Passkey) -> int:
    """How often a passkey was used, once it is shown to be held.

    Raises:
        PasskeyRefused: If the answer was not signed by it, or its count went back (a copy).
    """
    try:
        verified = webauthn.verify_authentication_response(
            credential=answer.decode(),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as refused:
        raise PasskeyRefused(found=_told(refused)) from refused
    return verified.new_sign_count


def _told(refused: Exception) -> str:
    return str(refused)[:200] or type(refused).__name__


class _Response(msgspec.Struct):
    # The names are those of the standard.
    clientDataJSON: str  # noqa: N815


class _Answer(msgspec.Struct):
    rawId: str  # noqa: N815
    response: _Response
