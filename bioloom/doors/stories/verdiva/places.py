"""Verdiva's places: its districts with their unequal means, its materials, sites and processes."""

from collections.abc import Iterator
from typing import NamedTuple

from bioloom.doors.stories.land import XY, at, grow
from bioloom.doors.stories.materials import declared
from bioloom.vocabulary.agents import AIR, WATER, AgentId, commons_of, operator_of
from bioloom.vocabulary.amounts import MILLIGRAM, MILLILITRE, PIECE, SECOND, BaseUnit
from bioloom.vocabulary.entries.events import ProcessSpecified, SpecificationId
from bioloom.vocabulary.entries.ledger import (
    DistrictDeclared,
    Intake,
    MaterialDeclared,
    SiteDeclared,
)
from bioloom.vocabulary.entries.rounds import VehicleClassDeclared, VehicleId
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE


class Quarter(NamedTuple):
    """A quarter of the city, which a team of Waste Guardians looks after."""

    name: str
    team: AgentId


class District(NamedTuple):
    """What Verdiva's year needs to know of a district, beside what is declared of it."""

    body: DistrictDeclared
    quarter: str
    households: int
    # Means and own bins as shares of the best-off district's, in thousandths.
    means_per_mille: int
    bins_per_mille: int
    # Households that keep an account of their own, each under a pseudonym.
    accounts: int


class Material(NamedTuple):
    """A material that people discard, and how much of it."""

    material: str
    name: str
    group: str
    low_code: str
    # What a household discards of it a week, and how far that swings over the year, summer up.
    grams_a_week: int
    swing: float
    # How much more of it (or less) a household of the best means discards than one of none.
    with_means: float


# Name, quarter, rough centre [km], households, means, own bins, in thousandths.
DISTRICTS: tuple[tuple[str, str, XY, int, int, int], ...] = (
    ("Alder Row", "Weir", (2.2, 9.4), 1900, 820, 900),
    ("Basin Side", "Weir", (4.3, 8.9), 2600, 760, 860),
    ("Cooper's Yard", "Weir", (4.6, 7.4), 3100, 610, 640),
    ("Dyer's Bank", "Weir", (6.6, 5.9), 3900, 430, 420),
    ("East Lock", "Weir", (6.9, 7.4), 3300, 520, 560),
    ("Fennel Hill", "Weir", (6.6, 9.2), 1700, 930, 960),
    ("Glasshouse", "Quay", (8.9, 8.9), 2100, 840, 900),
    ("Harrow End", "Quay", (9.0, 6.9), 3000, 560, 610),
    ("Iron Stairs", "Quay", (8.8, 5.2), 4300, 350, 330),
    ("Juniper", "Quay", (11.1, 9.0), 1600, 980, 980),
    ("Kiln Lane", "Quay", (11.2, 7.0), 2900, 590, 640),
    ("Lower Quay", "Quay", (11.3, 5.3), 4600, 390, 360),
    ("Mill Race", "Orchard", (1.9, 6.6), 2300, 690, 760),
    ("North Weir", "Orchard", (3.2, 6.2), 2700, 640, 700),
    ("Orchard", "Orchard", (1.8, 4.5), 1800, 880, 930),
    ("Paper Mews", "Orchard", (4.0, 5.0), 3400, 540, 580),
    ("Quarry Top", "Orchard", (1.9, 2.2), 2000, 470, 510),
    ("Ropewalk", "Orchard", (4.1, 3.2), 3600, 450, 470),
    ("Saltings", "Saltings", (4.0, 1.7), 2200, 310, 290),
    ("Tanner's Gate", "Saltings", (6.0, 3.7), 4100, 370, 380),
    ("Upper Quay", "Saltings", (6.2, 2.0), 3500, 340, 350),
    ("Vine Street", "Saltings", (7.7, 2.6), 3800, 410, 430),
    ("Weaver's", "Quay", (13.4, 6.4), 2400, 660, 720),
    ("Yarrow", "Quay", (13.4, 8.6), 1500, 900, 940),
)
QUARTERS: dict[str, Quarter] = {
    name: Quarter(name, AgentId(f"guardians:{name.lower()}"))
    for name in ("Weir", "Quay", "Orchard", "Saltings")
}

