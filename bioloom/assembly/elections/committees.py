"""Several winners of approval ballots: the most approved, or a list in proportion to its voters."""

from collections.abc import Sequence
from fractions import Fraction

from bioloom.assembly.elections.counted import Alike, Counted, first, votes_of
from bioloom.vocabulary.entries.ballots import OptionId, TallyRound


def most_approved(order: Sequence[OptionId], ballots: Sequence[Alike], *, seats: int) -> Counted:
    """The options on most ballots; nobody wins whom nobody approved.

    Args:
        order: All options, by the declared tie-break.
        ballots: What was cast.
        seats: At most so many win.

    Example:
        >>> a, b, c = map(OptionId, "abc")
        >>> most_approved([c, b, a], [((a, b), 2), ((a, c), 2)], seats=2).winners
        ('a', 'c')
    """
    votes = votes_of(order, ballots)
    ranked = sorted((one for one in order if votes[one]), key=lambda one: -votes[one])
    won, lost = ranked[:seats], ranked[seats:]
    is_tied = bool(won and lost) and votes[won[-1]] == votes[lost[0]]
    return Counted(winners=tuple(won), counts=votes, tie_broken=is_tied)


def phragmen(order: Sequence[OptionId], ballots: Sequence[Alike], *, seats: int) -> Counted:
    """Phragmén's sequential rule: every seat is a load of 1 on those who approved its holder.

    Each time that option wins which leaves its voters with the smallest equal load. So a tenth of
    the voters who agree get about a tenth of the seats.

    Args:
        order: All options, by the declared tie-break.
        ballots: What was cast.
        seats: At most so many win.

    Example:
        Of five voters, three approve a, b and c, two approve x and y:

        >>> a, b, c, x, y = map(OptionId, "abcxy")
        >>> phragmen([a, b, c, x, y], [((a, b, c), 3), ((x, y), 2)], seats=3).winners
        ('a', 'x', 'b')

    Source:
        Phragmén (1894); Brill, Freeman, Janson & Lackner (2017), Phragmén's Voting Methods and
        Justified Representation, AAAI 31.
    """
    votes, load = votes_of(order, ballots), [Fraction(0)] * len(ballots)
    won: list[OptionId] = []
    rounds: list[TallyRound] = []
    is_tied = False
    while len(won) < seats:
        loads = {
            one: (1 + _borne(one, ballots, load)) / votes[one]
            for one in order
            if votes[one] and one not in won
        }
        if not loads:
            break
        least = min(loads.values())
        tied = [one for one in loads if loads[one] == least]
        chosen, is_tied = first(order, tied), is_tied or len(tied) > 1
        won.append(chosen)
        for place, (marks, _) in enumerate(ballots):
            load[place] = least if chosen in marks else load[place]
        figures = {one: str(loads[one]) for one in sorted(loads)}
        rounds.append(TallyRound(said=f"'{chosen}' wins with the least load", figures=figures))
    return Counted(winners=tuple(won), counts=votes, rounds=tuple(rounds), tie_broken=is_tied)


def _borne(option: OptionId, ballots: Sequence[Alike], load: Sequence[Fraction]) -> Fraction:
    """What those who approve an option bear already, together."""
    pairs = zip(ballots, load, strict=True)
    return sum((many * borne for (marks, many), borne in pairs if option in marks), Fraction(0))
