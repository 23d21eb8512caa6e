"""Checking a head or a proof of a record, trusting nothing but a public key.

This file, `merkle.py` and `notes.py` need the package `cryptography` and nothing else: no city, no
network and no other part of Bioloom. `bioloom check --script` prints them as one program.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from bioloom.ledger.proofs.merkle import (
    NotProven,
    check_consistency,
    leaf_hash,
    root_by_inclusion,
)
from bioloom.ledger.proofs.notes import (
    LOG_KEY,
    Head,
    PublicKey,
    read_head,
    rotation_message,
    signature_by,
    verifies,
)

FORMAT = "bioloom-proof/1"
_LONGEST_PATH = 64


@dataclass(frozen=True)
class Checked:
    """What was proven: the head, the entry and the older head where there are any, in words."""

    head: Head
    said: tuple[str, ...]
    entry: str | None = None


def check(file: str, key: PublicKey, *, held: str | None = None) -> Checked:
    """Check a head, or a proof, against a public key.

    Args:
        file: The text of a head, or of a proof as `bioloom prove` writes it.
        key: The city's public key, from where you trust it.
        held: A head that you were given earlier, which must be what this one goes on from.

    Returns:
        What is proven.

    Raises:
        NotProven: If anything in it does not follow.
    """
    proof = _read_proof(file) if file.lstrip().startswith("{") else None
    if proof is None:
        head, said, text = read_head(file), [], None
        said.append(_check_signed(head, key, []))
    else:
        head, text = read_head(_text(proof, "head")), _text(proof, "text")
        said = [_check_signed(head, key, _links(proof)), _check_entry(proof, head, text)]
    since = None if proof is None else proof.get("since")
    if held is not None or since is not None:
        older = _older(head, held, since)
        path = [] if proof is None or since is None else _path(proof, "consistency")
        check_consistency(older[0], head.size, older[1], head.root, path)
        said.append(
            f"The record goes on from the head of {older[0]} entries with root {older[1].hex()}."
        )
    return Checked(head, tuple(said), text)


def _check_signed(head: Head, key: PublicKey, links: Sequence[tuple[bytes, bytes]]) -> str:
    """That a head is signed by the key, or by one that follows it link by link."""
    if head.origin != key.name:
        raise NotProven(f"The head is one of '{head.origin}', and the key is of '{key.name}'.")
    trusted = [key]
    trusted += [PublicKey(key.name, LOG_KEY, new) for old, new in _followed(key.key, links)]
    for number, one in enumerate(trusted):
        if signature_by(head, one):
            by = "the key" if number == 0 else f"a key that follows it ({one.key_id.hex()})"
            return f"The head of {head.size} entries is signed by {by}."
    raise NotProven("The head is not signed by this key, nor by one that follows it.")


def _followed(key: bytes, links: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    known, followed = {key}, []
    for old, new in links:
        if old in known:
            known.add(new)
            followed.append((old, new))
    return followed


def _check_entry(proof: dict[str, object], head: Head, text: str) -> str:
    seq = _number(proof, "seq")
    entry_hash = hashlib.sha256(_hex(proof, "previous") + text.encode()).digest()
    path = _path(proof, "inclusion")
    if root_by_inclusion(leaf_hash(entry_hash), seq - 1, head.size, path) != head.root:
        raise NotProven(f"Entry {seq} is not in the record that the head stands for.")
    return f"Entry {seq} is in it, with this very text, as hash {entry_hash.hex()}."


def _older(head: Head, held: str | None, since: object) -> tuple[int, bytes]:
    """Size and root of the older head: the one that is held, or else the one the proof names."""
    named = None
    if since is not None:
        if not isinstance(since, dict):
            raise NotProven("The proof's 'since' cannot be read.")
        named = _number(since, "size"), _hex(since, "root")
    if held is None:
        assert named is not None, "asked only where there is one of the two"
        return named
    older = read_head(held)
    if older.origin != head.origin:
        raise NotProven(f"The head that is held is one of '{older.origin}'.")
    if named not in (None, (older.size, older.root)):
        raise NotProven("The proof goes on from another head than the one that is held.")
    return older.size, older.root


def _links(proof: dict[str, object]) -> list[tuple[bytes, bytes]]:
    """Keys that name the key that follows them, each by a good signature."""
    links, found = proof.get("keys", []), []
    for link in links if isinstance(links, list) else []:
        if not isinstance(link, dict):
            raise NotProven("The proof's keys cannot be read.")
        old, new = _hex(link, "follows"), _hex(link, "public_key")
        message = rotation_message(_text(link, "agent"), "heads", new.hex())
        if not verifies(old, _hex(link, "signature"), message):
            raise NotProven(f"Key {new.hex()[:16]} does not follow {old.hex()[:16]}: it is forged.")
        found.append((old, new))
    return found


def _read_proof(file: str) -> dict[str, object]:
    try:
        proof = json.loads(file)
    except (ValueError, RecursionError) as unreadable:
        raise NotProven(f"The proof cannot be read: {unreadable}.") from unreadable
    if not isinstance(proof, dict) or proof.get("format") != FORMAT:
        raise NotProven(f"This is no proof of the format {FORMAT}.")
    return proof


def _text(proof: dict[str, object], name: str) -> str:
    value = proof.get(name)
    if not isinstance(value, str):
        raise NotProven(f"The proof has no '{name}'.")
    try:
        value.encode()
    except UnicodeEncodeError as unreadable:
        raise NotProven(f"The proof's '{name}' is no text.") from unreadable
    return value


def _number(proof: dict[str, object], name: str) -> int:
    value = proof.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotProven(f"The proof has no '{name}'.")
    return value


def _hex(proof: dict[str, object], name: str) -> bytes:
    try:
        return bytes.fromhex(_text(proof, name))
    except ValueError as unreadable:
        raise NotProven(f"The proof's '{name}' is not written in hexadecimal.") from unreadable


def _path(proof: dict[str, object], name: str) -> list[bytes]:
    steps = proof.get(name)
    if not isinstance(steps, list) or len(steps) > _LONGEST_PATH:
        raise NotProven(f"The proof has no '{name}'.")
    path = [_hex({name: step}, name) for step in steps]
    if any(len(step) != 32 for step in path):
        raise NotProven(f"A step of the proof's '{name}' is not 32 bytes.")
    return path
