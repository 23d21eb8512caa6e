"""Rejects: the rows that could not be taken in, in a file to be corrected and taken in again.

Four columns stand in front of the file's own: `_line`, `_column`, `_what` and `_remedy`. In front,
so that a row with too few or too many cells stays one. The file's own cells are as they were.
"""

import csv
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from bioloom.ledger.formats.mapping import FileForm
from bioloom.ledger.formats.rows import Rejected

NOTES = ("_line", "_column", "_what", "_remedy")


class Rejects:
    """Writes one file's rejects beside it as they come, and puts them in place at the end.

    Args:
        place: Where they are to be, apart from the ending. An older file there is replaced; where
            its text differs from the new one it is kept as `….previous`, for it may hold somebody's
            corrections.
        header: The columns of the file; of a map, anything.
        form: How the file is written, so that the same mapping reads its rejects.
        is_map: Whether the rows are GeoJSON features.
    """

    def __init__(self, place: Path, *, header: Sequence[str], form: FileForm, is_map: bool) -> None:
        # Not with_suffix: a stem may have dots of its own.
        self.path = place.with_name(place.name + (".geojson" if is_map else ".csv"))
        self._header, self._form, self._is_map = header, form, is_map
        self._own = [at for at, name in enumerate(header) if name not in NOTES]
        self._noted = [at for at, name in enumerate(header) if name in NOTES]
        self._file: IO[str] | None = None
        self.count = 0

    def add(self, rejected: Rejected) -> None:
        """Keep a rejected row."""
        if self._file is None:
            self._file = self._begin()
        refusal = rejected.refusal
        notes = (rejected.line, rejected.column or "", refusal.what, refusal.remedy)
        if isinstance(rejected.cells, dict):
            self._file.write(",\n" if self.count else "")
            self._file.write(json.dumps(_noted(rejected.cells, notes), ensure_ascii=False))
        else:
            own = [cell for at, cell in enumerate(rejected.cells) if at not in self._noted]
            self._writer(self._file).writerow([*notes, *own])
        self.count += 1

    def finish(self) -> Path | None:
        """Put the file in place, or remove an older one if there is nothing to reject.

        Returns:
            Where the rejects are, if there are any.
        """
        if self._file is None:
            self.path.unlink(missing_ok=True)
            return None
        if self._is_map:
            self._file.write("\n]}\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        fresh = Path(self._file.name)
        if self.path.exists() and self.path.read_bytes() != fresh.read_bytes():
            self.path.replace(self.path.with_name(self.path.name + ".previous"))
        fresh.replace(self.path)
        return self.path

    def abandon(self) -> None:
        """Leave nothing behind."""
        if self._file is not None:
            self._file.close()
            Path(self._file.name).unlink(missing_ok=True)

    def _begin(self) -> IO[str]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = tempfile.NamedTemporaryFile(  # noqa: SIM115  It outlives this method.
            "w",
            dir=self.path.parent,
            prefix=".rejects-",
            delete=False,
            newline="",
            # The byte order mark overrules the encoding that the mapping states for the original.
            encoding="utf-8" if self._is_map else "utf-8-sig",
            errors="surrogateescape",
        )
        if self._is_map:
            file.write('{"type": "FeatureCollection", "features": [\n')
        else:
            file.write("\n" * (self._form.header_row - 1))
            own = [self._header[at] for at in self._own]
            self._writer(file).writerow([*NOTES, *own])
        return file

    def _writer(self, file: IO[str]) -> Any:  # noqa: ANN401  The csv module does not name its type.
        # Ending lines with both signs, the writer quotes cells that hold either.
        return csv.writer(file, delimiter=self._form.delimiter, lineterminator="\r\n")


def _noted(feature: dict[str, Any], notes: Sequence[object]) -> dict[str, Any]:
    stated = feature.get("properties")
    properties = stated if isinstance(stated, dict) else {}
    return feature | {"properties": properties | dict(zip(NOTES, notes, strict=True))}
