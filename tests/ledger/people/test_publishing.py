"""Publishing: no figure that is shown, or follows from what is shown, stands for too few."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.people.publishing import (
    FEWEST_HOUSEHOLDS,
    TOTAL,
    Cell,
    Place,
    publishable,
)
from bioloom.vocabulary.agents import AgentId

HOUSEHOLDS = [AgentId(f"household:{number}") for number in range(3 * FEWEST_HOUSEHOLDS)]
ROWS, COLUMNS = ("north", "south", "west"), ("glass", "paper", "rags")

# Often nobody, often too few, often enough.
cells = st.builds(
    Cell,
    st.integers(min_value=0, max_value=1000),
    st.one_of(
        st.just(frozenset[AgentId]()),
        st.frozensets(st.sampled_from(HOUSEHOLDS), min_size=1, max_size=4),
        st.frozensets(st.sampled_from(HOUSEHOLDS), min_size=FEWEST_HOUSEHOLDS),
    ),
)
tables = st.dictionaries(
    st.tuples(st.sampled_from(ROWS), st.sampled_from(COLUMNS)), cells, min_size=1
)


def behind(table: dict[Place, Cell], place: Place) -> frozenset[AgentId]:
    """The households behind a cell or a margin."""
    return frozenset[AgentId]().union(
        *(
            cell.households
            for (row, column), cell in table.items()
            if place[0] in (row, TOTAL) and place[1] in (column, TOTAL)
        )
    )


@given(tables)
def test_what_is_shown_is_right_and_stands_for_enough(table: dict[Place, Cell]) -> None:
    shown = publishable(table).cells

    for place, units in shown.items():
        if units is not None:
            assert not 0 < len(behind(table, place)) < FEWEST_HOUSEHOLDS
            assert units == sum(
                cell.units
                for (row, column), cell in table.items()
                if place[0] in (row, TOTAL) and place[1] in (column, TOTAL)
            )
    for place, cell in table.items():
        if not cell.households:
            assert shown[place] == cell.units  # What is public by itself is never hidden.


@given(tables)
def test_no_hidden_cell_of_too_few_follows_from_the_others(table: dict[Place, Cell]) -> None:
    shown = publishable(table).cells
    unknown = [place for place, units in shown.items() if units is None]
    rows, columns = ({place[axis] for place in shown} for axis in (0, 1))
    # Every line adds up to its margin: one equation for each row and column, margins' too.
    equations = [
        [_sign(place, axis) if place[axis] == name else 0 for place in unknown]
        for axis, names in enumerate((rows, columns))
        for name in names
    ]
    if not unknown:
        return
    known = np.array(equations, dtype=float)
    rank = np.linalg.matrix_rank(known)
    for number, place in enumerate(unknown):
        if len(behind(table, place)) < FEWEST_HOUSEHOLDS:
            alone = np.zeros((1, len(unknown)))
            alone[0, number] = 1
            assert np.linalg.matrix_rank(np.vstack([known, alone])) > rank, place


def _sign(place: Place, axis: int) -> int:
    return -1 if place[1 - axis] == TOTAL else 1


@given(tables)
def test_what_a_line_leaves_unsaid_stands_for_enough(table: dict[Place, Cell]) -> None:
    shown = publishable(table).cells

    for axis, name in [(0, row) for row, _ in shown] + [(1, column) for _, column in shown]:
        line = {place: units for place, units in shown.items() if place[axis] == name}
        margin = (name, TOTAL) if axis == 0 else (TOTAL, name)
        if line[margin] is not None:
            rest = [place for place, units in line.items() if units is None]
            households = frozenset[AgentId]().union(*(behind(table, place) for place in rest))
            assert not 0 < len(households) < FEWEST_HOUSEHOLDS


@given(tables)
def test_the_same_figures_hide_the_same_cells(table: dict[Place, Cell]) -> None:
    backwards = dict(reversed(table.items()))

    assert publishable(table) == publishable(backwards)


def test_a_table_in_which_enough_stand_behind_every_cell_is_shown_whole() -> None:
    many = frozenset(HOUSEHOLDS)
    table = {place: Cell(1, many) for place in product(ROWS, COLUMNS)}

    assert None not in publishable(table).cells.values()


def test_a_single_households_table_shows_nothing_of_it() -> None:
    table = {("north", "rags"): Cell(5, frozenset(HOUSEHOLDS[:1])), ("north", "glass"): Cell(7)}

    shown = publishable(table).cells

    assert {place for place, units in shown.items() if units is not None} == {
        ("north", "glass"),
        (TOTAL, "glass"),
    }


def test_an_empty_table_is_published_empty() -> None:
    assert publishable({}).cells == {}
