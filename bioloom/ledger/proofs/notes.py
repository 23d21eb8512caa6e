"""Signed heads: what they say, who signed them, and the keys by which that is checked.

Source:
    C2SP signed-note and tlog-checkpoint (heads), tlog-cosignature (witnesses).
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bioloom.ledger.proofs.merkle import NotProven

# The kinds of key that a signed note names: a log's own, and a witness's.
LOG_KEY, WITNESS_KEY = 1, 4
_LONGEST_NOTE = 64_000


@dataclass(frozen=True)
class PublicKey:
    """A public key with its name, as a signed note knows it (C2SP vkey)."""

    name: str
    kind: int
    key: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.key
        return hashlib.sha256(named).digest()[:4]

    def __str__(self) -> str:
        written = base64.b64encode(bytes([self.kind]) + self.key).decode()
        return f"{self.name}+{self.key_id.hex()}+{written}"


@dataclass(frozen=True)
class Signature:
    """A signature line of a note: who is said to have signed, and what they wrote."""

    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True)
class Head:
    """Where a record ended: how many entries it had, and the root of the tree over them."""

    origin: str
    size: int
    root: bytes
    # All of it, the text that is signed, and who signed it.
    note: str
    text: str
    signatures: tuple[Signature, ...]


def read_key(text: str) -> PublicKey:
    """Read a public key written as name+id+key.

    Raises:
        NotProven: If it is no such key.
    """
    name, plus, rest = text.strip().partition("+")
    key_id, _, written = rest.partition("+")
    value = from_base64(written)
    if not name or not plus or len(value) != 33 or value[0] not in (LOG_KEY, WITNESS_KEY):
        raise NotProven("The key is not written as name+id+key, as `bioloom keys show` prints it.")
    key = PublicKey(name, value[0], value[1:])
    if key.key_id.hex() != key_id:
        raise NotProven("The key does not fit its id: part of it is missing or mistyped.")
    return key


def read_head(note: str) -> Head:
    """Read a head without checking who signed it.

    Raises:
        NotProven: If it is no signed head.
    """
    text, blank, lines = note.rpartition("\n\n")
    body = f"{text}\n"
    if not blank or len(note) > _LONGEST_NOTE or not lines.endswith("\n"):
        raise NotProven("This is no signed head: it has no text with signatures below it.")
    signatures = tuple(_read_signature(line) for line in lines[:-1].split("\n"))
    origin, *figures = text.split("\n")
    if len(figures) < 2 or not all((origin, *figures)) or not _is_number(figures[0]):
        raise NotProven("This is no signed head: origin, size and root are not its first lines.")
    root = from_base64(figures[1])
    if len(root) != 32:
        raise NotProven("The root of the head is not 32 bytes.")
    return Head(origin, int(figures[0]), root, note, body, signatures)


def witnessed_message(text: str, signed_s: int) -> bytes:
    """What a witness signs: the head, and when [s since 1970]."""
    return f"cosignature/v1\ntime {signed_s}\n{text}".encode()


def rotation_message(agent: str, purpose: str, public_key: str) -> bytes:
    """What a key signs to name the key that follows it."""
    return f"bioloom-key/v1\n{agent}\n{purpose}\n{public_key}\n".encode()


def verifies(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature is good."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def signature_by(head: Head, key: PublicKey) -> bytes | None:
    """What a key signed a head with; none where there is no signature of that key.

    Raises:
        NotProven: If there is one, and it does not fit.
    """
    for signature in head.signatures:
        if (signature.name, signature.key_id) != (key.name, key.key_id):
            continue
        value, message = signature.value, head.text.encode()
        if key.kind == WITNESS_KEY:
            message = witnessed_message(head.text, int.from_bytes(value[:8], "big"))
            value = value[8:]
        if not verifies(key.key, value, message):
            raise NotProven(f"The signature of {key.name} does not fit the head: it is forged.")
        return signature.value
    return None


def _read_signature(line: str) -> Signature:
    dash, name, written = [*line.split(" "), "", ""][:3]
    value = from_base64(written)
    if dash != "\u2014" or not name or len(value) < 5:
        raise NotProven("This is no signed head: a line below its text is no signature.")
    return Signature(name, value[:4], value[4:])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19 and str(int(text)) == text


def from_base64(text: str) -> bytes:
    """The bytes that a text stands for; none where it is not their one spelling in base 64."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return found if base64.b64encode(found).decode() == text else b""
