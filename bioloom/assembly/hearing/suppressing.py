"""Suppressing: which groups' figures are not told, as they would be about persons.

A figure about fewer than ten people is not told, and neither are so many others that it cannot be
found by taking what is told from the total, which may be known from elsewhere.

Source:
    Willenborg & de Waal (2001), Elements of Statistical Disclosure Control, chapter 5.
"""

from collections.abc import Collection, Mapping, Sequence

FEWEST_PEOPLE = 10


def suppressed(
    tables: Sequence[Mapping[str, tuple[int, ...]]], fewest: int = FEWEST_PEOPLE
) -> frozenset[str]:
    """The groups whose figures are told in none of some tables.

    In each table that leaves a group out, at least two are left out, and together they are about
    at least as many people as may be told of; unless all are.

    Args:
        tables: Of the same groups; for each group how many people each of its figures is about.
        fewest: How many people a figure must be about.

    Example:
        >>> sorted(suppressed([{"north": (40,), "south": (4,), "west": (12,)}]))
        ['south', 'west']
    """
    hidden = frozenset(
        group for table in tables for group, told in table.items() if min(told) < fewest
    )
    while True:
        more = hidden.union(*(_with_cover(table, hidden, fewest) for table in tables))
        if more == hidden:
            return hidden
        hidden = more


def _with_cover(
    table: Mapping[str, tuple[int, ...]], hidden: Collection[str], fewest: int
) -> set[str]:
    left_out = {group for group in table if group in hidden}
    if not left_out:
        return left_out
    # The smallest first: little else is lost.
    for group in sorted(table.keys() - left_out, key=lambda group: (min(table[group]), group)):
        sums = [sum(parts) for parts in zip(*(table[one] for one in left_out), strict=True)]
        if len(left_out) > 1 and min(sums) >= fewest:
            break
        left_out.add(group)
    return left_out
