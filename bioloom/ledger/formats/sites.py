"""Tables of sites: each row declares a place that takes materials in."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from bioloom.ledger.arriving import natural_key
from bioloom.ledger.declaring import declare
from bioloom.ledger.formats.mapping import SiteForm, SitesMapping, needed_columns
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
from bioloom.vocabulary.agents import operator_of
from bioloom.vocabulary.entries.ledger import Intake, SiteDeclared
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import Point, SiteId
from bioloom.vocabulary.quantities import mass_mg
from bioloom.vocabulary.refusal import Refusal

_DAYS_OF_YEAR = 365


def read_sites(table: Table, mapping: SitesMapping, setting: Setting) -> Iterator[Taken | Rejected]:
    """Read every row of a table of sites.

    Raises:
        ColumnsMissing: If the table lacks a column that the mapping reads.
    """
    require_columns(table.header, needed_columns(mapping))
    reader = _SitesReader(table.header, mapping, setting)
    return (row if isinstance(row, Rejected) else reader.read(row) for row in table.rows)


class _SitesReader:
    """A mapping bound to a header."""

    def __init__(self, header: tuple[str, ...], mapping: SitesMapping, setting: Setting) -> None:
        self._mapping, self._setting = mapping, setting
        form: SiteForm = mapping.site
        self._id, self._name = Bound(form.id, header), Bound(form.name, header)
        self._latitude = Bound(form.latitude, header)
        self._longitude = Bound(form.longitude, header)
        self._accepts, self._process = Bound(form.accepts, header), Bound(form.process, header)
        self._capacity, self._unit = Bound(form.capacity, header), Bound(form.unit, header)
        self._residue = Bound(form.residue, header)
        self._numbers = bind_number_form(mapping.numbers)
        # The column being read, so that a refusal can name it.
        self._at: str | None = None

    def read(self, row: Row) -> Taken | Rejected:
        """The site that one row declares."""
        try:
            site = self._site(row.cells)
            draft = declare(
                site,
                key=natural_key(self._mapping.source, site.site),
                author=self._setting.author,
                at=self._setting.at,
            )
        except Refusal as refusal:
            return Rejected(row.line, self._at, refusal, row.cells)
        return Taken(row.line, row.cells, (draft,), (self._id.name,))

    def _site(self, cells: tuple[str, ...]) -> SiteDeclared:
        site = SiteId(self._text(self._id, cells, "a site's id"))
        latitude = self._number(self._latitude, cells)
        longitude = self._number(self._longitude, cells)
        intake = Intake(accepts=self._groups(cells), capacity_mg_per_day=self._capacity_mg(cells))
        return SiteDeclared(
            site=site,
            name=self._text(self._name, cells, "a name"),
            process=self._text(self._process, cells, "a process"),
            residue_per_mille=self._residue_per_mille(cells),
            # Read last, so that a position off the map is said of its column.
            point=self._point(longitude, latitude),
            intakes=(intake,),
            operator=operator_of(site),
            stamp=self._mapping.stamp,
        )

    def _text(self, bound: Bound, cells: tuple[str, ...], expected: str) -> str:
        self._at = bound.name
        return bound.name_in(cells, expected=expected)

    def _number(self, bound: Bound, cells: tuple[str, ...]) -> Decimal:
        self._at = bound.name
        text = bound.read(cells)
        judge_length(text)
        return self._numbers.read(text)

    def _point(self, longitude: Decimal, latitude: Decimal) -> Point:
        self._at = " + ".join(name for name in (self._latitude.name, self._longitude.name) if name)
        return Point(longitude_deg=float(longitude), latitude_deg=float(latitude))

    def _groups(self, cells: tuple[str, ...]) -> tuple[GroupId, ...]:
        listed = self._text(self._accepts, cells, "a material group")
        groups = [group.strip() for group in listed.split(self._mapping.site.separator)]
        if not all(groups):
            raise CellUnreadable(text=listed, expected="a list of material groups")
        return tuple(GroupId(group) for group in dict.fromkeys(groups))

    def _capacity_mg(self, cells: tuple[str, ...]) -> int:
        amount = self._number(self._capacity, cells)
        capacity_mg = mass_mg(amount, self._unit.read(cells))
        return capacity_mg if self._mapping.site.per == "day" else capacity_mg // _DAYS_OF_YEAR

    def _residue_per_mille(self, cells: tuple[str, ...]) -> int:
        share = self._number(self._residue, cells)
        return per_mille(share if self._mapping.site.residue_in == "share" else share / 100)


def per_mille(number: Decimal) -> int:
    """A number as whole thousandths.

    Raises:
        CellUnreadable: If it is finer than a thousandth: rounding would say what nobody said.

    Example:
        >>> per_mille(Decimal("0.12"))
        120
    """
    thousandths = Fraction(number) * 1000
    if thousandths.denominator != 1:
        raise CellUnreadable(text=str(number), expected="a number in whole thousandths")
    return thousandths.numerator
