"""Works: what sites make and keep, and what vehicles carry, taken in by tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bioloom.doors.compose import City
from bioloom.doors.importing import take_in
from bioloom.doors.taking import Options
from bioloom.ledger.formats.mapping import MappingUnreadable
from bioloom.vocabulary.entries.ledger import Storage, Yield
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import SiteId
from tests.doors.importing_city import verdiva, written

SITES = """\
kind = "sites"
source = "works"
[site]
id = "site"
name = "site"
latitude = "lat"
longitude = "lon"
accepts = "accepts"
capacity = "daily"
residue = "residue"
residue_material = "rejects"
makes = "makes"
stays = "stays"
storage = "yard"
[[materials]]
id = "compost"
name = "Compost"
group = "compost"
"""
HEADER = "site,lat,lon,accepts,daily,residue,rejects,makes,stays,yard\n"
VEHICLES = """\
kind = "vehicles"
source = "fleet"
[vehicles]
id = "kind"
origins = "from"
destinations = "to"
carries = "carries"
count = "count"
trips = "trips"
payload = "payload"
unit = { value = "kg" }
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with verdiva(tmp_path) as city:
        yield city


def take(city: City, mapping: str, table: str) -> list[tuple[int, str | None, str]]:
    """What was found wrong: line, column and the words."""
    map_ = written(city.folder.parent / "map.toml", mapping)
    file = written(city.folder.parent / "table.csv", table)
    report = take_in(city, [file], Options(map_=map_)).files[0]
    return [(one.line, one.column, one.what) for one in report.findings]


def test_a_site_says_what_it_makes_what_its_residue_is_and_what_it_can_keep(city: City) -> None:
    found = take(
        city,
        SITES,
        f"{HEADER}vessel,50.5,10.5,organics,8,0.1,scraps,compost=0.4; digestate=0.3,compost=2,15\n"
        "heap,50.5,10.5,organics,8,0,,,,\n",
    )

    assert found == []
    sites = city.journal.declared().sites
    vessel, heap = sites[SiteId("vessel")], sites[SiteId("heap")]
    assert vessel.residue_material == "scraps"
    assert vessel.storage == (Storage(accepts=(), capacity_mg=15 * 10**9),)
    assert vessel.intakes[0].yields == (
        Yield(material=MaterialId("compost"), per_mille=400, stays_mg_per_day=2 * 10**9),
        Yield(material=MaterialId("digestate"), per_mille=300),
    )
    assert (heap.residue_material, heap.storage, heap.intakes[0].yields) == (None, (), ())
    assert "compost" in city.journal.declared().materials


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        ("8,0.1,scraps,compost,,", "makes", "is not a material and its number"),
        ("8,0.1,scraps,compost=much,,", "makes", "'much' is not a number"),
        ("8,0.7,scraps,compost=0.4,,", "makes", "what it makes of"),
        ("8,0.1,scraps,compost=0,,", "makes", "what it makes of"),
        ("8,0.1,compost,compost=0.4,,", "makes", "both what 'x' makes and its residue"),
        ("8,0.1,scraps,compost=0.4,peat=1,", "stays", "is not made here"),
        ("8,0.1,scraps,,,-5", "yard", "-5 t cannot be a mass"),
    ],
)
def test_what_cannot_be_made_or_kept_is_refused_by_its_row(
    city: City, row: str, column: str, told: str
) -> None:
    found = take(city, SITES, f"{HEADER}x,50.5,10.5,organics,{row}\n")

    assert [(line, at) for line, at, _ in found] == [(2, column)]
    assert told in found[0][2]


def test_vehicles_are_declared_by_kind_and_areas(city: City) -> None:
    take(city, SITES, f"{HEADER}heap,50.5,10.5,organics,8,0,,,,\n")

    district = next(iter(city.journal.declared().districts))
    found = take(
        city,
        VEHICLES,
        "kind,from,to,carries,count,trips,payload\n"
        f"van,{district};heap,heap,,3,2,1500\n"
        "lorry,Atlantis,heap,,1,1,9000\n"
        "cart,,moon,,1,1,9\n"
        "barge,,,,1.5,1,9\n"
        "train,,,,1,1000000,9\n"
        "tram,,,gold,1,1,9\n",
    )

    van = city.journal.declared().vehicles["van"]
    assert (van.origins, van.destinations, van.carries) == ((district, "heap"), ("heap",), ())
    assert (van.count, van.trips_per_day, van.payload_mg) == (3, 2, 1500 * 10**6)
    assert [(line, column) for line, column, _ in found][:3] == [
        (3, "from"),
        (4, "to"),
        (5, "count"),
    ]
    assert [line for line, _, _ in found] == [3, 4, 5, 6, 7]
    assert "'Atlantis' is no district, part or site" in found[0][2]


def test_a_unit_that_is_no_mass_is_refused_with_the_mapping(city: City) -> None:
    with pytest.raises(MappingUnreadable, match="unknown field"):
        take(city, VEHICLES + 'wheels = "many"\n', "kind\n")
