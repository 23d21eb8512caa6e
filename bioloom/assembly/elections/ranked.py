"""One winner of ranked ballots. A ballot need not rank all; what it leaves out stands last, alike.

Every rule gives the whole order of options, the first so many of which are elected.
"""

from collections.abc import Sequence

from bioloom.assembly.elections.counted import Alike, Counted, first
from bioloom.vocabulary.entries.ballots import OptionId, TallyRound

Beats = dict[OptionId, dict[OptionId, int]]


def instant_runoff(order: Sequence[OptionId], ballots: Sequence[Alike], *, seats: int) -> Counted:
    """Whoever is first on fewest ballots goes out, and their ballots count for whom they have next.

    Ends when `seats` are left (with one seat, by majority of the ballots that still rank anybody).
    Of those tied for going out, the last of the declared order goes.

    Args:
        order: All options, by the declared tie-break.
        ballots: What was cast.
        seats: So many are left in the end.

    Example:
        >>> a, b, c = map(OptionId, "abc")
        >>> cast = [((a,), 4), ((b, c), 3), ((c, b), 2)]
        >>> instant_runoff([a, b, c], cast, seats=1).winners
        ('b',)
    """
    left, rounds, is_tied = list(order), list[TallyRound](), False
    firsts = _firsts(left, ballots)
    counts = firsts
    while len(left) > max(seats, 1):
        fewest = min(firsts.values())
        tied = [one for one in left if firsts[one] == fewest]
        out, is_tied = first(order[::-1], tied), is_tied or len(tied) > 1
        figures = {one: str(firsts[one]) for one in left}
        rounds.append(TallyRound(said=f"'{out}' goes out", figures=figures))
        left.remove(out)
        firsts = _firsts(left, ballots)
    ranked = sorted((one for one in left if firsts[one]), key=lambda one: -firsts[one])
    figures = {one: str(firsts[one]) for one in left}
    rounds.append(TallyRound(said="what is left wins", figures=figures))
    return Counted(winners=tuple(ranked), counts=counts, rounds=tuple(rounds), tie_broken=is_tied)


def schulze(order: Sequence[OptionId], ballots: Sequence[Alike], *, seats: int) -> Counted:
    """Whoever has against everybody a chain of wins that is at least as strong as the one back.

    A win is as strong as the number of ballots that have it so ("winning votes").

    Args:
        order: All options, by the declared tie-break.
        ballots: What was cast.
        seats: The first so many of the order win.

    Example:
        >>> a, b, c = map(OptionId, "abc")
        >>> schulze([a, b, c], [((a, b, c), 4), ((b, c, a), 3), ((c, a, b), 2)], seats=1).winners
        ('a',)

    Source:
        Schulze (2011), A new monotonic, clone-independent … single-winner election method, Social
        Choice and Welfare 36.
    """
    beats = preferences(order, ballots)
    path = {
        one: {other: beats[one][other] * (beats[one][other] > beats[other][one]) for other in order}
        for one in order
    }
    for middle in order:
        for one in order:
            for other in order:
                through = min(path[one][middle], path[middle][other])
                path[one][other] = max(path[one][other], through)
    wins = {one: sum(path[one][other] > path[other][one] for other in order) for one in order}
    rounds = tuple(
        TallyRound(said=f"ballots that have '{one}' before", figures=_written(one, beats[one]))
        for one in order
    )
    return _elected(order, wins, ballots, seats, rounds)


def borda(order: Sequence[OptionId], ballots: Sequence[Alike], *, seats: int) -> Counted:
    """The most points: on a ballot as many as options stand below; those left out have none.

    Args:
        order: All options, by the declared tie-break.
        ballots: What was cast.
        seats: The first so many win.

    Example:
        >>> a, b, c = map(OptionId, "abc")
        >>> borda([a, b, c], [((a, b, c), 3), ((b, c, a), 2)], seats=1).counts
        {'a': 6, 'b': 7, 'c': 2}
    """
    points = dict.fromkeys(order, 0)
    for marks, many in ballots:
        for place, one in enumerate(marks):
            points[one] += many * (len(order) - 1 - place)
    return _elected(order, points, ballots, seats, ())


def preferences(order: Sequence[OptionId], ballots: Sequence[Alike]) -> Beats:
    """On how many ballots each option stands before each other."""
    beats = {one: dict.fromkeys(order, 0) for one in order}
    for marks, many in ballots:
        rest = set(order)
        for one in marks:
            rest.remove(one)
            for other in rest:
                beats[one][other] += many
    return beats


def _firsts(left: Sequence[OptionId], ballots: Sequence[Alike]) -> dict[OptionId, int]:
    firsts, among = dict.fromkeys(left, 0), set(left)
    for marks, many in ballots:
        best = next((one for one in marks if one in among), None)
        if best is not None:
            firsts[best] += many
    return firsts


def _elected(
    order: Sequence[OptionId],
    score: dict[OptionId, int],
    ballots: Sequence[Alike],
    seats: int,
    rounds: tuple[TallyRound, ...],
) -> Counted:
    """The first options by a score; nobody wins whom nobody ranked."""
    named = {one for marks, _ in ballots for one in marks}
    ranked = sorted((one for one in order if one in named), key=lambda one: -score[one])
    won, lost = ranked[:seats], ranked[seats:]
    is_tied = bool(won and lost) and score[won[-1]] == score[lost[0]]
    return Counted(winners=tuple(won), counts=score, rounds=rounds, tie_broken=is_tied)


def _written(one: OptionId, beaten: dict[OptionId, int]) -> dict[OptionId, str]:
    return {other: str(many) for other, many in beaten.items() if other != one}
