"""Polls to count, and a slow count of equal shares in fractions only, to count them against."""

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import strategies as st

from bioloom.assembly.budgets.posing import Ballot, Kind, Poll, Utility, worth
from bioloom.assembly.budgets.stakes import Stakes, stakes_of


def poll_with(
    costs: Sequence[int],
    votes: Sequence[Sequence[int]],
    budget: int,
    *,
    points: Sequence[Sequence[int]] | None = None,
    kind: Kind = Kind.APPROVAL,
) -> Poll:
    """A poll on projects p0, p1, ...; a list of projects for each voter."""
    given = points or [[1] * len(vote) for vote in votes]
    told = [Ballot(tuple(v), tuple(n)) for v, n in zip(votes, given, strict=True)]
    ballots = list(dict.fromkeys(told))
    return Poll(
        projects=tuple(f"p{at}" for at in range(len(costs))),
        costs=tuple(costs),
        budget=budget,
        per_unit=1,
        kind=kind,
        ballots=tuple(ballots),
        cast=tuple(ballots.index(ballot) for ballot in told),
    )


@st.composite
def polls(draw: st.DrawFn, kind: Kind | None = None, voters: int = 12) -> Poll:
    """Small polls of any kind, with costs and votes few enough for ties and exact ends."""
    kind = kind or draw(st.sampled_from([Kind.APPROVAL, Kind.CUMULATIVE, Kind.ORDINAL]))
    many = draw(st.integers(1, 7))
    costs = draw(st.lists(st.integers(0, 40), min_size=many, max_size=many))
    votes = draw(
        st.lists(st.lists(st.integers(0, many - 1), unique=True), min_size=1, max_size=voters)
    )
    if kind is not Kind.ORDINAL:
        votes = [sorted(vote) for vote in votes]
    some = st.integers(0, 4) if kind is Kind.CUMULATIVE else st.just(1)
    points = [draw(st.lists(some, min_size=len(v), max_size=len(v))) for v in votes]
    budget = draw(st.integers(0, 100))
    return poll_with(costs, votes, budget, points=points, kind=kind)


@st.composite
def staked(draw: st.DrawFn, kind: Kind | None = None) -> Stakes:
    """A small poll under any utility that its ballots tell."""
    poll = draw(polls(kind))
    told = {
        Kind.CUMULATIVE: [Utility.COST, Utility.CARDINALITY, Utility.POINTS],
        Kind.ORDINAL: [Utility.COST, Utility.CARDINALITY, Utility.BORDA],
    }
    few = [Utility.COST, Utility.CARDINALITY]
    return stakes_of(poll, draw(st.sampled_from(told.get(poll.kind, few))))


def slowly(stakes: Stakes, endowment: Fraction) -> list[tuple[int, Fraction]]:
    """Each project in the order in which equal shares buys it, with its rate.

    Every voter by themselves, every sum anew, everything a fraction; ties to the alphabet.
    """
    poll, utility = stakes.poll, stakes.utility
    left = [endowment] * len(poll.cast)
    holds: list[dict[int, int]] = [{} for _ in poll.costs]
    for voter, at in enumerate(poll.cast):
        ballot = poll.ballots[at]
        for project, points in zip(ballot.projects, worth(ballot, utility, poll.kind), strict=True):
            if points > 0:
                holds[project][voter] = points
    bought: list[tuple[int, Fraction]] = []
    wanted = {p for p, held in enumerate(holds) if held and poll.costs[p] > 0}
    while True:
        bids = [
            (bid, poll.projects[p], p)
            for p in wanted
            if (bid := _rate(stakes, p, holds[p], left)) is not None
        ]
        if not bids:
            return bought
        rate, _, project = min(bids)
        for voter, points in holds[project].items():
            asked = rate * stakes.worths[project] * points
            left[voter] -= min(left[voter], asked)
        bought.append((project, rate))
        wanted.remove(project)


def _rate(
    stakes: Stakes, project: int, held: dict[int, int], left: list[Fraction]
) -> Fraction | None:
    missing, points = Fraction(stakes.poll.costs[project]), sum(held.values())
    for voter in sorted(held, key=lambda voter: left[voter] / held[voter]):
        if missing / points * held[voter] <= left[voter]:
            return missing / points / stakes.worths[project]
        missing -= left[voter]
        points -= held[voter]
    return None