DISCARDED: tuple[Material, ...] = (
    Material("kitchen", "Kitchen scraps", "organics", "20 01 08", 3000, 0.08, 0.1),
    Material("garden", "Garden cuttings", "organics", "20 02 01", 1100, 0.75, 0.9),
    Material("paper", "Paper and card", "paper", "20 01 01", 2200, -0.06, 0.5),
    Material("packaging", "Metal, glass and plastic", "packaging", "15 01 06", 2600, 0.07, 0.5),
    Material("textiles", "Textiles", "textiles", "20 01 11", 250, 0.05, 0.6),
    Material("electronics", "Small electronics", "electronics", "20 01 36", 150, -0.10, 0.7),
    Material("wood", "Wood and furniture", "wood", "20 01 38", 480, 0.25, 0.3),
    Material("refuse", "Mixed refuse", "refuse", "20 03 01", 7200, 0.03, -0.2),
)
# What processes make: material, name, group, code, base unit.
MADE: tuple[tuple[str, str, str, str | None, BaseUnit], ...] = (
    ("biogas", "Biogas", "energy", None, MILLIGRAM),
    ("digestate", "Digestate", "soil", "19 06 06", MILLIGRAM),
    ("compost", "Compost", "soil", "19 05 03", MILLIGRAM),
    ("leafy_biomass", "Leafy biomass of a Biowall", "soil", "20 02 01", MILLIGRAM),
    ("pulp", "Paper pulp", "secondary", None, MILLIGRAM),
    ("pulping_rejects", "Rejects of pulping", "rejects", "19 12 12", MILLIGRAM),
    ("metal", "Sorted metal", "secondary", "19 12 02", MILLIGRAM),
    ("glass", "Sorted glass", "secondary", "19 12 05", MILLIGRAM),
    ("plastic", "Sorted plastic", "secondary", "19 12 04", MILLIGRAM),
    ("sorting_rejects", "Rejects of sorting", "rejects", "19 12 12", MILLIGRAM),
    ("offcuts", "Parts and offcuts of repair", "rejects", "19 12 12", MILLIGRAM),
    ("ash", "Bottom ash", "rejects", "19 01 12", MILLIGRAM),
    ("repaired", "Repaired pieces", "goods", None, PIECE),
    ("works", "Works of art made of refuse", "goods", None, PIECE),
    ("crate", "Crates", "goods", None, PIECE),
    ("filtered_air", "Air led through a Biowall", "services", None, MILLILITRE),
    ("hands", "Work of Waste Guardians", "services", None, SECOND),
)

