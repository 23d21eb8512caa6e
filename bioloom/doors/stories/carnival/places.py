"""The Carnival's places: neighbourhoods around the Biovivarium, materials, sites and processes."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from bioloom.doors.stories.land import XY, at, grow
from bioloom.doors.stories.materials import declared
from bioloom.vocabulary.agents import AIR, SOIL, WATER, AgentId, commons_of, operator_of
from bioloom.vocabulary.amounts import MILLIGRAM, PIECE, SECOND, BaseUnit
from bioloom.vocabulary.entries.events import ProcessSpecified, SpecificationId
from bioloom.vocabulary.entries.ledger import (
    DistrictDeclared,
    Intake,
    MaterialDeclared,
    SiteDeclared,
)
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE

# Outside the network: a company that takes secondary materials in, and its site.
MERIDIAN = AgentId("org:meridian")
MERIDIAN_PLANT = SiteId("meridian")


class Neighbourhood(NamedTuple):
    """A neighbourhood, and what its people put out."""

    body: DistrictDeclared
    households: int


class Discard(NamedTuple):
    """A material that people discard, and how much of it a household puts out a week [grams]."""

    material: str
    name: str
    group: str
    low_code: str
    grams_a_week: int
    # Where the neighbourhoods bring it.
    site: str


class Share(NamedTuple):
    """What a process makes of 1000 parts of its input, and what it loses; the rest is residual."""

    makes: tuple[tuple[str, int], ...]
    loses: tuple[tuple[AgentId, int], ...] = ()


# Name, rough centre [km], households, means in thousandths of the best-off.
NEIGHBOURHOODS: tuple[tuple[str, XY, int, int], ...] = (
    ("Loom Street", (3.0, 8.6), 1400, 620),
    ("Spore Lane", (6.4, 8.4), 1700, 540),
    ("Glassworks", (10.8, 8.2), 1200, 810),
    ("Copperside", (12.2, 5.9), 2100, 380),
    ("Old Granary", (3.1, 4.2), 1500, 700),
    ("Mycel Square", (6.3, 3.1), 1900, 450),
)

DISCARDED: tuple[Discard, ...] = (
    Discard("kitchen", "Kitchen scraps", "organics", "20 01 08", 2800, "digester"),
    Discard("straw", "Straw and garden cuttings", "organics", "20 02 01", 900, "biovivarium"),
    Discard("wood", "Wood and sawdust", "wood", "20 01 38", 700, "biovivarium"),
    Discard("textiles", "Textiles", "textiles", "20 01 11", 300, "repair"),
    Discard("metals", "Metals", "metals", "20 01 40", 650, "foundry"),
    Discard("glass", "Glass", "glass", "20 01 02", 1300, "glasshouse"),
    Discard("electronics", "Small electronics", "electronics", "20 01 36", 180, "repair"),
)
# Who brings something elsewhere than the others do.
ELSEWHERE: Mapping[tuple[str, str], str] = MappingProxyType(
    {("05", "kitchen"): "compost", ("06", "textiles"): "studio"}
)
# What processes make, and what is counted: material, name, group, base unit.
MADE: tuple[tuple[str, str, str, BaseUnit], ...] = (
    ("panels", "Mycelium panels", "goods", MILLIGRAM),
    ("spent_substrate", "Spent mycelium substrate", "soil", MILLIGRAM),
    ("biogas", "Biogas", "energy", MILLIGRAM),
    ("digestate", "Digestate", "soil", MILLIGRAM),
    ("compost", "Compost", "soil", MILLIGRAM),
    ("ingots", "Cast metal", "secondary", MILLIGRAM),
    ("cullet", "Glass cullet", "secondary", MILLIGRAM),
    ("mended", "Mended things", "goods", MILLIGRAM),
    ("offcuts", "Parts and offcuts", "rejects", MILLIGRAM),
    ("works", "Works of art made of refuse", "goods", MILLIGRAM),
    ("crates", "Crates", "goods", PIECE),
    ("hands", "Work of makers", "services", SECOND),
)

# Site, name, place [km], process, accepted groups, kilograms a day.
_SiteRow = tuple[str, str, XY, str, tuple[str, ...], int]
SITES: tuple[_SiteRow, ...] = (
    ("biovivarium", "The Biovivarium", (7.2, 5.6), "mycelium", ("organics", "wood"), 6_000),
    ("digester", "Spore Lane digester", (6.8, 7.7), "digestion", ("organics",), 9_000),
    ("compost", "Granary compost garden", (3.6, 4.8), "composting", ("organics",), 2_500),
    ("repair", "Loom Street repair hall", (3.8, 8.0), "repair", ("textiles", "electronics"),
     2_000),
    ("foundry", "Copperside foundry", (11.6, 6.4), "casting", ("metals",), 1_600),
    ("glasshouse", "Glassworks crusher", (10.4, 7.7), "crushing", ("glass",), 3_000),
    ("studio", "Mycel Square studio", (6.9, 3.6), "art", ("wood", "textiles", "metals"), 200),
)  # fmt: skip
# The company's own site: another place for the same materials.
OUTSIDE_SITE: _SiteRow = (
    MERIDIAN_PLANT,
    "Meridian Northgate plant",
    (13.6, 8.7),
    "recovery",
    ("metals", "glass", "electronics"),
    4_000,
)

SHARES: dict[str, Share] = {
    "mycelium": Share((("panels", 410), ("spent_substrate", 330)), ((AIR, 240), (WATER, 15))),
    "digestion": Share((("biogas", 120), ("digestate", 872))),
    "composting": Share((("compost", 430),), ((AIR, 530), (WATER, 30))),
    "repair": Share((("mended", 690), ("offcuts", 300))),
    "casting": Share((("ingots", 930), ("offcuts", 55)), ((AIR, 10),)),
    "crushing": Share((("cullet", 975), ("offcuts", 20))),
    "art": Share((("works", 780), ("offcuts", 210))),
}

# Process, name, definition, tolerance in 1000, where losses go, source.
_SPECIFIED: tuple[tuple[str, str, str, int, tuple[AgentId, ...], str], ...] = (
    ("mycelium", "Growing mycelium panels",
     "Straw and sawdust are pasteurised, mixed with spawn and grown through in moulds for some "
     "days, then dried. What the fungus breathes out and what dries off leaves to the air.",
     25, (AIR, WATER), "Directive 2008/98/EC, Annex II, R 3"),
    ("digestion", "Anaerobic digestion",
     "Microbes turn organics into biogas and digestate in a closed tank without air.",
     20, (), "Directive 2008/98/EC, Annex II, R 3"),
    ("composting", "Composting",
     "Microbes turn organics into compost in heaps with air; vapour and carbon dioxide leave.",
     30, (AIR, WATER, SOIL), "Directive 2008/98/EC, Annex II, R 3"),
    ("repair", "Repair",
     "Things are mended to be used again; all is weighed before and after.",
     20, (), "Directive 2008/98/EC, Article 3 (16)"),
    ("casting", "Casting",
     "Metals are sorted, molten and cast; dross is weighed with the offcuts.",
     20, (AIR,), "Directive 2008/98/EC, Annex II, R 4"),
    ("crushing", "Crushing glass",
     "Glass is sorted by colour, freed of caps and labels, and crushed.",
     15, (), "Directive 2008/98/EC, Annex II, R 5"),
    ("art", "Making works of refuse",
     "Things are built into works of art; works and offcuts are weighed.",
     20, (), "Directive 2008/98/EC, Article 3 (13)"),
    ("recovery", "Recovery by the company",
     "What the company's plant does with what it takes; its insides are not in this record.",
     20, (AIR,), "Directive 2008/98/EC, Annex II, R 12"),
)  # fmt: skip


def neighbourhoods(seed: int) -> tuple[Neighbourhood, ...]:
    """The neighbourhoods on the land that a seed gives."""
    land = grow(tuple(centre for _, centre, _, _ in NEIGHBOURHOODS), seed)
    made = []
    for number, (row, (outline, point)) in enumerate(
        zip(NEIGHBOURHOODS, land, strict=True), start=1
    ):
        name, _, households, means = row
        district = DistrictId(f"{number:02}")
        body = DistrictDeclared(
            district=district,
            name=name,
            part_of=None,
            outline=outline,
            point=point,
            # Who has least counts for up to a third as much again.
            need_per_mille=1000 + max(0, 700 - means),
            commons=commons_of(district),
            stamp="generated",
        )
        made.append(Neighbourhood(body, households))
    return tuple(made)


def materials() -> Iterator[MaterialDeclared]:
    """Every material: what people discard, what processes make of it, and what is counted."""
    discarded = ((*one[:4], MILLIGRAM) for one in DISCARDED)
    made = ((*row[:3], None, row[3]) for row in MADE)
    yield from declared([*discarded, *made])


def sites() -> Iterator[SiteDeclared]:
    """The network's sites, and the company's."""
    for row in SITES:
        yield _site(row, operator_of(row[0]))
    yield _site(OUTSIDE_SITE, MERIDIAN)


def specifications() -> Iterator[ProcessSpecified]:
    """Every kind of process, with its tolerance and the law that its definition follows."""
    for process, name, definition, tolerance, loses_to, source in _SPECIFIED:
        yield ProcessSpecified(
            specification=SpecificationId(process),
            name=name,
            definition=f"{definition} All masses in milligrams.",
            tolerance_per_mille=tolerance,
            loses_to=loses_to,
            source=source,
            stamp="generated",
        )


def _site(row: _SiteRow, operator: AgentId) -> SiteDeclared:
    site, name, place, process, accepts, kg_per_day = row
    intake = Intake(
        accepts=tuple(map(GroupId, accepts)),
        capacity_mg_per_day=kg_per_day * MG_PER_TONNE // 1000,
    )
    return SiteDeclared(
        site=SiteId(site),
        name=name,
        point=at(*place),
        process=process,
        intakes=(intake,),
        residue_per_mille=0,
        operator=operator,
        stamp="generated",
    )
