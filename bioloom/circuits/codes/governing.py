"""Governing: the rules of Codes become part of a problem, so that no plan of it breaks one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from bioloom.circuits.layout.arrays import UNLIMITED_MG, Ints
from bioloom.circuits.layout.bonds import Bound
from bioloom.circuits.layout.lying import with_residue_lying
from bioloom.circuits.posing import Flags, Node, Problem, pose
from bioloom.circuits.splitting import keep_arcs
from bioloom.ledger.codes.handling import Places
from bioloom.ledger.codes.lying import sites_in
from bioloom.ledger.codes.policies.asking import refuses
from bioloom.ledger.codes.standing import Provision
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.entries.codes import (
    Banned,
    DistanceLimited,
    PoliciesSet,
    Prioritised,
    ShareGuaranteed,
)
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import SiteId


def pose_under(
    declared: Declared,
    offered_mg: Mapping[Node, int],
    period: Period,
    provisions: Sequence[Provision],
    *,
    without: Collection[SiteId] = (),
    in_force: tuple[Flow, ...] = (),
    under_way: tuple[Flow, ...] = (),
    bound: Bound | None = None,
) -> Problem:
    """As `posing.pose`, under the rules of Codes: see `govern`.

    Raises:
        SiteUnknown, OfferUndeclared, YieldUndeclared, YieldsInCircle: As `posing.pose`.
    """
    posed = pose(
        declared,
        offered_mg,
        period,
        without=without,
        in_force=in_force,
        under_way=under_way,
        bound=bound,
    )
    return govern(posed, declared, provisions, days=period)


def govern(
    problem: Problem,
    declared: Declared,
    provisions: Sequence[Provision],
    *,
    days: Period | None = None,
) -> Problem:
    """Put a problem under rules: it is the same one where there are none.

    A ban or a limit takes ways away, also of what sites make; a way that is under way already is
    gone like any other. A guarantee limits what a cell may leave unserved over all periods; of two
    for one cell the larger holds. Priorities rank cells: those of the first Code come before those
    of the next. Residue of what is under way may lie where no way for it is left. Policies take a
    way away that they refuse on any of the days, by what a plan knows of it.

    Args:
        problem: The problem.
        declared: The city.
        provisions: The rules.
        days: The days of all its periods, by which dated limits count; all there are unless given.

    Example:
        A guarantee of 800 per mille for a cell that offers 10 mg leaves at most 2 mg unserved.
    """
    rules = [provision.rule for provision in provisions]
    barred = np.zeros(len(problem.arc_node), dtype=np.bool_)
    for rule in rules:
        if isinstance(rule, Banned):
            barred |= _banned(problem, declared, rule)
        elif isinstance(rule, DistanceLimited):
            too_far = problem.arc_km * 1000 > rule.limit_m
            barred |= too_far & _carries(problem, declared, rule.groups)
        elif isinstance(rule, PoliciesSet):
            barred |= _refused(problem, declared, rule, days)
    if barred.any():
        problem = keep_arcs(problem, ~barred)
    guarantees = [rule for rule in rules if isinstance(rule, ShareGuaranteed)]
    priorities = [rule for rule in rules if isinstance(rule, Prioritised)]
    if guarantees:
        problem = replace(problem, most_unmet_mg=_most_unmet_mg(problem, guarantees))
    if priorities:
        problem = replace(problem, rank=_rank(problem, priorities))
    return with_residue_lying(problem)


def _banned(problem: Problem, declared: Declared, rule: Banned) -> Flags:
    """The arcs on which something banned would go to where it is banned."""
    places = sites_in(declared, rule.areas) | {
        site
        for site in problem.sites
        if site in rule.sites or declared.sites[site].process in rule.processes
    }
    there = np.array([site in places for site in problem.sites], dtype=np.bool_)
    banned: Flags = (
        _carries(problem, declared, rule.groups, rule.materials) & there[problem.arc_intake]
    )
    return banned


def _refused(problem: Problem, declared: Declared, rule: PoliciesSet, days: Period | None) -> Flags:
    """The arcs that policies refuse, on the first of the days or where a limit changes later."""
    begins = {limit.first_day for limit in rule.limits if days is None or days.has(limit.first_day)}
    if days is not None or not begins:
        begins.add(date.min if days is None else days.first)
    places, heaps = Places(declared), [*problem.nodes, *problem.yields.products]
    found: dict[tuple[str, MaterialId, SiteId], bool] = {}
    refused: list[bool] = []
    for i, k in zip(problem.arc_node.tolist(), problem.arc_intake.tolist(), strict=True):
        origin, material = heaps[i]
        way = (str(origin), material, problem.sites[k])
        if way not in found:
            found[way] = any(
                refuses(rule, places.moved(*way, day), in_plans=True) is not None for day in begins
            )
        refused.append(found[way])
    return np.array(refused, dtype=np.bool_)


def _carries(
    problem: Problem,
    declared: Declared,
    groups: Sequence[GroupId],
    materials: Sequence[MaterialId] = (),
) -> Flags:
    """The arcs that carry what is of some groups or materials; all where none is named."""
    named = [
        material in materials or declared.materials[material].group in groups
        for _, material in (*problem.nodes, *problem.yields.products)
    ]
    is_it = np.array(named, dtype=np.bool_) | (not groups and not materials)
    carries: Flags = is_it[problem.arc_node]
    return carries


def _most_unmet_mg(problem: Problem, guarantees: Sequence[ShareGuaranteed]) -> Ints:
    offered_mg = [0 for _ in problem.cells]
    for cell, mass_mg in zip(
        problem.cell_of_node.tolist(), problem.supply_mg.tolist(), strict=True
    ):
        offered_mg[cell] += mass_mg
    most = [
        min(
            (
                # In Python's integers, as a thousandfold mass may leave int64.
                offered * (1000 - rule.per_mille) // 1000
                for rule in guarantees
                if rule.group == group and (not rule.districts or district in rule.districts)
            ),
            default=UNLIMITED_MG,
        )
        for (district, group), offered in zip(problem.cells, offered_mg, strict=True)
    ]
    return np.array(most, dtype=np.int64)


def _rank(problem: Problem, priorities: Sequence[Prioritised]) -> Ints:
    places = [
        tuple(
            _place(rule.districts, district) if rule.districts else _place(rule.groups, group)
            for rule in priorities
        )
        for district, group in problem.cells
    ]
    number = {place: rank for rank, place in enumerate(sorted(set(places)))}
    return np.array([number[place] for place in places], dtype=np.int64)


def _place(order: Sequence[str], name: str) -> int:
    return order.index(name) if name in order else len(order)
