"""Tables of vehicles: each row declares those of one kind that work between some areas."""

from collections.abc import Collection, Iterator

from bioloom.ledger.arriving import natural_key
from bioloom.ledger.declared import Declared
from bioloom.ledger.declaring import declare
from bioloom.ledger.formats.mapping import VehiclesMapping, needed_columns
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
from bioloom.vocabulary.entries.ledger import VehiclesDeclared
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import SiteId
from bioloom.vocabulary.quantities import mass_mg
from bioloom.vocabulary.refusal import Refusal


class NameUndeclared(Refusal):
    """Vehicles that work where nothing is declared, or carry what nobody declared."""

    def __init__(self, *, name: str, sort: str) -> None:
        self.name, self.sort = name, sort
        super().__init__(
            what=f"'{name}' is no {sort} of the record.",
            why="Vehicles that nobody can use would be left out without a word.",
            remedy="Import districts, sites and materials first, or correct the name.",
        )


def read_vehicles(
    table: Table, mapping: VehiclesMapping, setting: Setting
) -> Iterator[Taken | Rejected]:
    """Read every row of a table of vehicles.

    Raises:
        ColumnsMissing: If the table lacks a column that the mapping reads.
    """
    require_columns(table.header, needed_columns(mapping))
    reader = _VehiclesReader(table.header, mapping, setting)
    return (row if isinstance(row, Rejected) else reader.read(row) for row in table.rows)


class _VehiclesReader:
    """A mapping bound to a header."""

    def __init__(self, header: tuple[str, ...], mapping: VehiclesMapping, setting: Setting) -> None:
        self._mapping, self._setting = mapping, setting
        form, declared = mapping.vehicles, setting.declared
        self._id, self._unit = Bound(form.id, header), Bound(form.unit, header)
        self._origins = Bound(form.origins, header)
        self._destinations = Bound(form.destinations, header)
        self._carries = Bound(form.carries, header)
        self._count, self._trips = Bound(form.count, header), Bound(form.trips, header)
        self._payload = Bound(form.payload, header)
        self._numbers = bind_number_form(mapping.numbers)
        self._areas = _areas(declared)
        self._groups = {material.group for material in declared.materials.values()}
        # The column being read, so that a refusal can name it.
        self._at: str | None = None

    def read(self, row: Row) -> Taken | Rejected:
        """The vehicles that one row declares."""
        try:
            vehicles = self._vehicles(row.cells)
            draft = declare(
                vehicles,
                key=natural_key(self._mapping.source, vehicles.vehicles),
                author=self._setting.author,
                at=self._setting.at,
            )
        except Refusal as refusal:
            return Rejected(row.line, self._at, refusal, row.cells)
        return Taken(row.line, row.cells, (draft,), (self._id.name,))

    def _vehicles(self, cells: tuple[str, ...]) -> VehiclesDeclared:
        sites, groups = self._setting.declared.sites, self._groups
        self._at = self._id.name
        return VehiclesDeclared(
            vehicles=self._id.name_in(cells, expected="a name of vehicles"),
            origins=self._names(self._origins, cells, "district, part or site", self._areas),
            destinations=tuple(
                SiteId(name) for name in self._names(self._destinations, cells, "site", sites)
            ),
            carries=tuple(
                GroupId(name) for name in self._names(self._carries, cells, "group", groups)
            ),
            count=self._whole(self._count, cells),
            trips_per_day=self._whole(self._trips, cells),
            payload_mg=self._payload_mg(cells),
            stamp=self._mapping.stamp,
        )

    def _names(
        self, bound: Bound, cells: tuple[str, ...], sort: str, known: Collection[str]
    ) -> tuple[str, ...]:
        self._at = bound.name
        listed = bound.read(cells)
        if not listed:
            return ()
        names = [name.strip() for name in listed.split(self._mapping.vehicles.separator)]
        for name in names:
            if name not in known:
                raise NameUndeclared(name=name, sort=sort)
        return tuple(dict.fromkeys(names))

    def _whole(self, bound: Bound, cells: tuple[str, ...]) -> int:
        self._at, text = bound.name, bound.read(cells)
        judge_length(text)
        number = self._numbers.read(text)
        if number != number.to_integral_value():
            raise CellUnreadable(text=text, expected="a whole number")
        return int(number)

    def _payload_mg(self, cells: tuple[str, ...]) -> int:
        self._at, text = self._payload.name, self._payload.read(cells)
        judge_length(text)
        return mass_mg(self._numbers.read(text), self._unit.read(cells))


def _areas(declared: Declared) -> set[str]:
    """All that vehicles may start from: districts, what they are part of, and sites."""
    parts = {one.part_of for one in declared.districts.values() if one.part_of is not None}
    return {*declared.districts, *parts, *declared.sites}
