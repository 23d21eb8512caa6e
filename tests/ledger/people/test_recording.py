"""Recording: each entry of the ledger asks for what it really does, whoever writes it."""

from contextlib import suppress
from typing import get_args

import msgspec
import pytest

from bioloom.ledger.people.people import People, people_of
from bioloom.ledger.people.permitting import NotPermitted
from bioloom.ledger.people.recording import acts_of, may_record
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, Amount
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.entries.circuits import PlanAdopted
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import (
    CommitmentId,
    EventHappened,
    ProcessId,
    ProcessOpened,
    PromiseMade,
    SpecificationId,
)
from bioloom.vocabulary.entries.ledger import LotArrived, LotTransferred, MaterialDeclared
from bioloom.vocabulary.entries.people import MembershipEnded
from bioloom.vocabulary.lots import LotId, Side
from bioloom.vocabulary.materials import GroupId, MaterialId
from tests.ledger.people.test_reading import arrived
from tests.ledger.people.town import (
    ANA,
    BEN,
    CEM,
    DAN,
    ELM,
    MILL,
    NORTH,
    OAK,
    SOUTH,
    ZARA,
    draft,
    granted,
    noon,
    town,
)

AMOUNT = Amount(units=5, reported="5", unit="mg")


@pytest.fixture
def known() -> People:
    """The town, in which ben runs the mill and cem is steward of north."""
    return people_of(town(granted(BEN, "operator", MILL), granted(CEM, "steward", NORTH)))


def recorders(
    known: People, body: msgspec.Struct, *agreed: AgentId, replaced: Entry[LotArrived] | None = None
) -> list[AgentId]:
    """Who may record something."""
    found = []
    for actor in (ZARA, ANA, BEN, CEM, DAN):
        with suppress(NotPermitted):
            may_record(actor, body, known, at=noon(9), agreed=agreed, replaced=replaced)
            found.append(actor)
    return found


def event(action: Action, provider: AgentId, receiver: AgentId) -> EventHappened:
    return EventHappened(
        action=action,
        provider=provider,
        receiver=receiver,
        stamp="measured",
        lot=LotId("l"),
        quantity=AMOUNT,
    )


@pytest.mark.parametrize(
    ("owner", "holder", "who"),
    [
        (OAK, OAK, [ANA]),
        (NORTH, NORTH, [ZARA, ANA, CEM]),
        (NORTH, MILL, [ZARA, BEN]),  # Weighed in at the mill's gate.
        (OAK, MILL, []),  # A household's own needs its word as well as the mill's.
        (SOUTH, NORTH, [ZARA, CEM]),
        (ELM, OAK, []),
        (NORTH, OAK, [ANA]),
    ],
)
def test_a_lot_is_recorded_by_who_stands_for_its_owner_and_its_holder(
    known: People, owner: AgentId, holder: AgentId, who: list[AgentId]
) -> None:
    assert recorders(known, arrived(owner, holder)) == who


def test_a_lot_that_its_owner_agreed_to_is_taken_in(known: People) -> None:
    assert recorders(known, arrived(OAK, MILL), MILL) == [ANA]


def test_a_transfer_asks_for_each_side_that_it_moves(known: People) -> None:
    def handed(*sides: Side) -> LotTransferred:
        return LotTransferred(lot=LotId("l"), mass_mg=5, sides=sides, giver=NORTH, receiver=MILL)

    # The steward of the city stands for both, the commons' own for what it owns.
    assert recorders(known, handed("rights", "custody")) == [ZARA]
    assert recorders(known, handed("rights", "custody"), MILL) == [ZARA, CEM]
    assert recorders(known, handed("custody"), NORTH) == [ZARA, BEN]
    assert recorders(known, handed("rights")) == [ZARA, CEM]


@pytest.mark.parametrize("action", ["transfer", "transferAllRights", "move"])
def test_rights_leave_with_the_word_of_who_is_accountable_alone(
    known: People, action: Action
) -> None:
    assert recorders(known, event(action, OAK, MILL), MILL) == [ANA]
    assert BEN not in recorders(known, event(action, NORTH, MILL))


def test_custody_passes_with_the_word_of_both(known: People) -> None:
    body = event("transferCustody", OAK, MILL)

    assert recorders(known, body) == []
    assert recorders(known, body, OAK) == [ZARA, BEN]
    assert recorders(known, body, MILL) == [ANA]


@pytest.mark.parametrize("action", get_args(Action))
def test_what_happens_to_ones_own_is_recorded_by_oneself_and_by_no_stranger(
    known: People, action: Action
) -> None:
    assert recorders(known, event(action, MILL, MILL)) == [ZARA, BEN]
    assert recorders(known, event(action, OAK, OAK)) == [ANA]
    assert DAN not in recorders(known, event(action, SOUTH, NORTH))


def test_a_process_is_opened_by_who_runs_the_site(known: People) -> None:
    opened = ProcessOpened(
        process=ProcessId("p"), specification=SpecificationId("s"), operator=MILL
    )

    assert recorders(known, opened) == [ZARA, BEN]


def test_a_promise_is_made_by_who_is_bound_by_it(known: People) -> None:
    body = PromiseMade(
        commitment=CommitmentId("c"),
        action="transferCustody",
        provider=OAK,
        receiver=MILL,
        amount=AMOUNT,
        base_unit=MILLIGRAM,
    )

    assert recorders(known, body) == [ANA]


@pytest.mark.parametrize(
    "body",
    [
        PlanAdopted(plan="p", supersedes=None),
        MaterialDeclared(material=MaterialId("m"), name="m", group=GroupId("m")),
    ],
)
def test_what_is_the_citys_is_for_its_steward(known: People, body: msgspec.Struct) -> None:
    assert recorders(known, body) == [ZARA]


def test_a_correction_asks_for_what_was_and_for_what_is_to_be() -> None:
    journal = town(granted(CEM, "steward", NORTH))
    own = arrived(OAK, OAK)
    (entry,) = journal.record([draft(own, key=own.lot, author=ANA)], recorded_at=noon(1))
    known = people_of(journal)

    assert recorders(known, own, replaced=entry) == [ANA]
    # A correction passes nothing on to somebody else without their word, nor takes anything.
    assert recorders(known, arrived(ELM, ELM), replaced=entry) == []
    assert recorders(known, arrived(NORTH, NORTH), replaced=entry) == [ANA]
    journal.record([draft(MembershipEnded(member=ANA, group=OAK), day=2)], recorded_at=noon(2))
    assert recorders(people_of(journal), own, replaced=entry) == []


def test_what_an_entry_about_people_asks_is_decided_elsewhere(known: People) -> None:
    with pytest.raises(AssertionError, match="what MembershipEnded binds is asked elsewhere"):
        acts_of(MembershipEnded(member=ANA, group=OAK), ZARA, known, at=noon(9))
