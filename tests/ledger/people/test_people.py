"""People: who belonged where, by when it was so and by when the record knew."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.people.people import Key, Office, People, Turn, holds, people_of
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.entries.people import (
    KeyDeclared,
    KeyWithdrawn,
    MembershipBegan,
    MembershipEnded,
)
from tests.ledger.people.town import (
    ANA,
    BEN,
    CEM,
    MILL,
    NORTH,
    OAK,
    SOUTH,
    ZARA,
    draft,
    granted,
    noon,
    people,
    record,
    town,
)

days = st.integers(min_value=1, max_value=20)
# When it occurred, when it was recorded, and whether it began.
turns = st.lists(st.tuples(days, days, st.booleans()), max_size=8).map(
    lambda told: [
        Turn(noon(occurred), seq, begins, f"turn:{seq}", noon(recorded))
        for seq, (occurred, recorded, begins) in enumerate(sorted(told, key=lambda one: one[1]))
    ]
)


@given(turns, days, days)
def test_what_was_known_at_a_time_is_what_had_been_recorded_by_then(
    told: list[Turn], on: int, known: int
) -> None:
    by_then = [turn for turn in told if turn.recorded_at <= noon(known)]

    assert holds(told, on=noon(on), known_at=noon(known)) == holds(by_then, on=noon(on))


@given(turns, days)
def test_the_order_in_which_turns_are_told_changes_nothing(told: list[Turn], on: int) -> None:
    assert holds(told, on=noon(on)) == holds(list(reversed(told)), on=noon(on))


@given(turns, days)
def test_between_two_turns_nothing_changes(told: list[Turn], on: int) -> None:
    turning = {turn.occurred_at for turn in told}

    if noon(on + 1) not in turning:
        assert holds(told, on=noon(on + 1)) == holds(told, on=noon(on))


def test_a_member_from_the_3rd_that_was_recorded_on_the_5th() -> None:
    journal = town()
    record(journal, [draft(MembershipBegan(member=BEN, group=NORTH), day=3)], day=5)
    known = people_of(journal)

    assert not known.belongs(BEN, NORTH, on=noon(2))
    assert known.belongs(BEN, NORTH, on=noon(4))
    assert not known.belongs(BEN, NORTH, on=noon(4), known_at=noon(4))
    assert known.belongs(BEN, NORTH, on=noon(4), known_at=noon(5))
    assert known.members_of(NORTH, on=noon(4)) == {BEN, OAK}
    assert known.members_of(NORTH, on=noon(4), known_at=noon(4)) == {OAK}


def test_a_corrected_day_counts_from_its_correction_on() -> None:
    journal = town()
    joined = draft(MembershipBegan(member=BEN, group=NORTH), day=3, key="joined")
    record(journal, [joined], day=5)
    later = msgspec.structs.replace(joined, occurred_at=noon(6))
    journal.append([later], recorded_at=noon(8), correct=True)
    known = people_of(journal)

    assert not known.belongs(BEN, NORTH, on=noon(4))
    assert known.belongs(BEN, NORTH, on=noon(4), known_at=noon(7))
    assert known.belongs(BEN, NORTH, on=noon(6))


def test_a_membership_that_was_recorded_of_the_wrong_person_is_nobodys_after_its_correction() -> (
    None
):
    journal = town()
    wrong = draft(MembershipBegan(member=BEN, group=NORTH), key="joined")
    record(journal, [wrong])
    right = msgspec.structs.replace(wrong, body=MembershipBegan(member=CEM, group=NORTH))
    journal.append([right], recorded_at=noon(4), correct=True)
    known = people_of(journal)

    assert known.members_of(NORTH, on=noon(9)) == {CEM, OAK}
    assert known.members_of(NORTH, on=noon(9), known_at=noon(3)) == {BEN, OAK}


def test_one_belongs_by_way_of_others_and_a_circle_is_walked_once() -> None:
    known = people(
        draft(MembershipBegan(member=NORTH, group=SOUTH)),
        draft(MembershipBegan(member=SOUTH, group=NORTH)),
    )

    assert known.groups_of(ANA, on=noon(9)) == {OAK, NORTH, SOUTH}
    assert known.groups_of(NORTH, on=noon(9)) == {SOUTH}


def test_who_founds_the_city_is_its_steward() -> None:
    assert people().holders_of(Office("steward", None), on=noon(9)) == {ZARA}


def test_leaving_a_group_ends_the_roles_in_it_and_no_others() -> None:
    known = people(
        draft(MembershipBegan(member=BEN, group=NORTH)),
        granted(BEN, "steward", NORTH, day=2),
        granted(BEN, "operator", MILL, day=2),
        draft(MembershipEnded(member=BEN, group=NORTH), day=3),
    )

    assert known.offices_of(BEN, on=noon(2)) == {
        Office("steward", NORTH),
        Office("operator", MILL),
    }
    assert known.offices_of(BEN, on=noon(3)) == {Office("operator", MILL)}


def test_a_key_counts_from_its_declaration_to_its_withdrawal() -> None:
    known = people(
        draft(KeyDeclared(agent=BEN, public_key="aa", purpose="signing"), day=2),
        draft(KeyWithdrawn(agent=BEN, public_key="aa", reason="lost"), day=4),
    )

    assert [bool(known.keys_of(BEN, "signing", on=noon(day))) for day in (1, 2, 3, 4)] == [
        *(False, True, True, False),
    ]
    assert not known.keys_of(BEN, "heads", on=noon(3))
    assert Key("signing", "aa").public_key == "aa"


def test_who_is_private_once_is_never_made_public() -> None:
    known = people(draft(AgentDeclared(agent=OAK, name="Oak", sort="organisation"), key="again"))

    assert known.is_private(OAK)
    assert known.is_private(AgentId("whom nobody declared"))


def test_a_fold_that_goes_on_is_the_fold_from_the_beginning_and_leaves_the_earlier_alone() -> None:
    journal = town()
    before = people_of(journal)
    members = before.members_of(NORTH, on=noon(9))
    record(journal, [draft(MembershipBegan(member=BEN, group=NORTH))])

    after = people_of(journal, before)

    assert after == people_of(journal)
    assert after.members_of(NORTH, on=noon(9)) == {BEN, OAK}
    assert before.members_of(NORTH, on=noon(9)) == members
    assert people_of(journal, after) is after
    assert verify(journal.store).holds


def test_nobody_is_in_an_empty_record() -> None:
    assert People().agents == {}
