"""Making heads: what a city signs, and what a witness signs beside it."""

import base64
import re
from dataclasses import dataclass

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bioloom.ledger.proofs.notes import (
    LOG_KEY,
    WITNESS_KEY,
    PublicKey,
    from_base64,
    read_head,
    witnessed_message,
)
from bioloom.ledger.stores.protocol import EntryRow
from bioloom.vocabulary.entries.ledger import CityFounded
from bioloom.vocabulary.entries.registry import read_entry
from bioloom.vocabulary.refusal import Refusal

_PRIVATE = "PRIVATE+KEY+"


class HeadSigned(msgspec.Struct, frozen=True, kw_only=True):
    """A head of the record: number and hash of its last entry, the tree's root, and the note."""

    origin: str
    seq: int
    hash: str
    root: str
    # The signed text that is handed out, and the public key that checks it.
    note: str
    key: str


class NoEntries(Refusal):
    """A head of a record that has not begun."""

    def __init__(self) -> None:
        super().__init__(
            what="The record has no entries yet.",
            why="A head stands for the entries below it.",
            remedy="Make the city with `bioloom init`, which writes the first.",
        )


def origin_of(first: EntryRow) -> str:
    """What names a record in its heads: the city, and its first entry's hash, which is its alone.

    Raises:
        EntryUnreadable: If the first entry cannot be read.
    """
    founded = read_entry(first.text, first.kind).body
    name = founded.name if isinstance(founded, CityFounded) else "city"
    # Neither spaces nor "+" may stand in the name of a key.
    plain = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-") or "city"
    return f"bioloom/{plain[:40]}/{first.hash.hex()[:16]}"


def head_text(origin: str, size: int, root: bytes) -> str:
    """What is signed of a head (C2SP tlog-checkpoint).

    >>> head_text("example.com/log", 1, bytes(32)).splitlines()[:2]
    ['example.com/log', '1']
    """
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Both halves of a key with its name. The private half is written nowhere but in its file."""

    name: str
    kind: int
    private: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """The half that everybody may know."""
        return PublicKey(self.name, self.kind, self.private.public_key().public_bytes_raw())

    def written(self) -> str:
        """The key as its file has it, in the form of Go's `sumdb/note`."""
        secret = bytes([self.kind]) + self.private.private_bytes_raw()
        written = base64.b64encode(secret).decode()
        return f"{_PRIVATE}{self.name}+{self.public.key_id.hex()}+{written}\n"


class KeyUnreadable(Refusal):
    """A file that should hold a private key holds something else."""

    def __init__(self) -> None:
        super().__init__(
            what="The file holds no private key.",
            why="What is signed with it must be checked with the public key that belongs to it.",
            remedy="Name the file that `bioloom keys witness` or `bioloom keys make` wrote.",
        )


def read_signing_key(text: str) -> SigningKey:
    """Read a key from its file.

    Raises:
        KeyUnreadable: If it is none.
    """
    name, _, rest = text.strip().removeprefix(_PRIVATE).partition("+")
    key_id, _, written = rest.partition("+")
    secret = from_base64(written)
    if not text.startswith(_PRIVATE) or len(secret) != 33:
        raise KeyUnreadable
    key = SigningKey(name, secret[0], Ed25519PrivateKey.from_private_bytes(secret[1:]))
    if key.kind not in (LOG_KEY, WITNESS_KEY) or key.public.key_id.hex() != key_id:
        raise KeyUnreadable
    return key


def sign_head(text: str, key: SigningKey) -> str:
    """A head as it is handed out: its text and the city's signature (C2SP signed-note)."""
    return f"{text}\n{_signature_line(key, key.private.sign(text.encode()))}"


def cosign(note: str, key: SigningKey, *, signed_s: int) -> str:
    """A head with a witness's signature below those it has (C2SP tlog-cosignature).

    Args:
        note: A head; that it goes on from the one the witness held is checked before.
        key: The witness's own key.
        signed_s: Now [s since 1970].

    Raises:
        NotProven: If it is no head.
    """
    signature = key.private.sign(witnessed_message(read_head(note).text, signed_s))
    return note + _signature_line(key, signed_s.to_bytes(8, "big") + signature)


def _signature_line(key: SigningKey, value: bytes) -> str:
    written = base64.b64encode(key.public.key_id + value).decode()
    return f"\u2014 {key.name} {written}\n"
