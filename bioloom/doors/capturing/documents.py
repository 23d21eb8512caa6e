"""Files of documents on the command line: which reader they need, and what came of them."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import cache
from hashlib import sha256
from pathlib import Path

from bioloom.doors.capturing.defra import TakingReceipts
from bioloom.doors.capturing.emanifest import TakingManifests
from bioloom.doors.capturing.epcis import Captured, EventCaptured, capture
from bioloom.doors.capturing.hands import Hands
from bioloom.doors.capturing.valueflows import TakingGraph
from bioloom.doors.compose import City, now
from bioloom.doors.findings import FileReport, Finding, ImportReport, broken_rule
from bioloom.doors.mappings import open_file
from bioloom.doors.packs.packing import TakingPack
from bioloom.doors.register.deciding import see_that_may
from bioloom.doors.taking import Options
from bioloom.ledger.formats.linked.strict import LARGEST_JSON_BYTES
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import FileTaken
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

YAML_ENDINGS = (".yaml", ".yml")
# What documents hold, and who takes it in, by the name of their format.
_TAKING: dict[str, tuple[str, type[TakingManifests | TakingPack | TakingReceipts]]] = {
    "emanifest": ("manifests", TakingManifests),
    "pack": ("items", TakingPack),
    "defra": ("receipts", TakingReceipts),
}


def take_in_documents(
    city: City,
    paths: Sequence[Path],
    options: Options,
    *,
    author: AgentId | None = None,
    clock: Callable[[], Instant] = now,
) -> ImportReport:
    """Take documents of the format `options.as_` in.

    Args:
        city: An open city.
        paths: Files, taken in the order in which they are named.
        options: Which format, for show only, and whether to correct.
        author: Who takes them in; the city's steward unless given.
        clock: When things are recorded.

    Raises:
        FileMissing: If a path is no readable file.
        NotPermitted: If the author may not take files in.
        Refusal: If a file is no document of that format.
    """
    author = author or city.settings.steward
    see_that_may(city, author, "import")
    texts = [read_bytes(path) for path in paths]
    files = []
    for path, text in zip(paths, texts, strict=True):
        try:
            files.append(_taken(city, path.name, text, options, author=author, clock=clock))
        except Refusal as refusal:
            raise refusal.of_file(path.name) from None
    head = city.journal.head()
    return ImportReport(
        dry_run=options.dry_run, files=tuple(files), head_seq=head.seq, head_hash=head.hash
    )


def read_bytes(file: Path) -> bytes:
    """A document as it is, as far as one is read as a whole.

    Raises:
        FileMissing: If there is no such file, or it may not be read.
    """
    with ExitStack() as held:
        return open_file(file, held).read(LARGEST_JSON_BYTES + 1)


def _taken(
    city: City,
    name: str,
    text: bytes,
    options: Options,
    *,
    author: AgentId,
    clock: Callable[[], Instant],
) -> FileReport:
    form = str(options.as_)
    digest = sha256(text).hexdigest()
    report = FileReport(
        file=name, sha256=digest, mapping=form, source=form, kind="events", mass_mg={}, findings=[]
    )
    file_taken = cache(lambda: _file_taken(city, report, author, clock))
    if form == "epcis":
        dry_run = options.dry_run
        captured = capture(
            city, text, author=author, dry_run=dry_run, cause=file_taken, clock=clock
        )
        _count(report, captured)
        return report
    hands = Hands(
        city=city,
        author=author,
        report=report,
        cause=file_taken,
        clock=clock,
        dry_run=options.dry_run,
        correct=options.correct,
    )
    if form in _TAKING:
        report.kind, taking = _TAKING[form]
        taking(hands).run(text)
    else:
        TakingGraph(hands).run(text, is_yaml=name.lower().endswith(YAML_ENDINGS))
    return report


def _file_taken(
    city: City, report: FileReport, author: AgentId, clock: Callable[[], Instant]
) -> str:
    """The id of the entry that says this file was taken in; what it tells names it as its cause."""
    key = f"file:{report.source}:{report.sha256}"
    known = city.journal.current([key]).get(key)
    if known is not None:
        return known.id
    # It is read by the rules of its standard, and by no mapping.
    body = FileTaken(
        name="".join(sign if sign.isprintable() else "_" for sign in report.file),
        sha256=report.sha256,
        source=report.source,
        mapping_sha256="",
    )
    at = clock()
    draft = Draft(body=body, occurred_at=at, author=author, idempotency_key=key)
    return city.journal.record([draft], recorded_at=at)[0].id


def _count(report: FileReport, captured: Captured) -> None:
    """Count what became of a document's events; a document's own faults reject it as a whole."""
    report.rows = len(captured.events)
    for fault in captured.faults:
        report.tell(_finding(0, fault.path, fault.what))
    for number, event in enumerate(captured.events, start=1):
        if event.outcome in ("faulty", "refused"):
            report.rejected += 1
            _tell(report, number, event)
        elif event.outcome == "same":
            report.same += 1
        elif event.outcome == "taken back":
            report.corrected += event.entries
        else:
            report.recorded += event.entries
    report.rejected = report.rejected or len(captured.faults)


def _tell(report: FileReport, number: int, event: EventCaptured) -> None:
    for fault in event.faults:
        report.tell(_finding(number, fault.path, fault.what))
    if event.refusal is not None:
        told = event.refusal
        report.tell(
            Finding(
                nature="rejected",
                line=number,
                column=event.path,
                what=told.what,
                why=told.why,
                remedy=told.remedy,
            )
        )


def _finding(number: int, path: str, what: str) -> Finding:
    return broken_rule(
        number,
        path,
        what,
        why="It breaks a rule of EPCIS 2.0.",
        remedy="Correct it, and see `bioloom format check FILE`.",
    )
