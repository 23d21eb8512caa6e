"""Mapping files: how one kind of table is read, so that any city's table needs no code."""

import io
import re
from difflib import get_close_matches
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bioloom.vocabulary.quantities import unit_mg
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.stamps import Stamp

# The first part of every natural key, so it must not need quoting in a web address.
Source = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]


class MappingUnreadable(Refusal):
    """A mapping file is not TOML, or does not say what a mapping must say."""

    def __init__(self, *, name: str, fault: str, nearest: str | None = None) -> None:
        self.name, self.fault, self.nearest = name, fault, nearest
        guess = f"Did you mean '{nearest}'?" if nearest else "Correct the mapping file."
        super().__init__(
            what=f"The mapping '{name}' cannot be read: {fault}.",
            why="A mapping that is only half understood would misread every row.",
            remedy=f"{guess} `bioloom import --draft-map FILE` prints one to start from.",
        )


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a mapping file; a key it does not have is refused."""


class Given(_Part, frozen=True, kw_only=True):
    """A value that is not simply one column: several columns joined, or the same for every row."""

    columns: tuple[Name, ...] = ()
    join: str = ""
    value: str | None = None


# Wherever a mapping asks for a value it takes the name of a column, or a `Given`.
Cell = Name | Given


class Match(_Part, frozen=True, kw_only=True):
    """Columns (of a map: properties) by which a file is known to be of this kind."""

    columns: tuple[Name, ...] = ()


class FileForm(_Part, frozen=True, kw_only=True):
    """How the file is written. A byte order mark overrules `encoding`."""

    encoding: str = "utf-8"
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] = ","
    sheet: str | None = None
    header_row: Annotated[int, Meta(ge=1, le=1000)] = 1


class Numbers(_Part, frozen=True, kw_only=True):
    """How numbers are written, and which texts mean that nothing was reported."""

    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    blank: tuple[str, ...] = ("",)


class PeriodForm(_Part, frozen=True, kw_only=True):
    """When a figure was gathered: one cell `at`, or a `first` and a `last` day.

    `form` has %Y, %m, %d, %q (quarter, 1 to 4) and %b or %B (a name out of `months`). It covers
    the smallest part it names, unless `covers` says more.
    """

    at: Cell | None = None
    first: Cell | None = None
    last: Cell | None = None
    form: str = "%Y-%m-%d"
    covers: Literal["day", "month", "quarter", "year"] | None = None
    months: Annotated[tuple[Name, ...], Meta(min_length=12, max_length=12)] | None = None


class Amount(_Part, frozen=True, kw_only=True):
    """Columns that are summed to one figure of one material."""

    columns: Annotated[tuple[Name, ...], Meta(min_length=1)]
    material: Cell
    unit: Cell


class Translate(_Part, frozen=True, kw_only=True):
    """The table's words for the record's: a text that is not listed stays as it is."""

    district: dict[str, str] = {}
    site: dict[str, str] = {}
    material: dict[str, str] = {}
    unit: dict[str, str] = {}


class MaterialForm(_Part, frozen=True, kw_only=True):
    """A material that the table has figures of."""

    id: Name
    name: Name
    group: Name
    low_code: str | None = None


class SiteForm(_Part, frozen=True, kw_only=True):
    """Where a site's facts stand. `accepts` is split at `separator` into groups.

    A capacity `per` year is a 365th of it a day, rounded down. `makes` lists materials with their
    share of what is taken, as "compost=0.4", and `stays` what of them may stay at the site a day;
    `storage` is room for all that it makes.
    """

    id: Cell
    name: Cell
    latitude: Cell
    longitude: Cell
    accepts: Cell
    capacity: Cell
    separator: Annotated[str, Meta(min_length=1)] = ";"
    unit: Cell = Given(value="t")
    per: Literal["day", "year"] = "day"
    process: Cell = Given(value="unstated")
    residue: Cell = Given(value="0")
    residue_in: Literal["share", "percent"] = "share"
    residue_material: Cell | None = None
    makes: Cell | None = None
    stays: Cell | None = None
    storage: Cell | None = None


class VehiclesForm(_Part, frozen=True, kw_only=True):
    """Where the facts of vehicles of one kind stand, with lists split at `separator`.

    An empty list of `origins`, `destinations` or `carries` is all of them.
    """

    id: Cell
    count: Cell
    payload: Cell
    origins: Cell = Given(value="")
    destinations: Cell = Given(value="")
    carries: Cell = Given(value="")
    trips: Cell = Given(value="1")
    separator: Annotated[str, Meta(min_length=1)] = ";"
    unit: Cell = Given(value="t")


class DistrictForm(_Part, frozen=True, kw_only=True):
    """Where a district's facts stand among a feature's properties.

    `feature.id` is the id beside the properties. A feature whose id is in `no_collection` is an
    area without collection, and known by its name.
    """

    id: Cell
    name: Cell
    part_of: Cell | None = None
    need: Cell = Given(value="1")
    # Room in which what was discarded may wait, of everything.
    storage: Cell | None = None
    unit: Cell = Given(value="t")
    no_collection: tuple[str, ...] = ()


class TicketForm(_Part, frozen=True, kw_only=True):
    """Where a weighbridge ticket's facts stand.

    `at` is in the city's zone, written like ISO 8601 or in `form` (%Y, %m, %d, %H, %M, %S). `net`
    may be left out where `gross` and `tare` are there. `division` is that of the scale, in `unit`.
    """

    number: Cell
    at: Cell
    district: Cell
    site: Cell
    material: Cell
    unit: Cell
    form: Annotated[str, Meta(pattern=r"^(?:[^%]|%[YmdHMS])*$", max_length=60)] | None = None
    gross: Cell | None = None
    tare: Cell | None = None
    net: Cell | None = None
    division: Cell | None = None
    # An organisation whose the load was; otherwise it was the district's residents'.
    owner: Cell | None = None
    carrier: Cell | None = None


class _Mapping(_Part, frozen=True, kw_only=True, tag_field="kind"):
    source: Source
    stamp: Stamp = "reported"
    match: Match = Match()
    file: FileForm = FileForm()
    numbers: Numbers = Numbers()


class DistrictsMapping(_Mapping, frozen=True, kw_only=True, tag="districts"):
    """Reads a map (GeoJSON) of districts."""

    district: DistrictForm


class SitesMapping(_Mapping, frozen=True, kw_only=True, tag="sites"):
    """Reads a table with one site a row."""

    site: SiteForm
    materials: tuple[MaterialForm, ...] = ()


class VehiclesMapping(_Mapping, frozen=True, kw_only=True, tag="vehicles"):
    """Reads a table with vehicles of one kind a row."""

    vehicles: VehiclesForm


class TonsMapping(_Mapping, frozen=True, kw_only=True, tag="tons"):
    """Reads a table of masses, wide (a column a material) or long (a row a material)."""

    period: PeriodForm
    district: Cell
    amounts: Annotated[tuple[Amount, ...], Meta(min_length=1)]
    materials: tuple[MaterialForm, ...] = ()
    translate: Translate = Translate()


class TicketsMapping(_Mapping, frozen=True, kw_only=True, tag="tickets"):
    """Reads a table of weighbridge tickets, one load a row."""

    ticket: TicketForm
    materials: tuple[MaterialForm, ...] = ()
    translate: Translate = Translate()


Mapping = DistrictsMapping | SitesMapping | VehiclesMapping | TonsMapping | TicketsMapping

_PARTS: list[type[msgspec.Struct]] = [*_Part.__subclasses__(), *_Mapping.__subclasses__()]
_KEYS = sorted({field.encode_name for part in _PARTS for field in msgspec.structs.fields(part)})
_UNKNOWN = re.compile(r"unknown field `(?P<key>.+?)`")


def read_mapping(text: bytes, *, name: str) -> Mapping:
    """Decode a mapping file and judge that it can be followed.

    Args:
        text: The TOML text.
        name: What to call it in a refusal.

    Raises:
        MappingUnreadable: If it is not TOML, lacks a key, has an unknown one or contradicts itself.
        UnitUnknown: If it states a unit of mass that is not in the table.
    """
    try:
        # msgspec's stubs know a union of structs only as Any.
        mapping: Mapping = msgspec.toml.decode(text, type=Mapping)
    except (msgspec.MsgspecError, ValueError, RecursionError) as unreadable:
        # Python refuses a number of thousands of digits, and msgspec passes that on.
        unknown = _UNKNOWN.search(str(unreadable))
        near = get_close_matches(unknown["key"], _KEYS, n=1) if unknown else []
        raise MappingUnreadable(
            name=name, fault=str(unreadable), nearest=near[0] if near else None
        ) from unreadable
    fault = _fault(mapping)
    if fault is not None:
        raise MappingUnreadable(name=name, fault=fault)
    return mapping


def cells_of(mapping: Mapping) -> tuple[Cell, ...]:
    """Every value that a mapping asks a row for, apart from amounts."""
    match mapping:
        case TonsMapping():
            period = mapping.period
            units = [cell for amount in mapping.amounts for cell in (amount.material, amount.unit)]
            cells = [mapping.district, period.at, period.first, period.last, *units]
        case TicketsMapping():
            form = mapping.ticket
            cells = [form.number, form.at, form.district, form.site, form.material, form.unit]
            cells += [form.gross, form.tare, form.net, form.division, form.owner, form.carrier]
        case SitesMapping():
            site = mapping.site
            cells = [site.id, site.name, site.latitude, site.longitude, site.accepts]
            cells += [site.capacity, site.unit, site.process, site.residue]
            cells += [site.residue_material, site.makes, site.stays, site.storage]
        case VehiclesMapping():
            kind = mapping.vehicles
            cells = [kind.id, kind.origins, kind.destinations, kind.carries, kind.count]
            cells += [kind.trips, kind.payload, kind.unit]
        case DistrictsMapping():
            district = mapping.district
            cells = [district.id, district.name, district.part_of, district.need]
            cells += [district.storage, district.unit]
    return tuple(cell for cell in cells if cell is not None)


def columns_of(cell: Cell) -> tuple[str, ...]:
    """The columns a value is read from; none for a constant."""
    return (cell,) if isinstance(cell, str) else cell.columns


def needed_columns(mapping: Mapping) -> tuple[str, ...]:
    """Every column without which the mapping cannot be followed, in the order it names them."""
    needed = [column for cell in cells_of(mapping) for column in columns_of(cell)]
    if isinstance(mapping, TonsMapping):
        needed += [column for amount in mapping.amounts for column in amount.columns]
    return tuple(dict.fromkeys(needed))


def _fault(mapping: Mapping) -> str | None:
    """What contradicts itself in a mapping whose shape is right."""
    for cell in cells_of(mapping):
        if isinstance(cell, Given) and bool(cell.columns) == (cell.value is not None):
            return "a value needs either `columns` or `value`"
    if mapping.numbers.decimal == mapping.numbers.thousands:
        return "decimals and thousands have the same sign"
    if mapping.file.delimiter in '"\r\n':
        return "a quote or a line end cannot be the delimiter"
    try:
        io.TextIOWrapper(io.BytesIO(), mapping.file.encoding)
    except LookupError:
        return f"'{mapping.file.encoding}' is not a known encoding"
    unit = _unit_of(mapping)
    if unit is not None:
        _judge_unit(unit)
    if isinstance(mapping, TicketsMapping) and not _weighs(mapping.ticket):
        return "[ticket] needs either `net`, or both `gross` and `tare`"
    return _fault_of_tons(mapping) if isinstance(mapping, TonsMapping) else None


def _weighs(ticket: TicketForm) -> bool:
    """Whether a ticket's mass is stated."""
    return ticket.net is not None or None not in (ticket.gross, ticket.tare)


