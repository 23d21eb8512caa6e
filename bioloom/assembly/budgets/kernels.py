"""Kernels: equal shares in doubles, with a bound on how far the doubles may be from the truth.

Nothing here decides what is close: a round whose winner the doubles cannot tell for certain is
handed back. What makes the bound small is that rounding errors of people's money do not grow. Let
the *doubt* be the sum over all voters of how far their money in doubles is from what it is. When a
project is paid, whatever error its supporters' money had is split between what they pay and what
they keep, and as their payments must add up to its cost, the errors in the payments return as an
error of the common payment, no larger in sum. So the doubt grows by rounding alone: at most by
(terms of the sum) x (unit of rounding) x (cost) a round. See `docs/decisions/0027`.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

import numba
import numpy as np

from bioloom.assembly.budgets.stakes import Both, ByBallot, ByProject, Flags, Floats, Ints

Loop = TypeVar("Loop", bound=Callable[..., object])

UNSURE, OVERSPENT, EXHAUSTED = 0, 1, 2

UNIT = 2.0**-52  # Twice what one rounding may do, so that terms of second order are within it.


class State(NamedTuple):
    """Where a count stands.

    `money` is what each voter of a ballot has left. `paid` is the least a supporter of each project
    can have to pay for a point, certainly; `rate` the same for a point of worth, infinite once the
    project is bought or out of reach. `doubt` holds one number: see the module.
    """

    money: Floats
    paid: Floats
    rate: Floats
    doubt: Floats


def compiled(loop: Loop) -> Loop:
    """Compile a loop; the machine code is kept beside the source, where it can be written.

    Sums may be taken in any order: the bound on their rounding holds for every order.
    """
    return cast(
        "Loop", numba.njit(loop, cache=True, error_model="numpy", fastmath={"reassoc", "nsz"})
    )


@compiled
def _reach(stakes: ByProject, money: Floats, project: int, each: float) -> tuple[float, float]:
    """The money of supporters who have less than `each` a point; the points of all others."""
    short, points = 0.0, 0.0
    for at in range(stakes.starts[project], stakes.starts[project + 1]):
        left, weight, held = money[stakes.who[at]], stakes.weight[at], stakes.points[at]
        lacks = left < each * held
        # Both sums, always: a branch that nobody can foresee costs more than an addition.
        short += weight * left if lacks else 0.0
        points += 0.0 if lacks else weight * held
    return short, points


@compiled
def _rounding(stakes: ByProject, project: int) -> float:
    """How far a sum over the supporters of a project, near its cost, may be off."""
    terms = stakes.starts[project + 1] - stakes.starts[project] + 16
    return float(terms * UNIT * stakes.cost[project])


@compiled
def _climb(
    stakes: ByProject, money: Floats, project: int, each: float, goal: float
) -> tuple[float, float, float]:
    """The payment a point at which supporters together pay `goal`, from one that is too low.

    Newton's steps on a concave, piecewise-linear sum: every step stays below. Returns the payment,
    the money of those who have less, and the points of the others; none left means that the money
    of all supporters, which is then the second number, may not suffice.
    """
    while True:
        short, points = _reach(stakes, money, project, each)
        if points == 0.0:
            return each, short, points
        higher = (goal - short) / points * (1 - 4 * UNIT)
        if higher <= each * (1 + 4 * UNIT):
            return each, short, points
        each = higher


@compiled
def _ceiling(stakes: ByProject, state: State, project: int, short: float, points: float) -> float:
    """A payment a point that certainly suffices, just above the last of `_climb`; else infinite."""
    if points == 0.0:
        return np.inf
    slack = state.doubt[0] + _rounding(stakes, project)
    goal = stakes.cost[project] + slack
    each = (goal + slack - short) / points * (1 + 4 * UNIT)
    short, points = _reach(stakes, state.money, project, each)
    return each if short + points * each >= goal else np.inf


@compiled
def contend(stakes: ByProject, state: State, found: Ints) -> tuple[int, float]:
    """Find the projects that may have the least rate; how many, and a rate certainly not too low.

    Only projects whose known floor is within that rate are looked at: floors only rise, as money
    is only spent. Projects that are certainly out of their supporters' reach are closed.
    """
    least, many = np.inf, 0
    for project in np.argsort(state.rate):
        if not state.rate[project] <= least or state.rate[project] == np.inf:
            break
        cost = stakes.cost[project]
        slack = state.doubt[0] + _rounding(stakes, project)
        each, short, points = _climb(
            stakes, state.money, project, state.paid[project], cost - slack
        )
        if points == 0.0 and short < cost - slack:
            state.rate[project] = np.inf
            continue
        state.paid[project] = each
        state.rate[project] = each / stakes.worth[project] * (1 - 2 * UNIT)
        if state.rate[project] <= least:
            found[many] = project
            many += 1
            high = _ceiling(stakes, state, project, short, points)
            least = min(least, high / stakes.worth[project] * (1 + 2 * UNIT))
    kept = 0
    for at in range(many):
        if state.rate[found[at]] <= least:
            found[kept] = found[at]
            kept += 1
    return kept, least


@compiled
def pay(stakes: ByProject, state: State, project: int, each: float) -> None:
    """Every supporter pays `each` a point, or all they have; the doubt grows by what is rounded."""
    paid, had = 0.0, 0.0
    for at in range(stakes.starts[project], stakes.starts[project + 1]):
        ballot = stakes.who[at]
        left, asked = state.money[ballot], each * stakes.points[at]
        had += stakes.weight[at] * left
        paid += stakes.weight[at] * min(left, asked)
        state.money[ballot] = max(left - asked, 0.0)
    off = abs(paid - stakes.cost[project])
    state.doubt[0] += off + _rounding(stakes, project) + 2 * UNIT * had
    state.rate[project] = np.inf


@compiled
def count(stakes: ByProject, state: State, found: Ints, bought: Ints) -> tuple[int, bool]:
    """Buy project after project for as long as the doubles are certain.

    Fills in what was bought, in order. Returns how many, and whether that is the whole count:
    else the next round is too close to call, or somebody's means are.
    """
    rounds = 0
    while True:
        many, least = contend(stakes, state, found)
        if many == 0:
            return rounds, True
        if many > 1 or least == np.inf:
            return rounds, False
        project = found[0]
        short, points = _reach(stakes, state.money, project, state.paid[project])
        each = (stakes.cost[project] - short) / points  # Points, or it had no ceiling.
        pay(stakes, state, project, each)
        bought[rounds] = project
        rounds += 1


@compiled
def begin(state: State, fresh: State, endowment: float) -> None:
    """Everyone has the endowment, nothing is bought; the doubt is scaled to it."""
    state.money[:] = endowment
    state.paid[:] = fresh.paid
    state.rate[:] = fresh.rate
    state.doubt[0] = fresh.doubt[0] * endowment


@compiled
def raise_endowment(
    stakes: ByProject, fresh: State, endowment: float, step: float, budget: float
) -> tuple[int, int]:
    """Count again and again, everyone with a step more, while there is a reason to go on.

    Returns how many steps were taken and why it ended there: `UNSURE` if that count is too close to
    call, `OVERSPENT` if it costs more than the budget, `EXHAUSTED` if nothing more fits into it.
    """
    state = State(fresh.money.copy(), fresh.paid.copy(), fresh.rate.copy(), fresh.doubt.copy())
    bought = np.empty(len(fresh.rate), np.int64)
    found = np.empty(len(fresh.rate), np.int64)
    steps = 0
    while True:
        begin(state, fresh, endowment + steps * step)
        many, certain = count(stakes, state, found, bought)
        if not certain:
            return steps, UNSURE
        left = budget
        for at in range(many):
            left -= stakes.cost[bought[at]]
            state.paid[bought[at]] = np.inf
        if left < 0:
            return steps, OVERSPENT
        fits = False
        for project in range(len(fresh.rate)):
            lost = state.paid[project] < np.inf and fresh.rate[project] < np.inf
            fits = fits or (lost and stakes.cost[project] <= left)
        if not fits:
            return steps, EXHAUSTED
        steps += 1


@compiled
def _tally(ballots: ByBallot, ballot: int, round_of: Ints, before: Ints) -> None:
    """Add the points that a ballot's voters held in the project of each earlier round."""
    for at in range(ballots.starts[ballot], ballots.starts[ballot + 1]):
        earlier = round_of[ballots.projects[at]]
        if earlier >= 0:
            before[earlier] += ballots.voters[ballot] * ballots.points[at]


