"""Quay: two wards, a yard, a compost, a pit and vans, taken in by the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

_WARD = (
    '{{"type": "Feature", "properties": {{"WARD": "{0}", "NAME": "{1}", "YARD": {2}}}, "geometry": '
    '{{"type": "Polygon", "coordinates": [[[{3},50.97],[{4},50.97],[{4},50.99],[{3},50.97]]]}}}}'
)
_WARDS = ",".join(
    [
        _WARD.format("W1", "Old town", "null", 11.30, 11.33),
        _WARD.format("W2", "Harbour", 40, 11.33, 11.36),
    ]
)
_MATERIAL = '[[materials]]\nid = "{0}"\nname = "{0}"\ngroup = "{0}"\n'
_TONS = f"""kind = "tons"
source = "quay-{{0}}"
district = "ward"
[match]
columns = ["{{0}}", "ward", "organics"]
[period]
at = "{{0}}"
form = "{{1}}"
{_MATERIAL.format("organics")}
[[amounts]]
columns = ["organics"]
material = {{{{ value = "organics" }}}}
unit = {{{{ value = "t" }}}}
"""
_MAPPINGS = {
    "wards": """kind = "districts"
source = "quay-wards"
[match]
columns = ["WARD", "NAME"]
[district]
id = "WARD"
name = "NAME"
storage = "YARD"
""",
    "sites": f"""kind = "sites"
source = "quay-sites"
[match]
columns = ["site", "accepts", "t_per_day", "makes"]
[site]
id = "site"
name = "name"
latitude = "lat"
longitude = "lon"
accepts = "accepts"
capacity = "t_per_day"
residue = "residue"
residue_material = "rejects"
makes = "makes"
{_MATERIAL.format("compost")}{_MATERIAL.format("rejects")}""",
    "months": _TONS.format("month", "%Y-%m"),
    "days": _TONS.format("day", "%Y-%m-%d"),
    "vehicles": """kind = "vehicles"
source = "quay-vehicles"
[match]
columns = ["vehicles", "from", "to", "payload"]
[vehicles]
id = "vehicles"
origins = "from"
destinations = "to"
count = "count"
trips = "trips"
payload = "payload"
""",
}
_SITES = """site,name,lat,lon,accepts,t_per_day,residue,rejects,makes
vessel,Vessel,50.98,11.31,organics,20,0.05,rejects,compost=0.4
pit,Pit,50.95,11.40,rejects,1,0,,
"""
_VEHICLES = "vehicles,from,to,count,trips,payload\nharbour vans,W2,vessel,3,4,0.8\n"
_FLEET = """vehicle,name,count,capacity,unit,carries,depot,from,to,trips,speed_km_h,\
loading_min,unloading_min,cost_per_km,cost_per_round
van,Vans,6,10,t,organics,vessel,05:00,21:00,9,25,5,5,150,9000
"""


def quay(folder: Path, run: Callable[..., Any]) -> str:
    """Make the city and take its tables in, with two years of months up to May 2025.

    Args:
        folder: Where the city and its tables are to be.
        run: Gives a command.
    """
    at = str(folder / "quay")
    run("init", at, "--timezone", "Europe/Berlin")
    mappings = folder / "quay" / "mappings"
    mappings.mkdir(exist_ok=True)
    for name, text in _MAPPINGS.items():
        (mappings / f"{name}.toml").write_text(text, "utf-8")
    months = [f"{year}-{month:02}" for year in (2023, 2024, 2025) for month in range(1, 13)]
    rows = [
        f"{month},{ward},{tons}"
        for month in months[5:29]
        for ward, tons in (("W1", 280 + int(month[-2:])), ("W2", 24 + int(month[-2:])))
    ]
    tables = {
        "wards.geojson": f'{{"type": "FeatureCollection", "features": [{_WARDS}]}}',
        "sites.csv": _SITES,
        "tons.csv": "\n".join(["month,ward,organics", *rows, ""]),
        "vehicles.csv": _VEHICLES,
        "fleet.csv": _FLEET,
    }
    for name, text in tables.items():
        (folder / name).write_text(text, "utf-8")
    run("import", at, *(str(folder / name) for name in tables if name != "fleet.csv"))
    run("circuits", "fleet", at, str(folder / "fleet.csv"))
    return at


def a_week_comes(folder: Path, run: Callable[..., Any], first_day: int) -> None:
    """Seven days of June 2025 are weighed and taken in."""
    rows = [
        f"2025-06-{day:02},{ward},{tons}"
        for day in range(first_day, first_day + 7)
        for ward, tons in (("W1", 9.5), ("W2", 1.25))
    ]
    table = folder / f"days{first_day}.csv"
    table.write_text("\n".join(["day,ward,organics", *rows, ""]), "utf-8")
    run("import", str(folder / "quay"), str(table))
