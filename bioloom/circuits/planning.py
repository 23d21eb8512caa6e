"""Planning: who gets what in a period, with the proof and the reasons. It writes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from bioloom.circuits.explaining import sentence
from bioloom.circuits.posing import Cell, Node, Problem, pose, split
from bioloom.circuits.relieving import Cause, Trials, causes
from bioloom.circuits.settling import Settled, settle
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow, Stage, Unmet
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """What the plan brings to a site, of how much room in all, and what residue that will leave.

    Residue leaves the site without limit; it is reported, and decides nothing.
    """

    site: SiteId
    mass_mg: int
    capacity_mg: int
    residue_mg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where every offered milligram goes, what each district gets of it, and why."""

    period: Period
    without: tuple[SiteId, ...]
    with_backlog: bool
    problem: Problem
    flows: tuple[Flow, ...]
    unmet: tuple[Unmet, ...]
    # Share of what was offered that is placed: of all, and of each group.
    service: Mapping[DistrictId, float]
    service_by_group: Mapping[DistrictId, Mapping[GroupId, float]]
    loads: tuple[Load, ...]
    stages: tuple[Stage, ...]
    # The checker's word, its largest relative gap, and what it found wrong.
    checked: bool
    gap: float
    faults: tuple[str, ...]
    causes: Mapping[DistrictId, Cause]
    reasons: Mapping[DistrictId, str]


def plan(
    declared: Declared,
    offered_mg: Mapping[Node, int],
    period: Period,
    *,
    without: Collection[SiteId] = (),
    with_backlog: bool = False,
    in_force: tuple[Flow, ...] = (),
    explain: bool = True,
) -> Plan:
    """Plan a period: fairest first, then least hazard unmet, then least way, then least change.

    Args:
        declared: The city's districts, sites and materials.
        offered_mg: Mass that each district offers of each material [mg].
        period: The days it was offered in, over which the sites' daily room adds up.
        without: Sites to leave out, to see what follows.
        with_backlog: Whether `offered_mg` has opening stock in it; passed on to the plan.
        in_force: Flows of the plan in force for the period, from which to change least.
        explain: Whether to look for reasons; that takes a further solve for each cause tried.

    Raises:
        SiteUnknown: If a site to leave out is not declared.
        OfferUndeclared: If a district or material that offers mass is not declared.
        PlanUnsolved: If the solver fails.
    """
    left_out = tuple(sorted(set(without)))
    posed = partial(pose, declared, offered_mg, period, in_force=in_force)
    problem = posed(without=left_out)
    parts = tuple(settle(part) for part in split(problem))
    flows = _flows(parts)
    found: dict[DistrictId, Cause] = {}
    if explain:
        trials = Trials(
            parts,
            left_out=left_out,
            posed_with=lambda site: posed(without=[other for other in left_out if other != site]),
        )
        found = causes(trials, sorted(declared.districts))
    return Plan(
        period=period,
        without=left_out,
        with_backlog=with_backlog,
        problem=problem,
        flows=flows,
        unmet=_unmet(parts),
        service=_service(parts),
        service_by_group=_service_by_group(parts),
        loads=_loads(declared, problem, flows),
        stages=_stages(parts),
        checked=all(part.verdict.checked for part in parts),
        gap=max((proof.gap for part in parts for proof in part.verdict.proofs), default=0.0),
        faults=tuple(fault for part in parts for fault in part.verdict.faults),
        causes=found,
        reasons={district: sentence(cause, declared) for district, cause in found.items()},
    )


def plan_json(made: Plan) -> dict[str, Any]:
    """The plan as `bioloom plan --json` prints it."""
    parts = {
        "period": {"from": made.period.first, "to": made.period.last},
        "service": made.service,
        "service_by_group": made.service_by_group,
        "flows": made.flows,
        "unmet": made.unmet,
        "certificate": {"checked": made.checked, "gap": made.gap, "stages": made.stages},
        "reasons": made.reasons,
        "without": made.without,
        "with_backlog": made.with_backlog,
        "causes": made.causes,
        "loads": made.loads,
        "faults": made.faults,
    }
    plain: dict[str, Any] = msgspec.to_builtins(parts)
    return plain