# Site, name, place [km], process, accepted groups, kilograms a day, residue in 1000.
SITES: tuple[tuple[str, str, XY, str, tuple[str, ...], int, int], ...] = (
    ("digester", "Weir bioreactors", (7.7, 6.3), "digestion", ("organics",), 21_000, 0),
    ("compost_saltings", "Saltings compost yard", (5.2, 1.5), "composting", ("organics",),
     9_000, 0),
    ("compost_orchard", "Orchard compost garden", (2.6, 4.9), "composting", ("organics",),
     3_000, 0),
    ("compost_kiln", "Kiln Lane compost garden", (11.9, 7.7), "composting", ("organics",),
     4_000, 0),
    ("biowall_weir", "Weir Biowall", (5.4, 6.9), "biowall", ("organics",), 450, 0),
    ("biowall_quay", "Quay Biowall", (10.4, 5.6), "biowall", ("organics",), 450, 0),
    ("biowall_orchard", "Orchard Biowall", (1.5, 5.5), "biowall", ("organics",), 300, 0),
    ("biowall_saltings", "Saltings Biowall", (7.0, 2.9), "biowall", ("organics",), 600, 0),
    ("pulper", "Paper Mews pulper", (4.7, 4.4), "pulping", ("paper",), 21_000, 90),
    ("sorting_quay", "Quay sorting hall", (9.7, 5.0), "sorting", ("packaging",), 17_000, 130),
    ("sorting_kiln", "Kiln Lane sorting", (12.2, 6.4), "sorting", ("packaging",), 10_000, 130),
    ("repair_ropewalk", "Ropewalk repair hall", (4.9, 2.9), "repair",
     ("textiles", "electronics", "wood"), 5_000, 0),
    ("repair_harrow", "Harrow End repair hall", (9.4, 7.5), "repair",
     ("textiles", "electronics", "wood"), 3_600, 0),
    ("studio_verid", "Asha Verid's studio", (8.2, 4.8), "making_art", ("packaging",), 120, 0),
    ("studio_glasshouse", "Glasshouse studio", (8.7, 8.4), "making_art", ("wood",), 90, 0),
    ("recovery", "Saltings recovery plant", (3.1, 1.4), "recovery", ("refuse",), 60_000, 240),
    ("transfer", "North transfer yard", (3.3, 9.7), "transfer", ("refuse",), 22_000, 0),
)  # fmt: skip

# Class, name, how many, kilograms, carried groups, depot, shift [h], loads a day, km/h, cost of a
# kilometre and of a round [minor units].
VEHICLES: tuple[
    tuple[str, str, int, int, tuple[str, ...], str, tuple[int, int], int, int, int, int], ...
] = (
    ("lorry", "Lorries", 8, 8_000, ("refuse", "organics", "paper", "packaging"), "transfer",
     (6, 14), 6, 22, 140, 9_000),
    ("van", "Vans", 4, 1_500, ("textiles", "electronics", "wood", "paper", "packaging"),
     "repair_ropewalk", (7, 15), 6, 25, 70, 6_000),
    ("tricycle", "Cargo tricycles", 8, 250, ("organics", "textiles", "electronics"),
     "biowall_weir", (8, 14), 8, 14, 5, 1_500),
)  # fmt: skip

_RECYCLING = "Directive 2008/98/EC, Annex II, R 3"
# A tolerance of none: pieces are not weighed by the ledger, so their mass cannot be judged.
SPECIFICATIONS: tuple[ProcessSpecified, ...] = (
    ProcessSpecified(
        specification=SpecificationId("digestion"),
        name="Anaerobic digestion",
        definition="Microbes turn organics into biogas and digestate in a closed tank without air. "
        "All masses in milligrams; biogas is weighed as gas.",
        tolerance_per_mille=20,
        source=_RECYCLING,
        stamp="generated",
    ),
    ProcessSpecified(
        specification=SpecificationId("composting"),
        name="Composting",
        definition="Microbes turn organics into compost in heaps with air. Water vapour and carbon "
        "dioxide leave to the air, seepage to the sewer; all in milligrams.",
        tolerance_per_mille=30,
        loses_to=(AIR, WATER),
        source=_RECYCLING,
        stamp="generated",
    ),
    ProcessSpecified(
        specification=SpecificationId("biowall"),
        name="Biowall",
        definition="A planted wall of composting cells: kitchen scraps feed microbes, these feed "
        "plants, and a fan draws street air through. Leafy biomass is weighed in milligrams; the "
        "air is a service, in millilitres; what plants fix from the air stays in the residual.",
        tolerance_per_mille=25,
        loses_to=(AIR, WATER),
        source=_RECYCLING,
        stamp="generated",
    ),
    ProcessSpecified(
        specification=SpecificationId("pulping"),
        name="Pulping",
        definition="Paper and card are stirred in water, freed of rejects and pressed. Pulp counts "
        "at the moisture of the paper, in milligrams; what dries off leaves to the air.",
        tolerance_per_mille=20,
        loses_to=(AIR,),
        source=_RECYCLING,
        stamp="generated",
    ),
    ProcessSpecified(
        specification=SpecificationId("sorting"),
        name="Sorting",
        definition="Mixed packaging is parted by hand, magnet and sieve into metal, glass, plastic "
        "and rejects, in milligrams.",
        tolerance_per_mille=15,
        source="Directive 2008/98/EC, Annex II, R 12",
        stamp="generated",
    ),
    ProcessSpecified(
        specification=SpecificationId("repair"),
        name="Repair",
        definition="Things are mended to be used again. What is given back is counted in pieces, "
        "with their mass beside it; parts and offcuts are weighed in milligrams.",
        tolerance_per_mille=None,
        source="Directive 2008/98/EC, Article 3 (16)",
        stamp="generated",
    ),
    ProcessSpecified(
        specification=SpecificationId("making_art"),
        name="Making works of refuse",
        definition="Things are built into works of art. Works are counted in pieces, with their "
        "mass beside it; offcuts are weighed in milligrams.",
        tolerance_per_mille=None,
        source="Directive 2008/98/EC, Article 3 (13)",
        stamp="generated",
    ),
    ProcessSpecified(
        specification=SpecificationId("recovery"),
        name="Energy recovery",
        definition="Mixed refuse is burnt for heat. Flue gas leaves to the air, bottom ash "
        "remains; both in milligrams, the gas without the oxygen it took up.",
        tolerance_per_mille=20,
        loses_to=(AIR,),
        source="Directive 2008/98/EC, Annex II, R 1",
        stamp="generated",
    ),
)


