"""Projecting: along which axes people differ most, and where each of them stands.

The axes are the principal components of the votes, where what somebody did not vote on is taken
for the statement's mean, as Polis does. People stand where their own votes put them, shrunk to the
middle the less they voted. An axis counts as one of difference only above the noise: more than the
largest that votes without any agreement between statements would show.

Source:
    Small, Bjorkegren, Erkkila, Shaw & Megill (2021), Polis: scaling deliberation by mapping high
    dimensional opinion spaces. Tipping & Bishop (1999), Probabilistic principal component analysis.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh, eigvalsh_tridiagonal
from scipy.linalg.blas import dsyrk, ssyrk

from bioloom.assembly.opinions.kernels import Floats, solved
from bioloom.assembly.opinions.votes import Votes

# More axes than this no picture tells, and no group of a size that anybody would hear.
MOST_AXES = 8
# Two axes span a picture, whether they are above the noise or not.
SHOWN_AXES = 2
# How often the level of noise is drawn, and from which seed; how many steps find each largest axis.
_DRAWS, _SEED, _LANCZOS = 4, 0, 16
# The standard deviation of Tracy and Widom's law, and how many of them above the level is no noise.
_TRACY_WIDOM, _DEVIATIONS = 1.268, 3.5
# Whole numbers below this are exact in 32 bits, and their products twice as fast.
_EXACT_IN_32_BITS = 2**24


@dataclass(frozen=True)
class Sums:
    """What the axes follow from: whole sums over people, for each pair of statements.

    Attributes:
        both: How many voted on both.
        first: The sum of the votes on the first of them, of those who voted on both.
        product: The sum of the products of both votes.
    """

    both: Floats
    first: Floats
    product: Floats

    @property
    def all(self) -> tuple[Floats, Floats, Floats]:
        """The three of them."""
        return self.both, self.first, self.product

    @property
    def means(self) -> Floats:
        """The mean vote on each statement, 1 for all agree; 0 where nobody voted."""
        means: Floats = np.diag(self.first) / np.maximum(np.diag(self.both), 1)
        return means

    def scatter(self) -> Floats:
        """Sums of products of votes less their means, where not voting is the mean."""
        means = self.means
        found: Floats = (
            self.product
            - self.first * means
            - means[:, None] * self.first.T
            + np.outer(means, means) * self.both
        )
        return found


@dataclass(frozen=True)
class Axes:
    """Along what people differ.

    Attributes:
        means: The mean vote on each statement.
        along: Unit vectors over the statements, shape (statements, axes), largest first.
        size: The scatter along each axis.
        above_noise: How many of them are above the noise; the rest are for the picture only.
        spread: Variance of people along each axis.
        noise: Variance of a vote around what the axes above the noise say.
    """

    means: Floats
    along: Floats
    size: Floats
    above_noise: int
    spread: Floats
    noise: float


def sums_of(votes: Votes) -> Sums:
    """Sums over all people."""
    count = len(votes.statements)
    is_small = len(votes.people) < _EXACT_IN_32_BITS
    kind, multiply = (np.float32, ssyrk) if is_small else (np.float64, dsyrk)
    beside = np.empty((len(votes.people), 2 * count), kind)
    beside[:, :count] = votes.seen
    beside[:, count:] = votes.said
    upper = np.zeros((2 * count, 2 * count))
    if beside.size:
        upper = multiply(1.0, beside.T).astype(np.float64)
    both, product = upper[:count, :count], upper[count:, count:]
    return Sums(
        both=both + np.triu(both, 1).T,
        first=upper[:count, count:].T.copy(),
        product=product + np.triu(product, 1).T,
    )


def axes_of(votes: Votes, sums: Sums) -> Axes:
    """The axes along which people differ.

    Args:
        votes: The votes of those who make the map.
        sums: Their sums.
    """
    wanted = min(MOST_AXES, len(votes.statements))
    along, size = largest_axes(sums.scatter(), wanted)
    above = int(np.sum(size > noise_edge(votes, sums)))
    shown = max(above, min(SHOWN_AXES, wanted))
    along, size = along[:, :shown], size[:shown]
    return spread_along(votes.seen @ along**2, sums, along, size, above)


def largest_axes(scatter: Floats, wanted: int) -> tuple[Floats, Floats]:
    """The largest axes of a scatter, shape (statements, wanted), and how large they are."""
    count = len(scatter)
    size, along = eigh(scatter, subset_by_index=(count - wanted, count - 1), driver="evr")
    along = along[:, ::-1]
    # Turned so that the same votes give the same picture.
    ends = along[np.argmax(np.abs(along), axis=0), np.arange(wanted)]
    return along * np.where(ends < 0, -1.0, 1.0), np.maximum(size[::-1], 0.0)


def spread_along(part: Floats, sums: Sums, along: Floats, size: Floats, above: int) -> Axes:
    """How much people differ along some axes, and how far votes are from what these say.

    By moments: the scatter along an axis is that of people, who voted on a part of it, and noise.

    Args:
        part: What part of each axis the votes of each of the people are on, shape (people, axes).
        sums: Of the votes of these people.
        along: The axes; see `Axes`.
        size: The scatter along each.
        above: How many of them are above the noise.
    """
    cells, total = float(np.trace(sums.both)), float(np.trace(sums.scatter()))
    noise = max((total - float(np.sum(size[:above]))) / max(cells, 1.0), 1e-9)
    spread = (size - noise * part.sum(axis=0)) / np.maximum((part**2).sum(axis=0), 1e-9)
    return Axes(sums.means, along, size, above, np.maximum(spread, 1e-9), noise)


def noise_edge(votes: Votes, sums: Sums) -> float:
    """The largest scatter along any axis that votes would show that have nothing to do together.

    Parallel analysis: each vote less its statement's mean keeps its size and gets a sign by lot, so
    that nothing is left of what votes have to do with each other. The level is the mean of a few
    such draws, and above it is what lies so many standard deviations higher, as Tracy and Widom
    have them, that one conversation in a thousand has an axis of noise.

    Source:
        Horn (1965), A rationale and test for the number of factors in factor analysis. Johnstone
        (2001), On the distribution of the largest eigenvalue in principal components analysis.
    """
    people, statements = votes.cells.shape
    rest = (votes.said - votes.seen * sums.means).astype(np.float32)
    draw = np.random.default_rng(_SEED)
    found = []
    for _ in range(_DRAWS):
        signs = np.unpackbits(np.frombuffer(draw.bytes(-(-rest.size // 8)), np.uint8))
        flipped = np.where(signs[: rest.size].reshape(rest.shape), rest, -rest)
        found.append(_largest(flipped, np.asarray(draw.standard_normal(statements), np.float32)))
    level, root = float(np.mean(found)), np.sqrt(people) + np.sqrt(statements)
    # Of numbers of variance 1: how far the largest axis varies, beside how large it is.
    relative = (1 / np.sqrt(people) + 1 / np.sqrt(statements)) ** (1 / 3) / root
    return level * float(1 + _DEVIATIONS * _TRACY_WIDOM * relative)


def _largest(table: NDArray[np.float32], start: NDArray[np.float32]) -> float:
    """The scatter along the largest axis of a table, by Lanczos' way of a few steps."""
    basis = [start / np.linalg.norm(start)]
    diagonal, beside = [], []
    for _ in range(min(_LANCZOS, table.shape[1])):
        step = table.T @ (table @ basis[-1])
        diagonal.append(float(step @ basis[-1]))
        for one in basis:
            step = step - (step @ one) * one
        beside.append(float(np.linalg.norm(step)))
        if beside[-1] <= 1e-6 * max(diagonal):
            break
        basis.append(step / beside[-1])
    off = beside[: len(diagonal) - 1]
    return float(eigvalsh_tridiagonal(np.array(diagonal), np.array(off))[-1])


