"""Tables of sites: each row declares a place that takes materials in."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from bioloom.ledger.arriving import natural_key
from bioloom.ledger.declaring import declare, judge_point
from bioloom.ledger.formats.mapping import SiteForm, SitesMapping, needed_columns
from bioloom.ledger.formats.rows import (
    LONGEST_NAME,
    Bound,
    CellUnreadable,
    Rejected,
    Row,
    Setting,
    Table,
    Taken,
    bind_number_form,
    bound_or_none,
    judge_length,
    require_columns,
)
from bioloom.vocabulary.agents import operator_of
from bioloom.vocabulary.entries.ledger import Intake, SiteDeclared, Storage, Yield
from bioloom.vocabulary.materials import GroupId, MaterialId
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
        self._residue_material = bound_or_none(form.residue_material, header)
        self._makes, self._stays = (
            bound_or_none(form.makes, header),
            bound_or_none(form.stays, header),
        )
        self._storage = bound_or_none(form.storage, header)
        self._numbers = bind_number_form(mapping.numbers)
        # The column being read, so that a refusal can name it.
        self._at: str | None = None

    def read(self, row: Row) -> Taken | Rejected:
        """The site that one row declares."""
        try:
            site = self._site(row.cells)
            # What is left to judge is how much it makes and leaves of what it takes.
            self._at = (self._makes or self._residue).name
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
        intake = Intake(
            accepts=self._groups(cells),
            capacity_mg_per_day=self._capacity_mg(cells),
            yields=self._yields(cells),
        )
        return SiteDeclared(
            site=site,
            name=self._text(self._name, cells, "a name"),
            process=self._text(self._process, cells, "a process"),
            residue_per_mille=self._residue_per_mille(cells),
            point=self._point(site, longitude, latitude),
            intakes=(intake,),
            operator=operator_of(site),
            stamp=self._mapping.stamp,
            residue_material=self._optional_material(cells),
            storage=self._stored(cells),
        )

    def _text(self, bound: Bound, cells: tuple[str, ...], expected: str) -> str:
        self._at = bound.name
        return bound.name_in(cells, expected=expected)

    def _number(self, bound: Bound, cells: tuple[str, ...]) -> Decimal:
        self._at = bound.name
        text = bound.read(cells)
        judge_length(text)
        return self._numbers.read(text)

    def _point(self, name: str, longitude: Decimal, latitude: Decimal) -> Point:
        self._at = " + ".join(name for name in (self._latitude.name, self._longitude.name) if name)
        point = Point(longitude_deg=float(longitude), latitude_deg=float(latitude))
        judge_point(name, point)
        return point

    def _groups(self, cells: tuple[str, ...]) -> tuple[GroupId, ...]:
        listed = self._text(self._accepts, cells, "a material group")
        groups = [group.strip() for group in listed.split(self._mapping.site.separator)]
        if not all(groups):
            raise CellUnreadable(text=listed, expected="a list of material groups")
        return tuple(GroupId(group) for group in dict.fromkeys(groups))

    def _capacity_mg(self, cells: tuple[str, ...]) -> int:
        capacity_mg = self._mass_mg(self._capacity, cells)
        return capacity_mg if self._mapping.site.per == "day" else capacity_mg // _DAYS_OF_YEAR

    def _residue_per_mille(self, cells: tuple[str, ...]) -> int:
        share = self._number(self._residue, cells)
        return per_mille(share if self._mapping.site.residue_in == "share" else share / 100)

    def _optional_material(self, cells: tuple[str, ...]) -> MaterialId | None:
        bound = self._residue_material
        if bound is None or not bound.read(cells):
            return None
        return MaterialId(self._text(bound, cells, "a material"))

    def _yields(self, cells: tuple[str, ...]) -> tuple[Yield, ...]:
        stays = {
            material: mass_mg(amount, self._unit.read(cells))
            for material, amount in self._listed(self._stays, cells)
        }
        makes = [
            Yield(
                material=material,
                per_mille=per_mille(share),
                stays_mg_per_day=stays.pop(material, None),
            )
            for material, share in self._listed(self._makes, cells)
        ]
        if stays and self._stays is not None:
            self._at = self._stays.name
            raise CellUnreadable(text=", ".join(stays), expected="made here, so it cannot stay")
        return tuple(makes)

    def _listed(
        self, bound: Bound | None, cells: tuple[str, ...]
    ) -> Iterator[tuple[MaterialId, Decimal]]:
        """The materials of a list with their numbers, as in "compost=0.4; digestate=0.3"."""
        listed = "" if bound is None else bound.read(cells)
        if bound is None or not listed:
            return
        self._at = bound.name
        for one in listed.split(self._mapping.site.separator):
            material, sign, number = (part.strip() for part in one.partition("="))
            if not (material and sign) or len(material) > LONGEST_NAME:
                raise CellUnreadable(text=one, expected="a material and its number, as compost=0.4")
            judge_length(number)
            yield MaterialId(material), self._numbers.read(number)

    def _stored(self, cells: tuple[str, ...]) -> tuple[Storage, ...]:
        bound = self._storage
        if bound is None or not bound.read(cells):
            return ()
        return (Storage(accepts=(), capacity_mg=self._mass_mg(bound, cells)),)

    def _mass_mg(self, bound: Bound, cells: tuple[str, ...]) -> int:
        amount = self._number(bound, cells)
        return mass_mg(amount, self._unit.read(cells))


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
