"""A lot's line: back to what it was made of, forward to what became of it."""

from datetime import date

from bioloom.ledger.events.reversing import reverse
from bioloom.ledger.inventory import LotFilter, lot, lots
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.tracing import trace
from bioloom.vocabulary.amounts import PIECE
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from tests.ledger.events.happenings import (
    event,
    journal_with,
    milling,
    opened,
    record,
    told,
)
from tests.ledger.records import arrival


def rags_to_paper() -> Journal:
    """Two lots of rags become fibre, which becomes paper; some of the paper goes to ben's stock."""
    return journal_with(
        arrival("wool", 10),
        arrival("linen", 10),
        arrival("silk", 10),
        milling(tolerance_per_mille=None),
        opened("tear"),
        opened("lay"),
        told(event("consume", "wool", "10 mg", input_of="tear"), "1"),
        told(event("consume", "linen", "5 mg", input_of="tear"), "2"),
        told(event("produce", "fibre", "15 mg", output_of="tear", made="fibre"), "3"),
        told(event("consume", "fibre", "15 mg", input_of="lay"), "4"),
        told(event("produce", "paper", "12 mg", output_of="lay", made="paper"), "5"),
        told(event("transfer", "paper", "4 mg", to="ben", to_lot="stock", made="paper"), "6"),
    )


def kin(journal: Journal, name: str, *, forward: bool = False) -> list[tuple[str, str, int]]:
    line = trace(journal, LotId(name), "forward" if forward else "back")
    return [(one.lot, one.of, one.depth) for one in line.kin]


def test_a_lot_is_traced_back_through_every_process_to_what_was_discarded() -> None:
    journal = rags_to_paper()

    assert kin(journal, "stock") == [
        ("paper", "stock", 1),
        ("fibre", "paper", 2),
        ("wool", "fibre", 3),
        ("linen", "fibre", 3),
    ]
    assert kin(journal, "silk") == []


def test_a_lot_is_traced_forward_to_everything_that_was_made_of_it() -> None:
    journal = rags_to_paper()

    assert kin(journal, "linen", forward=True) == [
        ("fibre", "linen", 1),
        ("paper", "fibre", 2),
        ("stock", "paper", 3),
    ]


def test_what_was_taken_back_is_no_kin() -> None:
    journal = rags_to_paper()
    moved = journal.current(["6"])["6"]

    record(journal, told(reverse(moved, reason="mistake"), "undo"))

    assert kin(journal, "stock") == []
    assert [step.kind for step in trace(journal, LotId("stock"), "forward").steps] == [
        "EventReversed"
    ]


def test_lots_that_events_made_are_listed_and_counted_in_their_own_unit() -> None:
    journal = rags_to_paper()
    record(journal, told(event("raise", "chairs", "4 piece", made="chair", base_unit=PIECE), "7"))

    listed = {row.lot: row for row in lots(journal)}

    assert list(listed) == ["wool", "linen", "silk", "fibre", "paper", "stock", "chairs"]
    chairs = listed[LotId("chairs")]
    assert (chairs.units, chairs.base_unit, chairs.mass_mg) == (4, "piece", None)
    assert (chairs.first_day, chairs.last_day) == (date(2024, 1, 3), date(2024, 1, 3))
    assert listed[LotId("paper")].owners == {"ana": 8}
    assert lot(journal, LotId("stock")) == listed[LotId("stock")]
    only_paper = LotFilter(material=MaterialId("paper"))
    assert [row.lot for row in lots(journal, only_paper)] == ["paper", "stock"]


def test_an_event_is_told_in_words() -> None:
    says = [step.says for step in trace(rags_to_paper(), LotId("fibre"), "back").steps]

    assert says == ["produce 15 mg: ana, out of process tear"]
