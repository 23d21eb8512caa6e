"""Genealogy: kin are found in the edges of the whole record as by walking from lot to lot."""

from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.events.reversing import reverse
from bioloom.ledger.genealogy.edges import Edges, EdgesFold
from bioloom.ledger.genealogy.walking import Genealogy
from bioloom.ledger.inventory import lots
from bioloom.ledger.numbering import lot_number
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.snapshots.snapshotting import Snapshots
from bioloom.ledger.stores.shelf import MemoryShelf
from bioloom.ledger.tracing import NAMED, kin_of, trace
from bioloom.vocabulary.lots import Direction, LotId
from tests.ledger.events.happenings import event, journal_with, milling, opened, record, told
from tests.ledger.records import arrival

# Each lot that is made, by what it is made of: earlier lots by number, and how.
Made = tuple[bool, list[int]]
makings = st.lists(
    st.tuples(st.booleans(), st.lists(st.integers(0, 30), min_size=1, max_size=3)), max_size=12
)


def built(makings: list[Made]) -> Journal:
    """A record of one lot, and lots made of earlier ones, by a process or by transfers."""
    journal = journal_with(arrival("lot0", 10_000), milling(tolerance_per_mille=None))
    for number, (by_process, sources) in enumerate(makings, start=1):
        earlier = sorted({f"lot{source % number}" for source in sources})
        if by_process:
            process = f"p{number}"
            record(journal, opened(process))
            for one in earlier:
                body = event("consume", one, "1 mg", input_of=process)
                record(journal, told(body, f"{process} {one}"))
            body = event("produce", f"lot{number}", "100 mg", output_of=process, made="organics")
            record(journal, told(body, process + " out"))
        else:
            for ordinal, one in enumerate(earlier):
                made = "organics" if ordinal == 0 else None
                body = event("transfer", one, "1 mg", to="ben", to_lot=f"lot{number}", made=made)
                record(journal, told(body, f"t{number} {one}"))
            record(journal, told(event("raise", f"lot{number}", "100 mg"), f"more {number}"))
    return journal


def edges_of(journal: Journal) -> Edges:
    return EdgesFold().go_on(Edges(), journal, after=0, until=journal.head().seq)


def kin_found(journal: Journal, direction: Direction) -> dict[str, set[tuple[int, int]]]:
    """Kin of every lot by number and depth, as the genealogy has them."""
    genealogy = Genealogy(edges_of(journal))
    found = {}
    for row in lots(journal):
        kin = genealogy.kin(lot_number(row.made_by), direction)
        found[str(row.lot)] = set(zip(kin.lots.tolist(), kin.depth.tolist(), strict=True))
    return found


def kin_walked(journal: Journal, direction: Direction) -> dict[str, set[tuple[int, int]]]:
    """The same, walked from lot to lot."""
    numbers = {row.lot: lot_number(row.made_by) for row in lots(journal)}
    return {
        str(lot): {(numbers[kin.lot], kin.depth) for kin in kin_of(journal, lot, direction)}
        for lot in numbers
    }


@given(makings=makings)
def test_kin_are_the_same_as_by_walking_from_lot_to_lot(makings: list[Made]) -> None:
    journal = built(makings)

    assert kin_found(journal, "back") == kin_walked(journal, "back")
    assert kin_found(journal, "forward") == kin_walked(journal, "forward")


@given(makings=makings, cut=st.integers(0, 60))
def test_edges_read_in_two_parts_are_those_read_in_one(makings: list[Made], cut: int) -> None:
    journal = built(makings)
    end = journal.head().seq
    middle = min(cut, end)

    half = EdgesFold().go_on(Edges(), journal, after=0, until=middle)
    whole = EdgesFold().go_on(half, journal, after=middle, until=end)

    assert whole == edges_of(journal)


def test_what_was_taken_back_leaves_no_edge() -> None:
    journal = built([(False, [0])])
    (moved,) = journal.current(["t1 lot0"]).values()
    record(journal, told(event("lower", "lot1", "100 mg", by="ana"), "less"))
    before = edges_of(journal)

    record(journal, told(reverse(moved, reason="mistake"), "undo"))

    assert len(before.arrays()[0]) == 2
    assert len(edges_of(journal).arrays()[0]) == 0


def test_the_index_stands_while_nothing_is_made_of_anything() -> None:
    journal = built([(True, [0])])
    snapshots = Snapshots(journal, MemoryShelf())
    first = snapshots.index(EdgesFold(), Genealogy)

    record(journal, arrival("another", 5))
    same = snapshots.index(EdgesFold(), Genealogy)
    record(journal, told(event("transfer", "another", "1 mg", to_lot="lot0"), "into"))
    other = snapshots.index(EdgesFold(), Genealogy)

    assert first is same
    assert other is not same


def test_of_very_many_kin_the_nearest_are_named_and_all_are_counted() -> None:
    many = NAMED + 20
    arrivals = [arrival(f"rag{number}", 10) for number in range(many)]
    journal = journal_with(*arrivals, milling(tolerance_per_mille=None), opened("tear"))
    for number in range(many):
        body = event("consume", f"rag{number}", "10 mg", input_of="tear")
        record(journal, told(body, f"in {number}"))
    record(journal, told(event("produce", "fibre", "9 mg", output_of="tear", made="fibre"), "out"))

    counted = trace(journal, LotId("fibre"), genealogy=lambda: Genealogy(edges_of(journal)))
    uncounted = trace(journal, LotId("fibre"))

    assert (len(counted.kin), counted.kin_in_all) == (NAMED, many)
    assert (uncounted.kin, uncounted.kin_in_all) == (counted.kin, None)
