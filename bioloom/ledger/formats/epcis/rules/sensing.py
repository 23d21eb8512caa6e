"""Sensing: the rules for what sensors reported within an event."""

from collections.abc import Callable, Iterator

from bioloom.ledger.formats.epcis.reading import Names
from bioloom.ledger.formats.epcis.rules import shapes
from bioloom.ledger.formats.linked.strict import Tree

_Shape = Callable[[object], str | None]

_METADATA: dict[str, _Shape] = {
    "time": shapes.no_instant,
    "startTime": shapes.no_instant,
    "endTime": shapes.no_instant,
    "deviceID": shapes.no_uri,
    "deviceMetadata": shapes.no_uri,
    "rawData": shapes.no_uri,
    "dataProcessingMethod": shapes.no_uri,
    "bizRules": shapes.no_uri,
}
_REPORT: dict[str, _Shape] = {
    "time": shapes.no_instant,
    "deviceID": shapes.no_uri,
    "deviceMetadata": shapes.no_uri,
    "rawData": shapes.no_uri,
    "dataProcessingMethod": shapes.no_uri,
    "bizRules": shapes.no_uri,
    "microorganism": shapes.no_uri,
    "chemicalSubstance": shapes.no_uri,
    "coordinateReferenceSystem": shapes.no_uri,
    "uriValue": shapes.no_uri,
    "value": shapes.no_number,
    "minValue": shapes.no_number,
    "maxValue": shapes.no_number,
    "meanValue": shapes.no_number,
    "sDev": shapes.no_number,
    "percRank": shapes.no_number,
    "percValue": shapes.no_number,
    "uom": shapes.no_text,
    "stringValue": shapes.no_text,
    "booleanValue": shapes.no_boolean,
    "hexBinaryValue": shapes.no_hexadecimal,
}

_WORDS = ("type", "exception", "component")


def sensor_faults(elements: object, names: Names) -> Iterator[tuple[str, str]]:
    """What is wrong with an event's sensor elements: paths from the event on, and faults."""
    if elements is None:
        return
    if not isinstance(elements, list):
        yield ".sensorElementList", "it is no list"
        return
    for at, element in enumerate(elements):
        path = f".sensorElementList[{at}]"
        if not isinstance(element, dict):
            yield path, "it is no object with a sensorReport"
            continue
        metadata = element.get("sensorMetadata")
        if metadata is not None:
            yield from _part_faults(metadata, _METADATA, f"{path}.sensorMetadata", names)
        reports = element.get("sensorReport")
        if not isinstance(reports, list) or not reports:
            yield f"{path}.sensorReport", "it is no list with something in it"
            continue
        for number, report in enumerate(reports):
            yield from _report_faults(report, f"{path}.sensorReport[{number}]", names)


def _report_faults(report: object, path: str, names: Names) -> Iterator[tuple[str, str]]:
    yield from _part_faults(report, _REPORT, path, names)
    if not isinstance(report, dict):
        return
    if report.get("type") is None and report.get("exception") is None:
        yield f"{path}.type", "it says neither what was measured nor what went wrong"
    for field in ("exception", "component"):
        word = report.get(field)
        if word is not None and (fault := shapes.no_word(word, field, names)):
            yield f"{path}.{field}", fault
    kind = report.get("type")
    if kind is not None and (fault := shapes.no_word(kind, "sensorReport.type", names)):
        yield f"{path}.type", fault


def _part_faults(
    part: object, known: dict[str, _Shape], path: str, names: Names
) -> Iterator[tuple[str, str]]:
    if not isinstance(part, dict):
        yield path, "it is no object"
        return
    fields: Tree = part
    for field, value in fields.items():
        if field in known:
            if fault := known[field](value):
                yield f"{path}.{field}", fault
        elif field not in ("type", "exception", "component") and not names.key(field).startswith(
            "{"
        ):
            yield f"{path}.{field[:60]}", "the standard has no such field"
