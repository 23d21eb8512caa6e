"""Maximin support: loads may be shared unequally, so that whoever bears most bears least.

Source:
    Aziz, Lee & Talmon (2018), Proportionally Representative Participatory Budgeting, AAMAS;
    Sanchez-Fernandez et al. (2021) for committees.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from bioloom.assembly.budgets.loads.flows import Flow, Network, send
from bioloom.assembly.budgets.posing import TooMuchMoney
from bioloom.assembly.budgets.stakes import Stakes

# Costs times voters must be whole numbers that the flows can hold.
MOST = 2**62


def maximin_support(stakes: Stakes, ranks: Sequence[int]) -> tuple[int, ...]:
    """Fund project after project, each time that with which the greatest load can be least.

    The cost of each project is shared among its supporters so that the greatest load of any voter
    is as small as can be. Only projects that still fit are looked at. What nobody supports is not
    funded; points do not matter. Exact: the least greatest load of projects is the greatest cost
    of some of them per supporter, found by cuts of a network.

    Raises:
        TooMuchMoney: If all costs times all voters is above 2^62 minor units.
    """
    costs, left = stakes.poll.costs, stakes.poll.budget
    if sum(costs) * len(stakes.poll.cast) > MOST:
        raise TooMuchMoney(what="The cost of all projects times all voters")
    known = {p: Fraction(0) for p, score in enumerate(stakes.scores) if score > 0}
    funded: list[int] = []
    load = Fraction(0)
    while known := {p: low for p, low in known.items() if costs[p] <= left}:
        best: tuple[Fraction, int, int] | None = None
        # Loads only grow as more is funded, so an earlier one is a bound from below.
        for project in sorted(known, key=lambda p: (known[p], ranks[p])):
            if best is not None and (known[project], ranks[project]) > best[:2]:
                break
            known[project] = least_load(stakes, [*funded, project], load)
            mine = (known[project], ranks[project], project)
            best = min(best, mine) if best else mine
        assert best is not None
        load, _, bought = best
        funded.append(bought)
        left -= costs[bought]
        del known[bought]
    return tuple(funded)


def least_load(stakes: Stakes, projects: Sequence[int], at_least: Fraction) -> Fraction:
    """The least greatest load of a voter, if all these projects are paid by their supporters.

    In minor units; `at_least` is a bound from below that is known. Each project needs a supporter.
    """
    network = _network(stakes, projects)
    cost = np.array([stakes.poll.costs[project] for project in projects], np.int64)
    load = at_least
    while True:
        flow = Flow(
            np.zeros(len(network.who), np.int64),
            cost * load.denominator,
            stakes.by_ballot.voters * load.numerator,
        )
        reached = np.zeros(len(cost), np.bool_)
        send(network, flow, reached)
        if not reached.any():
            return load
        # They cannot be paid at this load: what they cost per supporter is a greater one.
        supporters = np.unique(network.who[reached[network.whose]])
        load = Fraction(int(cost[reached].sum()), int(stakes.by_ballot.voters[supporters].sum()))


def _network(stakes: Stakes, projects: Sequence[int]) -> Network:
    starts, who = stakes.by_project.starts, stakes.by_project.who
    parts = [who[starts[project] : starts[project + 1]] for project in projects]
    lengths = [len(part) for part in parts]
    ballots = np.concatenate(parts)
    begins = np.cumsum(np.bincount(ballots, minlength=len(stakes.poll.ballots)))
    return Network(
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        ballots,
        np.repeat(np.arange(len(parts)), lengths),
        np.concatenate([[0], begins]).astype(np.int64),
        np.argsort(ballots, kind="stable"),
    )