def materials() -> Iterator[MaterialDeclared]:
    """Every material: what people discard, and what processes make of it."""
    discarded = ((one.material, one.name, one.group, one.low_code) for one in DISCARDED)
    yield from declared([*((*row, MILLIGRAM) for row in discarded), *MADE])


def districts(seed: int) -> tuple[District, ...]:
    """The 24 districts on the land that a seed gives."""
    land = grow(tuple(centre for _, _, centre, _, _, _ in DISTRICTS), seed)
    made = []
    for number, (row, (outline, point)) in enumerate(zip(DISTRICTS, land, strict=True), start=1):
        name, quarter, _, households, means, bins = row
        district = DistrictId(f"{number:02}")
        body = DistrictDeclared(
            district=district,
            name=name,
            part_of=quarter,
            outline=outline,
            point=point,
            # Who has least was heard last, and counts for up to half as much again.
            need_per_mille=1000 + max(0, 700 - means),
            commons=commons_of(district),
            stamp="generated",
        )
        accounts = 12 + households * means // 180_000
        made.append(District(body, quarter, households, means, bins, accounts))
    return tuple(made)


def sites() -> Iterator[SiteDeclared]:
    """Every site, with what it can take a day."""
    for site, name, (east_km, north_km), process, accepts, kg_per_day, residue in SITES:
        intake = Intake(
            accepts=tuple(map(GroupId, accepts)),
            capacity_mg_per_day=kg_per_day * MG_PER_TONNE // 1000,
        )
        yield SiteDeclared(
            site=SiteId(site),
            name=name,
            point=at(east_km, north_km),
            process=process,
            intakes=(intake,),
            residue_per_mille=residue,
            operator=operator_of(site),
            stamp="generated",
        )


def vehicles() -> Iterator[VehicleClassDeclared]:
    """The vehicles that drive rounds, where a day's rounds are planned."""
    for name, told, count, kg, carries, depot, (from_h, to_h), trips, km_h, km, each in VEHICLES:
        yield VehicleClassDeclared(
            vehicle=VehicleId(name),
            name=told,
            count=count,
            capacity_mg=kg * MG_PER_TONNE // 1000,
            carries=tuple(map(GroupId, carries)),
            depot=depot,
            from_s=from_h * 3600,
            to_s=to_h * 3600,
            trips=trips,
            speed_m_per_h=km_h * 1000,
            loading_s=420,
            unloading_s=600,
            cost_per_km=km,
            cost_per_round=each,
            stamp="generated",
        )
