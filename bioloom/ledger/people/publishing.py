"""Publishing: which totals may be shown, so that no figure stands for fewer than ten households.

A table of totals is published with its margins, so a hidden cell could be found by subtraction.
Therefore further cells are hidden, until no line of the table and no combination of lines gives a
hidden figure away.

What this does not do: hidden figures are not below zero, which bounds them; and two tables, such as
those of this month and of the same month corrected, may differ by one household.

Source:
    D. Gusfield (1988), A graph theoretic approach to statistical data security, SIAM J. Comput.
    17(3): a cell of a table with margins is determined if and only if it is a bridge of the graph
    whose nodes are rows and columns and whose edges are the hidden cells.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple

import msgspec

from bioloom.vocabulary.agents import AgentId

FEWEST_HOUSEHOLDS = 10
# The row and the column of the margins. No district and no material is called so.
TOTAL = ""

# Row and column: a district and a material, or a margin.
Place = tuple[str, str]


class Cell(NamedTuple):
    """A total [mg, or another base unit], and the households behind it.

    Nobody behind it: all of it is that of organisations and commons, and public as it is.
    """

    units: int
    households: frozenset[AgentId] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether the cell by itself may be shown."""
        return not self.households or self.is_safe

    @property
    def is_safe(self) -> bool:
        """Whether enough households are behind it for others to hide among them."""
        return len(self.households) >= FEWEST_HOUSEHOLDS


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A table as anybody may see it. A hidden cell is None; margins stand under TOTAL."""

    cells: dict[Place, int | None]


def publishable(cells: Mapping[Place, Cell]) -> Published:
    """What may be shown of a table with its margins.

    Args:
        cells: Totals by row and column, without margins; a place that is missing is empty.

    Example:
        One household's textiles are hidden; paper is hidden with them, as the row's total would
        give them away; and so that the columns' totals do not, the same two of another district.

        >>> many = frozenset(AgentId(f"household:{number}") for number in range(12))
        >>> few = frozenset([AgentId("household:0")])
        >>> table = publishable(
        ...     {
        ...         ("north", "textiles"): Cell(3, few),
        ...         ("north", "paper"): Cell(70, many),
        ...         ("north", "glass"): Cell(90, many),
        ...         ("south", "textiles"): Cell(40, many),
        ...         ("south", "paper"): Cell(50, many),
        ...         ("south", "glass"): Cell(60, many),
        ...     }
        ... )
        >>> [place for place, units in sorted(table.cells.items()) if units is None]
        [('north', 'paper'), ('north', 'textiles'), ('south', 'paper'), ('south', 'textiles')]
        >>> table.cells["", ""]
        313
    """
    table = _with_margins(cells)
    hidden = {place for place, cell in table.items() if not cell.is_open}
    while (place := _given_away(hidden, table)) is not None:
        hidden |= _to_hide_with(place, hidden, table)
    return Published(
        cells={place: None if place in hidden else cell.units for place, cell in table.items()}
    )


def _with_margins(cells: Mapping[Place, Cell]) -> dict[Place, Cell]:
    parts: defaultdict[Place, list[Cell]] = defaultdict(list)
    rows, columns = {row for row, _ in cells}, {column for _, column in cells}
    assert TOTAL not in rows | columns, "the margins are added here"
    for row in rows:
        for column in columns:
            cell = cells.get((row, column), Cell(0))
            for place in ((row, column), (row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
                parts[place].append(cell)
    return {
        place: Cell(
            sum(cell.units for cell in some),
            frozenset[AgentId]().union(*(cell.households for cell in some)),
        )
        for place, some in parts.items()
    }


def _given_away(hidden: set[Place], table: Mapping[Place, Cell]) -> Place | None:
    """A cell that is given away by what is shown, or that is one of too few in a line's rest."""
    for place in sorted(hidden):
        if table[place].is_open:
            continue
        row, column = place
        if _is_bridge(place, hidden) or not (
            _is_mixed([other for other in hidden if other[0] == row], (row, TOTAL), table)
            and _is_mixed([other for other in hidden if other[1] == column], (TOTAL, column), table)
        ):
            return place
    return None


def _is_mixed(line: Collection[Place], margin: Place, table: Mapping[Place, Cell]) -> bool:
    """Whether what a line hides adds up to enough households, or its sum is hidden, too."""
    return margin in line or any(table[place].is_safe for place in line)


def _is_bridge(place: Place, hidden: set[Place]) -> bool:
    """Whether a cell's row and column hang together by this cell alone."""
    row, column = place
    rows, columns = {row}, set[str]()
    while True:
        # Where the hidden cells of the rows reached so far lead to, and back again.
        columns |= {c for r, c in hidden - {place} if r in rows}
        more = {r for r, c in hidden - {place} if c in columns}
        if column in columns:
            return False
        if more <= rows:
            return True
        rows |= more


def _to_hide_with(place: Place, hidden: set[Place], table: Mapping[Place, Cell]) -> set[Place]:
    """The least that hides a cell: the other corners of a rectangle, else all of its two lines."""
    row, column = place
    # What is the organisations' own can be added up by anybody: it hides nothing.
    hiding = {other for other, cell in table.items() if cell.households}
    rectangles = [
        {(row, c), (r, column), (r, c)}
        for r, c in hiding
        if r != row
        and c != column
        and (c == TOTAL or ((row, c) in hiding and table[row, c].is_safe))
        and (r == TOTAL or ((r, column) in hiding and table[r, column].is_safe))
    ]
    more = [corners - hidden for corners in rectangles if corners <= hiding and corners - hidden]
    if more:
        return min(more, key=lambda some: (sum(table[one].units for one in some), sorted(some)))
    lines = {other for other in hiding if other[0] == row or other[1] == column}
    return (lines - hidden) or hiding
