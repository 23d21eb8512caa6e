"""Taking back with all that stands on it: in one act, by who may, or not at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bioloom.doors.capturing.told import Told
from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, found_city, now
from bioloom.doors.giving.undoing import ClaimInTheWay, OthersStandOnIt, standing_on, take_back
from bioloom.doors.recording import record_told
from bioloom.ledger.people.permitting import NotPermitted
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.entries.people import RoleGranted
from tests.doors.test_recording import MILL, MILLING, OPENED, RAGS, STEWARD, event, told

SHOP = AgentId("shop")
FIBRE = {"lot": "fibre", "material": "fibre"}


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """Rags are raised, half of them milled to fibre, and some fibre handed on."""
    with found_city(tmp_path / "town", token="t") as city:
        bodies = (
            AgentDeclared(agent=MILL, name="Mill"),
            AgentDeclared(agent=SHOP, name="Shop"),
            RoleGranted(agent=STEWARD, role="steward", scope=None),
        )
        drafts = [
            Draft(body=body, occurred_at=now(), author=STEWARD, idempotency_key=f"given:{number}")
            for number, body in enumerate(bodies)
        ]
        city.journal.record(drafts, recorded_at=now())
        tell(city, MILLING, RAGS, OPENED)
        tell(city, event("in", "consume", "5 kg", input_of="p"))
        tell(city, event("out", "produce", "5 kg", lot="fibre", made=FIBRE, output_of="p"))
        tell(city, told("ProcessClosed", "end", process="p"))
        tell(city, event("handed", "transfer", "2 kg", lot="fibre", receiver=SHOP))
        tell(city, event("apart", "consume", "1 kg"))
        yield city


def tell(city: City, *items: Told) -> None:
    became = record_told(city, items, author=STEWARD)
    assert {one.outcome for one in became} == {"recorded"}, became


def entry(city: City, key: str) -> Entry[Any]:
    return city.journal.current([key])[key]


def test_what_stands_on_an_entry_is_named_in_order_and_no_more_of_it(city: City) -> None:
    """What was used apart from it stays: there were rags enough."""
    made = entry(city, "out")

    with pytest.raises(OthersStandOnIt, match=r"EventHappened .*ProcessClosed") as refused:
        take_back(city, made.id, "mistake", author=STEWARD, at=now())

    keys = [other.idempotency_key for other in refused.value.others]
    assert keys == ["handed", "end"]
    assert entry(city, "apart").seq == city.journal.head().seq


def test_all_that_stands_on_an_entry_is_taken_back_in_one_act(city: City) -> None:
    made = entry(city, "out")

    taken = take_back(city, made.id, "mistake", author=STEWARD, at=now(), cascade=True)

    assert [one.kind for one in taken] == ["EventHappened", "ProcessClosed", "EventHappened"]
    head = city.journal.head().seq
    assert [one.reversed_by for one in taken] == [head - 2, head - 1, head]
    assert verify(city.journal.store).holds


def test_where_one_of_them_may_not_be_taken_back_nothing_is(city: City) -> None:
    before = city.journal.head()

    with pytest.raises(NotPermitted, match="mill"):
        take_back(city, entry(city, "out").id, "mistake", author=SHOP, at=now(), cascade=True)

    assert city.journal.head() == before


def test_a_claim_is_never_taken_back_for_its_holder(city: City) -> None:
    claim = {"claim": "share", "action": "transfer", "provider": MILL, "receiver": SHOP}
    amount = {"reported": "3", "unit": "kg"}
    tell(city, told("ClaimMade", "c", lot="rags", base_unit="mg", amount=amount, **claim))

    with pytest.raises(ClaimInTheWay, match="'share'"):
        standing_on(city, entry(city, "rags"), author=STEWARD, at=now())


def test_an_entry_is_taken_back_by_the_number_that_pages_show(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, last = str(city.folder), city.journal.head().seq

    assert main(["take-back", folder, "999999", "--reason", "mistake"]) == 2
    assert "999999" in capsys.readouterr().err
    assert main(["take-back", folder, str(last), "--reason", "mistake"]) == 0
    assert city.journal.head().seq == last + 1


def test_who_only_asks_what_stands_on_an_entry_leaves_nothing_on_record(city: City) -> None:
    """Each entry is tried once more for each that is in its way, and not the whole chain."""
    before = city.journal.head()

    found = standing_on(city, entry(city, "out"), author=SHOP, at=now())

    assert [one.idempotency_key for one in found] == ["handed", "end"]
    assert city.journal.head() == before
