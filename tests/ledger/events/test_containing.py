"""Containers: what is put in comes out again, and nothing is inside itself."""

import pytest

from bioloom.ledger.events.containing import ContainedInItself, ContainerUnknown, NotContained
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.amounts import PIECE
from bioloom.vocabulary.lots import LotId
from tests.ledger.events.happenings import event, holdings, journal_with, record, told
from tests.ledger.records import arrival


def with_boxes(*names: str) -> Journal:
    boxes = [
        told(event("raise", name, "1 piece", made="box", base_unit=PIECE), name) for name in names
    ]
    return journal_with(arrival("rags", 10), *boxes)


def test_what_is_in_a_box_is_owned_but_not_at_hand() -> None:
    journal = with_boxes("box")

    record(journal, told(event("combine", "rags", "4 mg", container=LotId("box")), "in"))
    assert holdings(journal, "rags") == {"ana": (10, 6)}

    record(journal, told(event("separate", "rags", "4 mg", container=LotId("box")), "out"))
    assert holdings(journal, "rags") == {"ana": (10, 10)}
    assert verify(journal.store).problems == []


def test_what_is_in_a_box_can_change_its_owner() -> None:
    journal = with_boxes("box")
    record(journal, told(event("combine", "rags", "10 mg", container=LotId("box")), "in"))

    record(journal, told(event("transferAllRights", "rags", "10 mg", to="ben"), "sold"))
    taken = event("separate", "rags", "10 mg", to="ben", container=LotId("box"))
    record(journal, told(taken, "out"))

    assert holdings(journal, "rags") == {"ben": (10, 10)}


def test_more_than_was_put_in_does_not_come_out() -> None:
    journal = with_boxes("box", "other")
    record(journal, told(event("combine", "rags", "4 mg", container=LotId("box")), "in"))

    for container, amount in (("box", "5 mg"), ("other", "1 mg")):
        body = event("separate", "rags", amount, container=LotId(container))
        with pytest.raises(NotContained, match="taken out of"):
            record(journal, told(body, "out"))


def test_a_box_inside_itself_is_refused_however_deep() -> None:
    journal = with_boxes("a", "b", "c")
    record(
        journal,
        told(event("combine", "a", "1 piece", container=LotId("b")), "a in b"),
        told(event("combine", "b", "1 piece", container=LotId("c")), "b in c"),
    )

    for container in ("c", "a"):
        body = event("combine", "c", "1 piece", container=LotId(container))
        with pytest.raises(ContainedInItself, match="'c' cannot go into"):
            record(journal, told(body, "loop"))

    record(journal, told(event("separate", "b", "1 piece", container=LotId("c")), "b out"))
    record(journal, told(event("combine", "c", "1 piece", container=LotId("a")), "now it can"))


def test_a_container_must_exist() -> None:
    journal = journal_with(arrival("rags", 10))

    with pytest.raises(ContainerUnknown, match="'nowhere' is not in the record"):
        record(journal, told(event("combine", "rags", "1 mg", container=LotId("nowhere")), "in"))
