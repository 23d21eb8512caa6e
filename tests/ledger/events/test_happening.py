"""Economic events: each action does what the Valueflows table says, and nothing else."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.events.happening import (
    EventSenseless,
    LotThere,
    MaterialChanged,
    UnitMismatch,
)
from bioloom.ledger.events.moving import event_legs
from bioloom.ledger.events.processes import GivenBackTooMuch
from bioloom.ledger.holdings import Overdraft
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import BOUNDARY
from bioloom.vocabulary.amounts import PIECE
from bioloom.vocabulary.entries.actions import ACTIONS, Action
from tests.ledger.events.happenings import (
    event,
    holdings,
    journal_with,
    milling,
    opened,
    record,
    told,
)
from tests.ledger.records import arrival, gift


def test_the_actions_are_those_of_the_valueflows_vocabulary(data: Path) -> None:
    text = (data / "ledger" / "valueflows" / "all_vf.TTL").read_text()
    theirs = {}
    individuals = re.finditer(
        r"vf:(\w+)\s+a\s+owl:NamedIndividual ,\s+vf:Action ;(.*?) \.\n", text, re.DOTALL
    )
    for found in individuals:
        row = dict(re.findall(r"vf:(\w+)\s+vf:(\w+)", found[2]))
        theirs[found[1]] = {
            name: "" if value == "notApplicable" else value for name, value in row.items()
        }

    ours = {
        action: {
            "inputOutput": effects.input_output,
            "pairsWith": effects.pairs_with,
            "createResource": effects.create_resource,
            "eventQuantity": effects.event_quantity,
            "accountingEffect": effects.accounting,
            "onhandEffect": effects.onhand,
            "locationEffect": effects.location,
            "containedEffect": effects.contained,
            "accountableEffect": effects.accountable,
            "stageEffect": effects.stage,
            "stateEffect": effects.state,
        }
        for action, effects in ACTIONS.items()
    }
    assert ours == theirs


SIGNS = {"": 0, "increment": 1, "decrement": -1, "incrementTo": 1, "decrementIncrement": 0}


@given(action=st.sampled_from(sorted(ACTIONS)), units=st.integers(1, 9), apart=st.booleans())
def test_an_action_changes_what_agents_have_by_its_effects(
    action: Action, units: int, apart: bool
) -> None:
    body = event(action, "rags", f"{units} mg", to="ben", to_lot="fibre" if apart else None)
    effects = ACTIONS[action]

    change = [0, 0]
    for leg in event_legs(body):
        sign = (leg.receiver not in BOUNDARY) - (leg.giver not in BOUNDARY)
        change[0] += sign * leg.rights_units
        change[1] += sign * leg.custody_units

    assert change == [SIGNS[effects.accounting] * units, SIGNS[effects.onhand] * units]


def test_a_part_of_a_lot_changes_hands_and_then_owners() -> None:
    journal = journal_with(arrival("rags", 230))
    record(journal, told(event("transferCustody", "rags", "30 mg", to="cem"), "c1"))
    assert holdings(journal, "rags") == {"ana": (230, 200), "cem": (0, 30)}

    record(
        journal,
        told(event("transferCustody", "rags", "30 mg", by="cem", to="ben"), "c2"),
        told(event("transferAllRights", "rags", "30 mg", to="ben"), "r"),
    )

    assert holdings(journal, "rags") == {"ana": (200, 200), "ben": (30, 30)}
    assert verify(journal.store).problems == []


def test_a_transfer_into_another_lot_takes_from_one_and_adds_to_the_other() -> None:
    journal = journal_with(
        told(event("raise", "purse", "540 piece", made="coin", base_unit=PIECE), "a"),
        told(event("raise", "box", "480 piece", by="ben", made="coin", base_unit=PIECE), "b"),
    )

    record(journal, told(event("transfer", "purse", "100 piece", to="ben", to_lot="box"), "t"))

    assert holdings(journal, "purse") == {"ana": (440, 440)}
    assert holdings(journal, "box") == {"ben": (580, 580)}
    assert verify(journal.store).problems == []


def test_a_transfer_may_make_the_lot_it_goes_to() -> None:
    journal = journal_with(arrival("rags", 10))

    record(
        journal,
        told(event("transfer", "rags", "4 mg", to="ben", to_lot="bens", made="organics"), "t"),
    )

    assert holdings(journal, "bens") == {"ben": (4, 4)}


def test_a_transfer_does_not_change_what_a_lot_is_made_of() -> None:
    journal = journal_with(arrival("rags", 10))
    body = event("transfer", "rags", "4 mg", to="ben", to_lot="gold", made="gold")

    with pytest.raises(MaterialChanged, match="not of the same material"):
        record(journal, told(body, "t"))


@pytest.mark.parametrize(
    ("action", "more", "found"),
    [
        ("transferCustody", {"to_lot": "other"}, "pass within one lot"),
        ("consume", {"to_lot": "other"}, "one lot only"),
        ("consume", {"output_of": "p"}, "no output"),
        ("produce", {"input_of": "p"}, "no input"),
        ("raise", {"effort": "1 h"}, "no effort"),
        ("consume", {"made": "organics"}, "cannot make a lot"),
        ("transfer", {"container": "box"}, "nothing to do with one"),
        ("use", {"amount": "", "effort": "3 mg"}, "unit of time"),
        ("transfer", {"amount": ""}, "neither quantity nor effort"),
    ],
)
def test_an_event_whose_parts_contradict_its_action_is_refused(
    action: Action, more: dict[str, Any], found: str
) -> None:
    journal = journal_with(arrival("rags", 10))
    amount = more.pop("amount", "1 mg")

    with pytest.raises(EventSenseless, match=found):
        record(journal, told(event(action, "rags", amount, to="ben", **more), "e"))


def test_kilograms_of_a_lot_counted_in_pieces_are_refused() -> None:
    journal = journal_with(
        told(event("raise", "chairs", "4 piece", made="chair", base_unit=PIECE), "a")
    )

    with pytest.raises(UnitMismatch, match="counted in piece, not in 'kg'"):
        record(journal, told(event("transfer", "chairs", "4 kg", to="ben"), "t"))


def test_a_lot_is_made_once() -> None:
    journal = journal_with(arrival("rags", 10))

    with pytest.raises(LotThere, match="'rags' is in the record already"):
        record(journal, told(event("raise", "rags", "1 mg", made="organics"), "again"))


def test_an_arrival_cannot_take_the_name_of_a_lot_that_an_event_made() -> None:
    journal = journal_with(told(event("raise", "rags", "1 mg", made="organics"), "a"))

    with pytest.raises(LotThere, match="'rags' is in the record already"):
        record(journal, arrival("rags", 10))


def test_more_cannot_be_consumed_than_there_is() -> None:
    journal = journal_with(arrival("rags", 10))

    with pytest.raises(Overdraft, match="1 mg less than nothing of lot 'rags'"):
        record(journal, told(event("consume", "rags", "11 mg"), "c"))


def test_an_event_dated_before_its_lot_came_is_refused() -> None:
    journal = journal_with(arrival("rags", 10, day=5))

    with pytest.raises(Overdraft, match="2024-01-03"):
        record(journal, told(event("consume", "rags", "1 mg"), "c", day=3))


def test_backdating_is_held_against_what_happened_later() -> None:
    journal = journal_with(arrival("rags", 10), gift("later", "rags", 8, "ana", "ben", day=5))

    with pytest.raises(Overdraft, match="5 mg less than nothing of lot 'rags' at 2024-01-05"):
        record(journal, told(event("consume", "rags", "7 mg"), "c", day=3))


def test_nothing_comes_out_of_a_workshop_that_did_not_go_in() -> None:
    journal = journal_with(arrival("rags", 10))
    record(journal, milling(), opened())
    record(journal, told(event("accept", "rags", "3 mg", input_of="p"), "in"))

    with pytest.raises(GivenBackTooMuch, match="but 3 are inside"):
        record(journal, told(event("modify", "rags", "4 mg", output_of="p"), "out"))


def test_an_event_without_a_lot_moves_nothing() -> None:
    journal = journal_with(told(event("work", None, effort="7 h", to="mill"), "w"))

    assert verify(journal.store).legs == 0


def test_the_same_event_twice_is_one() -> None:
    drafts = (arrival("rags", 10), told(event("consume", "rags", "4 mg"), "c"))
    journal = journal_with(*drafts, *drafts)

    assert journal.head().seq == 2
    assert holdings(journal, "rags") == {"ana": (6, 6)}


@pytest.mark.parametrize(
    ("action", "amount", "more", "found"),
    [
        ("copy", "1 mg", {"to_lot": "twin", "made": "rag"}, "what is weighed cannot be copied"),
        ("transfer", "1 mg", {"by": "inside", "to": "ana"}, "nobody is inside"),
        ("raise", "1 mg", {"to": "unaccounted"}, "it comes from where it goes"),
        ("accept", "1 mg", {}, "it does not say what it goes into"),
        ("separate", "1 mg", {}, "it does not say what it goes into"),
        ("consume", "1 mg", {"uncertainty_units": 2**53}, "is out of range"),
    ],
)
def test_nothing_comes_from_nowhere_by_an_odd_event(
    action: Action, amount: str, more: dict[str, Any], found: str
) -> None:
    journal = journal_with(arrival("rags", 10))

    with pytest.raises(EventSenseless, match=found):
        record(journal, told(event(action, "rags", amount, **more), "odd"))
