"""`bioloom format`: documents of other systems, checked and replayed without touching a city."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.markup import escape

from bioloom.doors.answers.formats import FileHashed
from bioloom.doors.capturing.documents import YAML_ENDINGS, read_bytes
from bioloom.doors.cli.printing import (
    DONE,
    WANTING,
    AsJson,
    out,
    print_json,
    print_json_lines,
    table,
)
from bioloom.ledger.formats.defra.checking import judge_bodies
from bioloom.ledger.formats.emanifest.judging import judge_manifests
from bioloom.ledger.formats.epcis.hashing import name_of, prehash
from bioloom.ledger.formats.epcis.judging import judge_events
from bioloom.ledger.formats.epcis.reading import read_document
from bioloom.ledger.formats.valueflows.graph import read_graph
from bioloom.ledger.formats.valueflows.judging import judge_graph
from bioloom.ledger.formats.valueflows.replaying import replay as replay_graph
from bioloom.ledger.formats.valueflows.states import Compared, Replay
from bioloom.ledger.formats.verdicts import FileJudged

# How a file is judged, by the name after --as.
_JUDGES: dict[str, Callable[[str, bytes], FileJudged]] = {
    "defra": judge_bodies,
    "epcis": judge_events,
    "emanifest": judge_manifests,
    "valueflows": judge_graph,
}


def check(
    files: list[Path],
    *,
    as_: Annotated[
        Literal["epcis", "defra", "emanifest", "valueflows"], Parameter(name="--as")
    ] = "epcis",
    json: AsJson = False,
) -> int:
    """Say whether documents keep the rules of their standard.

    EPCIS (2.0 in JSON or XML, 1.2 in XML) unless --as names another: defra, receipts of the UK's
    Digital Waste Tracking; emanifest, the manifests of the US EPA; valueflows, linked data of
    Valueflows 1.0. Every fault is told with its path, and in XML with its line.

    Example: bioloom format check shipment.json

    Parameters
    ----------
    files
        The documents.
    as_
        What they should be.
    json
        Print one JSON object a line for each file.
    """
    judged = [_JUDGES[as_](file.name, read_bytes(file)) for file in files]
    if json:
        print_json_lines(judged)
    else:
        _print_judged(judged)
    return WANTING if any(one.verdict == "reject" for one in judged) else DONE


def hash_events(files: list[Path], *, json: AsJson = False) -> int:
    """Tell the ids that events of EPCIS have by what they say (the event hash of CBV 2.0).

    The same event has the same id in JSON and XML, whoever writes it. Whether a document keeps the
    rules is not asked: see `bioloom format check`.

    Example: bioloom format hash shipment.json

    Parameters
    ----------
    files
        The documents, each with one event or several.
    json
        Print one JSON object a line for each file, with the texts that are hashed.
    """
    hashed = [_hashed(file.name, read_bytes(file)) for file in files]
    if json:
        print_json_lines(hashed)
        return DONE
    for one in hashed:
        for name in one.hashes:
            out().print(escape(f"{one.file}: {name}"), soft_wrap=True)
    return DONE


def _hashed(name: str, text: bytes) -> FileHashed:
    document = read_document(text)
    prehashes = tuple(prehash(event, document.ignored) for event in document.events)
    return FileHashed(file=name, hashes=tuple(map(name_of, prehashes)), prehashes=prehashes)


def _print_judged(judged: Sequence[FileJudged]) -> None:
    console = out()
    for one in judged:
        for problem in one.problems:
            told = f"{problem.level} {problem.path}: {problem.what}"
            console.print(escape(told), soft_wrap=True)
        for note in one.notes:
            console.print(escape(f"note {note.path}: {note.what}"), soft_wrap=True)
        told = f"{one.file}: {one.verdict}, {len(one.problems)} problems."
        console.print(escape(told), soft_wrap=True)


def replay(file: Path, *, json: AsJson = False) -> int:
    """Replay a Valueflows document (YAML or JSON) in a record of its own, and compare its states.

    What the document states before is recorded first, then every event, through the same ledger as
    a city's. States that it tells after events are compared with those the ledger then has.

    Example: bioloom format replay example.yaml

    Parameters
    ----------
    file
        The document.
    json
        Print one JSON object.
    """
    graph = read_graph(read_bytes(file), is_yaml=file.suffix.lower() in YAML_ENDINGS)
    replayed = replay_graph(graph)
    if json:
        print_json(replayed)
    else:
        _print_replay(file.name, replayed)
    return DONE if replayed.holds else WANTING


def _print_replay(name: str, replayed: Replay) -> None:
    console = out()
    rows = [
        (
            one.resource,
            one.after.accounting_quantity,
            one.after.onhand_quantity,
            one.after.unit,
            one.after.stage or "",
            one.after.state or "",
            one.after.contained_in or "",
        )
        for one in replayed.resources
    ]
    columns = ("resource", "#accounting", "#on hand", "unit", "stage", "state", "contained in")
    console.print(table(f"{name} after {replayed.events} events", columns, rows))
    for assumed in replayed.resources:
        if assumed.assumed_opening is not None:
            told = f"assumed to have had {assumed.assumed_opening} {assumed.after.unit} before"
            console.print(escape(f"{assumed.resource}: {told}"), soft_wrap=True)
    for remark in replayed.remarks:
        console.print(escape(f"{remark.at}: {remark.what}"), soft_wrap=True)
    for refused in replayed.refused:
        console.print(escape(f"refused {refused.at}: {refused.what}"), soft_wrap=True)
    for compared in replayed.compared:
        if not compared.equal:
            console.print(escape(_difference(compared)), soft_wrap=True)
    console.print(_verdict(replayed))


def _difference(compared: Compared) -> str:
    told = [
        f"{name} {compared.reached[name]}, stated {compared.stated[name]}"
        for name in compared.differs
    ]
    return f"{compared.resource} differs: {'; '.join(told)}"


def _verdict(replayed: Replay) -> str:
    if replayed.equal is None:
        return "It states nothing after its events to compare with."
    count = len(replayed.compared)
    if replayed.equal:
        return f"All {count} states that it tells are reached exactly."
    differ = sum(not one.equal for one in replayed.compared)
    return f"Of {count} states that it tells, {differ} differ."
