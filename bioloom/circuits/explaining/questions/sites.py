"""Sites: why a site takes what it takes, and what rests on it."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np

from bioloom.circuits.explaining.passing import passing_mg_of
from bioloom.circuits.explaining.questions.answers import Change, Found, Lifted, Reason, Trial
from bioloom.circuits.explaining.questions.comparing import (
    Compared,
    changes_nothing,
    longer_t_km,
    more_placed_mg,
)
from bioloom.circuits.explaining.questions.limits import without_limits
from bioloom.circuits.explaining.trials import Trials
from bioloom.circuits.layout.arrays import UNLIMITED_MG
from bioloom.circuits.posing import Flags, Problem
from bioloom.circuits.settling import Settled, settle
from bioloom.circuits.solving.promising import CommittedTooMuch
from bioloom.vocabulary.places import SiteId


class Site:
    """A site in a plan, and the plans tried to see why it takes what it takes."""

    def __init__(self, trials: Trials, site: SiteId) -> None:
        self._trials, self._site = trials, site

    def why(self) -> Found:
        """Whether more would come if it had more room, and what would be without it."""
        here = [
            (number, intake)
            for number, part in enumerate(self._trials.parts)
            for intake in np.flatnonzero(_at(part.problem, self._site)).tolist()
        ]
        found = Found(
            reason="nowhere",
            site=self._site,
            mass_mg=sum(self._mass_mg(*one) for one in here),
            capacity_mg=sum(self._problem(one[0]).capacity_mg[one[1]].item() for one in here),
        )
        if self._site in self._trials.left_out:
            return msgspec.structs.replace(found, reason="left_out")
        if not all(self._trials.parts[number].verdict.checked for number, _ in here):
            return msgspec.structs.replace(found, reason="unproven")
        hindered = self._hindered(found, is_bare=not here)
        if not here or hindered.trials:
            return hindered
        without = self._without({number for number, _ in here})
        most_wanted = max(here, key=lambda one: self._turned_away_mg(*one))
        more_mg = max(self._turned_away_mg(*most_wanted), found.capacity_mg // 10, 1)
        room = self._room(*most_wanted, more_mg)
        rest = () if without is None else (without,)
        if not changes_nothing(room):
            return msgspec.structs.replace(found, reason="full", trials=(room, *rest))
        for reason, problem in without_limits(self._problem(most_wanted[0])):
            lifted = self._trial(Change(kind="lifted"), {most_wanted[0]: settle(problem)})
            if lifted.checked and not changes_nothing(lifted):
                return msgspec.structs.replace(found, reason=reason, trials=(lifted, *rest))
        return msgspec.structs.replace(found, reason="enough", trials=(room, *rest))

    def _hindered(self, found: Found, *, is_bare: bool) -> Found:
        """With what people decided or reported as its reason, where that keeps something away.

        Args:
            found: Without a reason.
            is_bare: Whether no way leads there in the plan.
        """
        single = self._lifted()
        if single is not None and not changes_nothing(single[1]):
            brings_mg = self._brought_mg(self._trials.lifting.settled(_lifted_by(single[1])))
            if brings_mg > found.mass_mg:
                return msgspec.structs.replace(found, reason=single[0], trials=(single[1],))
        barred = self._why_barred(found) if is_bare else found
        if barred.trials or single is None or not is_bare:
            return barred
        return msgspec.structs.replace(found, reason=single[0], trials=(single[1],))

    def _why_barred(self, found: Found) -> Found:
        """Whether Codes keep all from it that would come; else nothing was offered for it."""
        codes = self._trials.barred_by(self._brought_mg)
        if not codes:
            return found
        then = self._trials.lifted(codes)
        trial = Compared(self._trials.parts, then).trial(Change(kind="lifted"), None)
        return msgspec.structs.replace(found, reason="banned", codes=codes, trials=(trial,))

    def _brought_mg(self, parts: Sequence[Settled]) -> int:
        return sum(
            int(part.flows_mg[_at(part.problem, self._site)[part.problem.arc_intake]].sum())
            for part in parts
        )

    def _lifted(self) -> tuple[Reason, Trial] | None:
        """Of all that keeps room or ways from it what, lifted, would bring most; none without."""
        lifting, parts = self._trials.lifting, self._trials.parts
        found: list[tuple[Reason, Trial]] = []
        for one in lifting.about(site=self._site):
            now = _room_of([part.problem for part in parts], self._site)
            then = _room_of(lifting.problems(one), self._site)
            if any(more > less for more, less in zip(then, now, strict=True)):
                change = Change(kind="lifted", lifted=one)
                trial = Compared(parts, lifting.settled(one)).trial(change, None)
                found += [(one.kind, trial)] if trial.checked else []
        return max(
            found,
            key=lambda one: (more_placed_mg(one[1]), -longer_t_km(one[1])),
            default=None,
        )

    def _problem(self, part: int) -> Problem:
        return self._trials.parts[part].problem

    def _mass_mg(self, part: int, intake: int) -> int:
        plan = self._trials.parts[part]
        return int(plan.flows_mg[plan.problem.arc_intake == intake].sum())

    def _turned_away_mg(self, number: int, intake: int) -> int:
        """What goes past an intake, and what goes nowhere though it would take it [mg]."""
        part = self._trials.parts[number]
        problem = part.problem
        takes = np.unique(problem.arc_node[problem.arc_intake == intake])
        nodes = takes[takes < len(problem.nodes)]
        return int(passing_mg_of(part, intake).sum() + part.unmet_mg[nodes].sum())

    def _room(self, part: int, intake: int, more_mg: int) -> Trial:
        change = Change(kind="more_room", site=self._site, mass_mg=more_mg)
        return self._trial(change, {part: self._trials.roomier(part, intake, more_mg)})

    def _without(self, numbers: set[int]) -> Trial | None:
        """What follows if the site is closed; none where what is under way to it forbids that."""
        then = {}
        for number in numbers:
            problem = self._problem(number)
            capacity_mg = np.where(_at(problem, self._site), 0, problem.capacity_mg)
            try:
                then[number] = self._trials.tried(number, replace(problem, capacity_mg=capacity_mg))
            except CommittedTooMuch:
                return None
        return self._trial(Change(kind="closed", site=self._site), then)

    def _trial(self, change: Change, then: dict[int, Settled]) -> Trial:
        parts = [then.get(number, part) for number, part in enumerate(self._trials.parts)]
        return Compared(self._trials.parts, parts).trial(change, None)


def _lifted_by(trial: Trial) -> Lifted:
    assert trial.change.lifted is not None, "one thing is lifted"
    return trial.change.lifted


def _room_of(problems: Sequence[Problem], site: SiteId) -> tuple[int, int, int]:
    """A site's room [mg], how many ways lead there, and what is limited on these [mg]."""
    room_mg = ways = lane_mg = 0
    for problem in problems:
        here = _at(problem, site)
        there = here[problem.arc_intake]
        room_mg += int(problem.capacity_mg[here].sum())
        ways += int(there.sum())
        limited = problem.lanes.lane[there[problem.lanes.arc]]
        lane_mg -= int((UNLIMITED_MG - problem.lanes.capacity_mg[limited]).sum())
    return room_mg, ways, lane_mg


def _at(problem: Problem, site: SiteId) -> Flags:
    """The intakes of a site, shape (intakes,)."""
    return np.array([one == site for one in problem.sites], dtype=np.bool_)
