"""Vehicles and days of small cities, for tests of rounds."""

from datetime import date

from hypothesis import strategies as st

from bioloom.circuits.rounds.fleet import Fleet, point_of
from bioloom.circuits.rounds.posing import Due, RoundsProblem, places_of, pose_rounds
from bioloom.circuits.rounds.ways import great_circle_ways
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.rounds import HoursDeclared, VehicleClassDeclared, VehicleId
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE
from tests.circuits.cities import add_district, add_material, add_site

DAY = date(2024, 5, 1)
HOUR_S = 3600


def vehicle(
    name: str = "van",
    *,
    carries: tuple[str, ...] = ("organics",),
    count: int = 1,
    capacity_t: float = 2.0,
    depot: str = "heap",
    from_h: float = 6,
    to_h: float = 14,
    trips: int = 6,
    per_km: int = 100,
    per_round: int = 1000,
) -> VehicleClassDeclared:
    return VehicleClassDeclared(
        vehicle=VehicleId(name),
        name=name.title(),
        count=count,
        capacity_mg=round(capacity_t * MG_PER_TONNE),
        carries=tuple(GroupId(group) for group in carries),
        depot=depot,
        from_s=round(from_h * HOUR_S),
        to_s=round(to_h * HOUR_S),
        trips=trips,
        speed_m_per_h=20_000,
        loading_s=300,
        unloading_s=600,
        cost_per_km=per_km,
        cost_per_round=per_round,
        stamp="generated",
    )


def hours(place: str, from_h: float, to_h: float) -> HoursDeclared:
    return HoursDeclared(
        place=place, from_s=round(from_h * HOUR_S), to_s=round(to_h * HOUR_S), stamp="generated"
    )


def fleet_of_few(*vehicles: VehicleClassDeclared, opening: tuple[HoursDeclared, ...] = ()) -> Fleet:
    return Fleet(
        vehicles={one.vehicle: one for one in vehicles}, hours={one.place: one for one in opening}
    )


def street(districts: int = 4) -> Declared:
    """Districts a kilometre apart, compost among them and a paper mill beyond."""
    city = Declared()
    for number in range(districts):
        add_district(city, f"d{number}", km=float(number))
    for material in ("peel", "leaf"):
        add_material(city, material, group="organics")
    add_material(city, "paper")
    add_site(city, "heap", "organics", km=1.5)
    add_site(city, "mill", "paper", km=districts + 1.0)
    return city


def due_t(**tonnes: float) -> dict[Due, int]:
    """What is due by `district_material_site`, so that `due_t(d0_peel_heap=2)` is 2 t of peel."""
    due: dict[Due, int] = {}
    for name, mass_t in tonnes.items():
        district, material, site = name.split("_")
        way = DistrictId(district), MaterialId(material), SiteId(site)
        due[way] = round(mass_t * MG_PER_TONNE)
    return due


def posed(city: Declared, fleet: Fleet, due_mg: dict[Due, int]) -> RoundsProblem:
    points = {place: point_of(place, city, fleet) for place in places_of(fleet, due_mg)}
    return pose_rounds(city, fleet, due_mg, great_circle_ways(points))


def groups_of(city: Declared) -> dict[MaterialId, GroupId]:
    return {name: told.group for name, told in city.materials.items()}


@st.composite
def days(draw: st.DrawFn) -> tuple[Declared, Fleet, dict[Due, int]]:
    """A street, some vehicles that carry this or that, hours, and what is due."""
    city = street(draw(st.integers(1, 4)))
    tonnes = st.integers(0, 40).map(lambda tenths: tenths / 10)
    due_mg: dict[Due, int] = {}
    for district in city.districts:
        due_mg |= due_t(
            **{
                f"{district}_peel_heap": draw(tonnes),
                f"{district}_leaf_heap": draw(tonnes),
                f"{district}_paper_mill": draw(tonnes),
            }
        )
    carried = st.sampled_from([("organics",), ("paper",), ("organics", "paper")])
    vehicles = [
        vehicle(
            name,
            carries=draw(carried),
            count=draw(st.integers(1, 3)),
            capacity_t=draw(st.sampled_from([0.7, 1.0, 3.3])),
            to_h=draw(st.sampled_from([6.5, 8, 14])),
            trips=draw(st.integers(1, 4)),
        )
        for name in draw(st.sampled_from([("van",), ("van", "bike")]))
    ]
    opening = [
        hours(place, draw(st.sampled_from([0, 7])), draw(st.sampled_from([7.5, 12])))
        for place in draw(st.sampled_from([(), ("heap",), ("d0", "mill")]))
    ]
    return city, fleet_of_few(*vehicles, opening=tuple(opening)), due_mg
