"""Hostile documents: whatever is sent is judged or refused, soon, and within bounds."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.ledger.formats.epcis.hashing import event_ids
from bioloom.ledger.formats.epcis.judging import judge_events
from bioloom.ledger.formats.epcis.reading import read_document
from bioloom.ledger.formats.linked.strict import DocumentTooLarge, DocumentUnreadable

XML = b"""<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0"
  creationDate="2026-01-01T00:00:00Z"><EPCISBody><EventList><ObjectEvent>
  <eventTime>2026-01-01T00:00:00Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset>
  <epcList><epc>urn:epc:id:sgtin:0614141.107346.2017</epc></epcList><action>ADD</action>
  <quantityList><quantityElement><epcClass>urn:a:b</epcClass><quantity>1.5</quantity>
  <uom>KGM</uom></quantityElement></quantityList><sensorElementList><sensorElement>
  <sensorReport type="gs1:Temperature" value="1e5"/></sensorElement></sensorElementList>
  <ilmd><x:a xmlns:x="urn:x:" x:b="c">text<x:d/></x:a></ilmd></ObjectEvent></EventList></EPCISBody>
  </e:EPCISDocument>"""
JSON = json.dumps(
    {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "ObjectEvent",
        "eventTime": "2026-01-01T00:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "action": "ADD",
        "epcList": ["urn:epc:id:sgtin:0614141.107346.2017"],
        "sensorElementList": [{"sensorReport": [{"type": "Mass", "value": 1e5}]}],
    }
).encode()
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
ELSEWHERE = b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>'


def answered(text: bytes) -> str:
    """The verdict on a text; what can be read has its hashes, too."""
    verdict = judge_events("x", text).verdict
    try:
        read = read_document(text)
    except (DocumentUnreadable, DocumentTooLarge):
        assert verdict == "reject"
        return verdict
    assert len(event_ids(read)) == len(read.events)
    return verdict


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A good document in which some pieces are cut out, doubled or overwritten."""
    text = draw(st.sampled_from([XML, JSON]))
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(text)))
        end = min(len(text), begin + draw(st.integers(0, 40)))
        put = draw(st.binary(max_size=8) | st.just(text[begin:end] * 2))
        text = text[:begin] + put + text[end:]
    return text


@settings(max_examples=500)
@given(text=spoiled() | st.binary(max_size=300))
def test_whatever_is_sent_is_judged(text: bytes) -> None:
    assert answered(text) in ("accept", "warn", "reject")


@pytest.mark.parametrize("text", [LAUGHS, OUTSIDE, ELSEWHERE])
def test_nothing_is_expanded_and_nothing_is_fetched(text: bytes) -> None:
    with pytest.raises(DocumentUnreadable, match="declares a document type"):
        read_document(text)


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":' * 100_000,
        b"[" * 1_000_000,
        b"<a>" * 100_000,
        b'{"a":' + b"9" * 100_000 + b"}",
        b'{"a":1e999999999}',
        b'{"type":"ObjectEvent","type":"ObjectEvent"}',
        JSON.replace(b"100000.0", b"1" * 5_000),
        XML.replace(b"1e5", b"1e999999999"),
        b'<?xml version="1.0" encoding="rot13"?><x/>',
        b'<?xml version="1.0" encoding="EBCDIC-CP-BE"?><x/>',
    ],
)
def test_what_is_too_deep_or_too_large_is_rejected(text: bytes) -> None:
    verdict = answered(text)

    assert verdict == "reject" or text.startswith(b"<e:")


def test_ten_megabytes_are_read_in_bounded_memory() -> None:
    import tracemalloc  # noqa: PLC0415  It slows all that is loaded after it.

    event = JSON.decode()
    many = ",".join([event] * (10_000_000 // len(event)))
    head = '{"@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",'
    rest = (
        '"type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-01-01T00:00:00Z",'
    )
    text = f'{head}{rest}"epcisBody": {{"eventList": [{many}]}}}}'.encode()
    tracemalloc.start()
    read = read_document(text)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(read.events) > 20_000
    assert peak_bytes < 20 * len(text)
