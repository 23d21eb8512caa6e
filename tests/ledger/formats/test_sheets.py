"""Sheets: a workbook and a Parquet file say what the CSV of the same table says."""

import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from bioloom.ledger.formats.mapping import FileForm
from bioloom.ledger.formats.rows import Row, TableEmpty
from bioloom.ledger.formats.sheets import FileDamaged, open_parquet, open_xlsx

figures = st.floats(min_value=0, max_value=1e12).filter(lambda figure: figure != 0)


def workbook(*rows: list[object], title: str = "Sheet") -> io.BytesIO:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


@given(figures=st.lists(figures, min_size=1, max_size=20))
def test_a_float_of_a_parquet_file_reads_as_exactly_itself(figures: list[float]) -> None:
    stream = io.BytesIO()
    parquet.write_table(pa.table({"TONS": figures}), stream)
    stream.seek(0)

    read = [row.cells for row in open_parquet(stream, decimal=".").rows if isinstance(row, Row)]

    assert [float(cells[0]) for cells in read] == figures
    assert not any("e" in cells[0].lower() for cells in read)


def test_typed_cells_become_the_text_of_a_csv() -> None:
    stream = workbook(
        ["ID", "TONS", "DAY", "AT", "NAME", "NONE"],
        [101, 24.0, date(2022, 11, 1), datetime.fromisoformat("2022-11-01T12:30"), "é", None],
        [102, 1114.2, None, None, None, "x"],
    )

    rows = list(open_xlsx(stream, FileForm(), decimal=",").rows)

    assert rows == [
        Row(2, ("101", "24", "2022-11-01", "2022-11-01T12:30:00", "é", "")),
        Row(3, ("102", "1114,2", "", "", "", "x")),
    ]


def test_the_sheet_and_the_header_row_can_be_chosen() -> None:
    stream = workbook(["Tons of 2022"], [], ["A", "B"], [1, 2], title="Data")

    assert list(open_xlsx(stream, FileForm(sheet="Data", header_row=3), decimal=".").rows) == [
        Row(4, ("1", "2"))
    ]


def test_a_sheet_that_is_not_there_is_refused() -> None:
    with pytest.raises(FileDamaged, match="XLSX"):
        open_xlsx(workbook(["A"]), FileForm(sheet="Nowhere"), decimal=".")


def test_an_empty_sheet_is_refused() -> None:
    with pytest.raises(TableEmpty, match="no header"):
        open_xlsx(workbook(), FileForm(), decimal=".")


def test_exact_decimals_stay_exact_in_parquet() -> None:
    stream = io.BytesIO()
    exact = pa.array([Decimal("1114.20"), None], pa.decimal128(12, 2))
    parquet.write_table(pa.table({"TONS": exact, "N": [1, 2]}), stream)
    stream.seek(0)

    assert list(open_parquet(stream, decimal=".").rows) == [
        Row(1, ("1114.20", "1")),
        Row(2, ("", "2")),
    ]


@pytest.mark.parametrize("text", [b"", b"a,b\n1,2\n", b"PK\x03\x04" + b"x" * 100])
def test_what_is_no_workbook_is_refused(text: bytes) -> None:
    with pytest.raises(FileDamaged, match="XLSX"):
        open_xlsx(io.BytesIO(text), FileForm(), decimal=".")


@pytest.mark.parametrize("text", [b"", b"a,b\n1,2\n", b"PAR1" + b"x" * 100 + b"PAR1"])
def test_what_is_no_parquet_is_refused(text: bytes) -> None:
    with pytest.raises(FileDamaged, match="Parquet"):
        open_parquet(io.BytesIO(text), decimal=".")
