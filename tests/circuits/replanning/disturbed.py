"""A small city of two districts and two composts, and what may happen to it."""

from datetime import date

from bioloom.circuits.planning import plan
from bioloom.circuits.proposing import PlansKnown, propose
from bioloom.circuits.replanning.trying import Before, Figures
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.disruptions import (
    Disrupting,
    DisruptionId,
    DisruptionReported,
    MoveVetoed,
    VetoId,
)
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.circuits.cities import add_district, add_material, add_site, offer_t

TEN_DAYS = Period(first=date(2024, 5, 1), last=date(2024, 5, 10))
OFFERED = offer_t(north_peel=40, south_peel=40, north_glass=10)


def town() -> Declared:
    """Each district has a heap nearby with room for twice its peel; one kiln takes glass."""
    city = Declared()
    add_district(city, "north", km=0)
    add_district(city, "south", km=10)
    add_material(city, "peel", group="organics")
    add_material(city, "glass", group="glass")
    add_site(city, "near", "organics", km=1, t_per_day=8)
    add_site(city, "far", "organics", km=12, t_per_day=8)
    add_site(city, "kiln", "glass", km=5, t_per_day=8)
    return city


def disrupted(
    city: Declared,
    kind: Disrupting,
    *,
    site: str | None = None,
    areas: tuple[str, ...] = (),
    agent: AgentId | None = None,
    per_mille: int = 0,
    first: int = 1,
    last: int | None = None,
) -> DisruptionReported:
    """Something that happens in May, folded into what the city has."""
    body = DisruptionReported(
        disruption=DisruptionId(f"{kind} {site} {areas} {first}"),
        kind=kind,
        site=None if site is None else SiteId(site),
        areas=areas,
        agent=agent,
        per_mille=per_mille,
        first_day=date(2024, 5, first),
        last_day=None if last is None else date(2024, 5, last),
        reason="Storm.",
    )
    city.disruptions.fold(body)
    return body


def vetoed(city: Declared, district: str, material: str, site: str, *, most_mg: int = 0) -> None:
    """A veto of bringing more than that in the ten days."""
    city.disruptions.fold(
        MoveVetoed(
            veto=VetoId(f"{district}/{material}/{site}"),
            plan="before",
            district=DistrictId(district),
            material=MaterialId(material),
            site=SiteId(site),
            most_mg=most_mg,
            first_day=TEN_DAYS.first,
            last_day=TEN_DAYS.last,
            reason="Too narrow.",
        )
    )


def figures(city: Declared) -> Figures:
    """What its plans are made from."""
    return Figures(declared=city, offered_mg=OFFERED, period=TEN_DAYS)


def in_force(city: Declared) -> tuple[Before, PlansKnown]:
    """The plan of the ten days before anything happened, adopted."""
    proposed = propose(plan(city, OFFERED, TEN_DAYS), plan="before")
    known = PlansKnown(proposed={"before": proposed}, in_force=["before"], adopted={"before"})
    return Before(flows=proposed.flows, unmet=proposed.unmet, proposed=proposed), known
