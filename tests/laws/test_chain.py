"""The chain: one spelling of every entry, hashes anybody can recompute, ids that find it."""

import json
from hashlib import sha256
from typing import Any
from uuid import RFC_4122, UUID

import msgspec
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.ledger.record.chain import canonical_text, id_prefix, seq_in_id
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.registry import KINDS, VERSIONS, read_entry
from bioloom.vocabulary.periods import Instant, epoch_ms, from_epoch_ms
from tests.ledger.records import LATER, LOTS, STEWARD, arrival, histories, material, noon

# What is awkward to write: control signs, quotes, separators, the last signs of planes.
awkward = st.sampled_from(
    '\x00\x1f\x7f\x80"\\/\b\f\n\r\t\u2028\u2029\ufeff\uffff\U0001f331\U0010ffff'
)
texts = st.text(awkward | st.characters(exclude_categories=["Cs"]), max_size=12)
integers = st.integers(-(2**53) + 1, 2**53 - 1)
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [-0.0, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 333333333.3333333, 1e16]
)
instants = st.integers(0, 4_102_444_800_000).map(from_epoch_ms)


def of_type(kind: msgspec.inspect.Type) -> st.SearchStrategy[Any]:  # noqa: PLR0911
    """Values of any type that a body may have, told from the type itself."""
    match kind:
        case msgspec.inspect.StructType(cls, fields):
            return st.builds(cls, **{field.name: of_type(field.type) for field in fields})
        case msgspec.inspect.VarTupleType(item):
            return st.lists(of_type(item), max_size=3).map(tuple)
        case msgspec.inspect.TupleType(items):
            return st.tuples(*map(of_type, items))
        case msgspec.inspect.DictType(key, value):
            return st.dictionaries(of_type(key), of_type(value), max_size=4)
        case msgspec.inspect.UnionType(types):
            return st.one_of(*map(of_type, types))
        case msgspec.inspect.LiteralType(values):
            return st.sampled_from(values)
        case msgspec.inspect.DateType():
            return st.dates()
        case msgspec.inspect.NoneType():
            return st.none()
    plain = {
        msgspec.inspect.StrType: texts,
        msgspec.inspect.IntType: integers,
        msgspec.inspect.FloatType: numbers,
        msgspec.inspect.BoolType: st.booleans(),
    }
    return plain[type(kind)]


def entries_of(kind: str) -> st.SearchStrategy[Entry[Any]]:
    return st.builds(
        Entry,
        seq=st.integers(1, 2**40 - 1),
        id=texts,
        kind=st.just(kind),
        version=st.just(VERSIONS[kind]),
        occurred_at=instants,
        recorded_at=instants,
        author=texts,
        idempotency_key=texts,
        corrects=st.none() | texts,
        cause=st.none() | texts,
        body=of_type(msgspec.inspect.type_info(KINDS[kind])),
        hash=st.just(msgspec.UNSET),
    )


# The spelling


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(data=st.data())
def test_an_entry_is_spelled_as_the_reference_spells_it(kind: str, data: st.DataObject) -> None:
    entry = data.draw(entries_of(kind))

    assert canonical_text(entry) == rfc8785.dumps(msgspec.to_builtins(entry))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(data=st.data())
def test_what_is_read_is_what_was_written(kind: str, data: st.DataObject) -> None:
    entry = data.draw(entries_of(kind))

    # Minus zero is written as zero, and equals it.
    assert read_entry(canonical_text(entry), kind) == entry


# The hashes


@given(history=histories)
def test_anybody_can_recompute_every_hash_from_the_texts(history: list[Draft[Any]]) -> None:
    journal = Journal(MemoryStore())
    journal.append(history, recorded_at=LATER)

    previous = bytes(32)
    for row, entry in zip(journal.store.rows(), journal.read(), strict=True):
        previous = sha256(previous + row.text).digest()
        assert row.hash == previous
        assert entry.hash == previous.hex()
        assert "hash" not in json.loads(row.text)
    assert journal.head().hash == previous.hex()


def test_a_record_without_entries_ends_at_a_hash_of_zeros() -> None:
    head = Journal(MemoryStore()).head()

    assert (head.seq, head.hash, head.recorded_at) == (0, "00" * 32, None)


# The ids


@given(recorded_ms=st.integers(0, 2**48 - 1), salt=texts, seq=st.integers(0, 2**40 - 1))
def test_an_id_is_a_uuid_of_version_8_that_says_when_and_which(
    recorded_ms: int, salt: str, seq: int
) -> None:
    found = UUID(spelled := f"{id_prefix(recorded_ms, salt)}{seq:010x}")

    assert (found.version, found.variant) == (8, RFC_4122)
    assert str(found) == spelled
    assert found.int >> 80 == recorded_ms
    assert seq_in_id(spelled) == seq


@given(text=texts)
def test_a_text_that_is_no_id_leads_to_no_entry(text: str) -> None:
    journal = Journal(MemoryStore())
    journal.record([arrival("peel", 5)], recorded_at=LATER)

    assert journal.by_id(text) is None


@given(clock=st.lists(st.integers(1, 28), min_size=1, max_size=6))
def test_ids_and_times_of_recording_never_go_back_with_the_clock(clock: list[int]) -> None:
    journal = Journal(MemoryStore())
    for at, day in enumerate(clock):
        journal.record([material("Peel", key=str(at))], recorded_at=noon(day))

    entries = list(journal.read())
    times = [entry.recorded_at for entry in entries]
    assert times == [noon(max(clock[: at + 1])) for at in range(len(clock))]
    assert [entry.id for entry in entries] == sorted(entry.id for entry in entries)
    assert [UUID(entry.id).int >> 80 for entry in entries] == list(map(epoch_ms, times))


def test_every_id_of_a_record_names_the_same_record() -> None:
    """Also where the very first draft was refused."""
    journal = Journal(MemoryStore())
    unheard = arrival("peel", 5, key="not the lot's name")
    journal.append([unheard, *(arrival(lot, 1) for lot in LOTS)], recorded_at=LATER)
    journal.append([material("Peel")], recorded_at=LATER)

    assert len({entry.id[14:-10] for entry in journal.read()}) == 1


def test_two_records_do_not_share_their_ids() -> None:
    ids = []
    for token in ("one", "other"):
        journal = Journal(MemoryStore())
        (entry,) = journal.record([material("Peel", key=f"city:{token}")], recorded_at=LATER)
        ids.append(entry.id)

    assert ids[0] != ids[1]


def test_the_first_entry_of_a_record_can_be_checked_by_hand() -> None:
    journal = Journal(MemoryStore())
    (entry,) = journal.record([material("Peel")], recorded_at=Instant("2024-06-01T00:00:00.000Z"))

    text = (
        b'{"author":"steward","body":{"group":"organics","material":"organics",'
        b'"name":"Peel"},"id":"' + entry.id.encode() + b'",'
        b'"idempotency_key":"material","kind":"MaterialDeclared",'
        b'"occurred_at":"2024-01-01T12:00:00.000Z","recorded_at":"2024-06-01T00:00:00.000Z",'
        b'"seq":1,"version":1}'
    )
    assert entry.author == STEWARD
    assert entry.hash == sha256(bytes(32) + text).hexdigest()
