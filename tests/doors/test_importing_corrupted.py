"""Importing a damaged table: the good is recorded, the bad comes back, nothing is lost."""

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.doors.findings import FileReport
from bioloom.doors.importing import take_in
from tests.doors.importing_city import HEADER, figures, verdiva, written

masses = st.one_of(st.just(""), st.decimals(0, 10**6, places=2).map(str))
months = st.dates().map(lambda day: f"2022-{day.month:02}")
# One row for each month and ward: a row cannot contradict another.
tables = st.dictionaries(
    st.tuples(months, st.sampled_from("12")), st.tuples(masses, masses, masses), min_size=1
).map(lambda table: [(*key, *figures) for key, figures in table.items()])
Cells = tuple[str, ...]
damages = st.sampled_from(
    [
        lambda cells: ("2022-13", *cells[1:]),
        lambda cells: (cells[0], "nowhere", *cells[2:]),
        lambda cells: (*cells[:4], "1e9"),
        lambda cells: (*cells[:2], "-0.01", *cells[3:]),
        lambda cells: cells[:4],
        lambda cells: (*cells, "more"),
        lambda cells: (*cells[:3], "a\nb", *cells[4:]),
        lambda cells: (*cells[:4], "x\0"),
    ]
)


def text_of(rows: list[Cells], header: str = HEADER) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([header.strip().split(","), *rows])
    return text.getvalue()


def line_of(at: int, rows: list[Cells]) -> int:
    return text_of(rows[:at]).count("\n") + 1


def returned_by(report: FileReport) -> list[Cells]:
    if report.rejects is None:
        return []
    text = Path(report.rejects).read_text("utf-8-sig")
    return [tuple(row) for row in csv.reader(io.StringIO(text, newline=""))][1:]


def figures_of(table: list[Cells]) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as place, verdiva(Path(place)) as city:
        take_in(city, [written(Path(place) / "tons.csv", text_of(table))])
        return figures(city)


@settings(max_examples=25)
@given(table=tables, data=st.data())
def test_good_rows_are_recorded_bad_ones_returned_and_corrected_ones_complete_the_record(
    table: list[Cells], data: st.DataObject
) -> None:
    bad = sorted(data.draw(st.sets(st.integers(0, len(table) - 1)), label="damaged rows"))
    damaged = [data.draw(damages)(row) if at in bad else row for at, row in enumerate(table)]

    with tempfile.TemporaryDirectory() as place, verdiva(Path(place)) as city:
        report = take_in(city, [written(Path(place) / "tons.csv", text_of(damaged))]).files[0]
        returned = returned_by(report)

        assert (report.rows, report.rejected) == (len(table), len(bad))
        assert [one.line for one in report.findings] == [line_of(at, damaged) for at in bad]
        assert [row[4:] for row in returned] == [damaged[at] for at in bad]
        assert figures(city) == figures_of([row for at, row in enumerate(table) if at not in bad])
        if report.rejects is not None:
            corrected = [(*row[:4], *table[at]) for row, at in zip(returned, bad, strict=True)]
            header = "_line,_column,_what,_remedy," + HEADER
            written(Path(report.rejects), text_of(corrected, header))
            assert take_in(city, [Path(report.rejects)]).is_clean
        assert figures(city) == figures_of(table)
