"""Strict reading: hostile JSON and YAML are refused, and nothing else comes of them."""

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.formats.linked import strict
from bioloom.ledger.formats.linked.strict import (
    DocumentTooLarge,
    DocumentUnreadable,
    read_json,
    read_yaml,
)

LAUGHS = b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]"
scalars = st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(max_size=20)
trees = st.dictionaries(
    st.text(max_size=10),
    st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner)
    ),
    max_size=5,
)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b'{"a": NaN}', "not a number"),
        (b'{"a": 1, "a": 2}', "'a' twice"),
        (b'{"a": ' + b"9" * 100 + b"}", "60 characters"),
        (b'{"a": 1e999999999}', "out of any range"),
        (b"[" * 100_000, "too deeply"),
        (b'{"a":' * 70 + b"1" + b"}" * 70, "deeper than 60"),
        (b'{"a": "\\ud800"}', "surrogates"),
        (b"\xff\xfe", "utf-8"),
        (b"[1]", "no object"),
        (b"", "Expecting value"),
    ],
)
def test_json_that_could_be_read_in_two_ways_is_refused(text: bytes, fault: str) -> None:
    with pytest.raises(DocumentUnreadable, match=fault):
        read_json(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (LAUGHS, "alias"),
        (b"a: 1\na: 2", "line 2 has a key again"),
        (b"!!python/object:os.system {}", "a tag"),
        (b"a: " + b"[" * 100_000, "60 levels"),
        (b"? [a]\n: b", "no text"),
        (b"a: \xff", "utf-8"),
        (b"a: b: c", "not allowed"),
        (b"- 1", "no object"),
    ],
)
def test_yaml_that_makes_or_repeats_something_is_refused(text: bytes, fault: str) -> None:
    with pytest.raises(DocumentUnreadable, match=fault):
        read_yaml(text)


def test_documents_larger_than_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict, "LARGEST_JSON_BYTES", 10)
    monkeypatch.setattr(strict, "LARGEST_YAML_BYTES", 10)
    with pytest.raises(DocumentTooLarge, match="JSON"):
        read_json(b"{" + b" " * 20 + b"}")
    with pytest.raises(DocumentTooLarge, match="YAML"):
        read_yaml(b"a: aaaaaaaaaaaaaaaaaa")


def test_numbers_stay_exact() -> None:
    assert read_json(b'{"a": 0.1, "b": 12345678901234567890}') == {
        "a": Decimal("0.1"),
        "b": 12345678901234567890,
    }


@given(tree=trees)
def test_what_json_wrote_is_read_as_it_was(tree: dict[str, object]) -> None:
    assert read_json(json.dumps(tree).encode()) == tree


@given(text=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(text: bytes) -> None:
    for read in (read_json, read_yaml):
        with suppress(DocumentUnreadable):
            assert isinstance(read(text), dict)
