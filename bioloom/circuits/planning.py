"""Planning: who gets what in a period, with the proof and the reasons. It writes nothing."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec

from bioloom.circuits.codes.conflicting import settle_under
from bioloom.circuits.codes.costing import CodeKept, costs, kept
from bioloom.circuits.codes.trying import NO_CODES, Rulebook
from bioloom.circuits.explaining.causing import Cause
from bioloom.circuits.explaining.districts import NOT_ASKED, DistrictsBound, what_binds
from bioloom.circuits.explaining.questions.changing import NO_CHANGES, Changes
from bioloom.circuits.explaining.questions.lifting import Kept
from bioloom.circuits.explaining.trials import Trials
from bioloom.circuits.explaining.wording import sentence
from bioloom.circuits.horizon.naming import (
    Movements,
    faults_of,
    movements,
    service_of,
    stages_of,
)
from bioloom.circuits.layout.bonds import Bound
from bioloom.circuits.posing import Node, Problem
from bioloom.circuits.settling import Settled, settle
from bioloom.ledger.codes.standing import provisions_of
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow, Onward, Stage, Stored, Unmet
from bioloom.vocabulary.entries.codes import CodeId
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """What the plan brings to a site, of how much room in all, and what residue that will leave.

    Residue of no declared material leaves without limit; it is reported, and decides nothing.
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
    # Its parts that share nothing, in the order of the stages.
    parts: tuple[Settled, ...]
    # Flows and unmet, and besides what waits, and what becomes of what sites make.
    movements: Movements
    # Share of what was offered that is placed: of all, and of each group.
    service: Mapping[DistrictId, float]
    service_by_group: Mapping[DistrictId, Mapping[GroupId, float]]
    loads: tuple[Load, ...]
    # What the checker found wrong.
    faults: tuple[str, ...]
    # What binds the districts; nothing where the plan is not explained.
    binds: DistrictsBound
    reasons: Mapping[DistrictId, str]
    # To ask it questions; the plans that they take go on from where its solver stands.
    trials: Trials = field(repr=False)
    # Its problem as if nothing were under way, whose figures name it.
    plain: Callable[[], Problem] = field(repr=False)
    # The Codes it keeps, each with what it costs where the plan is explained; and those that were
    # tried or left out to see what follows.
    codes: tuple[CodeKept, ...] = ()
    tried_codes: tuple[CodeId, ...] = ()

    @property
    def causes(self) -> Mapping[DistrictId, Cause]:
        """What binds each district."""
        return self.binds.causes

    @property
    def flows(self) -> tuple[Flow, ...]:
        """What goes from districts to sites."""
        return self.movements.flows

    @property
    def unmet(self) -> tuple[Unmet, ...]:
        """What no site is to take."""
        return self.movements.unmet

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What each stage reached, and the bound that nobody can pass."""
        return stages_of(self.parts)

    @property
    def checked(self) -> bool:
        """The checker's word: whether it found nothing wrong."""
        return not self.faults

    @property
    def gap(self) -> float:
        """The largest relative gap of all stages."""
        return max((stage.gap for stage in self.stages), default=0.0)

    @property
    def short(self) -> tuple[Unmet, ...]:
        """What no site takes in the period: unmet, or stored when it ends."""
        mass_mg: defaultdict[Node, int] = defaultdict(int)
        rests: tuple[Unmet | Stored, ...] = (*self.unmet, *self.movements.stored)
        for rest in rests:
            mass_mg[rest.district, rest.material] += rest.mass_mg
        return tuple(
            Unmet(district=district, material=material, mass_mg=mass)
            for (district, material), mass in sorted(mass_mg.items())
        )


def plan(
    declared: Declared,
    offered_mg: Mapping[Node, int],
    period: Period,
    *,
    without: Collection[SiteId] = (),
    with_backlog: bool = False,
    in_force: tuple[Flow, ...] = (),
    under_way: tuple[Flow, ...] = (),
    explain: bool = True,
    settled: Callable[[Problem], Settled] = settle,
    changes: Changes = NO_CHANGES,
    codes: Rulebook = NO_CODES,
    bound: Bound | None = None,
) -> Plan:
    """Plan a period: fairest first, then least hazard unmet, then least way, then least change.

    Args:
        declared: The city's districts, sites and materials.
        offered_mg: Mass that each district offers of each material [mg].
        period: The days it was offered in, over which the sites' daily room adds up.
        without: Sites to leave out, to see what follows.
        with_backlog: Whether `offered_mg` has opening stock in it; passed on to the plan.
        in_force: Flows of the plan in force for the period, from which to change least.
        under_way: What of them cannot be taken back.
        explain: Whether to look for reasons; each cause and each Code is a further solve.
        settled: How a part is solved, rounded and checked.
        changes: What is otherwise than declared and offered, to see what follows.
        codes: The Codes that it keeps.
        bound: What of it covenants bind.

    Raises:
        SiteUnknown, OfferUndeclared, YieldUndeclared, CodesConflict, PlanUnsolved: As its steps.
    """
    left_out, provisions = tuple(sorted({*without, *changes.closed})), provisions_of(codes.versions)
    posing = partial(changes.posing, declared, offered_mg, period, in_force, bound=bound)
    under = partial(posing(under_way), without=left_out)
    parts, problem = settle_under(under, provisions, settled), under(provisions)
    trials = Trials(parts, Kept(codes.versions, declared, period), posed=under, left_out=left_out)
    done, (service, by_group) = movements(parts), service_of(parts)
    binds = what_binds(trials, sorted(declared.districts)) if explain else NOT_ASKED
    return Plan(
        period=period,
        without=left_out,
        with_backlog=with_backlog,
        problem=problem,
        parts=parts,
        movements=done,
        service=service,
        service_by_group=by_group,
        loads=_loads(declared, problem, done),
        faults=faults_of(parts),
        binds=binds,
        reasons={district: sentence(cause, declared) for district, cause in binds.causes.items()},
        trials=trials,
        plain=partial(posing(()), provisions, without=left_out),
        codes=costs(codes.versions, under, parts) if explain else kept(codes.versions),
        tried_codes=tuple(sorted(codes.tried)),
    )


def plan_json(made: Plan) -> dict[str, Any]:
    """The plan as `bioloom plan --json` prints it."""
    parts = {
        "period": {"from": made.period.first, "to": made.period.last},
        "service": made.service,
        "service_by_group": made.service_by_group,
        "flows": made.flows,
        "unmet": made.unmet,
        "stored": made.movements.stored,
        "onward": made.movements.onward,
        "products": made.movements.products,
        "certificate": {"checked": made.checked, "gap": made.gap, "stages": made.stages},
        "reasons": made.reasons,
        "without": made.without,
        "codes": made.codes,
        "tried_codes": made.tried_codes,
        "with_backlog": made.with_backlog,
        "causes": made.causes,
        "loads": made.loads,
        "faults": made.faults,
    }
    plain: dict[str, Any] = msgspec.to_builtins(parts)
    return plain


def _loads(declared: Declared, problem: Problem, done: Movements) -> tuple[Load, ...]:
    mass_mg = dict.fromkeys(sorted(problem.sites), 0)
    brought: tuple[Flow | Onward, ...] = (*done.flows, *done.onward)
    for flow in brought:
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
