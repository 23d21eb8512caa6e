"""The Merkle tree over the hashes of entries: its hashes, and how its proofs are checked.

Source:
    RFC 6962, section 2.1 (the tree); RFC 9162, sections 2.1.3.2 and 2.1.4.2 (checking proofs).
"""

import hashlib
from collections.abc import Sequence


class NotProven(Exception):  # noqa: N818  An answer of checking, not an error of the program.
    """What is said does not follow from the file and the key; says why."""


def leaf_hash(entry_hash: bytes) -> bytes:
    """The hash of a leaf, which is an entry's own hash of 32 bytes.

    Example:
        >>> leaf_hash(b"").hex()[:16]
        '6e340b9cffb37a98'
    """
    return hashlib.sha256(b"\x00" + entry_hash).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_by_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2).

    Args:
        leaf: The hash of the leaf.
        index: Which leaf it is, from 0.
        size: How many leaves the tree has.
        path: The proof, from the leaf's neighbour up.

    Raises:
        NotProven: If no tree of that size has a proof of that length.
    """
    if not 0 <= index < size:
        raise NotProven(f"A tree of {size} entries has no entry {index + 1}.")
    first, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise NotProven("The proof of the entry is longer than its tree is high.")
        if first & 1 or first == last:
            found = node_hash(step, found)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            found = node_hash(found, step)
        first, last = first >> 1, last >> 1
    if last:
        raise NotProven("The proof of the entry is shorter than its tree is high.")
    return found


def check_consistency(
    older: int, newer: int, older_root: bytes, newer_root: bytes, path: Sequence[bytes]
) -> None:
    """Check that a tree begins with an older one (RFC 9162, section 2.1.4.2).

    Args:
        older: How many leaves the older tree has.
        newer: How many the newer one has.
        older_root: The root of the older tree.
        newer_root: The root of the newer tree.
        path: The proof.

    Raises:
        NotProven: If the proof does not show it.
    """
    if not 0 <= older <= newer:
        raise NotProven(f"A record of {newer} entries cannot begin with one of {older}.")
    if older in (0, newer):
        # Every record begins with the empty one, and with itself.
        expected = newer_root if older else hashlib.sha256(b"").digest()
        if path or older_root != expected:
            raise NotProven(f"Two heads of {older} entries differ: the record was forked.")
        return
    if not path:
        raise NotProven("There is no proof that the record begins with the older one.")
    found = _roots_by_consistency(older, newer, older_root, path)
    if found != (older_root, newer_root):
        raise NotProven(
            f"The record of {newer} entries does not begin with the one of {older}: it was forked."
        )


def _roots_by_consistency(
    older: int, newer: int, older_root: bytes, path: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """The two roots that a consistency proof leads to."""
    is_whole = older & (older - 1) == 0
    as_older, *steps = [older_root, *path] if is_whole else path
    first, last, as_newer = older - 1, newer - 1, as_older
    while first & 1:
        first, last = first >> 1, last >> 1
    for step in steps:
        if last == 0:
            raise NotProven("The proof from the older head is longer than the tree is high.")
        if first & 1 or first == last:
            as_older, as_newer = node_hash(step, as_older), node_hash(step, as_newer)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            as_newer = node_hash(as_newer, step)
        first, last = first >> 1, last >> 1
    if last:
        raise NotProven("The proof from the older head is shorter than the tree is high.")
    return as_older, as_newer