class Exact(NamedTuple):
    """What exact arithmetic knows: ballots that have nothing left, and each project's round."""

    gone: Flags
    round_of: Ints


class Sifted(NamedTuple):
    """Who pays all they have for a project, who only `each` a point, and of whom it is unsure.

    Arrays to be filled: `spent` and `unsure` name ballots; `before` counts, for each earlier round,
    the points that those who are spent held in its project.
    """

    spent: Ints
    unsure: Ints
    before: Ints


@compiled
def sift(
    stakes: Both, state: State, bid: tuple[int, float, float], exact: Exact, sifted: Sifted
) -> tuple[int, int, int, int]:
    """Part the supporters of a project whose payment a point is at least and at most so much.

    Those with nothing left are passed over. Returns how many ballots are spent, how many unsure,
    how many voters are spent, and how many points those who pay in full hold.
    """
    project, low, high = bid[0], bid[1] * (1 - 4 * UNIT), bid[2] * (1 + 4 * UNIT)
    by_project, ballots = stakes
    spent, unsure, voters, points = 0, 0, 0, 0
    sifted.before[:] = 0
    for at in range(by_project.starts[project], by_project.starts[project + 1]):
        ballot = by_project.who[at]
        if exact.gone[ballot]:
            continue
        # Nobody's money can be further off than the doubt that is theirs alone to have.
        off = state.doubt[0] / ballots.voters[ballot]
        left = state.money[ballot]
        if left + off < low * by_project.points[at]:
            sifted.spent[spent] = ballot
            spent += 1
            voters += ballots.voters[ballot]
            _tally(ballots, ballot, exact.round_of, sifted.before)
        elif left - off > high * by_project.points[at]:
            points += ballots.voters[ballot] * np.int64(by_project.points[at])
        else:
            sifted.unsure[unsure] = ballot
            unsure += 1
    return spent, unsure, voters, points


@compiled
def tally(stakes: Both, project: int, exact: Exact, before: Ints) -> int:
    """Tally, as `Sifted` has it, the supporters who have anything left; how many they are."""
    by_project, ballots = stakes
    voters = 0
    before[:] = 0
    for at in range(by_project.starts[project], by_project.starts[project + 1]):
        ballot = by_project.who[at]
        if not exact.gone[ballot]:
            voters += ballots.voters[ballot]
            _tally(ballots, ballot, exact.round_of, before)
    return voters
