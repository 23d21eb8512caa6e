"""Replaying Valueflows documents: the after-states that they tell are reached exactly."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.formats.linked.strict import DocumentUnreadable
from bioloom.ledger.formats.valueflows.graph import read_graph
from bioloom.ledger.formats.valueflows.naming import AgentReserved
from bioloom.ledger.formats.valueflows.replaying import replay
from bioloom.ledger.formats.valueflows.states import Replay

WITH_STATES = {
    "ex-exchange-02": 2,
    "ex-exchange-03": 2,
    "ex-exchange-04": 2,
    "ex-exchange-09": 5,
    "ex-production-00": 4,
    "ex-production-08": 3,
    "ex-production-11": 4,
}


def example(data: Path, name: str) -> Replay:
    file = data / "ledger" / "valueflows" / "examples" / f"{name}.yaml"
    return replay(read_graph(file.read_bytes(), is_yaml=True))


def of(*things: dict[str, Any]) -> Replay:
    document = {"@context": {"m": "https://mill.example/"}, "@graph": list(things)}
    return replay(read_graph(json.dumps(document).encode(), is_yaml=False))


def kilograms(number: object) -> dict[str, object]:
    return {"hasUnit": "kilogram", "hasNumericalValue": number}


def resource(name: str, number: object, **more: object) -> dict[str, Any]:
    return {
        "@id": name,
        "@type": "EconomicResource",
        "primaryAccountable": "https://mill.example",
        "conformsTo": "m:grain",
        "accountingQuantity": kilograms(number),
    } | more


def event(name: str, action: str, number: object, **more: object) -> dict[str, Any]:
    return {
        "@id": name,
        "@type": "EconomicEvent",
        "action": action,
        "provider": "https://mill.example/",
        "receiver": "https://mill.example/",
        "resourceQuantity": kilograms(number),
    } | more


@pytest.mark.parametrize(("name", "states"), WITH_STATES.items())
def test_every_published_after_state_is_reached_exactly(data: Path, name: str, states: int) -> None:
    replayed = example(data, name)

    assert replayed.equal
    assert replayed.holds
    assert len(replayed.compared) == states


def test_every_published_example_is_replayed_or_told_why_not(data: Path) -> None:
    examples = data / "ledger" / "valueflows" / "examples"
    for file in examples.glob("*.yaml"):
        replayed = example(data, file.stem)
        assert all(one.what and one.remedy for one in replayed.refused)


def test_a_mistyped_id_is_told_and_not_guessed_silently(data: Path) -> None:
    replayed = example(data, "ex-exchange-03")
    read_as = [one for one in replayed.compared if one.read_as is not None]

    assert len(read_as) == 1
    assert any(
        "No event and no earlier state has this resource" in one.what for one in replayed.remarks
    )
    assert any("'resourceconformsTo' is no term" in one.what for one in replayed.remarks)


def test_what_is_assumed_to_have_been_there_is_labelled(data: Path) -> None:
    assumed = [
        (one.agent, one.assumed_opening)
        for one in example(data, "ex-exchange-09").resources
        if one.assumed_opening is not None
    ]

    assert assumed == [("https://alice.example", "10")]


def test_what_a_process_accepted_and_did_not_give_back_is_used_up(data: Path) -> None:
    buckets = example(data, "ex-production-08").resources[0]

    assert buckets.after.accounting_quantity == "1318"
    assert buckets.after.onhand_quantity == "1318"


@given(before=st.integers(10, 10**6), taken=st.integers(1, 9), claimed=st.integers(0, 10**6))
def test_a_state_is_equal_exactly_if_it_is_what_is_left(
    before: int, taken: int, claimed: int
) -> None:
    replayed = of(
        resource("m:sacks", before),
        event("m:1", "consume", taken, resourceInventoriedAs="m:sacks"),
        resource("m:sacks", claimed),
    )

    assert replayed.equal == (claimed == before - taken)
    assert replayed.resources[0].after.accounting_quantity == str(before - taken)


def test_what_the_ledger_refuses_is_told_and_changes_nothing() -> None:
    replayed = of(
        resource("m:sacks", 5),
        event("m:1", "consume", 7, resourceInventoriedAs="m:sacks"),
        event("m:2", "grind", 1, resourceInventoriedAs="m:sacks"),
        resource("m:sacks", 5),
    )

    assert replayed.equal
    assert not replayed.holds
    assert [one.kind for one in replayed.refused] == ["ActionUnknown", "Overdraft"]


def test_a_document_cannot_act_as_an_account_at_the_edge() -> None:
    with pytest.raises(AgentReserved, match="inside"):
        of(event("m:1", "transfer", 7, resourceInventoriedAs="m:sacks", provider="inside"))


@pytest.mark.parametrize("number", ["NaN", "1e99", "-5", "x" * 100, "9" * 59, None, True, [1], ""])
def test_amounts_that_are_none_are_told(number: object) -> None:
    replayed = of(event("m:1", "produce", number, resourceInventoriedAs="m:sacks"))

    assert replayed.refused
    assert replayed.recorded == 0


def test_a_document_without_a_graph_is_refused() -> None:
    with pytest.raises(DocumentUnreadable, match="@graph"):
        read_graph(b"{}", is_yaml=False)


values: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.just([]) | st.just({})
)


@given(
    spoiled=st.dictionaries(
        st.sampled_from(
            (
                *("@id", "@type", "action", "provider", "resourceQuantity", "hasInput", "stage"),
                *("resourceInventoriedAs", "inputOf", "outputOf", "fulfills", "trackingIdentifier"),
            )
        ),
        values,
    )
)
def test_no_event_breaks_the_replay(spoiled: dict[str, Any]) -> None:
    told = event("m:1", "consume", 1, resourceInventoriedAs="m:sacks") | spoiled

    replayed = of(resource("m:sacks", 5), told)

    assert replayed.resources
