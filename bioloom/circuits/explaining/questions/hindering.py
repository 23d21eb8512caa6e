"""Hindering: what people decided or reported keeps a group of a district from where it would go."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bioloom.circuits.explaining.passing import Corner
from bioloom.circuits.explaining.questions.answers import Change, Found, Lifted, Trial
from bioloom.circuits.explaining.questions.comparing import A_RISE, Compared
from bioloom.circuits.explaining.trials import Trials
from bioloom.circuits.layout.arrays import UNLIMITED_MG
from bioloom.circuits.posing import Cell, Flags, Problem
from bioloom.circuits.settling import Settled, settle
from bioloom.vocabulary.places import SiteId

# Of what may send a district's materials farther, so much is tried: that which may do so most.
MOST_TRIED = 3


class Hindrance(NamedTuple):
    """What may stand in the way, and which site it may keep a group from.

    Attributes:
        lifted: What people decided or reported.
        number: Which part of the plan without it the group is in.
        near: The nearest site that it may keep the group from, or some room there.
        near_km: The way there [km].
        goes_to: Of the sites that the group goes to instead, the one that most is lost by.
        goes_km: The way there [km].
        worth: How much shorter the ways of the group could at most be [mg km].
    """

    lifted: Lifted
    number: int
    near: SiteId
    near_km: float
    goes_to: SiteId
    goes_km: float
    worth: float


class Hindered:
    """A group of a district, and the plans tried to see what keeps it from where it would go."""

    def __init__(self, trials: Trials, corner: Corner) -> None:
        self._trials, self._corner = trials, corner
        self._part = trials.parts[corner.part]
        self._cell: Cell = corner.district, corner.group

    def short(self) -> Found | None:
        """Of what, lifted, has more of it placed what does so most."""
        return max(self._short(), key=lambda one: one[0], default=(0.0, None))[1]

    def there(self, goes_to: SiteId) -> Found | None:
        """Of what, lifted, keeps less of it from a nearer site than one what does so most."""
        tried = (self.tried(one) for one in self.hindrances(goes_to))
        shown = [found for found in tried if found is not None]
        return max(shown, key=_less_mg, default=None)

    def hindrances(self, goes_to: SiteId | None = None) -> Iterator[Hindrance]:
        """What may keep it from a site that is nearer than where it goes.

        Args:
            goes_to: A site that it goes to; any of them unless given.
        """
        lifting, problem = self._trials.lifting, self._part.problem
        arcs = np.flatnonzero(
            (problem.cell_of_arc == self._corner.cell) & (self._part.flows_mg > 0)
        )
        goes = [arc for arc in arcs if goes_to in (None, problem.sites[problem.arc_intake[arc]])]
        for one in lifting.about(district=self._corner.district) if goes else ():
            number = lifting.touched(one, self._cell)
            if number is None:
                continue
            km = opened(problem, lifting.problems(one)[number], self._cell) or self._km()
            near = nearest_of(km)
            if near is None:
                continue
            lost = self._part.flows_mg[goes] * (problem.arc_km[goes] - km[near])
            far = goes[int(np.argmax(lost))]
            if lost.max() > 0:
                yield Hindrance(
                    one,
                    number,
                    near,
                    km[near],
                    problem.sites[problem.arc_intake[far]],
                    float(problem.arc_km[far]),
                    float(lost[lost > 0].sum()),
                )

    def tried(self, one: Hindrance) -> Found | None:
        """What it is seen to keep from a nearer site; none if it is not."""
        trial = self._trial_of_lift(one.lifted, one.number, one.near_km)
        then, before = trial.then, trial.before
        less_mg = (before.past_mg or 0) - (then.past_mg or 0)
        if not trial.checked or less_mg <= 0 or then.service < before.service - A_RISE:
            return None
        return Found(
            reason=one.lifted.kind,
            district=self._corner.district,
            group=self._corner.group,
            mass_mg=self._corner.offered_mg,
            goes_to=one.goes_to,
            goes_km=one.goes_km,
            site=one.near,
            site_km=one.near_km,
            trials=(trial,),
        )

    def _km(self) -> dict[SiteId, float]:
        return ways_of(self._part.problem, self._corner.cell)

    def _short(self) -> Iterator[tuple[float, Found]]:
        """What, lifted, is seen to have more of it placed, and how much more [1]."""
        lifting = self._trials.lifting
        for one in lifting.about(district=self._corner.district):
            number = lifting.touched(one, self._cell)
            if number is None:
                continue
            change = Change(kind="lifted", lifted=one)
            then = lifting.settled(one)
            trial = Compared(self._trials.parts, then).trial(change, self._cell)
            gain = trial.then.service - trial.before.service
            if trial.checked and gain > A_RISE:
                near = nearest_of(
                    opened(self._part.problem, lifting.problems(one)[number], self._cell)
                )
                yield (
                    gain,
                    Found(
                        reason=one.kind,
                        district=self._corner.district,
                        group=self._corner.group,
                        mass_mg=self._corner.offered_mg,
                        site=near,
                        trials=(trial,),
                    ),
                )

    def _trial_of_lift(self, one: Lifted, number: int, near_km: float) -> Trial:
        """The plan without something, and what then goes farther than so many kilometres."""
        lifting, corner = self._trials.lifting, self._corner
        problem = lifting.problems(one)[number]
        then = list(lifting.settled(one))
        then[number] = settle(problem, least_on=beyond(problem, self._cell, near_km))
        past = beyond(self._part.problem, self._cell, near_km)
        best = self._trials.tried(corner.part, self._part.problem, least_on=past)
        past_mg = (
            beyond_mg(best, self._cell, near_km),
            beyond_mg(then[number], self._cell, near_km),
        )
        change = Change(kind="lifted", lifted=one)
        return Compared(self._trials.parts, then).trial(change, self._cell, past_mg)


def most_hindered(hindered: Sequence[Hindered]) -> Found | None:
    """Of some groups, what is seen to keep one from a nearer site; none if nothing is.

    That which may lengthen ways most is tried first, and `MOST_TRIED` at most.
    """
    found = [
        (one.worth, at, one) for at, group in enumerate(hindered) for one in group.hindrances()
    ]
    likely = sorted(found, key=lambda one: -one[0])[:MOST_TRIED]
    shown = (hindered[at].tried(one) for _, at, one in likely)
    return next((one for one in shown if one is not None), None)


def _less_mg(found: Found) -> int:
    trial = found.trials[0]
    return (trial.before.past_mg or 0) - (trial.then.past_mg or 0)


def ways_of(problem: Problem, cell: int) -> dict[SiteId, float]:
    """The way of a cell to each site that takes it [km]."""
    arcs = np.flatnonzero(problem.cell_of_arc == cell)
    return {problem.sites[problem.arc_intake[arc]]: float(problem.arc_km[arc]) for arc in arcs}


def opened(before: Problem, then: Problem, cell: Cell) -> dict[SiteId, float]:
    """The sites that a cell has a way to, or more room at, only then, and the way there [km]."""
    room_mg, then_room_mg = (_room_by_site(problem, cell) for problem in (before, then))
    wider = {site for site, mass_mg in then_room_mg.items() if mass_mg > room_mg.get(site, -1)}
    arcs = np.flatnonzero(_of_cell(then, cell))
    ways = ((then.sites[then.arc_intake[arc]], float(then.arc_km[arc])) for arc in arcs)
    return {site: km for site, km in ways if site in wider}


def nearest_of(km: Mapping[SiteId, float]) -> SiteId | None:
    """The nearest of some sites; none if there are none."""
    return min(km, key=lambda site: (km[site], site), default=None)


def beyond(problem: Problem, cell: Cell, km: float) -> Flags:
    """The ways of a cell that are longer than so many kilometres, shape (arcs,)."""
    longer: Flags = (problem.arc_km > km) & _of_cell(problem, cell)
    return longer


def beyond_mg(plan: Settled, cell: Cell, km: float) -> int:
    """What of a cell goes farther than so many kilometres [mg]."""
    return mass_on(plan, beyond(plan.problem, cell, km))


def mass_on(plan: Settled, arcs: Flags) -> int:
    """What goes on some ways, but for what whole milligrams may leave [mg]."""
    mass_mg = int(plan.flows_mg[arcs].sum())
    return mass_mg if mass_mg > arcs.sum() else 0


def _of_cell(problem: Problem, cell: Cell) -> Flags:
    if cell not in problem.cells:
        return np.zeros(len(problem.arc_node), dtype=np.bool_)
    of_cell: Flags = problem.cell_of_arc == problem.cells.index(cell)
    return of_cell


def _room_by_site(problem: Problem, cell: Cell) -> dict[SiteId, int]:
    """The most that could come of a cell to each site that it has a way to, by rooms and lanes."""
    most_mg = np.minimum(problem.capacity_mg[problem.arc_intake], UNLIMITED_MG)
    np.minimum.at(most_mg, problem.lanes.arc, problem.lanes.capacity_mg[problem.lanes.lane])
    room_mg: dict[SiteId, int] = {}
    for arc in np.flatnonzero(_of_cell(problem, cell)):
        site = problem.sites[problem.arc_intake[arc]]
        room_mg[site] = room_mg.get(site, 0) + int(most_mg[arc])
    return room_mg