def coordinates(votes: Votes, axes: Axes) -> tuple[Floats, Floats]:
    """Where people stand along the axes, and how surely: see `standing`.

    Returns:
        Coordinates, shape (people, axes), and how much of the spread along the axes above the
        noise, or along the first, a person's votes settle: 0 to 1, shape (people,).
    """
    ((at, sure),) = standing(votes, axes, [axes.along], np.ones((1, len(axes.means))))
    return at, sure[:, : max(axes.above_noise, 1)].mean(axis=1)


def standing(
    votes: Votes, axes: Axes, turned: Sequence[Floats], roots: Floats
) -> Iterator[tuple[Floats, Floats]]:
    """Where people stand, in each of several maps: the mean of what is likely, given their votes.

    A vote is the statement's mean, plus what the axes say, plus noise. So whoever voted little
    stands near the middle.

    Args:
        votes: The votes.
        axes: How much people differ along each axis, and votes from what the axes say.
        turned: The axes of each map, shape (statements, some of the axes).
        roots: Roots of how often each statement counts, shape (maps, statements).

    Yields:
        Of each map coordinates, and the part of the spread that a person's votes settle, both of
        shape (people, axes).
    """
    count = turned[0].shape[1]
    ridge = axes.noise / axes.spread[:count]
    weighed = [along * root[:, None] for along, root in zip(turned, roots, strict=True)]
    pairs = [(along[:, :, None] * along[:, None, :]).reshape(-1, count**2) for along in turned]
    # All maps at once, as the table of votes is what takes time to read.
    right = (votes.said - votes.seen * axes.means) @ np.hstack(weighed)
    normal = votes.seen @ np.hstack(pairs)
    for number in range(len(turned)):
        own = np.ascontiguousarray(normal[:, number * count**2 : (number + 1) * count**2])
        said = np.ascontiguousarray(right[:, number * count : (number + 1) * count])
        yield solved(own, said, ridge)
