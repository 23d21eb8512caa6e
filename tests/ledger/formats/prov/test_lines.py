"""A lot's line as W3C PROV: read by another program, and the same in both notations."""

import json
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prov.model import (
    ProvActivity,
    ProvAgent,
    ProvDerivation,
    ProvDocument,
    ProvEntity,
    ProvGeneration,
    ProvUsage,
)

from bioloom.ledger.formats.prov.documents import Statement, named, write_json, write_provn
from bioloom.ledger.formats.prov.lines import KinTooMany, statements_of
from bioloom.ledger.holdings import LotUnknown
from bioloom.vocabulary.lots import LotId
from tests.ledger.events.happenings import event, journal_with, milling, opened, told
from tests.ledger.records import arrival
from tests.ledger.test_tracing import rags_to_paper


def read(statements: list[Statement]) -> ProvDocument:
    """What the oracle, the `prov` package, makes of our PROV-JSON."""
    text = write_json(statements).decode()
    return ProvDocument.deserialize(StringIO(text), format="json")


def test_another_program_reads_where_a_lot_came_from() -> None:
    document = read(statements_of(rags_to_paper(), LotId("stock"), "back"))

    entities = {str(entity.identifier) for entity in document.get_records(ProvEntity)}
    assert entities == {f"lot:{name}" for name in ("stock", "paper", "fibre", "wool", "linen")}
    derived = {
        tuple(str(value) for _, value in record.formal_attributes[:2])
        for record in document.get_records(ProvDerivation)
    }
    assert derived == {
        ("lot:fibre", "lot:wool"),
        ("lot:fibre", "lot:linen"),
        ("lot:paper", "lot:fibre"),
        ("lot:stock", "lot:paper"),
    }


def test_every_lot_is_generated_once_and_what_is_used_has_its_figure() -> None:
    document = read(statements_of(rags_to_paper(), LotId("linen"), "forward"))

    generated = [record.args[0] for record in document.get_records(ProvGeneration)]
    assert len(generated) == len(set(generated)) == 4
    used = [
        str(value) for record in document.get_records(ProvUsage) for _, value in record.attributes
    ]
    assert {'"4" %% xsd:long', '"5" %% xsd:long', '"15" %% xsd:long'} <= set(used)


def test_both_notations_say_the_same() -> None:
    statements = statements_of(rags_to_paper(), LotId("stock"), "back")
    document = read(statements)

    ours, theirs = write_provn(statements).decode(), document.get_provn()
    for kind in ("entity(", "activity(", "agent(", "used(", "wasGeneratedBy(", "wasDerivedFrom("):
        count = sum(line.strip().startswith(kind) for line in theirs.splitlines())
        assert sum(line.strip().startswith(kind) for line in ours.splitlines()) == count, kind
    assert len(list(document.get_records(ProvActivity))) == 5
    assert {str(one.identifier) for one in document.get_records(ProvAgent)} == {
        "agent:ana",
        "agent:ben",
    }
    assert "wasDerivedFrom(lot:fibre, lot:wool, process:tear, -, -)" in ours


def test_what_is_told_in_the_wrong_order_is_derived_all_the_same() -> None:
    journal = journal_with(
        arrival("wool", 10),
        milling(tolerance_per_mille=None),
        opened("tear"),
        told(event("produce", "fibre", "9 mg", output_of="tear", made="fibre"), "1"),
        told(event("consume", "wool", "10 mg", input_of="tear"), "2"),
    )

    document = read(statements_of(journal, LotId("fibre"), "back"))

    assert len(list(document.get_records(ProvDerivation))) == 1


def test_an_unknown_lot_is_refused() -> None:
    with pytest.raises(LotUnknown, match="silver"):
        statements_of(rags_to_paper(), LotId("silver"), "back")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_any_name_and_any_text_comes_back_as_it_was(text: str) -> None:
    entity = Statement(kind="entity", name=named("lot", text), attributes={"prov:label": text})

    (record,) = read([entity]).get_records(ProvEntity)

    assert record.label == text
    assert json.loads(write_json([entity]))["entity"].keys() == {str(named("lot", text))}
    assert write_provn([entity]).decode().count("\n") == 8


def test_a_lot_of_too_many_kin_is_refused_where_somebody_waits() -> None:
    whole = statements_of(rags_to_paper(), LotId("stock"), "back", most=4)

    assert whole == statements_of(rags_to_paper(), LotId("stock"), "back")
    with pytest.raises(KinTooMany, match="More than 3 lots are kin to 'stock'"):
        statements_of(rags_to_paper(), LotId("stock"), "back", most=3)
