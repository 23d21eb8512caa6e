"""Starting a mapping: a first draft for a table nobody has read before, for people to correct."""

import json
import re
from collections.abc import Sequence
from itertools import islice
from typing import BinaryIO
from unicodedata import combining, normalize

from bioloom.ledger.formats.mapping import FileForm, Numbers
from bioloom.ledger.formats.reading import FileFormat, open_table
from bioloom.ledger.formats.rows import Row, Table

_SAMPLE_ROWS = 200
_DELIMITERS = (",", ";", "\t", "|")
_FIGURE = re.compile(r"[+-]?[0-9][0-9,.' ]*")
_UNIT = 'unit = { value = "t" }  # GUESS: t, kg, lb, short_ton, long_ton …'
_VEHICLES = "vehicle|truck|lorr|fleet|fahrzeug|barge"
_DISTRICT = "district|ward|zone|borough|area|municip|code|id$"
_PERIODS = {
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}": "%Y-%m-%d",
    r"[0-9]{4}-[0-9]{1,2}": "%Y-%m",
    r"[0-9]{4} / [0-9]{1,2}": "%Y / %m",
    r"[0-9]{4}/[0-9]{1,2}": "%Y/%m",
    r"[0-9]{1,2}/[0-9]{4}": "%m/%Y",
    r"[0-9]{1,2}\.[0-9]{4}": "%m.%Y",
    r"[0-9]{4}-?Q[1-4]": "%Y-Q%q",
    r"(?:19|20)[0-9]{2}": "%Y",
}


def draft_mapping(stream: BinaryIO, format_: FileFormat) -> str:
    """A mapping in TOML for a file of any table or map, to be completed by a person.

    What is guessed is marked GUESS. The draft can be read as it is, but may mean something wrong.

    Raises:
        Refusal: If the file cannot be read at all.
    """
    if format_ == "geojson":
        from bioloom.ledger.formats.geojson import open_geojson  # noqa: PLC0415  Takes long to load.

        return _of_districts(open_geojson(stream).properties)
    form, table = _widest(stream, format_)
    columns = tuple(name for name in table.header if name)
    rows = [row.cells for row in islice(table.rows, _SAMPLE_ROWS) if isinstance(row, Row)]
    values = {
        name: [row[at].strip() for row in rows if row[at].strip()]
        for at, name in enumerate(table.header)
        if name
    }
    if _named(columns, "lat") and _named(columns, "lon|lng"):
        return _of_sites(columns, form)
    if _named(columns, "gross|brutto|bruto") and _named(columns, "tare|tara"):
        return _of_tickets(columns, form)
    if _named(columns, _VEHICLES) and _named(columns, "payload|carries|capac|load"):
        return _of_vehicles(columns, form)
    return _of_tons(columns, values, form)


def _widest(stream: BinaryIO, format_: FileFormat) -> tuple[FileForm, Table]:
    """The table as read with the delimiter that gives the most columns."""
    forms = [FileForm(delimiter=sign) for sign in (_DELIMITERS if format_ == "csv" else ",")]
    best: tuple[FileForm, Table] | None = None
    for form in forms:
        stream.seek(0)
        table = open_table(stream, format_, form, Numbers())
        if best is None or len(table.header) > len(best[1].header):
            best = form, table
    assert best is not None, "there is always a form to try"
    stream.seek(0)
    return best[0], open_table(stream, format_, best[0], Numbers())


def _of_districts(properties: Sequence[str]) -> str:
    named = _named(properties, "name|label|title")
    name = named or properties[0]
    rest = [each for each in properties if each not in (named, "feature.id")]
    key = _named(rest, _DISTRICT) or "feature.id"
    return "\n".join(
        [
            *_opening("districts", properties, FileForm()),
            "[district]",
            f"id = {_quoted(key)}  # GUESS: the property by which tables name a district",
            f"name = {_quoted(name)}  # GUESS",
            "no_collection = []  # ids of areas in which nothing is collected",
            '# storage = "…"  # the property with the room, in t, in which what came may wait',
            "",
        ]
    )


def _of_sites(columns: Sequence[str], form: FileForm) -> str:
    wanted = {
        "id": "id$|^site|code",
        "name": "name|label",
        "latitude": "lat",
        "longitude": "lon|lng",
        "accepts": "accept|material|stream",
        "capacity": "capac|tonnage",
        "process": "process|type|activity",
        "residue": "resid|reject",
    }
    lines = [*_opening("sites", columns, form), "[site]"]
    for key, pattern in wanted.items():
        column = _named(columns, pattern)
        if column is not None or key not in {"process", "residue"}:
            lines.append(f"{key} = {_quoted(column or columns[0])}  # GUESS")
    lines += [
        _UNIT,
        'per = "day"',
        '# makes = "…"  # shares of what is taken, as compost=0.4; more after a semicolon',
        '# residue_material = "…"  # a material for which other sites must have room',
        '# storage = "…"  # room for what the site makes, not for what waits to be taken in',
        "",
    ]
    return "\n".join(lines)


def _of_vehicles(columns: Sequence[str], form: FileForm) -> str:
    wanted = {
        "id": _VEHICLES,
        "count": "count|number|how_many|anzahl",
        "payload": "payload|capac|load",
        "origins": "from|origin|area|district|ward",
        "destinations": "^to$|dest|site|plant",
        "trips": "trip|tour",
        "carries": "carr|group|material|stream",
    }
    lines = [
        *_opening("vehicles", columns, form),
        "# What these carry between areas limits plans. Vehicles that drive rounds are declared",
        "# with `bioloom circuits fleet`.",
        "[vehicles]",
    ]
    for key, pattern in wanted.items():
        column = _named(columns, pattern)
        if column is not None:
            lines.append(f"{key} = {_quoted(column)}  # GUESS")
        elif key == "count":
            lines.append('count = { value = "1" }  # GUESS: how many there are of each')
    lines += [
        'separator = ";"  # between several areas, sites or groups in one cell; none: all of them',
        _UNIT,
        "",
    ]
    return "\n".join(lines)


