"""The tree is the one of RFC 6962, at any size, and its proofs prove what they say and no more."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bioloom.ledger.proofs.merkle import (
    NotProven,
    check_consistency,
    leaf_hash,
    root_by_inclusion,
)
from bioloom.ledger.proofs.tree import Tree
from bioloom.ledger.stores.tiles import TileFiles

# The leaves, roots and proofs of the reference implementation of Certificate Transparency
# (google/certificate-transparency, merkle_tree_test.cc).
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        *("", "00", "10", "2021", "3031", "40414243"),
        *("5051525354555657", "606162636465666768696a6b6c6d6e6f"),
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSIONS = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
CONSISTENCIES = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
# Beyond two strides of kept levels, and around their seams.
sizes = st.integers(1, 40) | st.sampled_from([255, 256, 257, 511, 512, 513, 700])
LARGE = 65_536 + 256 + 3


def tree_of(leaves: Sequence[bytes], folder: Path | None = None) -> Tree:
    """A tree; where there is no folder, none of it is kept."""
    tiles = TileFiles(folder or Path("nowhere"))
    return Tree(lambda start, end: list(leaves[start:end]), tiles)


def entry_hashes(count: int) -> list[bytes]:
    return [sha256(str(number).encode()).digest() for number in range(count)]


def by_the_book(leaves: Sequence[bytes]) -> bytes:
    """MTH exactly as RFC 6962 defines it, with hashes of its own."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    split = max(2**power for power in range(20) if 2**power < len(leaves))
    left, right = by_the_book(leaves[:split]), by_the_book(leaves[split:])
    return sha256(b"\1" + left + right).digest()


def hexes(hashes: Sequence[bytes]) -> list[str]:
    return [one.hex() for one in hashes]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference(size: int) -> None:
    assert tree_of(LEAVES).root(size).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), INCLUSIONS)
def test_proofs_of_an_entry_are_those_of_the_reference(
    index: int, size: int, path: list[str]
) -> None:
    made = tree_of(LEAVES).inclusion(index, size)

    assert hexes(made) == path
    assert root_by_inclusion(leaf_hash(LEAVES[index]), index, size, made).hex() == ROOTS[size]


@pytest.mark.parametrize(("older", "newer", "path"), CONSISTENCIES)
def test_proofs_of_going_on_are_those_of_the_reference(
    older: int, newer: int, path: list[str]
) -> None:
    made = tree_of(LEAVES).consistency(older, newer)

    assert hexes(made) == path
    roots = bytes.fromhex(ROOTS[older]), bytes.fromhex(ROOTS[newer])
    check_consistency(older, newer, *roots, made)


@settings(max_examples=60)
@given(size=sizes, data=st.data())
def test_the_root_is_that_of_the_definition_however_much_is_kept(
    size: int, data: st.DataObject
) -> None:
    leaves = entry_hashes(size)
    with TemporaryDirectory() as folder:
        tree = tree_of(leaves, Path(folder))
        tree.grow(data.draw(st.integers(0, size), label="kept"))
        assert tree.root(size) == by_the_book(leaves)
        tree.grow(size)
        assert tree.root(size) == by_the_book(leaves)


@settings(max_examples=80)
@given(size=sizes, data=st.data())
def test_every_entry_is_proven_and_nothing_else_is(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1), label="index")
    leaves = entry_hashes(size)
    tree = tree_of(leaves)
    root, path = tree.root(size), tree.inclusion(index, size)

    assert root_by_inclusion(leaf_hash(leaves[index]), index, size, path) == root
    assert root_by_inclusion(leaf_hash(b"another"), index, size, path) != root
    other = data.draw(st.integers(0, size - 1).filter(lambda at: at != index or size == 1))
    assume(other != index)
    assert not proves(leaves[index], other, size, path, root)
    assert not proves(leaves[index], index, size, [*path, root], root)
    assert not proves(leaves[index], index, size, path[1:], root)
    assert not proves(leaves[index], index, size, [*path[1:], bytes(32)], root)


def proves(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    try:
        return root_by_inclusion(leaf_hash(leaf), index, size, path) == root
    except NotProven:
        return False


@settings(max_examples=80)
@given(size=sizes, data=st.data())
def test_a_record_proves_what_it_goes_on_from_and_no_fork_of_it(
    size: int, data: st.DataObject
) -> None:
    older = data.draw(st.integers(0, size), label="older")
    leaves = entry_hashes(size)
    tree = tree_of(leaves)
    path = tree.consistency(older, size)

    check_consistency(older, size, tree.root(older), tree.root(size), path)
    assume(older > 0)
    at = data.draw(st.integers(0, older - 1), label="altered")
    forked = tree_of([*leaves[:at], b"altered", *leaves[at + 1 :]])
    for proof in (path, forked.consistency(older, size)):
        with pytest.raises(NotProven, match=r"forked|fork"):
            check_consistency(older, size, forked.root(older), tree.root(size), proof)
        with pytest.raises(NotProven, match=r"forked"):
            check_consistency(older, size, tree.root(older), forked.root(size), proof)


@pytest.mark.parametrize(
    ("older", "newer", "path", "found"),
    [
        (3, 7, 0, "no proof"),
        (4, 7, 0, "no proof"),
        (7, 3, 0, "cannot begin with"),
        (3, 7, 2, "shorter"),
        (3, 7, 9, "longer"),
    ],
)
def test_a_proof_of_the_wrong_length_proves_nothing(
    older: int, newer: int, path: int, found: str
) -> None:
    with pytest.raises(NotProven, match=found):
        check_consistency(older, newer, bytes(32), bytes(32), [bytes(32)] * path)


def test_an_entry_beyond_the_end_is_not_proven() -> None:
    with pytest.raises(NotProven, match="no entry 8"):
        root_by_inclusion(bytes(32), 7, 7, [])


def test_a_proof_reads_few_hashes_of_a_long_record(tmp_path: Path) -> None:
    leaves, read = entry_hashes(LARGE), 0

    def reading(start: int, end: int) -> list[bytes]:
        nonlocal read
        read += end - start
        return leaves[start:end]

    tree = Tree(reading, TileFiles(tmp_path))
    tree.grow(LARGE)
    assert read == LARGE - LARGE % 256
    read = 0
    root = tree.root(LARGE)
    for index in (0, 255, 256, 65_535, 65_536, LARGE - 1):
        path = tree.inclusion(index, LARGE)
        assert root_by_inclusion(leaf_hash(leaves[index]), index, LARGE, path) == root
    check_consistency(40_000, LARGE, tree.root(40_000), root, tree.consistency(40_000, LARGE))

    assert read < 2_500
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) == (257 + 1) * 32


def test_a_snapshot_of_which_part_is_gone_is_made_again(tmp_path: Path) -> None:
    leaves = entry_hashes(2_000)
    tree = tree_of(leaves, tmp_path)
    tree.grow(2_000)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()

    file.write_bytes(whole[:100])
    assert tree.root(2_000) == by_the_book(leaves)
    tree.grow(2_000)
    assert file.read_bytes() == whole
    TileFiles(tmp_path).clear()
    assert tree.root(2_000) == by_the_book(leaves)
