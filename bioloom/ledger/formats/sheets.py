"""Sheets and column files (XLSX, Parquet): typed cells become the text a CSV would hold."""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from bioloom.ledger.formats.mapping import FileForm
from bioloom.ledger.formats.rows import Rejected, Row, Table, TableEmpty, header_of
from bioloom.vocabulary.refusal import Refusal

# A sheet is held in memory as a whole; a full XLSX sheet of numbers unpacks to about this much.
LARGEST_WORKBOOK_BYTES = 512 * 1024**2
ROWS_AT_ONCE = 4096


class WorkbookTooLarge(Refusal):
    """A workbook that would not fit in a modest memory."""

    def __init__(self, *, unpacked_bytes: int) -> None:
        self.unpacked_bytes = unpacked_bytes
        super().__init__(
            what=f"The workbook unpacks to {unpacked_bytes // 1024**2} MB.",
            why=f"A sheet is read as a whole; the limit is {LARGEST_WORKBOOK_BYTES // 1024**2} MB.",
            remedy="Save the sheet as CSV, which is read at constant memory.",
        )


class FileDamaged(Refusal):
    """A file that is not of the format its name says."""

    def __init__(self, *, form: str, fault: str) -> None:
        self.form, self.fault = form, fault
        super().__init__(
            what=f"It cannot be read as {form}: {fault}.",
            why="A part of a file must not pass for the whole.",
            remedy="Export it again, or give it the ending of its true format.",
        )


class ParquetNotInstalled(Refusal):
    """Parquet is read by a library that is an extra."""

    def __init__(self) -> None:
        super().__init__(
            what="Parquet files need the library pyarrow, which is not installed.",
            why="It is large, and few cities publish in Parquet.",
            remedy="Run `pip install bioloom[parquet]`, or save the table as CSV.",
        )


def open_xlsx(stream: BinaryIO, form: FileForm, *, decimal: str) -> Table:
    """Read one sheet of a workbook: the one that `form` names, or the first.

    Args:
        stream: The workbook; it must be seekable.
        form: Which sheet and header row.
        decimal: The sign between whole and fraction in the texts that numbers become.

    Raises:
        FileDamaged: If it is no XLSX workbook, is locked, or lacks the sheet.
        WorkbookTooLarge: If it unpacks to more than 512 MB.
        TableEmpty: If there is no header.
        HeaderRepeats: If two columns have one name.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            unpacked_bytes = sum(part.file_size for part in archive.infolist())
        if unpacked_bytes > LARGEST_WORKBOOK_BYTES:
            raise WorkbookTooLarge(unpacked_bytes=unpacked_bytes)
        stream.seek(0)
        book = CalamineWorkbook.from_filelike(stream)
        name = form.sheet if form.sheet is not None else book.sheet_names[0]
        values = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, PasswordError, zipfile.BadZipFile) as fault:
        raise FileDamaged(form="an XLSX workbook", fault=str(fault)) from fault
    if len(values) < form.header_row:
        raise TableEmpty
    header = header_of(_text(value, decimal) for value in values[form.header_row - 1])
    below = enumerate(values[form.header_row :], start=form.header_row + 1)
    return Table(header=header, rows=_rows(below, decimal))


def open_parquet(stream: BinaryIO, *, decimal: str) -> Table:
    """Read a Parquet file by batches of rows; its lines are rows, counted from 1.

    Raises:
        ParquetNotInstalled: If pyarrow is missing.
        FileDamaged: If it is no Parquet file.
        TableEmpty: If it has no columns.
        HeaderRepeats: If two columns have one name.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415  An extra: loaded only where it is needed.
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as missing:
        raise ParquetNotInstalled from missing
    try:
        file = parquet.ParquetFile(stream)
        header = header_of(file.schema_arrow.names)
    except (pa.ArrowException, OSError) as fault:
        raise FileDamaged(form="Parquet", fault=str(fault).splitlines()[0]) from fault

    def values() -> Iterator[Sequence[Any]]:
        try:
            for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
        except (pa.ArrowException, OSError) as fault:
            raise FileDamaged(form="Parquet", fault=str(fault).splitlines()[0]) from fault

    return Table(header=header, rows=_rows(enumerate(values(), start=1), decimal))


def _rows(numbered: Iterator[tuple[int, Sequence[Any]]], decimal: str) -> Iterator[Row | Rejected]:
    for line, values in numbered:
        cells = tuple([_text(value, decimal) for value in values])
        if any(cells):
            yield Row(line, cells)


def _text(value: object, decimal: str) -> str:
    """What a CSV of the same table would hold."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() | Decimal():
            return _number(value).replace(".", decimal)
        case datetime() if value.time() == time(0):
            return value.date().isoformat()
        case date() | time():  # A datetime is a date.
            return value.isoformat()
        case _:
            return str(value)


def _number(value: float | Decimal) -> str:
    """The shortest text that means this number, without an exponent or needless decimals."""
    text = format(Decimal(repr(value)) if isinstance(value, float) else value, "f")
    return text.removesuffix(".0")
