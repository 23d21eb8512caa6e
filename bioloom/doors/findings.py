"""Findings: what came of taking files in, counted and told."""

from typing import Any, Literal

import msgspec

from bioloom.ledger.formats.rows import Rejected
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.refusal import Refusal

# So that a file in which everything is wrong does not fill the memory. Counts go on, and the
# rejects file has every rejected row.
MOST_FINDINGS = 10_000


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something about a row that a person should see."""

    nature: Literal["rejected", "conflict"]
    line: int
    column: str | None
    what: str
    why: str
    remedy: str


class FileReport(msgspec.Struct, kw_only=True):
    """What came of one file.

    `rows` and `rejected` count rows, the other counts count facts. `mass_mg` adds up the figures
    on which file and record now agree. `not_reported` counts figures that were left blank.
    """

    file: str
    sha256: str
    mapping: str
    source: str
    kind: str
    rows: int = 0
    recorded: int = 0
    same: int = 0
    repeated: int = 0
    corrected: int = 0
    conflicts: int = 0
    rejected: int = 0
    not_reported: int = 0
    mended: int = 0
    areas_without_collection: int = 0
    # Fields of the file's documents that the record does not carry, each once.
    not_carried: list[str] = []
    mass_mg: dict[MaterialId, int] = {}
    rejects: str | None = None
    findings: list[Finding] = []

    def tell(self, finding: Finding) -> None:
        """Keep a finding, up to 10,000 of them."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)

    def agree(self, body: msgspec.Struct) -> None:
        """File and record say the same of this fact: count its mass."""
        if isinstance(body, LotArrived):
            held = self.mass_mg.get(body.material, 0)
            self.mass_mg[body.material] = held + body.mass_mg


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an import, and where the record ends after it."""

    dry_run: bool
    files: tuple[FileReport, ...]
    head_seq: int
    head_hash: str

    @property
    def is_clean(self) -> bool:
        """Whether every row was taken in, or was in the record already."""
        return not any(file.rejected or file.conflicts for file in self.files)


class RecordDiffers(Refusal):
    """A file says something else than the record under the same natural key."""

    def __init__(self, *, key: str, recorded: str, stated: str) -> None:
        self.key, self.recorded, self.stated = key, recorded, stated
        super().__init__(
            what=f"The record has {recorded} for {key}; this file says {stated}.",
            why="Nothing recorded is ever changed in passing.",
            remedy="If the file is right, take it in again with --correct.",
        )


class SaidTwice(Refusal):
    """Two rows of one file say different things under the same natural key."""

    def __init__(self, *, key: str, earlier_line: int) -> None:
        self.key, self.earlier_line = key, earlier_line
        super().__init__(
            what=f"Line {earlier_line} says something else for {key}.",
            why="Both cannot be true, and the file does not say which is.",
            remedy="Keep the right one of the two rows.",
        )


def finding_of(rejected: Rejected) -> Finding:
    """A rejected row as a finding."""
    return _finding("rejected", rejected.line, rejected.column, rejected.refusal)


def broken_rule(line: int, path: str, what: str, *, why: str, remedy: str) -> Finding:
    """A rule of a document's format that it breaks, as a finding."""
    told = f"{what[:1].upper()}{what[1:]}."
    return Finding(nature="rejected", line=line, column=path, what=told, why=why, remedy=remedy)


def conflict_of(
    *, line: int, column: str | None, key: str, recorded: msgspec.Struct, stated: msgspec.Struct
) -> Finding:
    """A fact that the record has otherwise, as a finding that shows both."""
    then, now = _unlike(recorded, stated)
    return _finding("conflict", line, column, RecordDiffers(key=key, recorded=then, stated=now))


def _finding(
    nature: Literal["rejected", "conflict"], line: int, column: str | None, refusal: Refusal
) -> Finding:
    return Finding(
        nature=nature,
        line=line,
        column=column,
        what=refusal.what,
        why=refusal.why,
        remedy=refusal.remedy,
    )


def _unlike(recorded: msgspec.Struct, stated: msgspec.Struct) -> tuple[str, str]:
    """What two bodies of one key say where they differ."""
    if isinstance(recorded, LotArrived) and isinstance(stated, LotArrived):
        pair = (f"{recorded.reported} {recorded.unit}", f"{stated.reported} {stated.unit}")
        if pair[0] != pair[1]:
            return pair
    before, after = msgspec.to_builtins(recorded), msgspec.to_builtins(stated)
    fields = [field for field in after if before.get(field) != after[field]]
    fields = fields or ["occurred_at"]  # A body that is alike differs in when it happened.
    return _told(before, fields), _told(after, fields)


def _told(body: dict[str, Any], fields: list[str]) -> str:
    # An outline would fill the screen.
    told = {field: str(body.get(field, "another")) for field in fields}
    return ", ".join(f"{field} {text if len(text) < 80 else '…'}" for field, text in told.items())
