"""Secrets: how they are made, and what of them is kept."""

from base64 import b32encode, urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256

from bioloom.vocabulary.periods import Instant, epoch_ms, from_epoch_ms

# So many bytes by chance; `secrets.token_bytes` everywhere but in tests.
Chance = Callable[[int], bytes]

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
_SECRET_BYTES = 32


def new_secret(chance: Chance) -> str:
    """A secret of 256 bits, as text for an address, a cookie or a header."""
    return urlsafe_b64encode(chance(_SECRET_BYTES)).decode().rstrip("=")


def new_id(chance: Chance) -> str:
    """A short name for something in the register; no secret.

    >>> new_id(bytes)
    'aaaaaaaaaaaaaaaa'
    """
    return b32encode(chance(10)).decode().lower()


def kept(secret: str) -> bytes:
    """What is kept of a secret: its SHA-256, by which it is looked up.

    Whoever guesses cannot steer the hash, so how long the look-up takes tells them nothing; a
    secret of 256 bits needs no salt and no slow hash.
    """
    return sha256(secret.encode("utf-8", "surrogateescape")).digest()


def later(at: Instant, milliseconds: int) -> Instant:
    """The instant so much later.

    >>> later(Instant("2024-01-01T12:00:00.000Z"), DAY_MS)
    '2024-01-02T12:00:00.000Z'
    """
    return from_epoch_ms(epoch_ms(at) + milliseconds)
