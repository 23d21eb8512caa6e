"""Writing a table to a file, some rows at a time."""

import csv
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from bioloom.ledger.formats.everything.columns import Column, Row
from bioloom.ledger.formats.sheets import ParquetNotInstalled

Form = Literal["csv", "parquet"]
# A row group of Parquet, and as much as is in memory at once.
ROWS_TOGETHER = 16_384

# Returns how many rows it wrote.
Writer = Callable[[Path, tuple[Column, ...], Iterator[Row]], int]


def write_csv(path: Path, columns: tuple[Column, ...], rows: Iterator[Row]) -> int:
    """Write a table as CSV (RFC 4180, UTF-8); what is empty stands for nothing.

    Raises:
        OSError: If it cannot be written.
    """
    count = 0
    with path.open("x", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([column.name for column in columns])
        for row in rows:
            writer.writerow([_as_text(value) for value in row])
            count += 1
    return count


def _as_text(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def write_parquet(path: Path, columns: tuple[Column, ...], rows: Iterator[Row]) -> int:
    """Write a table as Parquet, a row group at a time; times are in UTC to the millisecond.

    Raises:
        ParquetNotInstalled: If pyarrow is missing.
        OSError: If it cannot be written.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415  An extra: loaded only where it is needed.
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as missing:
        raise ParquetNotInstalled from missing
    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "datetime": pa.timestamp("ms", tz="UTC"),
    }
    fields = [
        pa.field(column.name, types[column.type], metadata={"description": column.description})
        for column in columns
    ]
    count, schema = 0, pa.schema(fields)
    with path.open("xb") as stream, parquet.ParquetWriter(stream, schema) as writer:
        while some := list(islice(rows, ROWS_TOGETHER)):
            cells = zip(zip(*some, strict=True), columns, strict=True)
            arrays = [
                pa.array([_as_value(value, column) for value in values], types[column.type])
                for values, column in cells
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            count += len(some)
    return count


def _as_value(value: Any, column: Column) -> Any:  # noqa: ANN401  A cell's.
    if column.type == "datetime" and value is not None:
        return datetime.fromisoformat(value)
    return value


WRITERS: dict[Form, Writer] = {"csv": write_csv, "parquet": write_parquet}
