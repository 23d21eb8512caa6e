"""Heads and proofs are read as others write them, and whatever is altered proves nothing."""

import json
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.ledger.proofs.checking import check
from bioloom.ledger.proofs.heads import (
    HeadSigned,
    KeyUnreadable,
    SigningKey,
    cosign,
    head_text,
    origin_of,
    read_signing_key,
    sign_head,
)
from bioloom.ledger.proofs.keyring import Keyring
from bioloom.ledger.proofs.merkle import NotProven
from bioloom.ledger.proofs.notes import LOG_KEY, WITNESS_KEY, read_head, read_key, signature_by
from bioloom.ledger.proofs.proving import prove
from bioloom.ledger.proofs.tree import Tree
from bioloom.ledger.stores.protocol import EntryRow
from tests.ledger.proofs.test_merkle import tree_of
from tests.ledger.records import arrival, journal_of, material

# The key, text and note of the reference implementation of signed notes
# (golang.org/x/mod/sumdb/note, note_test.go).
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_OWN = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
NOTE = (
    f"{TEXT}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSN"
    "XgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# The head that the standard shows (C2SP tlog-checkpoint).
CHECKPOINT = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
    "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
OWN = SigningKey("town", LOG_KEY, Ed25519PrivateKey.from_private_bytes(bytes(32)))
SIZE, OLDER, ENTRY = 7, 3, 5


def a_proof() -> tuple[dict[str, Any], str, str]:
    """A proof of entry 5 of 7 since the head of 3, the key, and that head."""
    journal = journal_of(material("Peel"), *(arrival(f"lot {one}", 5) for one in range(6)))
    rows = list(journal.store.rows())
    tree = tree_of([row.hash for row in rows])
    key = SigningKey(origin_of(rows[0]), LOG_KEY, OWN.private)
    proof = prove(
        journal.store,
        tree,
        ENTRY,
        head=signed(tree, rows, SIZE, key),
        ring=Keyring(),
        since=read_head(signed(tree, rows, OLDER, key).note),
    )
    held = signed(tree, rows, OLDER, key).note
    return msgspec.to_builtins(proof), str(key.public), held


def signed(tree: Tree, rows: list[EntryRow], size: int, key: SigningKey) -> HeadSigned:
    root = tree.root(size)
    note = sign_head(head_text(key.name, size, root), key)
    return HeadSigned(
        origin=key.name,
        seq=size,
        hash=rows[size - 1].hash.hex(),
        root=root.hex(),
        note=note,
        key=str(key.public),
    )


PROOF, KEY, HELD = a_proof()


def test_a_note_is_signed_as_the_reference_signs_it() -> None:
    assert sign_head(TEXT, read_signing_key(PETERS_OWN)) == NOTE
    assert str(read_signing_key(PETERS_OWN).public) == PETER
    assert read_signing_key(PETERS_OWN).written() == PETERS_OWN + "\n"


def test_the_head_that_the_standard_shows_is_read() -> None:
    head = read_head(CHECKPOINT)

    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert head_text(head.origin, head.size, head.root) == head.text
    assert [one.name for one in head.signatures] == ["example.com/behind-the-sofa"]


@pytest.mark.parametrize("cut", range(len(PETER)))
def test_a_key_of_which_something_is_missing_is_none(cut: int) -> None:
    for text in (PETER[:cut], PETER[cut + 1 :], PETER[:cut] + PETER[cut + 1 :]):
        with pytest.raises(NotProven, match="key"):
            read_key(text)


@pytest.mark.parametrize("cut", range(1, len(PETERS_OWN)))
def test_a_private_key_of_which_something_is_missing_is_none(cut: int) -> None:
    with pytest.raises(KeyUnreadable, match="no private key"):
        read_signing_key(PETERS_OWN[:cut])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "a\n1\n",
        TEXT,
        NOTE,
        CHECKPOINT.replace("20852163", "020852163"),
        CHECKPOINT.replace("20852163", "-1"),
        CHECKPOINT.replace("20852163", "9" * 30),
        CHECKPOINT.replace("CsUYap", "CsU"),
        CHECKPOINT.replace("\u2014 ", "- "),
        CHECKPOINT.replace("Az3grl", ""),
        CHECKPOINT.rstrip("\n"),
        CHECKPOINT + "\n",
        CHECKPOINT + "\u2014 me AAAA\n",
        CHECKPOINT.replace("20852163\n", "20852163\n\n"),
    ],
)
def test_what_is_no_head_is_not_read_as_one(note: str) -> None:
    with pytest.raises(NotProven, match=r"no signed head|not 32 bytes"):
        read_head(note)


