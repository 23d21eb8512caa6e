"""A small city for tests of importing: two wards, a park, and mappings of its own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bioloom.doors.compose import City, found_city
from bioloom.doors.importing import take_in
from bioloom.vocabulary.entries.ledger import LotArrived

SQUARE = [[10.0, 50.0], [10.0, 51.0], [11.0, 51.0], [11.0, 50.0], [10.0, 50.0]]
WARDS = """
kind = "districts"
source = "verdiva-wards"
[match]
columns = ["WARD"]
[district]
id = "WARD"
name = "WARD"
need = "NEED"
no_collection = ["park"]
"""
TONS = """
kind = "tons"
source = "verdiva-tons"
district = "WARD"
[match]
columns = ["MONTH", "WARD", "GREEN", "LEAVES"]
[numbers]
thousands = ","
[period]
at = "MONTH"
form = "%Y-%m"
[[materials]]
id = "organics"
name = "Organics"
group = "organics"
[[materials]]
id = "paper"
name = "Paper"
group = "paper"
[[amounts]]
columns = ["GREEN", "LEAVES"]
material = { value = "organics" }
unit = { value = "t" }
[[amounts]]
columns = ["PAPER"]
material = { value = "paper" }
unit = { value = "t" }
"""
SITES = """
kind = "sites"
source = "verdiva-sites"
[match]
columns = ["SITE", "TAKES"]
[site]
id = "SITE"
name = "SITE"
latitude = "LAT"
longitude = "LON"
accepts = "TAKES"
separator = "/"
capacity = "YEARLY"
per = "year"
residue = "RESIDUE"
residue_in = "percent"
"""
HEADER = "MONTH,WARD,GREEN,LEAVES,PAPER\n"


@contextmanager
def verdiva(folder: Path) -> Iterator[City]:
    """The city, in a folder that does not exist yet."""
    with found_city(folder / "verdiva", timezone="Europe/Berlin", token="t") as city:
        mappings = city.folder / "mappings"
        mappings.mkdir()
        for name, text in {"wards": WARDS, "tons": TONS, "sites": SITES}.items():
            (mappings / f"{name}.toml").write_text(text)
        take_in(city, [written(folder / "wards.geojson", wards("1", "2", "park"))])
        yield city


def wards(*names: str, need: float = 1) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"WARD": name, "NEED": need},
            "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
        }
        for name in names
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


def tons(city: City, rows: str, name: str = "tons.csv") -> Path:
    return written(city.folder.parent / name, HEADER + rows)


def figures(city: City) -> dict[str, str]:
    """What the record says now, by lot."""
    lots = [entry.body for entry in city.journal.read(kinds=["LotArrived"])]
    assert all(isinstance(lot, LotArrived) for lot in lots)
    return {lot.lot.removeprefix("verdiva-tons:"): lot.reported for lot in lots}
