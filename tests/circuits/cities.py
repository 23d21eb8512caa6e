"""Small cities for tests of circuits: places on a line along the equator, and random problems."""

from datetime import date

import numpy as np
from hypothesis import strategies as st

from bioloom.circuits.posing import Problem
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.agents import commons_of, operator_of
from bioloom.vocabulary.entries.ledger import (
    DistrictDeclared,
    Intake,
    MaterialDeclared,
    SiteDeclared,
    Storage,
    VehiclesDeclared,
    Yield,
)
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, Point, SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE

ONE_DAY = Period(first=date(2024, 5, 1), last=date(2024, 5, 1))
KM_PER_DEGREE = 111.195


def at_km(km: float) -> Point:
    return Point(longitude_deg=km / KM_PER_DEGREE, latitude_deg=0.0)


def add_district(
    city: Declared, name: str, *, km: float = 0.0, need: int = 1000, stores_t: float | None = None
) -> None:
    district = DistrictId(name)
    city.districts[district] = DistrictDeclared(
        district=district,
        name=name.title(),
        part_of=None,
        outline=(),
        point=at_km(km),
        need_per_mille=need,
        commons=commons_of(name),
        stamp="generated",
        storage=storage_t(stores_t),
    )


def add_material(city: Declared, name: str, *, group: str | None = None, code: str = "") -> None:
    material = MaterialId(name)
    city.materials[material] = MaterialDeclared(
        material=material, name=name, group=GroupId(group or name), low_code=code or None
    )


def storage_t(mass_t: float | None) -> tuple[Storage, ...]:
    """Room for everything, or none at all."""
    return () if mass_t is None else (Storage(accepts=(), capacity_mg=round(mass_t * 1e9)),)


def add_site(
    city: Declared,
    name: str,
    *accepts: str,
    km: float = 0.0,
    t_per_day: float = 1e3,
    makes: dict[str, int] | None = None,
    residue: str | None = None,
    stores_t: float | None = None,
) -> None:
    """A site with a residue of a twentieth, and what it makes in thousandths by material."""
    site = SiteId(name)
    intake = Intake(
        accepts=tuple(GroupId(group) for group in accepts),
        capacity_mg_per_day=round(t_per_day * MG_PER_TONNE),
        yields=tuple(
            Yield(material=MaterialId(made), per_mille=share)
            for made, share in (makes or {}).items()
        ),
    )
    city.sites[site] = SiteDeclared(
        site=site,
        name=name.title(),
        point=at_km(km),
        process="composting",
        intakes=(intake,),
        residue_per_mille=50,
        operator=operator_of(name),
        stamp="generated",
        residue_material=None if residue is None else MaterialId(residue),
        storage=storage_t(stores_t),
    )


def add_vehicles(
    city: Declared,
    name: str,
    *carries: str,
    origins: tuple[str, ...] = (),
    destinations: tuple[str, ...] = (),
    t_per_day: float,
) -> None:
    city.vehicles[name] = VehiclesDeclared(
        vehicles=name,
        origins=origins,
        destinations=tuple(SiteId(site) for site in destinations),
        carries=tuple(GroupId(group) for group in carries),
        count=1,
        trips_per_day=1,
        payload_mg=round(t_per_day * MG_PER_TONNE),
        stamp="generated",
    )


def offer_t(**tonnes: float) -> dict[tuple[DistrictId, MaterialId], int]:
    """Offered masses by `district_material`, so that `offer_t(north_peel=2)` is 2 t of peel."""
    offered = {}
    for name, mass_t in tonnes.items():
        district, material = name.split("_")
        offered[DistrictId(district), MaterialId(material)] = round(mass_t * MG_PER_TONNE)
    return offered


def problem_of(
    *,
    supply_t: list[float],
    capacity_t: list[float],
    arcs: list[tuple[int, int, float]],
    need: list[float] | None = None,
    hazardous: list[bool] | None = None,
    in_force_t: list[float] | None = None,
) -> Problem:
    """A problem with one cell a node; arcs are node, intake and kilometres."""
    nodes = range(len(supply_t))
    return Problem(
        nodes=tuple((DistrictId(f"d{i}"), MaterialId("m")) for i in nodes),
        cells=tuple((DistrictId(f"d{i}"), GroupId("g")) for i in nodes),
        sites=tuple(SiteId(f"s{k}") for k in range(len(capacity_t))),
        supply_mg=np.array([round(mass * MG_PER_TONNE) for mass in supply_t], dtype=np.int64),
        hazardous=np.array(hazardous or [False for _ in nodes]),
        cell_of_node=np.arange(len(supply_t)),
        need=np.array(need or [1.0 for _ in nodes]),
        capacity_mg=np.array([round(mass * MG_PER_TONNE) for mass in capacity_t], dtype=np.int64),
        arc_node=np.array([i for i, _, _ in arcs], dtype=np.int64),
        arc_intake=np.array([k for _, k, _ in arcs], dtype=np.int64),
        arc_km=np.array([km for _, _, km in arcs], dtype=np.float64),
        in_force_mg=np.array(
            [round(mass * MG_PER_TONNE) for mass in in_force_t or [0.0 for _ in arcs]],
            dtype=np.int64,
        ),
    )


@st.composite
def problems(draw: st.DrawFn, *, in_force: bool = True) -> Problem:
    """Problems of uneven geography: who reaches which intakes, and with how much, is drawn."""
    nodes, intakes = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    tonnes = st.integers(1, 4000).map(lambda tenths: tenths / 10)
    pairs = [(i, k) for i in range(nodes) for k in range(intakes)]
    reached = draw(st.lists(st.sampled_from(pairs), unique=True).map(sorted))
    kilometres = st.integers(0, 300).map(lambda tenths: tenths / 10)
    return problem_of(
        supply_t=draw(st.lists(tonnes, min_size=nodes, max_size=nodes)),
        capacity_t=draw(st.lists(tonnes | st.just(0.0), min_size=intakes, max_size=intakes)),
        arcs=[(i, k, draw(kilometres)) for i, k in reached],
        need=draw(st.lists(st.sampled_from([1.0, 1.5, 3.0]), min_size=nodes, max_size=nodes)),
        hazardous=draw(st.lists(st.booleans(), min_size=nodes, max_size=nodes)),
        in_force_t=[draw(tonnes | st.just(0.0)) if in_force else 0.0 for _ in reached],
    )