def test_a_whole_proof_holds() -> None:
    checked = check(json.dumps(PROOF), read_key(KEY), held=HELD)

    assert (checked.head.size, len(checked.said)) == (SIZE, 3)
    assert checked.entry is not None
    assert json.loads(checked.entry)["seq"] == ENTRY
    assert (
        sha256(bytes.fromhex(PROOF["previous"]) + checked.entry.encode()).hexdigest()
        in (checked.said[1])
    )


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a proof at which a text or a number stands."""
    match value:
        case dict():
            return [place for name in value for place in places(value[name], (*path, name))]
        case list():
            return [place for at, one in enumerate(value) for place in places(one, (*path, at))]
    return [path]


@settings(max_examples=300)
@given(data=st.data())
def test_a_proof_in_which_anything_is_altered_proves_nothing(data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(places(PROOF)))
    altered = json.loads(json.dumps(PROOF))
    inside = altered
    for step in place[:-1]:
        inside = inside[step]
    value = inside[place[-1]]
    if isinstance(value, int):
        changed: object = data.draw(st.integers() | st.none() | st.booleans() | st.text())
    else:
        at = data.draw(st.integers(0, len(value) - 1))
        sign = data.draw(st.characters(exclude_categories=["Cs"]) | st.just(""))
        changed = value[:at] + sign + value[at + 1 :]
    inside[place[-1]] = changed
    is_same = changed == value and type(changed) is type(value)
    is_same_hex = place != ("head",) and str(changed).lower() == str(value).lower()
    if is_same or is_same_hex:
        return

    # Only the head that is said to be older may be another: it is compared with the one held.
    held = HELD if place[0] in ("since", "consistency") else None
    with pytest.raises(NotProven, match=r"\w"):
        check(json.dumps(altered), read_key(KEY), held=held)


@settings(max_examples=300)
@given(data=st.data())
def test_a_file_of_any_json_is_answered_and_proves_nothing(data: st.DataObject) -> None:
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
        max_leaves=6,
    )
    field = data.draw(st.sampled_from(sorted(PROOF)))
    changed = PROOF | {field: data.draw(values)}
    if changed[field] == PROOF[field] or (field == "keys" and not isinstance(changed[field], list)):
        return

    with pytest.raises(NotProven, match=r"\w"):
        check(json.dumps(changed), read_key(KEY), held=HELD)


@pytest.mark.parametrize("text", ["[" * 100_000, "{" * 100_000, "\ud800", "1" * 5_000, "{}"])
def test_a_file_that_no_reader_likes_is_answered(text: str) -> None:
    with pytest.raises(NotProven, match=r"\w"):
        check(text, read_key(KEY))


def test_a_witness_signs_beside_the_city() -> None:
    witness = SigningKey("library", WITNESS_KEY, OWN.private)
    note = cosign(HELD, witness, signed_s=1_679_315_147)
    head = read_head(note)

    value = signature_by(head, witness.public)
    assert value is not None
    assert int.from_bytes(value[:8], "big") == 1_679_315_147
    assert check(note, read_key(KEY)).head.size == OLDER
    # The same key as a city's own is another key: its id and what it signs differ.
    assert signature_by(head, SigningKey("library", LOG_KEY, OWN.private).public) is None
    assert check(note, read_key(KEY)).said == check(HELD, read_key(KEY)).said
