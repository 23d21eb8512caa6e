"""Tables of separated text (CSV): read a row at a time, whatever is wrong with some of them."""

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from bioloom.ledger.formats.mapping import FileForm
from bioloom.ledger.formats.rows import Rejected, Row, Table, TableEmpty, header_of
from bioloom.vocabulary.refusal import Refusal

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LONGEST_LINE = 1_000_000
# A quoted cell may go over several lines. One that goes over more is a quote nobody closed.
MOST_LINES = 100


class EncodingWrong(Refusal):
    """A text file is not written in the encoding that the mapping states."""

    def __init__(self, *, encoding: str, found: str | None = None) -> None:
        self.encoding, self.found = encoding, found
        seems = f" It begins like {found}." if found else ""
        super().__init__(
            what=f"The text is not {encoding}.{seems}",
            why="Names and numbers would be read as other ones.",
            remedy="Set encoding under [file] in the mapping, such as 'cp1252' or 'utf-16'.",
        )


class RowMalformed(Refusal):
    """A row whose cells cannot be told apart."""

    def __init__(self, *, fault: str) -> None:
        self.fault = fault
        super().__init__(
            what=f"The row cannot be told into cells: {fault}.",
            why="Its figures might belong to other columns.",
            remedy="Correct its quotes and separators.",
        )


class RowWidthWrong(Refusal):
    """A row with more or fewer cells than the header."""

    def __init__(self, *, found: int, expected: int) -> None:
        self.found, self.expected = found, expected
        super().__init__(
            what=f"The row has {found} cells and the header {expected}.",
            why="Its figures might belong to other columns.",
            remedy="Add or remove separators; quote a cell that contains one.",
        )


class TextDamaged(Refusal):
    """A cell with NUL characters, or bytes that are no text in the file's encoding."""

    def __init__(self, *, encoding: str) -> None:
        self.encoding = encoding
        super().__init__(
            what=f"The row holds bytes that are not text in {encoding}.",
            why="What they stood for cannot be known.",
            remedy="Correct the row, or set encoding under [file] in the mapping.",
        )


def open_csv(stream: BinaryIO, form: FileForm) -> Table:
    """Read the header of a CSV file; its rows follow as they are asked for.

    Lines are numbered as a text editor does. Memory does not grow with the file. Rows without any
    text are passed over.

    Raises:
        EncodingWrong: If the file, or its header, is not in the stated encoding.
        TableEmpty: If there is no header.
        HeaderRepeats: If two columns have one name.
    """
    start = stream.read(4)
    stream.seek(0)
    encoding = _encoding(start, form.encoding)
    # Kept as lone surrogates, a broken byte damages one row and not the file.
    borrowed = io.BufferedReader(_Borrowed(stream), buffer_size=1 << 16)
    text = io.TextIOWrapper(borrowed, encoding, errors="surrogateescape", newline="")
    lines = _Lines(text)
    records = _records(lines, form.delimiter, encoding)
    header: Row | Rejected | None = None
    for _ in range(form.header_row):
        header = next(records, None)
    if header is None:
        raise TableEmpty
    if isinstance(header, Rejected):
        raise header.refusal
    names = header_of(header.cells)
    return Table(header=names, rows=_fitting(records, width=len(names)))


def _encoding(start: bytes, stated: str) -> str:
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.startswith(b"PK\x03\x04"):
        raise EncodingWrong(encoding=stated, found="a ZIP or XLSX file")
    return stated


class _Borrowed(io.RawIOBase):
    """Somebody else's stream, which a text wrapper must not close when it is let go."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        """It is for reading only."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill a buffer, and say with how many bytes."""
        view = memoryview(buffer)
        piece = self._stream.read(len(view))
        view[: len(piece)] = piece
        return len(piece)


class _LineTooLong(Refusal):
    def __init__(self) -> None:
        super().__init__(
            what=f"The line is longer than {LONGEST_LINE:,} characters.",
            why="No row of figures is.",
            remedy="Correct the line, or set delimiter and encoding under [file].",
        )


class _Lines:
    """Physical lines: bounded, numbered, and given again where a quote swallowed them."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MOST_LINES:
            raise RowMalformed(fault=f"a quote is not closed within {MOST_LINES} lines")
        line = self._again.popleft() if self._again else self._text.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        if len(line) > LONGEST_LINE:
            self._pass_over(line)
            raise _LineTooLong
        return line

    def _pass_over(self, line: str) -> None:
        self.taken[-1] = line[:1000]
        while line and not line.endswith(("\n", "\r")):
            line = self._text.readline(LONGEST_LINE)

    def give_again(self) -> None:
        """Keep the first line taken and give the others again."""
        self._again.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1
        del self.taken[1:]


def _records(lines: _Lines, delimiter: str, encoding: str) -> Iterator[Row | Rejected]:
    """Every record, the header's too, whatever its width."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.taken.clear()
        at = lines.number + 1
        try:
            cells = tuple(next(reader))
        except StopIteration:
            return
        except UnicodeError as undecodable:
            raise EncodingWrong(encoding=encoding) from undecodable
        except csv.Error as fault:
            yield _broken(lines, at, delimiter, RowMalformed(fault=str(fault)))
            continue
        except (RowMalformed, _LineTooLong) as refusal:
            yield _broken(lines, at, delimiter, refusal)
            continue
        text = "".join(cells)
        if (not text.isascii() and _has_surrogates(text)) or "\0" in text:
            yield Rejected(at, None, TextDamaged(encoding=encoding), cells)
        else:
            yield Row(at, cells)


def _broken(lines: _Lines, at: int, delimiter: str, refusal: Refusal) -> Rejected:
    # Only the line with the bad quote is at fault: those it swallowed get a reading of their own.
    lines.give_again()
    cells = lines.taken[0].rstrip("\r\n").split(delimiter)
    return Rejected(at, None, refusal, tuple(cells))


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in text)


def _fitting(records: Iterator[Row | Rejected], *, width: int) -> Iterator[Row | Rejected]:
    for record in records:
        if isinstance(record, Row) and len(record.cells) != width:
            if any(record.cells):
                refusal = RowWidthWrong(found=len(record.cells), expected=width)
                yield Rejected(record.line, None, refusal, record.cells)
        elif isinstance(record, Rejected) or any(record.cells):
            yield record