def _of_tickets(columns: Sequence[str], form: FileForm) -> str:
    wanted = {
        "number": "ticket|slip|docket|number|nr|id$",
        "at": "date|time|datum|fecha",
        "gross": "gross|brutto|bruto",
        "tare": "tare|tara",
        "net": "net",
        "material": "material|waste|low|ewc|code",
        "district": "district|from|origin|ward|borough",
        "site": "site|plant|facility|to$",
        "carrier": "carrier|haulier|hauler|transport",
    }
    lines = [*_opening("tickets", columns, form, stamp="measured"), "[ticket]"]
    for key, pattern in wanted.items():
        column = _named(columns, pattern)
        if column is not None or key not in {"net", "carrier"}:
            lines.append(f"{key} = {_quoted(column or columns[0])}  # GUESS")
    lines += [
        _UNIT,
        '# form = "%d/%m/%Y %H:%M"  # if times are not written like 2026-03-04 07:45',
        '# division = { value = "0.02" }  # of the scale, in the unit above',
        "",
    ]
    return "\n".join(lines)


def _of_tons(columns: Sequence[str], values: dict[str, list[str]], form: FileForm) -> str:
    period, written = _period(columns, values)
    rest = [column for column in columns if column != period]
    district = _named(rest, _DISTRICT) or columns[0]
    rest = [column for column in rest if column != district]
    figures = [
        column
        for column in rest
        if _mostly_figures(values[column])
        and not _named([column], "district|borough|code|id$|year|month")
    ]
    material = _named([c for c in rest if c not in figures], "material|stream|commodity|waste|type")
    lines = [
        *_opening("tons", columns, form, f"district = {_quoted(district)}  # GUESS"),
        "[numbers]",
        'decimal = "."  # GUESS',
        'thousands = ","  # GUESS: "" if there is none',
        "",
        "[period]",
        f"at = {_quoted(period)}  # GUESS",
        f"form = {_quoted(written)}  # GUESS: %Y year, %m month, %d day, %q quarter",
        "",
    ]
    if material and figures:
        unit = _named(rest, "unit|uom")
        lines += _of_long_table(material, figures[0], unit, sorted(set(values[material])))
    else:
        for column in figures or [columns[-1]]:
            lines += _of_material(column)
    return "\n".join(lines)


def _mostly_figures(texts: Sequence[str]) -> bool:
    """Whether they are figures but for a few: a slip in one cell hides no column."""
    return 2 * sum(_FIGURE.fullmatch(text) is not None for text in texts) > len(texts)


def _of_long_table(
    material: str, figures: str, unit: str | None, names: Sequence[str]
) -> list[str]:
    """A table with a row for each material."""
    lines = [line for name in names for line in _declared(name, "word that was seen")]
    return [
        *lines,
        "[[amounts]]",
        f"columns = [{_quoted(figures)}]  # GUESS",
        f"material = {_quoted(material)}  # GUESS",
        f"unit = {_quoted(unit)}  # GUESS" if unit else _UNIT,
        "",
        "[translate.material]  # the table's words for the materials above",
        *(f"{_quoted(name)} = {_quoted(_id(name))}" for name in names),
        "",
    ]


def _id(name: str) -> str:
    plain = "".join(sign for sign in normalize("NFKD", name.lower()) if not combining(sign))
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "material"


def _declared(name: str, where: str) -> list[str]:
    return [
        f"[[materials]]  # GUESS: one material for every {where}",
        f"id = {_quoted(_id(name))}",
        f"name = {_quoted(name)}",
        f"group = {_quoted(_id(name))}",
        "",
    ]


def _of_material(column: str) -> list[str]:
    material = _id(column)
    return [
        *_declared(column, "column of figures"),
        "[[amounts]]",
        f"columns = [{_quoted(column)}]  # several columns here are summed",
        f"material = {{ value = {_quoted(material)} }}",
        _UNIT,
        "",
    ]


def _opening(
    kind: str, columns: Sequence[str], form: FileForm, *keys: str, stamp: str = "reported"
) -> list[str]:
    matched = ", ".join(_quoted(column) for column in columns[:6] if column != "feature.id")
    lines = [
        "# A draft. Correct what is marked GUESS, then try it with --map and --dry-run.",
        f"kind = {_quoted(kind)}",
        'source = "my-city"  # a short name of who publishes this, in small letters',
        f"stamp = {_quoted(stamp)}  # measured, reported, estimated or modelled",
        *keys,
        "",
        "[match]",
        f"columns = [{matched}]",
        "",
    ]
    if form.delimiter != ",":
        lines += ["[file]", f"delimiter = {_quoted(form.delimiter)}", ""]
    return lines


def _period(columns: Sequence[str], values: dict[str, list[str]]) -> tuple[str, str]:
    for column in columns:
        for pattern, written in _PERIODS.items():
            found = values[column]
            if found and all(re.fullmatch(pattern, text) for text in found):
                return column, written
    return _named(columns, "month|date|period|year") or columns[0], "%Y-%m"


def _named(columns: Sequence[str], pattern: str) -> str | None:
    return next((column for column in columns if re.search(pattern, column.lower())), None)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
