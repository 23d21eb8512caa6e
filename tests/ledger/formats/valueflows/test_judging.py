"""Judging Valueflows files: every problem with its place, and none in what is sound."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.formats.valueflows.judging import judge_graph
from bioloom.ledger.formats.verdicts import FileJudged

SOUND: dict[str, Any] = {
    "@id": "urn:uuid:1",
    "@type": "EconomicEvent",
    "action": "vf:consume",
    "provider": "https://mill.example",
    "receiver": "https://mill.example",
    "inputOf": "urn:uuid:2",
    "hasPointInTime": "2024-01-01T12:00:00Z",
    "resourceQuantity": {"hasUnit": "kilogram", "hasNumericalValue": "4.5"},
}


def judged(*things: object) -> FileJudged:
    return judge_graph("file.json", json.dumps({"@graph": list(things)}).encode())


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in SOUND.items() if key != name}


def test_a_sound_event_has_no_problem() -> None:
    assert judged(SOUND).verdict == "accept"


@pytest.mark.parametrize(
    ("thing", "path"),
    [
        (without("action"), "$.@graph[0].action"),
        (SOUND | {"action": "devour"}, "$.@graph[0].action"),
        (without("provider"), "$.@graph[0].provider"),
        (without("resourceQuantity"), "$.@graph[0]"),
        (without("@type"), "$.@graph[0]"),
        (SOUND | {"hasPointInTime": "soon"}, "$.@graph[0].hasPointInTime"),
        (SOUND | {"resourceQuantity": {"hasUnit": "kilogram"}}, "$.@graph[0].resourceQuantity"),
        (
            SOUND | {"resourceQuantity": {"hasUnit": "kilogram", "hasNumericalValue": "-1"}},
            "$.@graph[0].resourceQuantity",
        ),
    ],
)
def test_what_cannot_be_acted_on_is_rejected_with_its_path(
    thing: dict[str, Any], path: str
) -> None:
    told = judged(SOUND, thing)
    assert told.verdict == "reject"
    paths = [one.path.replace("@graph[1]", "@graph[0]") for one in told.problems]
    assert path in paths


@pytest.mark.parametrize(
    "thing",
    [
        SOUND | {"resourceconformsTo": "m:grain"},
        SOUND | {"@type": "Event"},
        SOUND | {"resourceQuantity": {"hasUnit": "furlong", "hasNumericalValue": 1}},
        without("inputOf") | {"outputOf": "urn:uuid:2"},
    ],
)
def test_what_can_be_read_all_the_same_is_a_warning(thing: dict[str, Any]) -> None:
    assert judged(thing).verdict == "warn"


def test_an_event_inside_a_process_has_the_path_of_its_place() -> None:
    process = {"@id": "urn:uuid:2", "@type": "Process", "hasInput": [without("action")]}

    assert [one.path for one in judged(process).problems] == ["$.@graph[0].hasInput[0].action"]


def test_every_problem_of_a_file_is_told() -> None:
    told = judged(without("action"), without("receiver") | {"@id": "urn:uuid:3"}, "no thing")

    assert [(one.path, one.level) for one in told.problems] == [
        ("$.@graph[0].action", "error"),
        ("$.@graph[1].receiver", "error"),
        ("$.@graph[2]", "warning"),
    ]


@given(st.binary(max_size=300))
def test_any_bytes_get_a_verdict(content: bytes) -> None:
    assert judge_graph("any.json", content).verdict in ("accept", "warn", "reject")
    assert judge_graph("any.yaml", content).verdict in ("accept", "warn", "reject")


def test_no_example_of_valueflows_is_rejected(data: Path) -> None:
    examples = sorted((data / "ledger" / "valueflows" / "examples").glob("*.yaml"))
    rejected = [
        file.name
        for file in examples
        if judge_graph(file.name, file.read_bytes()).verdict == "reject"
    ]

    assert (len(examples), rejected) == (19, [])
