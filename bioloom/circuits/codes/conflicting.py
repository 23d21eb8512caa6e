"""Conflicting: rules that cannot hold together, as the smallest set, and what relaxing each gives.

Nothing is guessed: every set that is called a conflict has been shown by a solve to have no plan,
and every relaxation to have one.
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Literal

import msgspec

from bioloom.circuits.posing import Problem
from bioloom.circuits.settling import Settled, settle
from bioloom.circuits.solving.program import Program
from bioloom.circuits.solving.promising import GuaranteesInfeasible, require_promises
from bioloom.circuits.splitting import split
from bioloom.ledger.codes.standing import Provision
from bioloom.vocabulary.entries.codes import (
    Banned,
    CodeId,
    DistanceLimited,
    PoliciesSet,
    ShareGuaranteed,
)
from bioloom.vocabulary.refusal import Refusal

Posed = Callable[[Sequence[Provision]], Problem]

# So many sets are tried to see whether a smaller one conflicts, too.
MOST_SETS = 200

_KINDS: dict[type, Literal["share_guaranteed", "banned", "distance_limited"]] = {
    ShareGuaranteed: "share_guaranteed",
    Banned: "banned",
    DistanceLimited: "distance_limited",
    # To a plan policies are a ban: of ways.
    PoliciesSet: "banned",
}


class Relaxation(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule of a conflict would have to become, so that all rules can hold together.

    Attributes:
        code: Its Code.
        number: Its place among the rules of the Code, from 1.
        rule: Its kind.
        enough: Whether changing it alone is enough.
        per_mille: Of a guarantee, the most that can be kept beside all other rules.
        limit_m: Of a distance, the least limit with which all can be kept.
    """

    code: CodeId
    number: int
    rule: Literal["share_guaranteed", "banned", "distance_limited"]
    enough: bool
    per_mille: int | None = None
    limit_m: int | None = None


class CodesConflict(Refusal):
    """Rules of Codes in force that no plan can keep together.

    Attributes:
        relaxations: One for each rule of the conflict, in the order of the Codes.
        is_smallest: Whether it was shown that no smaller set conflicts; otherwise only that each
            rule of this one is needed for it.
    """

    def __init__(self, *, relaxations: Sequence[Relaxation], is_smallest: bool) -> None:
        self.relaxations, self.is_smallest = tuple(relaxations), is_smallest
        named = " and ".join(f"'{one.code}' rule {one.number}" for one in self.relaxations)
        they = "cannot be kept" if len(self.relaxations) == 1 else "cannot be kept together"
        super().__init__(
            what=f"By the figures of this period {named} {they}.",
            why="A plan keeps every rule in force, or there is none; leaving one out in silence "
            "would break a promise.",
            remedy=" Or: ".join(map(_said, self.relaxations)),
        )


def settle_under(
    posed: Posed,
    provisions: Sequence[Provision],
    settled: Callable[[Problem], Settled] = settle,
) -> tuple[Settled, ...]:
    """Settle all parts of a problem under rules.

    Args:
        posed: The problem under any of the rules.
        provisions: The rules.
        settled: How a part is solved, rounded and checked.

    Raises:
        CodesConflict: If the rules cannot be kept together.
    """
    try:
        return tuple(map(settled, split(posed(provisions))))
    except GuaranteesInfeasible as missed:
        raise conflict(posed, provisions) from missed


def conflict(posed: Posed, provisions: Sequence[Provision]) -> CodesConflict:
    """The conflict among rules that were found to have no plan.

    A deletion filter leaves out one rule after the other and keeps it out if the rest still
    conflict; then all smaller sets are tried, unless they are too many.

    Args:
        posed: The problem of the period under any of the rules.
        provisions: All rules in force.

    Source:
        J. W. Chinneck (2008), Feasibility and Infeasibility in Optimization, chapter 6.
    """
    # Without a guarantee, leaving everything unmet keeps all; a priority takes nothing away.
    bounding = (ShareGuaranteed, Banned, DistanceLimited, PoliciesSet)
    rules = [one for one in provisions if isinstance(one.rule, bounding)]
    core = list(rules)
    for one in rules:
        rest = [other for other in core if other != one]
        if not can_hold(posed(rest)):
            core = rest
    core, is_smallest = _smaller(posed, rules, core)
    relaxations = [_relaxed(posed, provisions, one) for one in core]
    return CodesConflict(relaxations=relaxations, is_smallest=is_smallest)


def can_hold(problem: Problem) -> bool:
    """Whether the guarantees of a problem can hold together, by an elastic solve of each part."""
    try:
        for part in split(problem):
            moves = part.arc_node.size or part.stores.giver.size
            require_promises(part, Program(part) if moves else None)
    except GuaranteesInfeasible:
        return False
    return True


def _smaller(
    posed: Posed, rules: Sequence[Provision], core: list[Provision]
) -> tuple[list[Provision], bool]:
    sets = (
        chosen
        for size in range(1, len(core))
        for chosen in combinations(rules, size)
        if any(isinstance(one.rule, ShareGuaranteed) for one in chosen)
    )
    for tried, chosen in enumerate(sets):
        if tried == MOST_SETS:
            return core, False
        if not can_hold(posed(chosen)):
            return list(chosen), True
    return core, True


def _relaxed(posed: Posed, provisions: Sequence[Provision], one: Provision) -> Relaxation:
    rest = [other for other in provisions if other != one]

    def holds_with(rule: ShareGuaranteed | DistanceLimited) -> bool:
        return can_hold(posed([*rest, one._replace(rule=rule)]))

    enough, per_mille, limit_m = can_hold(posed(rest)), None, None
    match one.rule:
        case ShareGuaranteed() as rule if enough:
            per_mille = _largest(
                rule.per_mille,
                lambda share: holds_with(msgspec.structs.replace(rule, per_mille=share)),
            )
        case DistanceLimited() as rule if enough:
            # The ways that there are without it, in whole metres; the longest lets all of them be.
            ways = sorted({-int(-km * 1000 // 1) for km in posed(rest).arc_km.tolist()})
            farther = [way for way in ways if way > rule.limit_m]
            too_near = _largest(
                len(farther),
                lambda place: (
                    not holds_with(
                        msgspec.structs.replace(rule, limit_m=([rule.limit_m, *farther])[place])
                    )
                ),
            )
            limit_m = farther[too_near]
    return Relaxation(
        code=one.code,
        number=one.number,
        rule=_KINDS[type(one.rule)],
        enough=enough,
        per_mille=per_mille,
        limit_m=limit_m,
    )


def _largest(above: int, is_so: Callable[[int], bool]) -> int:
    """The largest number below a limit of which something is so that is so of all smaller ones.

    It is so of 0, and not of the limit: neither is asked.
    """
    below = 0
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (middle, above) if is_so(middle) else (below, middle)
    return below


def _said(one: Relaxation) -> str:
    name = f"'{one.code}' rule {one.number}"
    if not one.enough:
        return f"Even without {name} the others cannot be kept together."
    if one.per_mille is not None:
        return f"{name} could guarantee {one.per_mille / 10:g} %, and all would hold."
    if one.limit_m is not None:
        return f"{name} could allow {one.limit_m / 1000:g} km, and all would hold."
    return f"Without {name} all would hold."
