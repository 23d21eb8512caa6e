"""Taking one file in: its rows by batches, each fact parted into known, conflicting and new."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from bioloom.doors.compose import City
from bioloom.doors.findings import FileReport, SaidTwice, conflict_of, finding_of
from bioloom.doors.mappings import Chosen
from bioloom.doors.rejects import Rejects
from bioloom.ledger.declaring import declare
from bioloom.ledger.formats.mapping import SitesMapping, TicketsMapping, TonsMapping
from bioloom.ledger.formats.reading import kind_of, read_file
from bioloom.ledger.formats.rows import Rejected, Setting, Taken
from bioloom.ledger.record.journal import Head
from bioloom.ledger.record.outcomes import Conflict, Outcome, Recorded, Refused, Same
from bioloom.ledger.stores.sightings import Sighting, Sightings
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.entries.ledger import (
    AreaDeclared,
    FileTaken,
    LotArrived,
    MaterialDeclared,
)
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.periods import Instant

# Facts in one transaction: large enough that the disk's flush is a small part of it.
BATCH_FACTS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How files are taken in: with which mapping, for show only, and whether to correct."""

    as_: str | None = None
    map_: Path | None = None
    dry_run: bool = False
    correct: bool = False


class Progress(NamedTuple):
    """How far a file has been read, and the record's head if this batch moved it."""

    file: str
    line: int
    read_bytes: int
    size_bytes: int
    acknowledged: Head | None


class _Offer(NamedTuple):
    """A fact on its way to the journal, and the row it came from."""

    row: Taken
    column: str | None
    draft: Draft[Any]


