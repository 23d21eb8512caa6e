"""A plan as people read it: who gets how much and why, where it goes, and what proves it."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from bioloom.circuits.planning import Load, Plan
from bioloom.doors.web.views.sankey import UNMET, Sankey, Stream, draw_sankey
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow, Unmet
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId

# With more districts than this the diagram adds them up by the part of the city they lie in.
MOST_BARS = 24


class FlowRow(msgspec.Struct, frozen=True, kw_only=True):
    """Some mass that goes from a district to a site; to no site where it is unmet."""

    district: DistrictId
    material: MaterialId
    site: SiteId | None
    mass_mg: int


class ServiceRow(msgspec.Struct, frozen=True, kw_only=True):
    """How a district is served: in all, and its worst group; why, in a sentence."""

    district: DistrictId
    name: str
    part_of: str | None
    offered_mg: int
    share: float
    worst_group: str
    worst_share: float
    reason: str


class LoadRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the plan brings to a site, and which share of its room that fills, 0 to 1."""

    site: SiteId
    mass_mg: int
    capacity_mg: int
    residue_mg: int
    fullness: float


class Diagram(msgspec.Struct, frozen=True, kw_only=True):
    """The Sankey of a plan with what its bars are called, and whether districts are added up."""

    sankey: Sankey
    labels: dict[str, str]
    by_part: bool
    # Each material's place in the order of colours.
    hues: dict[MaterialId, int]


class PlanView(msgspec.Struct, frozen=True, kw_only=True):
    """All that the page of a plan shows."""

    offered_mg: int
    placed_mg: int
    # Placed at no site; of that, what is stored.
    unmet_mg: int
    stored_mg: int
    services: tuple[ServiceRow, ...]
    # The district whose worst group is served least; none where all are served in full.
    least: ServiceRow | None
    # How many districts have the same group at the same level.
    least_alike: int
    flows: tuple[FlowRow, ...]
    loads: tuple[LoadRow, ...]
    sites_used: int
    diagram: Diagram | None

    @property
    def share(self) -> float:
        """The share of all offered mass that is placed, 0 to 1."""
        return self.placed_mg / self.offered_mg if self.offered_mg else 1.0


def view_plan(plan: Plan, declared: Declared) -> PlanView:
    """Arrange a plan for reading: the least served first, the largest flows first."""
    flows = flow_rows(plan.flows, plan.short)
    unmet_mg = sum(rest.mass_mg for rest in plan.short)
    placed_mg = sum(flow.mass_mg for flow in plan.flows)
    services = _services(plan, declared, flows)
    least = next((row for row in services if row.worst_share < 1), None)
    return PlanView(
        offered_mg=placed_mg + unmet_mg,
        placed_mg=placed_mg,
        unmet_mg=unmet_mg,
        stored_mg=sum(kept.mass_mg for kept in plan.movements.stored),
        services=services,
        least=least,
        least_alike=sum(_alike(row, least) for row in services) if least else 0,
        flows=flows,
        loads=tuple(sorted(map(_load, plan.loads), key=lambda row: (-row.fullness, row.site))),
        sites_used=len({flow.site for flow in plan.flows}),
        diagram=_diagram(flows, declared),
    )


def flow_rows(flows: Sequence[Flow], unmet: Sequence[Unmet]) -> tuple[FlowRow, ...]:
    """What goes where and what goes nowhere, as rows: that first, then the largest flows."""
    rows = [
        *(FlowRow(district=f.district, material=f.material, site=f.site, mass_mg=f.mass_mg)
          for f in flows),
        *(FlowRow(district=u.district, material=u.material, site=None, mass_mg=u.mass_mg)
          for u in unmet),
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (row.site is not None, -row.mass_mg, row.district)))


def worst_shares(plan: Plan) -> dict[DistrictId, float]:
    """The service of the worst-served group of every district that offers something."""
    return {
        district: min(groups.values())
        for district, groups in plan.service_by_group.items()
        if groups
    }


def _services(plan: Plan, declared: Declared, flows: Sequence[FlowRow]) -> tuple[ServiceRow, ...]:
    offered_mg: dict[DistrictId, int] = defaultdict(int)
    for flow in flows:
        offered_mg[flow.district] += flow.mass_mg
    rows = []
    for district, groups in plan.service_by_group.items():
        worst = min(groups, key=lambda group: (groups[group], group))
        rows.append(
            ServiceRow(
                district=district,
                name=declared.districts[district].name,
                part_of=declared.districts[district].part_of,
                offered_mg=offered_mg[district],
                share=plan.service[district],
                worst_group=worst,
                worst_share=groups[worst],
                reason=plan.reasons.get(district, ""),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.worst_share, row.share, row.name)))


def _alike(row: ServiceRow, least: ServiceRow) -> bool:
    # Whole milligrams make equal shares differ in the last digits.
    return row.worst_group == least.worst_group and row.worst_share - least.worst_share < 1e-6


def _load(load: Load) -> LoadRow:
    # Rounding to whole milligrams may miss a full site's room by a few, either way.
    share = round(load.mass_mg / load.capacity_mg, 9) if load.capacity_mg else 0.0
    return LoadRow(
        site=load.site,
        mass_mg=load.mass_mg,
        capacity_mg=load.capacity_mg,
        residue_mg=load.residue_mg,
        fullness=min(share, 1.0),
    )


def _diagram(flows: Sequence[FlowRow], declared: Declared) -> Diagram | None:
    districts = declared.districts
    by_part = len({flow.district for flow in flows}) > MOST_BARS and any(
        district.part_of for district in districts.values()
    )

    def place_of(district: DistrictId) -> str:
        if not by_part:
            return district
        return districts[district].part_of or districts[district].name

    sankey = draw_sankey(
        (
            Stream(
                place=place_of(flow.district),
                material=flow.material,
                site=flow.site,
                mass_mg=flow.mass_mg,
            )
            for flow in flows
        ),
        list(declared.materials),
    )
    if sankey is None:
        return None
    labels = {f"0:{place_of(d)}": place_of(d) if by_part else districts[d].name for d in districts}
    labels |= {f"1:{material}": told.name for material, told in declared.materials.items()}
    labels |= {f"2:site:{site}": told.name for site, told in declared.sites.items()}
    labels |= {f"2:{UNMET}": ""}
    hues = {material: place % 8 for place, material in enumerate(declared.materials)}
    return Diagram(sankey=sankey, labels=labels, by_part=by_part, hues=hues)
