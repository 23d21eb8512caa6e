"""CSV: right lines, exact cells, and one bad row is one bad row."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.formats.mapping import FileForm
from bioloom.ledger.formats.rows import HeaderRepeats, Rejected, Row, TableEmpty
from bioloom.ledger.formats.tables import (
    LONGEST_LINE,
    EncodingWrong,
    RowMalformed,
    RowWidthWrong,
    TextDamaged,
    open_csv,
)

cells = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)


def rows_of(text: bytes, form: FileForm = FileForm()) -> list[Row | Rejected]:  # noqa: B008
    return list(open_csv(io.BytesIO(text), form).rows)


@given(
    table=st.lists(st.tuples(cells, cells, cells).filter(any), min_size=1, max_size=20),
    end=st.sampled_from(["\n", "\r\n"]),
    mark=st.booleans(),
)
def test_what_was_written_is_read_with_the_line_each_row_begins_at(
    table: list[tuple[str, str, str]], end: str, mark: bool
) -> None:
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["a", "b", "c"])
    lines = []
    for row in table:
        # As an editor counts: \r\n is one end of a line, \r and \n alone are one each.
        text = written.getvalue()
        lines.append(len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))
        writer.writerow(row)

    read = rows_of((b"\xef\xbb\xbf" if mark else b"") + written.getvalue().encode())

    assert [row.cells for row in read] == table
    assert [row.line for row in read] == lines


def test_a_row_with_the_wrong_number_of_cells_is_rejected_and_its_neighbours_are_not() -> None:
    read = rows_of(b"a,b\n1,2\n3\n4,5,6\n7,8\n")

    assert [row.line for row in read] == [2, 3, 4, 5]
    assert [isinstance(row, Row) for row in read] == [True, False, False, True]
    assert isinstance(read[1], Rejected)
    assert isinstance(read[1].refusal, RowWidthWrong)
    assert read[1].cells == ("3",)


def test_a_quote_nobody_closed_costs_one_row() -> None:
    good = [f"{number},x" for number in range(500)]
    text = "\n".join(["a,b", *good[:100], '"oops,x', *good[100:]])

    read = rows_of(text.encode())

    broken = [row for row in read if isinstance(row, Rejected)]
    assert [(row.line, row.cells) for row in broken] == [(102, ('"oops', "x"))]
    assert isinstance(broken[0].refusal, RowMalformed)
    assert [",".join(row.cells) for row in read if isinstance(row, Row)] == good


def test_a_quote_nobody_closed_before_the_end_costs_one_row() -> None:
    read = rows_of(b'a,b\n1,2\n"3,4\n5,6\n')

    assert [(row.line, isinstance(row, Row)) for row in read] == [(2, True), (3, False), (4, True)]


@pytest.mark.parametrize("bad", [b"caf\xe9", b"nu\0l"])
def test_bytes_that_are_no_text_cost_one_row(bad: bytes) -> None:
    read = rows_of(b"a,b\n1,2\n" + bad + b",2\n3,4\n")

    assert [isinstance(row, Row) for row in read] == [True, False, True]
    assert isinstance(read[1], Rejected)
    assert isinstance(read[1].refusal, TextDamaged)


def test_a_line_without_end_is_passed_over_and_not_kept() -> None:
    text = b"a,b\n1,2\n" + b"x" * (3 * LONGEST_LINE) + b"\n3,4\n"

    read = rows_of(text)

    assert [(row.line, isinstance(row, Row)) for row in read] == [(2, True), (3, False), (4, True)]
    assert isinstance(read[1], Rejected)
    assert len(str(read[1].cells)) < 2000


def test_a_cell_of_200_000_characters_costs_one_row() -> None:
    read = rows_of(b'a,b\n"' + b"9" * 200_000 + b'",2\n3,4\n')

    assert [isinstance(row, Row) for row in read] == [False, True]


def test_empty_rows_are_no_rows() -> None:
    assert [row.line for row in rows_of(b"a,b\n\n,\n,,\n1,2\n\n")] == [5]


def test_a_file_in_its_own_encoding_and_signs_is_read() -> None:
    form = FileForm(encoding="cp1252", delimiter=";", header_row=3)

    assert rows_of("Müll\n\na;b\né;2\n".encode("cp1252"), form) == [Row(4, ("é", "2"))]


def test_a_byte_order_mark_overrules_the_mapping() -> None:
    assert rows_of("a,b\né,2\n".encode("utf-16")) == [Row(2, ("é", "2"))]


@pytest.mark.parametrize("text", [b"", b"\n", b",,\n1,2,3\n"])
def test_a_file_without_a_header_is_refused(text: bytes) -> None:
    with pytest.raises(TableEmpty, match="no header row"):
        rows_of(text)


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(HeaderRepeats, match="'a'"):
        rows_of(b"a,b,a\n1,2,3\n")


def test_a_workbook_that_calls_itself_a_csv_is_refused() -> None:
    with pytest.raises(EncodingWrong, match="a ZIP or XLSX file"):
        rows_of(b"PK\x03\x04rest")


def test_half_a_utf_16_character_is_refused() -> None:
    with pytest.raises(EncodingWrong, match="is not utf-16"):
        rows_of("a,b\n1,2\n".encode("utf-16") + b"x")


def test_the_stream_stays_open_for_whoever_lent_it() -> None:
    stream = io.BytesIO(b"a,b\n1,2\n")

    list(open_csv(stream, FileForm()).rows)

    assert not stream.closed
