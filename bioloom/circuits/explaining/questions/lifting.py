"""Lifting: what plans would be without one rule of a Code, one disruption or one veto."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from itertools import islice
from typing import NamedTuple, Protocol

import numpy as np

from bioloom.circuits.explaining.questions.answers import Lifted, LiftedKind
from bioloom.circuits.posing import Cell, Problem
from bioloom.circuits.settling import Settled, settle
from bioloom.circuits.splitting import split
from bioloom.ledger.codes.standing import Provision, Version, provisions_of
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.codes import (
    Banned,
    DistanceLimited,
    PoliciesSet,
    Prioritised,
    ShareGuaranteed,
)
from bioloom.vocabulary.entries.disruptions import DisruptionId, VetoId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId

# So many are tried for one question; those that come later are not.
MOST_LIFTED = 16

_KINDS: dict[type, LiftedKind] = {
    Banned: "banned",
    DistanceLimited: "too_far",
    ShareGuaranteed: "guaranteed",
    Prioritised: "prioritised",
    # To a plan policies are a ban: of ways.
    PoliciesSet: "banned",
}


class Kept(NamedTuple):
    """The Codes that a plan keeps, and the city with its disruptions and vetoes, in its days."""

    versions: Sequence[Version]
    declared: Declared
    period: Period


class PosedAs(Protocol):
    """The problem that a plan is made of, but for what it keeps to."""

    def __call__(self, rules: Sequence[Provision], *, otherwise: Declared) -> Problem:
        """The problem of a city as it would be declared, under some rules."""


class Lifting:
    """What a plan keeps to that people decided or reported, and the plan without each.

    Args:
        kept: What it keeps to.
        posed: What it was made of.
        parts: The plan.
    """

    def __init__(self, kept: Kept, *, posed: PosedAs, parts: Sequence[Settled]) -> None:
        self._versions, self._declared, self._period = kept
        self._posed = posed
        self._known = {part.problem.cells: part for part in parts}
        self._problems: dict[Lifted, tuple[Problem, ...]] = {}
        self._settled: dict[Lifted, tuple[Settled, ...]] = {}

    def about(
        self, *, district: DistrictId | None = None, site: SiteId | None = None
    ) -> Iterator[Lifted]:
        """What may stand in the way of a district or a site: Codes, disruptions, then vetoes.

        Vetoes are of one way; those of others are left out.
        """
        return islice(self._all(district, site), MOST_LIFTED)

    def _all(self, district: DistrictId | None, site: SiteId | None) -> Iterator[Lifted]:
        for version in self._versions:
            for code, number, rule in version.provisions:
                title = version.terms.title
                yield Lifted(kind=_KINDS[type(rule)], name=code, number=number, said=title)
        for one in self._declared.disruptions.touching(self._period):
            if one.kind != "surge":
                yield Lifted(kind=one.kind, name=one.disruption, said=one.reason)
        for veto in self._declared.disruptions.vetoes.values():
            if district in (None, veto.district) and site in (None, veto.site):
                yield Lifted(kind="vetoed", name=veto.veto, said=veto.reason)

    def problems(self, one: Lifted) -> tuple[Problem, ...]:
        """The parts that the plan would have without it."""
        if one not in self._problems:
            disruptions = self._declared.disruptions
            reported, vetoes = dict(disruptions.reported), dict(disruptions.vetoes)
            if one.kind == "vetoed":
                vetoes.pop(VetoId(one.name))
            elif one.number is None:
                reported.pop(DisruptionId(one.name))
            without = replace(disruptions, reported=reported, vetoes=vetoes)
            rules = [
                rule
                for rule in provisions_of(self._versions)
                if (rule.code, rule.number) != (one.name, one.number)
            ]
            posed = self._posed(rules, otherwise=replace(self._declared, disruptions=without))
            self._problems[one] = split(posed)
        return self._problems[one]

    def settled(self, one: Lifted) -> tuple[Settled, ...]:
        """The plan without it; parts that it does not touch are those that were."""
        if one not in self._settled:
            self._settled[one] = tuple(
                self._as_it_was(part) or settle(part) for part in self.problems(one)
            )
        return self._settled[one]

    def touched(self, one: Lifted, cell: Cell) -> int | None:
        """The number of the part of a cell in `problems`, if that is another without it."""
        for number, part in enumerate(self.problems(one)):
            if cell in part.cells:
                return None if self._as_it_was(part) else number
        return None

    def _as_it_was(self, part: Problem) -> Settled | None:
        known = self._known.get(part.cells)
        return known if known is not None and _alike(known.problem, part) else None


def _alike(one: object, other: object) -> bool:
    """Whether two problems, or parts of such, say the same."""
    if isinstance(one, np.ndarray):
        return np.array_equal(one, np.asarray(other))
    if is_dataclass(one):
        names = [field.name for field in fields(one)]
        return all(_alike(getattr(one, name), getattr(other, name)) for name in names)
    return one == other