def _unit_of(mapping: Mapping) -> Cell | None:
    """The unit of a mapping's masses; amounts of tons have one each."""
    match mapping:
        case DistrictsMapping():
            return mapping.district.unit
        case SitesMapping():
            return mapping.site.unit
        case VehiclesMapping():
            return mapping.vehicles.unit
        case TicketsMapping():
            return mapping.ticket.unit
        case TonsMapping():
            return None


def _fault_of_tons(mapping: TonsMapping) -> str | None:
    period = mapping.period
    ends = (period.first is not None, period.last is not None)
    if ends not in {(False, False), (True, True)} or ends[0] == (period.at is not None):
        return "[period] needs either `at`, or both `first` and `last`"
    counted = [column for amount in mapping.amounts for column in amount.columns]
    for column in counted:
        if counted.count(column) > 1:
            return f"column '{column}' would be counted twice"
    constants = [
        amount.material for amount in mapping.amounts if isinstance(amount.material, Given)
    ]
    if len({given.value for given in constants}) < len(constants):
        return "two [[amounts]] are of one material: name all its columns in one"
    for amount in mapping.amounts:
        _judge_unit(amount.unit)
    return None


def _judge_unit(unit: Cell) -> None:
    if isinstance(unit, Given) and unit.value is not None:
        unit_mg(unit.value)
