"""Only a quorum lets go of what a covenant binds, of so much, to one receiver, until a day."""

from datetime import date

import msgspec
import pytest

from bioloom.ledger.covenants.signing import message
from bioloom.ledger.record.outcomes import Recorded, Refused
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.covenants import CovenantEnded, CovenantId
from bioloom.vocabulary.entries.people import KeyWithdrawn
from bioloom.vocabulary.lots import LotId
from tests.ledger.covenants.commons import (
    Town,
    covenant,
    draft,
    enacting,
    giving,
    load,
    public_half,
    splitting,
)


@pytest.fixture
def bound(town: Town) -> Town:
    """A beam of 1000 mg is bound."""
    town.do(enacting(), load("beam"))
    town.today = 4
    return town


def test_a_released_portion_leaves_once(bound: Town) -> None:
    release = bound.signed(bound.release("r1", "beam", 100), "ana", "cleo")
    bound.do(draft(release, "r1", on=4))

    over = splitting("beam", "sold", 101, "river", "acme", releases=("r1",))
    assert bound.refusal(over).reason == "releases_wrongly"
    bound.do(splitting("beam", "sold", 60, "river", "acme", releases=("r1",)))
    bound.do(giving("sold", 60, "acme", "hauler"))
    more = splitting("beam", "more", 41, "river", "acme", releases=("r1",))
    assert "40 mg of it is left" in bound.refusal(more).what
    bound.do(splitting("beam", "rest", 40, "river", "acme", releases=("r1",)))
    assert "Nothing of it is left" in bound.refusal(more).what
    again = draft(msgspec.structs.replace(release, reason="Once more."), "r1 again", on=4)
    assert bound.refusal(again).reason == "not_enacted_so"
    assert verify(bound.journal.store).problems == []


@pytest.mark.parametrize(
    ("signers", "said"),
    [
        ((), "0 of 2"),
        (("ana",), "1 of 2"),
        (("ana", "ana"), "1 of 2"),
        (("ana", "acme"), "1 of 2"),
    ],
)
def test_too_few_signatures_release_nothing(
    bound: Town, signers: tuple[str, ...], said: str
) -> None:
    release = bound.signed(bound.release("r1", "beam", 100), *signers)

    refusal = bound.refusal(draft(release, "r1", on=4))

    assert refusal.reason == "not_signed"
    assert said in refusal.what


@pytest.mark.parametrize(
    "change",
    [
        {"units": 900},
        {"lot": LotId("log")},
        {"to": AgentId("hauler")},
        {"until": date(2025, 1, 1)},
        {"covenant": CovenantId("theirs")},
        {"release": "r2"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_signature_counts_for_nothing_else(bound: Town, change: dict[str, object]) -> None:
    bound.do(enacting("theirs"), load("log", on=4))
    release = bound.signed(bound.release("r1", "beam", 100), "ana", "bo")

    other = msgspec.structs.replace(release, **change)

    assert bound.refusal(draft(other, "other", on=4)).reason == "not_signed"


def test_a_signature_counts_in_no_other_city(bound: Town) -> None:
    release = bound.release("r1", "beam", 100)

    assert message(release, city=bound.city) != message(release, city="00" * 32)
    assert message(release, city=bound.city).startswith(b"bioloom-covenant/v1\n")


def test_a_key_that_was_withdrawn_signs_nothing(bound: Town) -> None:
    release = bound.signed(bound.release("r1", "beam", 100), "ana", "bo")
    stolen = KeyWithdrawn(agent=AgentId("ana"), public_key=public_half("ana"), reason="stolen")
    bound.do(draft(stolen, "stolen", on=4, author="ana"))

    assert bound.refusal(draft(release, "r1", on=4)).reason == "not_signed"


def test_a_release_is_for_one_receiver_and_ends(bound: Town) -> None:
    bound.do(draft(bound.signed(bound.release("r1", "beam", 100), "ana", "bo"), "r1", on=4))

    other = splitting("beam", "sold", 10, "river", "hauler", releases=("r1",))
    assert "It is to 'acme'" in bound.refusal(other).what
    none = splitting("beam", "sold", 10, "river", "acme", releases=("r9",))
    assert bound.refusal(none).reason == "releases_wrongly"
    bound.today = 40
    late = splitting("beam", "sold", 10, "river", "acme", releases=("r1",))
    assert "It ended with 2024-04-01" in bound.refusal(late).what


def test_one_covenants_release_does_not_bind_the_other(bound: Town) -> None:
    bound.do(enacting("also"))
    bound.do(draft(bound.signed(bound.release("r1", "beam", 100), "ana", "bo"), "r1", on=4))

    sold = splitting("beam", "sold", 10, "river", "acme", releases=("r1",))

    assert bound.refusal(sold).terms[0].covenant == "also"


def test_a_quorum_ends_a_covenant_and_nobody_else(bound: Town) -> None:
    ending = CovenantEnded(covenant=CovenantId("ours"), reason="It served its time.")

    assert bound.refusal(draft(bound.signed(ending, "bo"), "end", on=4)).reason == "not_signed"
    bound.do(draft(bound.signed(ending, "ana", "bo"), "end", on=4))
    bound.do(giving("beam", 10, "river", "acme"))
    assert verify(bound.journal.store).problems == []


def test_a_covenant_is_replaced_by_its_own_quorum(bound: Town) -> None:
    weaker = covenant("weaker", replaces=CovenantId("ours"), quorum=1, signers=(AgentId("bo"),))

    assert bound.refusal(draft(bound.signed(weaker, "bo"), "weaker", on=4)).reason == "not_signed"
    bound.do(draft(bound.signed(weaker, "ana", "bo"), "weaker", on=4))

    assert bound.refusal(giving("beam", 1, "river", "acme")).terms[0].covenant == "weaker"
    assert verify(bound.journal.store).problems == []


def test_a_covenant_is_not_corrected_in_passing(bound: Town) -> None:
    weaker = draft(covenant(quorum=1), "covenant:ours", on=2)

    assert bound.refusal(weaker, correct=True).reason == "not_enacted_so"


def test_a_covenant_ends_with_its_last_day(town: Town) -> None:
    town.do(enacting(until=date(2024, 3, 10)), load("beam"))
    town.today = 10
    assert town.refusal(giving("beam", 1, "river", "acme", on=10)).reason == "rights_leave"

    town.today = 11
    (early, late) = town.offer(
        giving("beam", 1, "river", "acme", on=9), giving("beam", 1, "river", "acme", on=11)
    )

    assert isinstance(early, Refused)
    assert isinstance(late, Recorded)
    assert verify(town.journal.store).problems == []
