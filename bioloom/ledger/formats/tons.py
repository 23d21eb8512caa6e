"""Tables of masses: each row becomes the lots it states."""

from collections.abc import Iterator
from decimal import Context, Decimal, Inexact
from typing import Any

from bioloom.ledger.arriving import DistrictUnknown, Report, arrive
from bioloom.ledger.formats.dating import Dating
from bioloom.ledger.formats.mapping import Amount, TonsMapping, needed_columns
from bioloom.ledger.formats.rows import (
    Bound,
    CellUnreadable,
    Rejected,
    Row,
    Setting,
    Table,
    Taken,
    bind_number_form,
    judge_length,
    require_columns,
)
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId
from bioloom.vocabulary.quantities import MASS_UNITS_MG
from bioloom.vocabulary.refusal import Refusal

# Cells are too short for a sum to need more digits; if one ever did, this raises and never rounds.
_EXACT = Context(prec=200, traps=[Inexact])


def read_tons(table: Table, mapping: TonsMapping, setting: Setting) -> Iterator[Taken | Rejected]:
    """Read every row of a table of masses.

    A figure all of whose cells are blank was not reported: it gives no lot. A zero is a figure.

    Raises:
        ColumnsMissing: If the table lacks a column that the mapping reads.
        MappingUnreadable: If the form of its periods means nothing.
    """
    require_columns(table.header, needed_columns(mapping))
    reader = _TonsReader(table.header, mapping, setting)
    return (row if isinstance(row, Rejected) else reader.read(row) for row in table.rows)


class _Figure:
    """One `[[amounts]]` of a mapping, bound to the places of its cells."""

    def __init__(self, amount: Amount, header: tuple[str, ...], mapping: TonsMapping) -> None:
        self.name = " + ".join(amount.columns)
        self.places = tuple(header.index(column) for column in amount.columns)
        self.material = Bound(amount.material, header, mapping.translate.material)
        self.unit = Bound(amount.unit, header, mapping.translate.unit)


class _TonsReader:
    """A mapping bound to a header."""

    def __init__(self, header: tuple[str, ...], mapping: TonsMapping, setting: Setting) -> None:
        self._header, self._mapping, self._setting = header, mapping, setting
        self._district = Bound(mapping.district, header, mapping.translate.district)
        ends = (mapping.period.at, mapping.period.first, mapping.period.last)
        self._ends = [Bound(cell, header) for cell in ends if cell is not None]
        self._dating = Dating(mapping.period)
        self._figures = [_Figure(amount, header, mapping) for amount in mapping.amounts]
        self._numbers = bind_number_form(mapping.numbers)
        self._blank = frozenset(mapping.numbers.blank)
        # The column being read, so that a refusal can name it.
        self._at: str | None = None

    def read(self, row: Row) -> Taken | Rejected:
        """The lots of one row, all of them or none."""
        cells = row.cells
        try:
            period, period_key = self._period(cells)
            district = self._place(cells)
            drafts: list[Draft[Any]] = []
            columns: list[str] = []
            for figure in self._figures:
                amount = self._amount(figure, cells)
                if amount is None:
                    continue
                report = Report(
                    district=district,
                    material=self._material(figure, cells),
                    period=period,
                    period_key=period_key,
                    amount=amount,
                    unit=figure.unit.read(cells),
                    stamp=self._mapping.stamp,
                )
                drafts.append(self._lot(report, figure))
                columns.append(figure.name)
        except Refusal as refusal:
            return Rejected(row.line, self._at, refusal, cells)
        blanks = len(self._figures) - len(drafts)
        return Taken(row.line, cells, tuple(drafts), tuple(columns), blanks=blanks)

    def _place(self, cells: tuple[str, ...]) -> DistrictId:
        self._at = self._district.name
        district = DistrictId(self._district.name_in(cells, expected="a district"))
        # Judged here too: a row without figures would otherwise hide a wrong name.
        if district not in self._setting.declared.districts:
            raise DistrictUnknown(district=district)
        return district

    def _period(self, cells: tuple[str, ...]) -> tuple[Period, str]:
        self._at = self._ends[0].name
        if len(self._ends) == 1:
            return self._dating.at(self._ends[0].read(cells))
        return self._dating.between(self._ends[0].read(cells), self._ends[1].read(cells))

    def _amount(self, figure: _Figure, cells: tuple[str, ...]) -> Decimal | None:
        total = None
        for place in figure.places:
            text = cells[place].strip()
            if text in self._blank:
                continue
            self._at = self._header[place]
            judge_length(text)
            amount = self._numbers.read(text)
            if amount < 0:
                # Also where a positive column would make the sum positive again.
                raise CellUnreadable(text=text, expected="a mass: it is below zero")
            total = amount if total is None else _EXACT.add(total, amount)
        return None if total is None else _plain(total)

    def _material(self, figure: _Figure, cells: tuple[str, ...]) -> MaterialId:
        self._at = figure.material.name or self._at
        return MaterialId(figure.material.name_in(cells, expected="a material"))

    def _lot(self, report: Report, figure: _Figure) -> Draft[Any]:
        declared = self._setting.declared
        # Which column a refusal would be about, in the order in which `arrive` judges.
        if report.material not in declared.materials:
            self._at = figure.material.name
        elif report.unit not in MASS_UNITS_MG:
            self._at = figure.unit.name
        else:
            self._at = self._header[figure.places[0]]
        return arrive(
            report,
            source=self._mapping.source,
            declared=declared,
            author=self._setting.author,
            zone=self._setting.zone,
        )


def _plain(amount: Decimal) -> Decimal:
    """The same amount spelled in one way, so that 24.0 in one file and 24 in another agree.

    >>> _plain(Decimal("24.00")), _plain(Decimal("1114.20"))
    (Decimal('24'), Decimal('1114.2'))
    """
    text = format(amount, "f")
    return Decimal(text.rstrip("0").rstrip(".")) if "." in text else amount
