"""Small cities in which sites fail."""

from hypothesis import strategies as st

from bioloom.circuits.cascading.courses import Course, Down, Storm
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.circuits.cities import ONE_DAY, add_district, add_material, add_site, offer_t

A_TONNE_MG = 10**9


def two_heaps() -> Declared:
    """North beside a heap of 24 t a day, south beside one of 48, ten kilometres apart."""
    city = Declared()
    add_district(city, "north", km=0)
    add_district(city, "south", km=10)
    add_material(city, "peel", group="organics")
    add_site(city, "heap", "organics", km=1, t_per_day=24)
    add_site(city, "digester", "organics", km=11, t_per_day=48)
    return city


def storm(*down: Down, hours: int = 6, north: float = 24, south: float = 36) -> Storm:
    """The city of two heaps, which offers so many tonnes a day, in a storm."""
    return Storm(
        declared=two_heaps(),
        offered_mg=offer_t(north_peel=north, south_peel=south),
        period=ONE_DAY,
        down=down,
        hours=hours,
    )


@st.composite
def storms(draw: st.DrawFn) -> Storm:
    """Cities of a few districts, materials and sites, some of which fail."""
    city = Declared()
    districts = [f"d{number}" for number in range(draw(st.integers(1, 3)))]
    materials = [f"m{number}" for number in range(draw(st.integers(1, 2)))]
    for number, name in enumerate(districts):
        add_district(city, name, km=7.0 * number)
    for name in materials:
        add_material(city, name)
    sites = [f"s{number}" for number in range(draw(st.integers(1, 4)))]
    for number, name in enumerate(sites):
        takes = draw(st.lists(st.sampled_from(materials), min_size=1, unique=True))
        room = draw(st.integers(0, 100))
        add_site(city, name, *takes, km=5.0 * number + 1, t_per_day=room / 2)
    offered = {
        (DistrictId(district), MaterialId(material)): draw(st.integers(0, 60 * A_TONNE_MG))
        for district in districts
        for material in materials
    }
    down = draw(
        st.lists(
            st.builds(Down, site=st.sampled_from(list(map(SiteId, sites))), hour=st.integers(0, 3)),
            max_size=2,
            unique_by=lambda one: one.site,
        )
    )
    return Storm(declared=city, offered_mg=offered, period=ONE_DAY, down=tuple(down), hours=4)


def unaccounted_mg(course: Course) -> list[int]:
    """At the end of each hour: what arrived so far, less all that is known of it [mg]."""
    arrived = taken = 0
    missing = []
    for hour in course.hours:
        arrived += hour.arrived_mg
        taken += hour.taken_mg
        missing.append(arrived - taken - hour.waiting_mg - hour.held_mg)
    return missing
