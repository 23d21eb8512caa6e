"""Trials: plans with one thing changed, made to see what follows from it.

Where only a limit changes, the solver goes on from the basis of the trial before.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Protocol

from bioloom.circuits.explaining.questions.lifting import Kept, Lifting
from bioloom.circuits.posing import Cell, Flags, Problem
from bioloom.circuits.settling import Settled, settle
from bioloom.circuits.splitting import split
from bioloom.ledger.codes.standing import Provision, provisions_of
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.codes import Banned, CodeId, DistanceLimited
from bioloom.vocabulary.places import SiteId


class PosedUnder(Protocol):
    """The problem that a plan is made of, but for rules and the sites that it leaves out."""

    def __call__(
        self,
        rules: Sequence[Provision] = (),
        *,
        without: Collection[SiteId],
        otherwise: Declared | None = None,
    ) -> Problem:
        """The problem under rules without some sites, or of a city as it would be declared."""


class Posed(Protocol):
    """As `PosedUnder`, of a plan: without the sites that it leaves out unless others are named."""

    def __call__(
        self,
        rules: Sequence[Provision],
        *,
        without: Collection[SiteId] = ...,
        otherwise: Declared | None = None,
    ) -> Problem:
        """The problem under rules."""


class Trials:
    """Plans with one thing changed, each made once however many ask for it.

    Args:
        parts: The plan.
        kept: What it keeps to that people decided or reported.
        posed: What it was made of.
        left_out: The sites that it leaves out.
    """

    def __init__(
        self,
        parts: Sequence[Settled],
        kept: Kept,
        *,
        posed: Posed,
        left_out: Sequence[SiteId] = (),
    ) -> None:
        self.parts, self.left_out = tuple(parts), tuple(left_out)
        self.lifting = Lifting(kept, posed=posed, parts=parts)
        self._posed, self._rules = posed, provisions_of(kept.versions)
        self._lifted: dict[tuple[CodeId, ...], tuple[Settled, ...]] = {}
        self._returned: dict[SiteId, tuple[Settled, ...]] = {}
        self._roomier: dict[tuple[int, int, int], Settled] = {}

    def returned(self, site: SiteId) -> tuple[Settled, ...]:
        """The parts that a site left out would be in, with that site back."""
        if site not in self._returned:
            others = [other for other in self.left_out if other != site]
            problem = self._posed(self._rules, without=others)
            parts = [part for part in split(problem) if site in part.sites]
            self._returned[site] = tuple(
                plan for plan in map(settle, parts) if plan.verdict.checked
            )
        return self._returned[site]

    def barred_by(self, gain: Callable[[Sequence[Settled]], float]) -> tuple[CodeId, ...]:
        """The Code without which most is gained; if none alone gives anything, all that bar ways.

        Args:
            gain: What a plan gains, above zero if anything.

        Returns:
            Nothing, where not even that gives anything.
        """
        barring = self._barring()
        single = max(
            ((code,) for code in barring), key=lambda one: gain(self.lifted(one)), default=()
        )
        return next(
            (codes for codes in (single, barring) if codes and gain(self.lifted(codes)) > 0), ()
        )

    def _barring(self) -> tuple[CodeId, ...]:
        """The Codes that take ways away, in order."""
        barring = (
            one.code for one in self._rules if isinstance(one.rule, Banned | DistanceLimited)
        )
        return tuple(dict.fromkeys(barring))

    def lifted(self, codes: tuple[CodeId, ...]) -> tuple[Settled, ...]:
        """All parts of the plan without some Codes; none where the checker vouches for no plan."""
        if codes not in self._lifted:
            rules = [one for one in self._rules if one.code not in codes]
            plans = tuple(map(settle, split(self._posed(rules, without=self.left_out))))
            is_proven = all(plan.verdict.checked for plan in plans)
            self._lifted[codes] = plans if is_proven else ()
        return self._lifted[codes]

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