def _flows(parts: Sequence[Settled]) -> tuple[Flow, ...]:
    mass_mg: dict[tuple[DistrictId, MaterialId, SiteId], int] = {}
    for part in parts:
        problem = part.problem
        for arc in part.flows_mg.nonzero()[0]:
            district, material = problem.nodes[problem.arc_node[arc]]
            way = district, material, problem.sites[problem.arc_intake[arc]]
            mass_mg[way] = mass_mg.get(way, 0) + int(part.flows_mg[arc])
    return tuple(
        Flow(district=district, material=material, site=site, mass_mg=mass)
        for (district, material, site), mass in sorted(mass_mg.items())
    )


def _unmet(parts: Sequence[Settled]) -> tuple[Unmet, ...]:
    unmet = [
        (node, mass)
        for part in parts
        for node, mass in zip(part.problem.nodes, part.unmet_mg.tolist(), strict=True)
        if mass
    ]
    return tuple(
        Unmet(district=district, material=material, mass_mg=mass)
        for (district, material), mass in sorted(unmet)
    )


def _service(parts: Sequence[Settled]) -> dict[DistrictId, float]:
    """Shares of whole milligrams, so that a district placed in full is at 1 and not nearly."""
    offered_mg: dict[DistrictId, int] = {}
    unmet_mg: dict[DistrictId, int] = {}
    for part in parts:
        masses = zip(part.problem.supply_mg.tolist(), part.unmet_mg.tolist(), strict=True)
        for (district, _), (offered, unmet) in zip(part.problem.nodes, masses, strict=True):
            offered_mg[district] = offered_mg.get(district, 0) + offered
            unmet_mg[district] = unmet_mg.get(district, 0) + unmet
    return {
        district: (mass - unmet_mg[district]) / mass
        for district, mass in sorted(offered_mg.items())
    }


def _service_by_group(parts: Sequence[Settled]) -> dict[DistrictId, dict[GroupId, float]]:
    share: dict[Cell, float] = {}
    for part in parts:
        share |= part.service()
    by_group: dict[DistrictId, dict[GroupId, float]] = {}
    for (district, group), served in sorted(share.items()):
        by_group.setdefault(district, {})[group] = served
    return by_group


def _loads(declared: Declared, problem: Problem, flows: Sequence[Flow]) -> tuple[Load, ...]:
    mass_mg = dict.fromkeys(sorted(problem.sites), 0)
    for flow in flows:
        mass_mg[flow.site] += flow.mass_mg
    capacity_mg = dict.fromkeys(mass_mg, 0)
    for site, room in zip(problem.sites, problem.capacity_mg.tolist(), strict=True):
        capacity_mg[site] += room
    return tuple(
        Load(
            site=site,
            mass_mg=mass,
            capacity_mg=capacity_mg[site],
            # Half a milligram counts as one.
            residue_mg=(mass * declared.sites[site].residue_per_mille + 500) // 1000,
        )
        for site, mass in mass_mg.items()
    )


def _stages(parts: Sequence[Settled]) -> tuple[Stage, ...]:
    """The checker's stages by name: the groups of the part, and the aim with its round."""
    stages: list[Stage] = []
    seen: dict[str, int] = {}
    for part in parts:
        groups = "+".join(sorted({group for _, group in part.problem.cells}))
        for proof in part.verdict.proofs:
            seen[f"{groups}: {proof.aim}"] = seen.get(f"{groups}: {proof.aim}", 0) + 1
            number = seen[f"{groups}: {proof.aim}"]
            stages.append(
                Stage(
                    name=f"{groups}: {proof.aim} {number}",
                    value=proof.value,
                    bound=proof.bound,
                    gap=proof.gap,
                )
            )
    return tuple(stages)
