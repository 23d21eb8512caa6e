"""Legs and what binds lots come to a store in few pieces, each lot's in the order of recording."""

from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.numbering import AT_INSIDE, AT_NOWHERE
from bioloom.ledger.stores.bindings.ordering import in_order
from bioloom.ledger.stores.bindings.rows import Bindings, BoundRow, EndRow
from bioloom.ledger.stores.protocol import LegRow
from bioloom.vocabulary.amounts import MILLIGRAM

OWNER, OTHER = 7, 8
Row = LegRow | BoundRow | EndRow

steps = st.lists(
    st.tuples(st.sampled_from(["give", "lose", "bind", "make", "end"]), st.integers(1, 3)),
    max_size=30,
)


def leg(seq: int, lot: int, receiver: int = OTHER) -> LegRow:
    return LegRow(lot, seq, 0, OWNER, receiver, 1, 1, 0)


def bound(seq: int, lot: int, *, is_made: bool = False) -> BoundRow:
    return BoundRow(lot, seq, MILLIGRAM, seq, int(is_made), 0)


def told(steps: list[tuple[str, int]]) -> tuple[list[Row], list[LegRow], Bindings]:
    """All rows in the order in which they count, and as a batch has them."""
    counting: list[Row] = []
    for seq, (what, lot) in enumerate(steps, start=1):
        if what == "make":
            counting += [bound(seq, lot, is_made=True), leg(seq, lot, AT_INSIDE)]
        elif what == "bind":
            counting += [leg(seq, lot), bound(seq, lot)]
        else:
            receiver = AT_NOWHERE if what == "lose" else OTHER
            counting.append(EndRow(lot, seq) if what == "end" else leg(seq, lot, receiver))
    rows = Bindings.empty()
    rows.bound.extend(row for row in counting if isinstance(row, BoundRow))
    rows.ended.extend(row for row in counting if isinstance(row, EndRow))
    return counting, [row for row in counting if isinstance(row, LegRow)], rows


def as_written(legs: list[LegRow], rows: Bindings) -> list[Row]:
    """All rows in the order in which a store writes them."""
    written: list[Row] = []
    for some, more in in_order(legs, rows):
        written += some
        written += more.ended
        written += more.bound
    return written


@given(steps)
def test_each_lot_is_moved_and_bound_in_the_order_of_recording(
    steps: list[tuple[str, int]],
) -> None:
    counting, legs, rows = told(steps)

    written = as_written(legs, rows)

    assert sorted(written, key=repr) == sorted(counting, key=repr)
    for lot in (1, 2, 3):
        of_lot = [row for row in counting if not isinstance(row, EndRow) and row.lot == lot]
        assert [row for row in written if row in of_lot] == of_lot


@given(steps)
def test_a_loss_comes_after_all_that_came_in_before(steps: list[tuple[str, int]]) -> None:
    counting, legs, rows = told(steps)
    written = as_written(legs, rows)

    for at, row in enumerate(counting):
        if isinstance(row, LegRow) and row.receiver == AT_NOWHERE:
            before = [one for one in counting[:at] if isinstance(one, BoundRow)]
            assert set(before) <= set(written[: written.index(row)])


@given(steps)
def test_a_covenant_ends_between_the_legs_between_which_it_ended(
    steps: list[tuple[str, int]],
) -> None:
    _, legs, rows = told(steps)
    written = as_written(legs, rows)

    for end in rows.ended:
        before = written[: written.index(end)]
        assert {row.seq for row in before if isinstance(row, LegRow)} == {
            row.seq for row in legs if row.seq < end.seq
        }


def test_a_thousand_lots_that_are_bound_and_given_on_come_in_few_pieces() -> None:
    many = [(what, lot) for lot in range(1000) for what in ("bind", "give", "give")]
    _, legs, rows = told(many)

    pieces = [(some, more) for some, more in in_order(legs, rows) if some or any(more)]

    assert [len(some) for some, _ in pieces] == [1000, 2000]
