"""Causing: what binds a district, found by taking one cause away and planning anew.

No cause is named for its price alone, for a price can be right and still not be the reason: each is
taken away in a plan of its own, solved and checked, and counts if it then gives.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec
import numpy as np

from bioloom.circuits.explaining.passing import (
    Corner,
    nearest,
    passing_mg_of,
    queue_mg_of,
    reached_of,
)
from bioloom.circuits.explaining.questions.answers import Lifted, LiftedKind
from bioloom.circuits.explaining.trials import Trials
from bioloom.circuits.posing import Cell, Flags, Problem
from bioloom.circuits.settling import Settled
from bioloom.vocabulary.entries.codes import CodeId
from bioloom.vocabulary.entries.covenants import CovenantId
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import DistrictId, SiteId

Kind = Literal[
    "nothing",
    "unproven",
    "nowhere",
    "left_out",
    "banned",
    "bound",
    "full",
    "no_single",
    "passed",
    "nearest",
    LiftedKind,
]

# A service that rises by less than this has not risen: it is within the checker's tolerance.
A_RISE = 1e-6


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """What binds a district, in figures that anybody can verify with a plan of their own.

    Kinds: it offered "nothing"; the plan is "unproven", so that nothing can be said; "nowhere"
    takes its worst group; covenants have it "bound", so that no site may; Codes have it "banned"
    from all sites that would; a site "left_out" or "full" keeps that group from more; "no_single"
    one does; all is placed, some past a full, nearer site ("passed"), or all at the "nearest"
    sites. Or what people decided or reported keeps the group from more, or where all is placed from
    a nearer site: a rule of a Code, a disruption or a veto, `lifted` in a plan of its own.
    """

    district: DistrictId
    kind: Kind
    # The group it is about; none where it is about all.
    group: GroupId | None = None
    # What the district offers of the group; where all is placed, what goes past the site [mg].
    mass_mg: int = 0
    site: SiteId | None = None
    # How many sites of the plan take the group.
    sites_in_reach: int = 0
    # Whether that site is full, or where no single one is to blame all those in reach: vehicles, or
    # where residue can go, may stop a site before it is.
    is_full: bool = True
    # The room that was added at the site to try it [mg].
    more_mg: int = 0
    # Share of the group placed in this plan, and with the cause taken away [1].
    service: float = 1.0
    service_then: float = 1.0
    # Other groups of the district that are not placed in full.
    also_short: tuple[GroupId, ...] = ()
    # The Code that bans it from every site; several where none of them does so alone.
    codes: tuple[CodeId, ...] = ()
    # The covenants that bind it, where they leave it no way at all.
    covenants: tuple[CovenantId, ...] = ()
    # What people decided or reported, and what would still go past the site without it [mg].
    lifted: Lifted | None = None
    past_then_mg: int = 0


def cause_of_shortage(trials: Trials, worst: Corner) -> Cause:
    """Why a group of a district is not placed in full."""
    part = trials.parts[worst.part]
    reached = reached_of(part.problem, worst.cell)
    cause = Cause(
        district=worst.district,
        kind="nowhere",
        group=worst.group,
        mass_mg=worst.offered_mg,
        sites_in_reach=len({part.problem.sites[k] for k in np.flatnonzero(reached)}),
        service=worst.service,
        service_then=worst.service,
        is_full=bool(_full(part)[reached].all()),
    )
    back = [
        (trials.service_with(site).get((worst.district, worst.group), 0.0), site)
        for site in trials.left_out
    ]
    then, site = max(back, default=(0.0, None))
    if site is not None and then > worst.service + A_RISE:
        return msgspec.structs.replace(cause, kind="left_out", site=site, service_then=then)
    if reached.any():
        return _cause_of_room(trials, worst, cause, reached)
    covenants = _binding(part.problem, worst.cell)
    if covenants:
        return msgspec.structs.replace(cause, kind="bound", covenants=covenants)
    return _cause_of_ban(trials, cause, (worst.district, worst.group))


def _binding(problem: Problem, cell: int) -> tuple[CovenantId, ...]:
    """The covenants that bind some of a cell."""
    bonds = zip(problem.cell_of_node.tolist(), problem.bonds, strict=False)
    found = {name for of_cell, bond in bonds if of_cell == cell for name in bond.covenants}
    return tuple(sorted(found))


def _cause_of_ban(trials: Trials, cause: Cause, cell: Cell) -> Cause:
    """The Code that keeps it from all sites that would take it, where one does."""

    def then(parts: Sequence[Settled]) -> float:
        return max((part.service().get(cell, 0.0) for part in parts), default=0.0)

    codes = trials.barred_by(lambda parts: then(parts) - cause.service - A_RISE)
    if not codes:
        return cause
    service_then = then(trials.lifted(codes))
    return msgspec.structs.replace(cause, kind="banned", codes=codes, service_then=service_then)


def _full(part: Settled) -> Flags:
    """Which intakes are full to what rounding leaves, shape (intakes,)."""
    spare_mg = part.problem.capacity_mg.copy()
    np.add.at(spare_mg, part.problem.arc_intake, -1 - part.flows_mg)
    full: Flags = spare_mg <= 0
    return full


def intake_to_grow(part: Settled, reached: Flags) -> tuple[int, int]:
    """The intake that lacks least room for what it has, and all unmet that could come to it [mg].

    Args:
        part: A plan.
        reached: Which intakes count, shape (intakes,).
    """
    problem = part.problem
    lacking_mg = np.zeros(len(problem.sites), dtype=np.int64)
    unmet_mg = np.append(part.unmet_mg, np.zeros(len(problem.yields.products), dtype=np.int64))
    np.add.at(lacking_mg, problem.arc_intake, unmet_mg[problem.arc_node])
    growth = lacking_mg / np.maximum(problem.capacity_mg, 1)
    intake = int(np.argmin(np.where(reached, growth, np.inf)))
    return intake, int(lacking_mg[intake])


def _cause_of_room(trials: Trials, worst: Corner, cause: Cause, reached: Flags) -> Cause:
    """The full site that needs to grow least for what it has, unless it would have to double.

    Room for all unmet mass that could come to it mostly is enough; room for all that its whole
    part leaves unmet always is.
    """
    part = trials.parts[worst.part]
    problem = part.problem
    intake, lacking_mg = intake_to_grow(part, reached)
    room_mg = int(problem.capacity_mg[intake])
    for needed_mg in (lacking_mg, int(part.unmet_mg.sum())):
        # Where there is no other site, however much it lacks, it is the cause.
        more_mg = needed_mg if cause.sites_in_reach == 1 else min(needed_mg, room_mg)
        tried = trials.roomier(worst.part, intake, more_mg)
        then = float(tried.served()[worst.cell]) if tried.verdict.checked else worst.service
        kind: Kind = "full" if then == 1.0 else "no_single"
        cause = msgspec.structs.replace(
            cause, kind=kind, site=problem.sites[intake], more_mg=more_mg, service_then=then
        )
        if kind == "full":
            break
    return cause


def cause_of_way(trials: Trials, district: DistrictId, corners: Sequence[Corner]) -> Cause:
    """Why what is placed in full does not all go to the nearest site, where it does not."""
    passed = [
        (int(passing_mg_of(part, intake, corner.cell).sum()), corner, intake)
        for corner in corners
        for part in [trials.parts[corner.part]]
        for intake in nearest(part.problem, corner.cell)
    ]
    mass_mg, corner, intake = max(passed, key=lambda found: found[0])
    offered_mg = sum(corner.offered_mg for corner in corners)
    if not mass_mg:
        return Cause(district=district, kind="nearest", mass_mg=offered_mg)
    part = trials.parts[corner.part]
    site = part.problem.sites[intake]
    cause = Cause(
        district=district,
        kind="no_single",
        group=corner.group,
        mass_mg=mass_mg,
        site=site,
        is_full=bool(_full(part)[intake]),
    )
    for more_mg in (queue_mg_of(part, intake), int(passing_mg_of(part, intake).sum())):
        tried = trials.roomier(corner.part, intake, more_mg)
        if tried.verdict.checked and not passing_mg_of(tried, intake, corner.cell).any():
            return msgspec.structs.replace(cause, kind="passed", more_mg=more_mg)
    return cause
