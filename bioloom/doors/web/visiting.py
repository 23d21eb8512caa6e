"""Visiting: who is asking. Nobody, a person with a session, or a program with a token.

Every handler may ask for the `visitor`. A form that writes carries the visitor's seal, which
another site can neither read nor make; a guard looks at it before the handler is called.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from hashlib import sha256
from typing import Any, Literal

import msgspec
from litestar import Request
from litestar.di import NamedDependency

from bioloom.doors.register.stores.rows import Token
from bioloom.vocabulary.agents import AgentId

# A form's hidden field, or the header of a script of ours, has the seal.
SEAL_FIELD = "seal"
SEAL_HEADER = "x-bioloom-seal"
# Where the guard leaves the visitor for the handler and the page's frame.
VISITOR = "bioloom_visitor"
_MAC_BYTES = 32


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Who is asking, as far as a cookie or a token proves it."""

    agent: AgentId | None = None
    how: Literal["nobody", "session", "token"] = "nobody"
    # The session's id in the register; its secret is known to the browser alone.
    session: str | None = None
    # What a token was let in for; a person who is there themselves needs no such limit.
    token: Token | None = None
    # What a form has in its field `seal`; another one every time, and each is good.
    seal: str = ""

    @property
    def reads_as(self) -> AgentId | None:
        """As whom they see the record: a token without the scope "read" sees what anybody may."""
        return self.agent if self.token is None or "read" in self.token.scopes.split() else None


# What a handler asks for to know who is there.
Visiting = NamedDependency[Visitor]

NOBODY = Visitor()


def visitor_of(request: Request[Any, Any, Any]) -> Visitor:
    """Who asks; nobody, until a guard has found out."""
    found = request.scope["state"].get(VISITOR, NOBODY)
    assert isinstance(found, Visitor)
    return found


def seal_for(secret: str) -> str:
    """A seal for the forms of a session, which only who has the session's secret can make.

    It is masked with a pad by chance: a compressed page that repeats what a stranger asked for
    would otherwise tell him, by its length, a letter of it at a time (the attack BREACH).
    """
    pad = secrets.token_bytes(_MAC_BYTES)
    return urlsafe_b64encode(pad + _xor(pad, _mac(secret))).decode("ascii")


def is_sealed(secret: str, seal: str) -> bool:
    """Whether a form's seal was made for this session.

    Example:
        >>> is_sealed("a secret", seal_for("a secret")), is_sealed("another", seal_for("a secret"))
        (True, False)
    """
    try:
        masked = urlsafe_b64decode(seal.encode("ascii"))
    except (NotBase64, UnicodeEncodeError, ValueError):
        return False
    if len(masked) != 2 * _MAC_BYTES:
        return False
    found = _xor(masked[:_MAC_BYTES], masked[_MAC_BYTES:])
    return hmac.compare_digest(found, _mac(secret))


def _mac(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"forms of this session", sha256)


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