class Taking:
    """Taking in one file."""

    def __init__(
        self,
        chosen: Chosen,
        city: City,
        options: Options,
        setting: Setting,
        *,
        told: Callable[[Progress], None],
        clock: Callable[[], Instant],
    ) -> None:
        self._chosen, self._options = chosen, options
        self._journal, self._folder = city.journal, city.folder
        self._setting, self._told, self._clock = setting, told, clock
        chosen.stream.seek(0)
        sha256 = file_digest(chosen.stream, "sha256").hexdigest()
        mapping = chosen.known.mapping
        self._report = FileReport(
            file=chosen.name,
            sha256=sha256,
            mapping=chosen.known.name,
            source=mapping.source,
            kind=kind_of(mapping),
            mass_mg={},
            findings=[],
        )
        self._cause: str | None = None
        self._acknowledged: Head | None = None

    def run(self) -> FileReport:
        """Read every row and offer what it says."""
        self._chosen.stream.seek(0)
        self._offer(list(self._materials()))
        header, rows = read_file(
            self._chosen.stream, self._chosen.format, self._chosen.known.mapping, self._setting
        )
        with ExitStack() as held:
            self._sightings = Sightings()
            held.callback(self._sightings.close)
            self._rejects = self._rejects_of(header)
            held.callback(self._rejects.abandon)
            for batch in _batches(rows):
                self._take_batch(batch)
            if not self._options.dry_run:
                place = self._rejects.finish()
                self._report.rejects = None if place is None else str(place)
        return self._report

    def _rejects_of(self, header: tuple[str, ...]) -> Rejects:
        stem = Path(self._chosen.name).stem[:100]
        return Rejects(
            self._folder / "rejects" / f"{stem}.{self._report.sha256[:8]}",
            header=header,
            form=self._chosen.known.mapping.file,
            is_map=self._chosen.format == "geojson",
        )

    def _materials(self) -> Iterator[_Offer]:
        """The materials a mapping declares, as if they stood in a row before the first."""
        mapping = self._chosen.known.mapping
        declares = SitesMapping | TonsMapping | TicketsMapping
        for form in mapping.materials if isinstance(mapping, declares) else ():
            body = MaterialDeclared(
                material=MaterialId(form.id),
                name=form.name,
                group=GroupId(form.group),
                low_code=form.low_code,
            )
            draft = declare(
                body,
                # A material is the city's, whichever file speaks of it.
                key=f"material:{form.id}",
                author=self._setting.author,
                at=self._setting.at,
            )
            yield _Offer(Taken(0, (), (draft,), ("materials",)), "materials", draft)

    def _take_batch(self, batch: list[Taken | Rejected]) -> None:
        for row in batch:
            self._report.rows += 1
            if isinstance(row, Rejected):
                self._reject(row)
            else:
                self._report.not_reported += row.blanks
                self._report.mended += row.mended
        self._offer(self._first_said([row for row in batch if isinstance(row, Taken)]))
        stream = self._chosen.stream
        self._told(
            Progress(
                file=self._chosen.name,
                line=batch[-1].line,
                read_bytes=stream.tell(),
                size_bytes=self._chosen.path.stat().st_size,
                acknowledged=self._acknowledged,
            )
        )
        self._acknowledged = None

    def _reject(self, rejected: Rejected) -> None:
        self._report.rejected += 1
        self._report.tell(finding_of(rejected))
        if not self._options.dry_run:
            self._rejects.add(rejected)

    def _first_said(self, rows: list[Taken]) -> list[_Offer]:
        """The facts that this file says for the first time."""
        offers = [
            _Offer(row, *one) for row in rows for one in zip(row.columns, row.drafts, strict=True)
        ]
        if self._sightings.add_if_all_new([_sighting(offer) for offer in offers]):
            return offers
        return [offer for row in rows for offer in self._first_said_by(row)]

    def _first_said_by(self, row: Taken) -> list[_Offer]:
        fresh: dict[str, tuple[_Offer, Sighting]] = {}
        repeated = 0
        for column, draft in zip(row.columns, row.drafts, strict=True):
            offer = _Offer(row, column, draft)
            sighting = _sighting(offer)
            key = sighting.key
            earlier = fresh[key][1] if key in fresh else self._sightings.find(key)
            if earlier is None:
                fresh[key] = offer, sighting
            elif earlier.digest == sighting.digest:
                repeated += 1
            else:
                refusal = SaidTwice(key=key, earlier_line=earlier.line)
                self._reject(Rejected(row.line, column, refusal, row.cells))
                return []
        self._report.repeated += repeated
        self._sightings.add_if_all_new([sighting for _, sighting in fresh.values()])
        return [offer for offer, _ in fresh.values()]

    def _offer(self, offers: list[_Offer]) -> None:
        """Part the facts into known, conflicting and new, and append the new ones."""
        current = self._journal.current([one.draft.idempotency_key for one in offers])
        appended = []
        for offer in offers:
            entry = current.get(offer.draft.idempotency_key)
            if entry is not None and _says_the_same(entry, offer.draft):
                self._report.same += 1
                self._count(offer.draft.body)
            elif entry is not None and not self._options.correct:
                self._conflict(offer, entry)
            else:
                appended.append(offer)
        if not appended:
            return
        if self._options.dry_run:
            for offer in appended:
                self._tally_recorded(offer, offer.draft.idempotency_key in current)
                self._setting.declared.fold(_entry_to_be(offer.draft))
        else:
            self._append(appended)

    def _append(self, offers: list[_Offer]) -> None:
        cause = self._cause = self._cause or self._file_taken()
        outcomes = self._record(offers, cause)
        refused = [at for at, outcome in enumerate(outcomes) if isinstance(outcome, Refused)]
        if refused and self._options.correct:
            # A load that shrinks must first leave the hands it went to, which a later fact says.
            again = self._record([offers[at] for at in refused], cause)
            for at, outcome in zip(refused, again, strict=True):
                outcomes[at] = outcome
        for offer, outcome in zip(offers, outcomes, strict=True):
            match outcome:
                case Recorded(entry):
                    self._tally_recorded(offer, entry.corrects is not None)
                    self._setting.declared.fold(entry)
                case Same(draft, _):  # Somebody else recorded it since we looked.
                    self._report.same += 1
                    self._count(draft.body)
                case Conflict(_, entry):
                    self._conflict(offer, entry)
                case Refused(_, refusal):
                    row = offer.row
                    self._reject(Rejected(row.line, offer.column, refusal, row.cells))
        self._acknowledged = self._journal.head()

    def _record(self, offers: list[_Offer], cause: str) -> list[Outcome]:
        return self._journal.append(
            [msgspec.structs.replace(offer.draft, cause=cause) for offer in offers],
            recorded_at=self._clock(),
            correct=self._options.correct,
        )

    def _file_taken(self) -> str:
        """The id of the entry that says this file was taken in; its facts name it as their cause.

        It stands alone in a transaction before the first of them. Should we die in between, the
        next attempt finds it and goes on.
        """
        report = self._report
        key = f"file:{report.source}:{report.sha256}:{self._chosen.known.sha256}"
        known = self._journal.current([key])
        if key in known:
            return known[key].id
        body = FileTaken(
            name=report.file,
            sha256=report.sha256,
            source=report.source,
            mapping_sha256=self._chosen.known.sha256,
        )
        draft = Draft(
            body=body,
            occurred_at=self._setting.at,
            author=self._setting.author,
            idempotency_key=key,
        )
        return self._journal.record([draft], recorded_at=self._clock())[0].id

    def _conflict(self, offer: _Offer, entry: Entry[Any]) -> None:
        self._report.conflicts += 1
        self._report.tell(
            conflict_of(
                line=offer.row.line,
                column=offer.column,
                key=offer.draft.idempotency_key,
                recorded=entry.body,
                stated=offer.draft.body,
            )
        )

    def _tally_recorded(self, offer: _Offer, corrects: bool) -> None:
        if corrects:
            self._report.corrected += 1
        else:
            self._report.recorded += 1
        self._count(offer.draft.body)

    def _count(self, body: msgspec.Struct) -> None:
        self._report.agree(body)
        if isinstance(body, AreaDeclared):
            self._report.areas_without_collection += 1


def _batches(rows: Iterator[Taken | Rejected]) -> Iterator[list[Taken | Rejected]]:
    """Rows in batches of about 5,000 facts."""
    batch: list[Taken | Rejected] = []
    facts = 0
    for row in rows:
        batch.append(row)
        # A row without facts takes memory too.
        facts += 1 + (len(row.drafts) if isinstance(row, Taken) else 0)
        if facts >= BATCH_FACTS:
            yield batch
            batch, facts = [], 0
    if batch:
        yield batch


def _sighting(offer: _Offer) -> Sighting:
    said = msgspec.json.encode(offer.draft.body)
    digest = blake2b(said, digest_size=16).digest()
    return Sighting(offer.draft.idempotency_key, offer.row.line, digest)


def _says_the_same(entry: Entry[Any], draft: Draft[Any]) -> bool:
    # A declaration happens when it is made: made again it says nothing new. A lot's instant is
    # part of what is said of it.
    same_time = entry.occurred_at == draft.occurred_at or not isinstance(
        draft.body, LotArrived | EventHappened
    )
    return bool(entry.body == draft.body) and same_time


def _entry_to_be(draft: Draft[Any]) -> Entry[Any]:
    """What a dry run goes on with in place of an entry."""
    return Entry(
        seq=0,
        id="",
        kind=type(draft.body).__name__,
        version=0,
        occurred_at=draft.occurred_at,
        recorded_at=draft.occurred_at,
        author=draft.author,
        idempotency_key=draft.idempotency_key,
        corrects=None,
        cause=None,
        body=draft.body,
    )
