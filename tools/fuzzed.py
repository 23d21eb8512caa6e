"""What `tools/fuzz.py` throws documents at: every parser, and what follows from what it accepts."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bioloom.doors.keys.covenants import decision_in
from bioloom.doors.mappings import known_mappings
from bioloom.ledger.covenants.wording import TEMPLATES
from bioloom.ledger.declared import Declared
from bioloom.ledger.formats.defra.checking import judge_bodies, judge_movement, read_bodies
from bioloom.ledger.formats.defra.receiving import By, receipt_of
from bioloom.ledger.formats.defra.receiving import drafts_of as drafts_of_receipt
from bioloom.ledger.formats.emanifest.carrying import carry
from bioloom.ledger.formats.emanifest.judging import judge_manifests
from bioloom.ledger.formats.emanifest.reading import read_manifests
from bioloom.ledger.formats.emanifest.taking import drafts_of as drafts_of_manifest
from bioloom.ledger.formats.epcis.alone import standing_alone
from bioloom.ledger.formats.epcis.happening import Told
from bioloom.ledger.formats.epcis.happening import drafts_of as drafts_of_event
from bioloom.ledger.formats.epcis.hashing import event_id
from bioloom.ledger.formats.epcis.judging import judge_events
from bioloom.ledger.formats.epcis.reading import read_document
from bioloom.ledger.formats.mapping import Mapping, needed_columns, read_mapping
from bioloom.ledger.formats.reading import FileFormat, read_file
from bioloom.ledger.formats.rows import Setting
from bioloom.ledger.formats.valueflows.graph import read_graph
from bioloom.ledger.formats.valueflows.judging import judge_graph
from bioloom.ledger.formats.valueflows.replaying import replay
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import recall
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal
from tests.doors.test_importing_tickets import GOOD, HEADER, TICKETS
from tests.ledger.formats.defra.bodies import BODY
from tests.ledger.formats.emanifest.sample_manifest import SIGNED
from tests.ledger.formats.epcis.test_fuzzing import JSON, XML
from tests.ledger.formats.valueflows.test_judging import SOUND

_AT = Instant("2026-06-01T00:00:00.000Z")
_BY = AgentId("steward")
_SETTING = Setting(declared=Declared(), author=_BY, zone=ZoneInfo("UTC"), at=_AT)
_MAPPINGS = [one.mapping for one in known_mappings(Path())]
_MAPPINGS.append(read_mapping(TICKETS.encode(), name="tickets"))


class Target(NamedTuple):
    """A parser: what takes a document, and good ones to begin with."""

    take: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def epcis(text: bytes) -> None:
    """Events are judged; they stand alone, have an id, and become entries."""
    verdict = judge_events("x", text).verdict
    with suppress(Refusal):
        document = read_document(text)
        for event in document.events:
            name = event_id(event, document.ignored)
            if verdict != "reject":
                alone = read_document(standing_alone(event, document.ignored))
                assert [event_id(one) for one in alone.events] == [name], "it is another alone"
                facts = recall(MemoryStore())
                told = Told(declared=Declared(), facts=facts, author=_BY)
                _record(drafts_of_event(event, name, told))


def defra(text: bytes) -> None:
    """Bodies are judged; those without errors become receipts."""
    judge_bodies("x", text)
    with suppress(Refusal):
        bodies, is_bulk = read_bodies(text)
        for path, body in bodies:
            judged = judge_movement(body, path, is_bulk=is_bulk)
            if not any(problem.level == "error" for problem in judged.problems):
                assert isinstance(body, dict), "a body without errors is an object"
                received = receipt_of(body, Declared())
                _record(drafts_of_receipt(received, Declared(), kinds={}, by=By(_BY, _AT)))


def emanifest(text: bytes) -> None:
    """Manifests are judged, carried and moved."""
    judge_manifests("x", text)
    with suppress(Refusal):
        for tree in read_manifests(text):
            manifest = carry(tree)
            drafts = drafts_of_manifest(manifest, [], known=None, agents=(), author=_BY, at=_AT)
            _record(drafts)


def valueflows(text: bytes) -> None:
    """A graph, in JSON or YAML, is judged and replayed."""
    is_yaml = not text.lstrip().startswith((b"{", b"["))
    judge_graph("x.yaml" if is_yaml else "x.json", text)
    with suppress(Refusal):
        replay(read_graph(text, is_yaml=is_yaml))


def covenant(text: bytes) -> None:
    """A decision in TOML is read."""
    with suppress(Refusal):
        decision_in(text, Path("covenant.toml"))


def mapping(text: bytes) -> None:
    """A mapping in TOML is read."""
    with suppress(Refusal):
        read_mapping(text, name="x")


def csv(text: bytes) -> None:
    """A table is read by every mapping, and each row taken or rejected."""
    _table(text, "csv")


def xlsx(text: bytes) -> None:
    """A workbook is, too."""
    _table(text, "xlsx")


def geojson(text: bytes) -> None:
    """A map is, too."""
    _table(text, "geojson")


def _table(text: bytes, format_: FileFormat) -> None:
    for form in _MAPPINGS:
        with suppress(Refusal):
            _, rows = read_file(BytesIO(text), format_, form, _SETTING)
            for _ in rows:
                pass


def _record(drafts: Sequence[Draft[Any]]) -> None:
    Journal(MemoryStore()).append(drafts, recorded_at=_AT)


def _csv(form: Mapping) -> bytes:
    """A table with the columns that a mapping asks for, and cells that most of them may have."""
    header = needed_columns(form)
    rows = [",".join(cell for _ in header) for cell in ("1", "2022 / 11", "40.5", "2022-11-30")]
    return "\n".join([",".join(header), *rows]).encode()


def _json(tree: object) -> bytes:
    return json.dumps(tree).encode()


_SQUARE = [[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]
_FEATURE = {
    "type": "Feature",
    "id": 101,
    "properties": {"GEOCODE": 101, "GEONAME": "North", "BOROUGH": "East"},
    "geometry": {"type": "Polygon", "coordinates": [_SQUARE]},
}
TARGETS = {
    "epcis": Target(epcis, (JSON, XML)),
    "defra": Target(defra, (_json(BODY), _json([BODY, BODY]))),
    "emanifest": Target(emanifest, (_json(SIGNED),)),
    "valueflows": Target(valueflows, (_json({"@graph": [SOUND]}), b"'@graph':\n- '@id': a:b\n")),
    "covenant": Target(covenant, tuple(text.encode() for text in TEMPLATES.values())),
    "mapping": Target(mapping, (b'kind = "tons"\n[match]\ncolumns = ["A"]\n',)),
    "csv": Target(csv, (*map(_csv, _MAPPINGS), f"{HEADER}\n{GOOD}\n".encode())),
    "xlsx": Target(xlsx, (b"PK\x03\x04",)),
    "geojson": Target(geojson, (_json({"type": "FeatureCollection", "features": [_FEATURE]}),)),
}
