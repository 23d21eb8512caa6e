"""SimpleEventQuery: each parameter finds what it asks for, and nothing else."""

import json
from typing import Any

import pytest

from bioloom.ledger.formats.epcis.reading import Event, read_document
from bioloom.ledger.formats.epcis.selecting import (
    QueryNotOffered,
    QueryParameterWrong,
    QueryTooLarge,
    read_query,
    select,
)

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
ITEM, OTHER = "urn:epc:id:sgtin:0614141.107346.2017", "urn:epc:id:sgtin:0614141.107346.2018"
ITEM_LINK = "https://id.gs1.org/01/10614141073464/21/2017"
PALLET = "urn:epc:id:sscc:4012345.0000000333"
ID, FOUR, CBV = "urn:a:1", "2026-01-01T04:00:00Z", "https://ref.gs1.org/cbv/"
PULP = {"epcClass": "urn:epc:class:lgtin:4012345.012345.P1", "quantity": 12.5, "uom": "KGM"}


def at(hour: int, kind: str, **more: object) -> dict[str, Any]:
    time = f"2026-01-01T{hour:02}:00:00"
    own: dict[str, Any] = {"@context": CONTEXT, "type": kind, "eventTimeZoneOffset": "+00:00"}
    return own | {"eventTime": f"{time}Z", "recordTime": f"{time}+01:00"} | more


MADE = at(
    1, "ObjectEvent", action="ADD", epcList=[ITEM], bizStep="commissioning", eventID="urn:a:1"
)
SOLD = at(
    2,
    "ObjectEvent",
    action="OBSERVE",
    epcList=[OTHER],
    bizStep="urn:epcglobal:cbv:bizstep:shipping",
    disposition="in_transit",
    readPoint={"id": "urn:epc:id:sgln:4012345.00011.0"},
    persistentDisposition={"set": ["damaged"]},
    sourceList=[{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00000"}],
    bizTransactionList=[{"type": "po", "bizTransaction": "urn:a:po"}],
)
PACKED = at(3, "AggregationEvent", action="ADD", parentID=PALLET, childEPCs=[ITEM])
TURNED = at(
    4,
    "TransformationEvent",
    inputQuantityList=[PULP],
    outputEPCList=[OTHER],
    transformationID="urn:t:1",
)
WRONG = MADE | {
    "eventTime": "2026-01-01T05:00:00Z",
    "errorDeclaration": {"declarationTime": "2026-01-09T00:00:00Z", "reason": "did_not_occur"},
}
EVENTS: list[Event] = [
    read_document(json.dumps(event).encode()).events[0]
    for event in (MADE, SOLD, PACKED, TURNED, WRONG)
]


def hours(**asked: str) -> list[int]:
    found, _ = select(EVENTS, read_query({"orderBy": "eventTime"} | asked))
    return sorted(int(event.body["eventTime"][11:13]) for event in found)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"eventType": "ObjectEvent|TransformationEvent"}, [1, 2, 4, 5]),
        (
            {"GE_eventTime": "2026-01-01T03:00:00+01:00", "LT_eventTime": "2026-01-01T04:00:00Z"},
            [2, 3],
        ),
        ({"LT_recordTime": "2026-01-01T01:30:00Z"}, [1, 2, 5]),
        ({"EQ_action": "OBSERVE"}, [2]),
        ({"EQ_bizStep": "shipping"}, [2]),
        (
            {"EQ_bizStep": f"{CBV}BizStep-commissioning|cbv:BizStep-packing"},
            [1, 5],
        ),
        ({"EQ_disposition": "urn:epcglobal:cbv:disp:in_transit"}, [2]),
        ({"EQ_persistentDisposition_set": "damaged"}, [2]),
        ({"EQ_readPoint": "https://id.gs1.org/414/4012345000115"}, [2]),
        ({"EQ_eventID": "urn:a:1"}, [1, 5]),
        ({"EQ_transformationID": "urn:t:1"}, [4]),
        ({"MATCH_epc": ITEM_LINK}, [1, 3, 5]),
        ({"MATCH_epc": "urn:epc:idpat:sgtin:0614141.107346.*"}, [1, 2, 3, 5]),
        ({"MATCH_anyEPC": f"{PALLET}|{OTHER}"}, [2, 3, 4]),
        ({"MATCH_parentID": PALLET}, [3]),
        ({"MATCH_outputEPC": OTHER}, [4]),
        ({"MATCH_inputEPCClass": "https://id.gs1.org/01/04012345123456"}, [4]),
        ({"MATCH_anyEPCClass": "urn:a:b"}, []),
        ({"GE_quantity": "12.5"}, [4]),
        ({"GT_quantity": "12.5"}, []),
        ({"EQ_source_owning_party": "https://id.gs1.org/417/4012345000009"}, [2]),
        ({"EQ_bizTransaction_po": "urn:a:po"}, [2]),
        ({"EXISTS_errorDeclaration": ""}, [5]),
        ({"EQ_errorReason": "did_not_occur"}, [5]),
        ({"GE_errorDeclarationTime": "2026-01-10T00:00:00Z"}, []),
        ({"eventCountLimit": "2"}, [4, 5]),
        ({"eventCountLimit": "2", "orderDirection": "ASC"}, [1, 2]),
    ],
)
def test_a_parameter_finds_what_it_asks_for(asked: dict[str, str], found: list[int]) -> None:
    assert hours(**asked) == found


def test_pages_follow_one_another_to_the_end() -> None:
    first, second = select(EVENTS, read_query({"perPage": "2"}))
    middle, third = select(EVENTS, read_query({"perPage": "2", "nextPageToken": second or ""}))
    last, end = select(EVENTS, read_query({"perPage": "2", "nextPageToken": third or ""}))

    assert [len(page) for page in (first, middle, last)] == [2, 2, 1]
    assert end is None


@pytest.mark.parametrize(
    "asked",
    [
        {"GE_eventDate": "2026-01-01T00:00:00Z"},
        {"GE_eventTime": "yesterday"},
        {"eventType": "OddEvent"},
        {"perPage": "-1"},
        {"perPage": "1" * 5_000},
        {"nextPageToken": "x"},
        {"GE_quantity": "much"},
        {"EQ_quantity": "NaN"},
        {"eventCountLimit": "1", "maxEventCount": "1"},
    ],
)
def test_a_parameter_that_is_none_or_cannot_be_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(QueryParameterWrong, match="cannot be asked by"):
        read_query(asked)


@pytest.mark.parametrize(
    "asked", [{"WD_readPoint": "urn:a:b"}, {"EQ_ext:colour": "red"}, {"orderBy": "ext:colour"}]
)
def test_what_is_not_offered_is_told_as_such(asked: dict[str, str]) -> None:
    with pytest.raises(QueryNotOffered, match="cannot be asked by"):
        read_query(asked)


def test_more_than_the_asker_wants_are_refused() -> None:
    with pytest.raises(QueryTooLarge, match="more than 2"):
        select(EVENTS, read_query({"maxEventCount": "2"}))
