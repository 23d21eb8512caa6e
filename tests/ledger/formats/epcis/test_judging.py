"""Verdicts on EPCIS: published documents, and every fault of XML with its line."""

from pathlib import Path

import pytest

from bioloom.ledger.formats.epcis.judging import judge_events
from bioloom.ledger.formats.verdicts import FileJudged

# Meant to be valid, and they break the standard: see decision 0014.
EXCEPTIONS = {
    "1.2/EPCIS/XML/Capture/Documents/ObjectEvent_all_possible_fields.xml",
    "1.2/EPCIS/XML/Capture/Documents/TransactionEvent_all_possible_fields.xml",
    "2.0/EPCIS/XML/Query/JumbledFieldsOrder.xml",
    "2.0/EPCIS/XML/Query/ObjectEventWithAllPossibleFields.xml",
}
START = (
    "<eventTime>2026-01-01T00:00:00Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset>"
)
EPCS = "<epcList><epc>urn:epc:id:sgtin:0614141.107346.2017</epc></epcList>"
ADD = "<action>ADD</action>"


def judged(*lines: str, edition: str = "2", kind: str = "ObjectEvent") -> FileJudged:
    """The verdict on an event whose first line is the fifth."""
    version = {"1": "1.2", "2": "2.0"}[edition]
    head = (
        f'<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:{edition}"',
        f'  schemaVersion="{version}" creationDate="2026-01-01T00:00:00Z">',
        "<EPCISBody><EventList>",
        f"<{kind}>",
    )
    tail = (f"</{kind}>", "</EventList></EPCISBody></e:EPCISDocument>")
    return judge_events("x.xml", "\n".join([*head, *lines, *tail]).encode())


def test_every_good_document_passes_and_every_bad_one_is_refused(data: Path) -> None:
    folder = data / "ledger" / "openepcis"
    files = sorted([*folder.rglob("*.json"), *folder.rglob("*.xml")])
    assert len(files) == 79
    for file in files:
        verdict = judge_events(file.name, file.read_bytes())
        is_bad = "Invalid" in file.parts or str(file.relative_to(folder)) in EXCEPTIONS
        assert (verdict.verdict == "reject") == is_bad, verdict
        assert all(problem.what for problem in verdict.problems)
        if file.suffix == ".xml":
            assert all(problem.path.startswith("line ") for problem in verdict.problems)


def test_an_event_in_order_is_accepted() -> None:
    assert judged(START, EPCS, ADD).verdict == "accept"
    assert judged(START, EPCS, ADD, edition="1").verdict == "accept"


@pytest.mark.parametrize(
    ("lines", "path", "what"),
    [
        ((START, ADD, EPCS), "line 7: $.epcisBody.eventList[0].epcList", "before action"),
        ((START, EPCS, ADD, ADD), "line 8: $.epcisBody.eventList[0].action", "stands there twice"),
        (
            (START, EPCS, EPCS, ADD),
            "line 7: $.epcisBody.eventList[0].epcList",
            "stands there twice",
        ),
        (
            (START, EPCS, "<action>", "</action>"),
            "line 7: $.epcisBody.eventList[0].action",
            "none of",
        ),
        (
            (START, "<epcList>", "<gtin>urn:a:b</gtin>", "</epcList>", ADD),
            "line 7: $.epcisBody.eventList[0].gtin",
            "no such element in epcList",
        ),
        (
            (START, EPCS, ADD, "<readPoint>", "<id>here</id></readPoint>"),
            "line 9: $.epcisBody.eventList[0].readPoint.id",
            "no URI",
        ),
        (
            (START, EPCS, '<x:a xmlns:x="urn:x:">1</x:a>', ADD),
            "line 8: $.epcisBody.eventList[0].action",
            "other vocabularies",
        ),
    ],
)
def test_each_fault_of_xml_is_told_with_its_line(
    lines: tuple[str, ...], path: str, what: str
) -> None:
    problems = judged(*lines).problems

    assert [problem.path for problem in problems if what in problem.what] == [path]


def test_what_1_2_has_within_wrappers_is_told_where_it_stands_outside() -> None:
    sources = (
        '<sourceList><source type="urn:epcglobal:cbv:sdt:location">urn:a:b</source></sourceList>'
    )
    later = "<certificationInfo>urn:a:b</certificationInfo>"

    assert judged(START, EPCS, ADD, sources).verdict == "accept"
    assert "within extension" in judged(START, EPCS, ADD, sources, edition="1").problems[0].what
    wrapped = f"<extension>{sources}</extension>"
    assert judged(START, EPCS, ADD, wrapped, edition="1").verdict == "accept"
    assert judged(START, EPCS, ADD, later, edition="1").verdict == "warn"


def test_a_query_without_a_value_or_with_an_unknown_parameter_is_rejected() -> None:
    ask = """<q:EPCISQueryDocument xmlns:q="urn:epcglobal:epcis-query:xsd:2" schemaVersion="2.0"
      creationDate="2026-01-01T00:00:00Z"><EPCISBody><q:Poll><queryName>{}</queryName><params>
      <param><name>{}</name>{}</param></params></q:Poll></EPCISBody></q:EPCISQueryDocument>"""
    good = ("SimpleEventQuery", "GE_eventTime", "<value>2026-01-01T00:00:00Z</value>")
    bad = [
        ("SimpleEventQuery", "GE_eventTime", ""),
        ("SimpleEventQuery", "GE_eventTime", "<value>yesterday</value>"),
        ("SimpleEventQuery", "GE_eventDate", "<value>2026-01-01</value>"),
        ("SimpleEventQuery", "perPage", "<value>0</value>"),
        ("SimpleEventQuery", "orderDirection", "<value>UP</value>"),
        ("OddQuery", "GE_eventTime", "<value>2026-01-01T00:00:00Z</value>"),
    ]

    assert judge_events("q.xml", ask.format(*good).encode()).verdict == "accept"
    verdicts = [judge_events("q.xml", ask.format(*one).encode()).verdict for one in bad]
    assert verdicts == ["reject"] * len(bad)


def test_a_context_that_is_not_known_is_a_warning_and_its_prefixes_are_not_missed() -> None:
    text = b"""{"@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
      "https://ns.example.org/ours.jsonld"], "type": "ObjectEvent", "action": "ADD",
      "eventTime": "2026-01-01T00:00:00Z", "eventTimeZoneOffset": "+00:00", "ours:colour": "red",
      "epcList": ["urn:epc:id:sgtin:0614141.107346.2017"]}"""

    assert judge_events("x.json", text).verdict == "warn"
    assert judge_events("x.json", text.replace(b"https://ns", b"odd ns")).verdict == "warn"
    assert (
        judge_events("x.json", text.replace(b'"https://ns.example.org/ours.jsonld"', b"{}")).verdict
        == "reject"
    )
