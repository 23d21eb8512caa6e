"""The tree of a record: its root at any size, and proofs, from few reads.

Only every eighth level of the tree is kept beside the record (C2SP tlog-tiles), in a snapshot that
may be deleted at any time; the levels between are hashed again when they are asked for. A root or a
proof then reads a few hundred hashes, however long the record is.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Protocol

from bioloom.ledger.proofs.merkle import leaf_hash, node_hash

# Levels of the tree between two that are kept: 256 hashes below make one above.
STRIDE = 8
_WIDTH = 1 << STRIDE
# So many tiles are computed at a time when the snapshot grows.
_TOGETHER = 64

# The hashes of the entries with `start <= index < end`, counted from 0.
EntryHashes = Callable[[int, int], list[bytes]]
Range = tuple[int, int]


class Tiles(Protocol):
    """Where every eighth level of a tree is kept: the roots of full subtrees, in their order."""

    def count(self, level: int) -> int:
        """How many roots of a level are kept."""

    def read(self, level: int, start: int, count: int) -> list[bytes]:
        """Roots of a level; fewer where no more are kept."""

    def append(self, level: int, start: int, roots: Sequence[bytes]) -> None:
        """Keep further roots of a level, durably."""

    def clear(self) -> None:
        """Forget all; they can be computed again."""


class Tree:
    """The Merkle tree over the hashes of a record's entries."""

    def __init__(self, entry_hashes: EntryHashes, tiles: Tiles) -> None:
        self._entry_hashes, self._tiles = entry_hashes, tiles

    def grow(self, size: int) -> None:
        """Bring the snapshot up to a size of the record."""
        level = STRIDE
        while (full := size >> level) > 0:
            kept = self._tiles.count(level)
            for start in range(kept, full, _TOGETHER):
                count = min(_TOGETHER, full - start)
                self._tiles.append(level, start, self._computed(level, start, count))
            level += STRIDE

    def root(self, size: int) -> bytes:
        """The root of the tree over the first entries."""
        return self._hash((0, size)) if size else sha256(b"").digest()

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The proof that an entry, counted from 0, is among the first `size`."""
        return [self._hash(one) for one in inclusion_ranges(index, size)]

    def consistency(self, older: int, newer: int) -> list[bytes]:
        """The proof that the first `newer` entries begin with the first `older`."""
        return [self._hash(one) for one in consistency_ranges(older, newer)]

    def _hash(self, range_: Range) -> bytes:
        """The root over a range as a proof names it, which may end within a full subtree."""
        return joined([self._node(level, index) for level, index in full_subtrees(range_)])

    def _node(self, level: int, index: int) -> bytes:
        above = level % STRIDE
        return folded(self._kept(level - above, index << above, 1 << above))

    def _kept(self, level: int, start: int, count: int) -> list[bytes]:
        """Hashes of a level that is kept; whatever is not there is computed from what is below."""
        if level == 0:
            return [leaf_hash(one) for one in self._entry_hashes(start, start + count)]
        kept = self._tiles.read(level, start, count)
        return kept + self._computed(level, start + len(kept), count - len(kept))

    def _computed(self, level: int, start: int, count: int) -> list[bytes]:
        if not count:
            return []
        below = self._kept(level - STRIDE, start * _WIDTH, count * _WIDTH)
        return [folded(below[at : at + _WIDTH]) for at in range(0, len(below), _WIDTH)]


class Frontier:
    """A tree that is walked from its first leaf on, of which only the right edge is remembered."""

    def __init__(self) -> None:
        self.size = 0
        # Roots of the full subtrees of the leaves so far, the largest first.
        self._roots: list[bytes] = []

    def add(self, entry_hash: bytes) -> None:
        """Take the next leaf in."""
        root, size = leaf_hash(entry_hash), self.size
        while size & 1:
            root, size = node_hash(self._roots.pop(), root), size >> 1
        self._roots.append(root)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._roots:
            return sha256(b"").digest()
        return joined(self._roots)


def joined(roots: Sequence[bytes]) -> bytes:
    """The root over full subtrees that stand side by side, the largest first."""
    *before, last = roots
    for left in reversed(before):
        last = node_hash(left, last)
    return last


def folded(hashes: Sequence[bytes]) -> bytes:
    """The root over hashes whose number is a power of two."""
    while len(hashes) > 1:
        hashes = [
            node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)
        ]
    return hashes[0]


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges of entries whose roots prove that an entry is in a tree, the lowest first.

    Example:
        >>> inclusion_ranges(4, 7)
        [(5, 6), (6, 7), (0, 4)]

    Source:
        RFC 6962, section 2.1.1.
    """
    assert 0 <= index < size
    start, end, ranges = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(older: int, newer: int) -> list[Range]:
    """The ranges of entries whose roots prove that a tree begins with an older one.

    Example:
        >>> consistency_ranges(3, 7)
        [(2, 3), (3, 4), (0, 2), (4, 7)]

    Source:
        RFC 6962, section 2.1.2.
    """
    assert 0 <= older <= newer
    start, end, ranges = 0, newer, []
    if older in (0, newer):
        return []
    while older != end:
        middle = start + _split(end - start)
        if older <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    # Whoever checks knows the older root already, if it is that of a full subtree.
    return [*([(start, end)] if start else []), *ranges[::-1]]


def full_subtrees(range_: Range) -> Iterator[tuple[int, int]]:
    """The full subtrees (level, index) that a range of a tree is made of, from the left.

    >>> list(full_subtrees((0, 7)))
    [(2, 0), (1, 2), (0, 6)]
    """
    start, end = range_
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def _split(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)
