"""Trials: plans with one thing changed, made to see what follows from it.

Where only a limit changes, the solver goes on from the basis of the trial before.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Protocol

from bioloom.circuits.posing import Cell, Flags, Problem
from bioloom.circuits.settling import Settled, settle
from bioloom.circuits.splitting import split
from bioloom.vocabulary.places import SiteId


class Posed(Protocol):
    """The problem that a plan was made of, but for the sites that it leaves out."""

    def __call__(self, *, without: Collection[SiteId]) -> Problem:
        """The problem without some sites."""


class Trials:
    """Plans with one thing changed, each made once however many ask for it.

    Args:
        parts: The plan.
        left_out: The sites that it leaves out.
        posed: What it was made of.
    """

    def __init__(
        self,
        parts: Sequence[Settled],
        *,
        left_out: Sequence[SiteId] = (),
        posed: Posed,
    ) -> None:
        self.parts, self.left_out = tuple(parts), tuple(left_out)
        self._posed = posed
        self._returned: dict[SiteId, tuple[Settled, ...]] = {}
        self._roomier: dict[tuple[int, int, int], Settled] = {}

    def returned(self, site: SiteId) -> tuple[Settled, ...]:
        """The parts that a site left out would be in, with that site back."""
        if site not in self._returned:
            others = [other for other in self.left_out if other != site]
            parts = [part for part in split(self._posed(without=others)) if site in part.sites]
            self._returned[site] = tuple(
                plan for plan in map(settle, parts) if plan.verdict.checked
            )
        return self._returned[site]

    def service_with(self, site: SiteId) -> dict[Cell, float]:
        """Service of the cells that could reach a site left out, with that site back."""
        return {
            cell: share for plan in self.returned(site) for cell, share in plan.service().items()
        }

    def roomier(self, part: int, intake: int, more_mg: int) -> Settled:
        """A part with more room in one of its intakes."""
        key = part, intake, more_mg
        if key not in self._roomier:
            capacity_mg = self.parts[part].problem.capacity_mg.copy()
            capacity_mg[intake] += more_mg
            self._roomier[key] = self.tried(
                part, replace(self.parts[part].problem, capacity_mg=capacity_mg)
            )
        return self._roomier[key]

    def tried(self, part: int, problem: Problem, *, least_on: Flags | None = None) -> Settled:
        """A part with other rooms, lanes or floors.

        Args:
            part: Which.
            problem: The part as it would be.
            least_on: Arcs on which as little as can be is to go in a plan as good as any.

        Raises:
            CommittedTooMuch: If what is to be under way is more than can be.
        """
        return settle(problem, program=self.parts[part].program, least_on=least_on)
