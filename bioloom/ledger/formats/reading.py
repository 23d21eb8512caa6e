"""Reading: which reader a file and a mapping need."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO, Literal

from bioloom.ledger.formats.mapping import (
    DistrictsMapping,
    FileForm,
    Mapping,
    Numbers,
    SitesMapping,
    TicketsMapping,
    TonsMapping,
    VehiclesMapping,
)
from bioloom.ledger.formats.rows import Rejected, Setting, Table, Taken
from bioloom.ledger.formats.sites import read_sites
from bioloom.ledger.formats.tables import open_csv
from bioloom.ledger.formats.tickets import read_tickets
from bioloom.ledger.formats.tons import read_tons
from bioloom.ledger.formats.vehicles import read_vehicles
from bioloom.vocabulary.refusal import Refusal

FileFormat = Literal["csv", "xlsx", "parquet", "geojson"]

_ENDINGS: dict[str, FileFormat] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
    ".geojson": "geojson",
    ".json": "geojson",
}


class FormatUnknown(Refusal):
    """A file whose ending names no format that is read."""

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__(
            what=f"'{name}' has an ending that Bioloom does not read.",
            why="The ending says how a file is written.",
            remedy=f"Save it as one of {', '.join(_ENDINGS)}.",
        )


class KindNeedsFormat(Refusal):
    """A mapping for a map and a file that is a table, or the other way round."""

    def __init__(self, *, kind: str, format_: FileFormat) -> None:
        self.kind, self.format = kind, format_
        super().__init__(
            what=f"A mapping of {kind} cannot read a file of the format {format_}.",
            why="Districts are read from a map (GeoJSON), all else from a table.",
            remedy="Choose another mapping, or save the file in the other format.",
        )


def format_of(name: str) -> FileFormat:
    """The format that a file's name says it has.

    Raises:
        FormatUnknown: If its ending is not one that is read.
    """
    ending = PurePath(name).suffix.lower()
    if ending not in _ENDINGS:
        raise FormatUnknown(name=name)
    return _ENDINGS[ending]


def kind_of(mapping: Mapping) -> str:
    """What a mapping reads: "districts", "sites", "vehicles", "tons" or "tickets"."""
    return str(type(mapping).__struct_config__.tag)


def is_for(mapping: Mapping, format_: FileFormat) -> bool:
    """Whether a mapping's kind is read from files of a format."""
    return isinstance(mapping, DistrictsMapping) == (format_ == "geojson")


def columns_in(stream: BinaryIO, format_: FileFormat, mapping: Mapping) -> tuple[str, ...]:
    """The columns (of a map: properties) of a file, read in the way a mapping says.

    Raises:
        Refusal: If the file cannot be read so.
    """
    if format_ == "geojson":
        from bioloom.ledger.formats.geojson import open_geojson  # noqa: PLC0415  As below.

        return open_geojson(stream).properties
    return open_table(stream, format_, mapping.file, mapping.numbers).header


def read_file(
    stream: BinaryIO, format_: FileFormat, mapping: Mapping, setting: Setting
) -> tuple[tuple[str, ...], Iterator[Taken | Rejected]]:
    """The columns of a file, and its rows as they are asked for.

    Raises:
        KindNeedsFormat: If the mapping's kind is not read from this format.
        Refusal: If the file cannot be read, or lacks a column.
    """
    if not is_for(mapping, format_):
        raise KindNeedsFormat(kind=kind_of(mapping), format_=format_)
    match mapping:
        case DistrictsMapping():
            # Geometry takes a tenth of a second to load, and few imports need it.
            from bioloom.ledger.formats.districts import read_districts  # noqa: PLC0415
            from bioloom.ledger.formats.geojson import open_geojson  # noqa: PLC0415

            city_map = open_geojson(stream)
            return city_map.properties, read_districts(city_map, mapping, setting)
        case SitesMapping():
            table = open_table(stream, format_, mapping.file, mapping.numbers)
            return table.header, read_sites(table, mapping, setting)
        case VehiclesMapping():
            table = open_table(stream, format_, mapping.file, mapping.numbers)
            return table.header, read_vehicles(table, mapping, setting)
        case TicketsMapping():
            table = open_table(stream, format_, mapping.file, mapping.numbers)
            return table.header, read_tickets(table, mapping, setting)
        case TonsMapping():
            table = open_table(stream, format_, mapping.file, mapping.numbers)
            return table.header, read_tons(table, mapping, setting)


def open_table(stream: BinaryIO, format_: FileFormat, file: FileForm, numbers: Numbers) -> Table:
    """A table of any of the formats that are tables.

    Raises:
        Refusal: If it cannot be read so.
    """
    if format_ == "csv":
        return open_csv(stream, file)
    from bioloom.ledger.formats.sheets import open_parquet, open_xlsx  # noqa: PLC0415

    if format_ == "xlsx":
        return open_xlsx(stream, file, decimal=numbers.decimal)
    return open_parquet(stream, decimal=numbers.decimal)
