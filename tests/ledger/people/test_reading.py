"""Reading: what is a household's own is shown to it, and to who had a hand in it."""

from datetime import date
from typing import Any, get_args

import msgspec
import pytest

from bioloom.ledger.people.naming import agents_named
from bioloom.ledger.people.people import people_of
from bioloom.ledger.people.reading import may_read_entry, may_read_lot, may_see
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.agents import OUTSIDE, AgentId
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, EventReversed
from bioloom.vocabulary.entries.ledger import LotArrived, LotTransferred
from bioloom.vocabulary.entries.people import MembershipBegan, MembershipEnded
from bioloom.vocabulary.entries.registry import KINDS
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId
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
    record,
    town,
)

NOW = noon(9)
EVERYBODY = (None, ZARA, ANA, BEN, CEM, DAN, NORTH, SOUTH, MILL, OAK, ELM)


def arrived(owner: AgentId, holder: AgentId) -> LotArrived:
    return LotArrived(
        lot=LotId(f"lot:{owner}:{holder}"),
        material=MaterialId("organics"),
        place=DistrictId("north"),
        owner=owner,
        holder=holder,
        mass_mg=5,
        reported="5",
        unit="mg",
        stamp="measured",
        first_day=date(2024, 1, 1),
        last_day=date(2024, 1, 1),
    )


@pytest.fixture
def journal() -> Journal:
    """The town, in which ben runs the mill, cem is steward of north and dan a member of it."""
    return town(
        granted(BEN, "operator", MILL),
        granted(CEM, "steward", NORTH),
        draft(MembershipBegan(member=DAN, group=NORTH)),
    )


def readers_of(journal: Journal, entry: Entry[Any], **more: Entry[Any]) -> set[AgentId | None]:
    known = people_of(journal)
    return {viewer for viewer in EVERYBODY if may_read_entry(viewer, entry, known, at=NOW, **more)}


def entry_of(journal: Journal, body: msgspec.Struct, author: AgentId = ZARA) -> Entry[Any]:
    key = body.lot if isinstance(body, LotArrived) else repr(body)
    made = draft(body, key=key, author=author)
    (entry,) = journal.record([made], recorded_at=noon(1))
    return entry


def test_lots_of_commons_and_organisations_are_public(journal: Journal) -> None:
    known = people_of(journal)

    assert all(may_read_lot(who, [NORTH, MILL, OUTSIDE], known, at=NOW) for who in EVERYBODY)


def test_a_households_lot_is_its_members_and_its_own_alone(journal: Journal) -> None:
    known = people_of(journal)

    assert [who for who in EVERYBODY if may_read_lot(who, [OAK], known, at=NOW)] == [ANA, OAK]


def test_who_holds_a_households_lot_sees_it_as_long_as_they_do(journal: Journal) -> None:
    known = people_of(journal)

    assert {who for who in EVERYBODY if may_read_lot(who, [OAK, MILL], known, at=NOW)} == {
        ANA,
        OAK,
        BEN,
        MILL,
    }


def test_an_entry_that_names_no_person_is_public(journal: Journal) -> None:
    assert readers_of(journal, entry_of(journal, arrived(NORTH, MILL))) == set(EVERYBODY)


def test_an_entry_about_a_household_is_read_by_it_and_by_the_other_side(journal: Journal) -> None:
    record(journal, [draft(arrived(OAK, OAK), key="lot:oak:oak")])
    handed = LotTransferred(
        lot=LotId("lot:oak:oak"), mass_mg=5, sides=("custody",), giver=OAK, receiver=MILL
    )

    assert readers_of(journal, entry_of(journal, handed)) == {ANA, OAK, BEN, MILL}


def test_a_person_who_records_for_a_commons_is_not_shown_to_everybody(journal: Journal) -> None:
    by_dan = entry_of(journal, arrived(NORTH, NORTH), author=DAN)
    by_cem = entry_of(journal, arrived(NORTH, MILL), author=CEM)

    assert readers_of(journal, by_dan) == {DAN, CEM, NORTH}
    assert readers_of(journal, by_cem) == set(EVERYBODY)  # A steward acts in public.


def test_an_office_is_public_and_a_membership_is_not(journal: Journal) -> None:
    entries = {type(entry.body).__name__: entry for entry in journal.read()}

    assert readers_of(journal, entries["RoleGranted"]) == set(EVERYBODY)
    assert readers_of(journal, entries["MembershipBegan"]) == {DAN, CEM, NORTH}


def test_who_left_a_household_reads_its_records_no_more(journal: Journal) -> None:
    entry = entry_of(journal, arrived(OAK, OAK))
    record(journal, [draft(MembershipEnded(member=ANA, group=OAK), day=2)], day=2)

    assert readers_of(journal, entry) == {OAK}


def test_a_reversal_is_read_by_who_reads_what_it_takes_back(journal: Journal) -> None:
    private = entry_of(journal, _used(OAK))
    public = entry_of(journal, _used(NORTH))

    for reversed_one, readers in [(private, {ANA, OAK}), (public, set(EVERYBODY))]:
        body = EventReversed(entry=reversed_one.id, reason="mistake", moves=())
        reversal = msgspec.structs.replace(public, id=f"of:{reversed_one.id}", body=body)
        assert readers_of(journal, reversal) == set()
        assert readers_of(journal, reversal, reverses=reversed_one) == readers
        other = public if reversed_one is private else private
        assert readers_of(journal, reversal, reverses=other) == set()


def _used(agent: AgentId) -> EventHappened:
    return EventHappened(
        action="use",
        provider=agent,
        receiver=agent,
        stamp="reported",
        effort=Amount(units=1, reported="1", unit="s"),
    )


def test_a_person_is_seen_by_stewards_of_where_they_belong(journal: Journal) -> None:
    known = people_of(journal)

    assert {who for who in EVERYBODY if may_see(who, DAN, known, at=NOW)} == {
        *(DAN, CEM, ZARA, NORTH),
    }
    assert {who for who in EVERYBODY if may_see(who, ANA, known, at=NOW)} == {
        *(ANA, OAK, CEM, ZARA, NORTH),
    }
    assert all(may_see(who, MILL, known, at=NOW) for who in EVERYBODY)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_agent_that_any_kind_of_entry_can_name_is_found(kind: str) -> None:
    made, expected = _filled(KINDS[kind], kind)
    assert isinstance(made, msgspec.Struct)

    assert agents_named(made) == expected


def _filled(hint: Any, name: str) -> tuple[Any, set[AgentId]]:  # noqa: ANN401  Any field's value.
    """A value of a type in which each agent has another name, and these names."""
    if hint is AgentId:
        return AgentId(name), {AgentId(name)}
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        fields = {
            field.name: _filled(field.type, f"{name}.{field.name}")
            for field in msgspec.structs.fields(hint)
        }
        values = {field: value for field, (value, _) in fields.items()}
        # Constructed, not decoded: nothing checks the other fields, which are all None.
        return hint(**values), {agent for _, found in fields.values() for agent in found}
    for part in get_args(hint):
        value, found = _filled(part, name)
        if found:
            is_tuple = getattr(hint, "__origin__", None) is tuple
            return ((value,) if is_tuple else value), found
    return None, set()
