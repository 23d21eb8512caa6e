"""Groups: why a group of a district is placed as it is, each cause taken away to see.

The room a site would need is sought by halving, so that a little less of it was seen not to do.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec
import numpy as np

from bioloom.circuits.explaining.causing import cause_of_shortage, intake_to_grow
from bioloom.circuits.explaining.passing import (
    Corner,
    km_to,
    passing_mg_of,
    queue_mg_of,
    reached_of,
)
from bioloom.circuits.explaining.questions.answers import Change, Found, Reason, Trial
from bioloom.circuits.explaining.questions.comparing import Compared
from bioloom.circuits.explaining.questions.hindering import (
    Hindered,
    mass_on,
    nearest_of,
    ways_of,
)
from bioloom.circuits.explaining.questions.limits import without_limits
from bioloom.circuits.explaining.trials import Trials
from bioloom.circuits.posing import Cell, Flags, Problem
from bioloom.circuits.settling import Settled, settle
from bioloom.circuits.solving.promising import CommittedTooMuch
from bioloom.vocabulary.places import SiteId

# How often the room between one that does not do and one that does is halved.
_HALVINGS = 4


class Group:
    """A group of a district in a plan, and the plans tried to see why it is placed so."""

    def __init__(self, trials: Trials, corner: Corner) -> None:
        self._trials, self._corner = trials, corner
        self._part = trials.parts[corner.part]
        self._cell: Cell = corner.district, corner.group
        self._with: dict[tuple[int, int], Settled] = {}

    def why_short(self) -> Found:
        """Why not all of it is placed."""
        corner, problem = self._corner, self._part.problem
        hindered = Hindered(self._trials, corner).short()
        if hindered is not None:
            return hindered
        cause = cause_of_shortage(self._trials, corner)
        found = self._found(site=cause.site, sites_in_reach=cause.sites_in_reach)
        if cause.kind == "banned":
            then = self._trials.lifted(cause.codes)
            trial = Compared(self._trials.parts, then).trial(Change(kind="lifted"), self._cell)
            return msgspec.structs.replace(
                found, reason="banned", codes=cause.codes, trials=(trial,)
            )
        if cause.site is None:
            reason: Reason = "bound" if cause.covenants else "nowhere"
            return msgspec.structs.replace(found, reason=reason, covenants=cause.covenants)
        if cause.kind == "left_out":
            back = self._trials.returned(cause.site)
            trial = self._trial_of_return(cause.site, back)
            return msgspec.structs.replace(found, reason="left_out", trials=(trial,))
        intake, _ = intake_to_grow(self._part, reached_of(problem, corner.cell))
        if cause.kind == "no_single":
            trial = self._room(intake, cause.more_mg)
            return self._else(found, trial, lambda then: then.then.service > corner.service)
        least_mg = self._least_room(intake, [cause.more_mg], self._all_placed)
        assert least_mg is not None, "that room was seen to do"
        return msgspec.structs.replace(found, reason="full", trials=(self._room(intake, least_mg),))

    def why_there(self, goes_to: SiteId) -> Found:
        """Why it, or some of it, goes to a site.

        Args:
            goes_to: A site that it goes to in the plan.
        """
        problem = self._part.problem
        km = ways_of(problem, self._corner.cell)
        near = nearest_of(km)
        assert near is not None, "what goes somewhere has a way"
        found = self._found(goes_to=goes_to, goes_km=km[goes_to], site=near, site_km=km[near])
        hindered = Hindered(self._trials, self._corner).there(goes_to)
        if hindered is not None:
            return hindered
        if km[goes_to] <= km[near]:
            closed = np.array([site == goes_to for site in problem.sites])
            change = Change(kind="closed", site=goes_to)
            trial = self._trial(change, self._tried(_closed(problem, closed)))
            trials = () if trial is None else (trial,)
            return msgspec.structs.replace(found, reason="nearest", site=goes_to, trials=trials)
        intake = self._intake_of(near)
        best = self._with_least_past(intake)
        past_mg = self._past_mg(best, intake)
        if not past_mg:
            trial = self._trial(Change(kind="none"), best, intake)
            return msgspec.structs.replace(found, reason="equal", trials=_shown(trial))
        everything_mg = int(passing_mg_of(self._part, intake).sum())
        steps_mg = sorted({past_mg, queue_mg_of(self._part, intake), everything_mg})
        least_mg = self._least_room(intake, steps_mg, lambda then: not self._past_mg(then, intake))
        if least_mg is None:
            trial = self._room(intake, everything_mg)
            return self._else(found, trial, lambda then: (then.then.past_mg or 0) < past_mg)
        shown = (self._room(intake, least_mg), *_shown(self._sent(intake, best)))
        return msgspec.structs.replace(found, reason="full", trials=shown)

    def _found(self, **more: object) -> Found:
        found = Found(
            reason="no_single",
            district=self._corner.district,
            group=self._corner.group,
            mass_mg=self._corner.offered_mg,
        )
        return msgspec.structs.replace(found, **more)

    def _else(self, found: Found, trial: Trial, gains: Callable[[Trial], bool]) -> Found:
        """The limit other than room that, lifted, is seen to give; or no single cause."""
        intake = (
            None if found.goes_to is None or found.site is None else self._intake_of(found.site)
        )
        for reason, problem in without_limits(self._part.problem):
            lifted = self._trial(Change(kind="lifted"), settle(problem), intake)
            if lifted is not None and gains(lifted):
                return msgspec.structs.replace(found, reason=reason, trials=(lifted,))
        return msgspec.structs.replace(found, reason="no_single", trials=(trial,))

    def _intake_of(self, site: SiteId) -> int:
        """The intake of a site that takes it; of several the one with most room."""
        problem = self._part.problem
        reached = reached_of(problem, self._corner.cell)
        here = np.array([one == site for one in problem.sites]) & reached
        return int(np.argmax(np.where(here, problem.capacity_mg, -1)))

    def _past(self, problem: Problem, intake: int) -> Flags:
        """The ways on which it goes farther than to an intake, shape (arcs,)."""
        farther = problem.arc_km > km_to(problem, intake)[problem.arc_node]
        past: Flags = farther & (problem.cell_of_arc == self._corner.cell)
        return past

    def _with_least_past(self, intake: int) -> Settled:
        return self._with_room(intake, 0)

    def _past_mg(self, plan: Settled, intake: int) -> int:
        """What goes past, but for what whole milligrams may leave."""
        return mass_on(plan, self._past(plan.problem, intake))

    def _with_room(self, intake: int, more_mg: int) -> Settled:
        """With more room at an intake, of the best plans the one that sends least past it."""
        key = intake, more_mg
        if key not in self._with:
            capacity_mg = self._part.problem.capacity_mg.copy()
            capacity_mg[intake] += more_mg
            problem = replace(self._part.problem, capacity_mg=capacity_mg)
            past = self._past(problem, intake)
            self._with[key] = self._trials.tried(self._corner.part, problem, least_on=past)
        return self._with[key]

    def _all_placed(self, plan: Settled) -> bool:
        return float(plan.served()[self._corner.cell]) == 1.0

    def _least_room(
        self, intake: int, steps_mg: Sequence[int], does: Callable[[Settled], bool]
    ) -> int | None:
        """About the least room that does; none if not even the last of some steps does."""

        def will_do(more_mg: int) -> bool:
            then = self._with_room(intake, more_mg)
            return then.verdict.checked and does(then)

        enough_mg = next((more_mg for more_mg in steps_mg if will_do(more_mg)), None)
        if enough_mg is None:
            return None
        little_mg = max((step for step in steps_mg if step < enough_mg), default=0)
        for _ in range(_HALVINGS):
            middle_mg = (little_mg + enough_mg) // 2
            if will_do(middle_mg):
                enough_mg = middle_mg
            else:
                little_mg = middle_mg
        return enough_mg

    def _room(self, intake: int, more_mg: int) -> Trial:
        site = self._part.problem.sites[intake]
        change = Change(kind="more_room", site=site, mass_mg=more_mg)
        trial = self._trial(change, self._with_room(intake, more_mg), intake)
        assert trial is not None, "room takes nothing away"
        return trial

    def _sent(self, intake: int, best: Settled) -> Trial | None:
        """What follows if what goes past a site is sent there all the same, as much as fits."""
        problem = best.problem
        floor_mg = problem.floor_mg if problem.floor_mg.size else np.zeros_like(problem.arc_node)
        sent_mg = floor_mg.copy()
        past_mg = np.zeros(problem.heaps, dtype=np.int64)
        past = self._past(problem, intake)
        np.add.at(past_mg, problem.arc_node[past], (best.flows_mg - floor_mg)[past])
        goes_mg = best.flows_mg + past_mg[problem.arc_node]
        to_site = problem.arc_intake == intake
        arcs = np.flatnonzero(to_site & (problem.cell_of_arc == self._corner.cell))
        free_mg = int(problem.capacity_mg[intake] - floor_mg[to_site].sum())
        wanted_mg = np.cumsum((goes_mg - floor_mg)[arcs])
        sent_mg[arcs] += np.diff(np.minimum(wanted_mg, max(0, free_mg)), prepend=0)
        if sent_mg[arcs].sum() <= best.flows_mg[arcs].sum():
            return None
        change = Change(
            kind="sent",
            site=problem.sites[intake],
            district=self._corner.district,
            group=self._corner.group,
            mass_mg=int(sent_mg[arcs].sum()),
        )
        return self._trial(change, self._tried(replace(problem, floor_mg=sent_mg)))

    def _tried(self, problem: Problem) -> Settled | None:
        """A plan of the part as it would be; none where what is under way does not allow it."""
        try:
            return self._trials.tried(self._corner.part, problem)
        except CommittedTooMuch:
            return None

    def _trial(
        self, change: Change, then: Settled | None, intake: int | None = None
    ) -> Trial | None:
        if then is None or not then.verdict.checked:
            return None
        past_mg: tuple[int | None, int | None] = None, None
        if intake is not None:
            before_mg = self._past_mg(self._with_least_past(intake), intake)
            past_mg = before_mg, self._past_mg(then, intake)
        parts = list(self._trials.parts)
        parts[self._corner.part] = then
        return Compared(self._trials.parts, parts).trial(change, self._cell, past_mg)

    def _trial_of_return(self, site: SiteId, back: Sequence[Settled]) -> Trial:
        cells = {cell for part in back for cell in part.problem.cells}
        others = [part for part in self._trials.parts if not cells.intersection(part.problem.cells)]
        change = Change(kind="opened", site=site)
        return Compared(self._trials.parts, [*others, *back]).trial(change, self._cell)


def _closed(problem: Problem, closed: Flags) -> Problem:
    return replace(problem, capacity_mg=np.where(closed, 0, problem.capacity_mg))


def _shown(trial: Trial | None) -> tuple[Trial, ...]:
    return () if trial is None else (trial,)
