"""Running totals equal a recount by brute force, wherever the fold was interrupted."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.ledger.inventory import months, offered_mg
from bioloom.ledger.legs import legs_of
from bioloom.ledger.people.people import people_of
from bioloom.ledger.record.deriving import Deriving
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.snapshots.totalling import TotalsFold, kinds_of
from bioloom.ledger.snapshots.totals import Had, OfAgent, Totals
from bioloom.ledger.stores.memory import MemoryStore
from bioloom.vocabulary.agents import BOUNDARY, AgentId, AgentSort
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId
from tests.ledger.events.happenings import event, milling, opened, told
from tests.ledger.records import AGENTS, LATER, LOTS, arrival, days, gift, gifts, histories

ZONE = ZoneInfo("America/New_York")
FOLD = TotalsFold(ZONE)
JANUARY = Period(first=date(2024, 1, 1), last=date(2024, 1, 31))


def agent(name: str, sort: AgentSort = "organisation") -> Draft[Any]:
    body = AgentDeclared(agent=AgentId(name), name=name, sort=sort)
    return Draft(
        body=body, occurred_at=LATER, author=AgentId("ana"), idempotency_key=f"agent:{name}"
    )


def total(journal: Journal, *, cuts: tuple[int, ...] = ()) -> Totals:
    """Fold a record in pieces, looking at each piece's end as if nothing came after."""
    seq, state, whole = 0, FOLD.begin(), journal.head().seq
    for until in sorted({*(cut for cut in cuts if cut < whole), whole}):
        state = FOLD.go_on(state, up_to(journal, until), after=seq, until=until)
        seq = until
    return state


def up_to(journal: Journal, until: int) -> Journal:
    """The record as it was when an entry was the newest."""
    store = MemoryStore()
    with store.writing():
        store.write(Deriving(store).derive(list(journal.store.rows(before=until + 1))))
    return Journal(store)


def recounted(journal: Journal) -> dict[OfAgent, Had]:
    """What agents got and gave, from the newest entry of every key."""
    newest: dict[str, Entry[Any]] = {}
    for entry in journal.read():
        newest[entry.idempotency_key] = entry
    found: dict[OfAgent, Had] = {}
    for entry in newest.values():
        for leg in legs_of(entry.body):
            (kind,) = kinds_of(journal, [leg.lot]).values()
            for agent, had in (
                (leg.giver, Had(0, leg.rights_units, 0, leg.custody_units)),
                (leg.receiver, Had(leg.rights_units, 0, leg.custody_units, 0)),
            ):
                of = OfAgent(agent, kind.material, kind.base_unit)
                found[of] = Had(*map(sum, zip(found.get(of, Had()), had, strict=True)))
    return {of: had for of, had in found.items() if any(had)}


def redescribed(draft: Draft[Any], material: str, place: str) -> Draft[Any]:
    body = msgspec.structs.replace(
        draft.body, material=MaterialId(material), place=DistrictId(place)
    )
    return msgspec.structs.replace(draft, body=body)


loads = st.builds(
    redescribed,
    st.builds(
        arrival,
        st.sampled_from(LOTS),
        st.integers(0, 6),
        day=days,
        owner=st.sampled_from(AGENTS),
        holder=st.sampled_from(AGENTS),
    ),
    st.sampled_from(("organics", "paper")),
    st.sampled_from(("north", "south")),
)
moving = st.lists(st.one_of(loads, gifts()), max_size=20)


@given(history=moving, cuts=st.lists(st.integers(1, 12), max_size=3))
@settings(max_examples=150)
def test_totals_equal_a_recount_wherever_they_were_interrupted(
    history: list[Draft[Any]], cuts: list[int]
) -> None:
    journal = Journal(MemoryStore())
    journal.append(history, recorded_at=LATER, correct=True)

    totals = total(journal)

    assert total(journal, cuts=tuple(cuts)) == totals
    assert totals.agents == recounted(journal)
    assert_like_the_store(journal, totals)


@given(
    loads=st.lists(
        st.tuples(st.sampled_from(("organics", "paper")), st.sampled_from(("north", "south"))),
        min_size=2,
        max_size=4,
    ),
    cut=st.integers(1, 8),
)
def test_what_was_given_on_moves_with_a_lot_that_is_said_to_be_something_else(
    loads: list[tuple[str, str]], cut: int
) -> None:
    journal = Journal(MemoryStore())
    for number, (material, place) in enumerate(loads):
        load = redescribed(arrival("peel", 5 + number), material, place)
        given = gift(f"g{number}", "peel", 1, "ana", "ben")
        journal.append([load, given], recorded_at=LATER, correct=True)

    totals = total(journal, cuts=(cut,))

    assert totals == total(journal)
    assert totals.agents == recounted(journal)
    assert {of.material for of in totals.agents} == {loads[-1][0]}
    assert_like_the_store(journal, totals)


def assert_like_the_store(journal: Journal, totals: Totals) -> None:
    """What is left now is what the store's balances and its legs say."""
    kinds = kinds_of(journal, [LotId(lot) for lot in LOTS])
    names = {number: agent for agent, number in journal.store.agents().items()}
    numbers = {row.first * 1024: kinds[LotId(key)] for key, row in journal.store.keys(LOTS).items()}
    now: dict[OfAgent, tuple[int, int]] = {}
    for held in journal.store.holdings(list(numbers)):
        kind = numbers[held.lot]
        of = OfAgent(names[held.account], kind.material, kind.base_unit)
        rights, custody = now.get(of, (0, 0))
        now[of] = (rights + held.rights_units, custody + held.custody_units)
    assert now == {
        of: (had.rights_units, had.custody_units)
        for of, had in totals.agents.items()
        if of.agent not in BOUNDARY and (had.rights_units or had.custody_units)
    }
    left = sum(passed.left_units for passed in totals.places.values())
    assert left == sum(rights for rights, _ in now.values())
    assert totals.months_mg() == months(journal, ZONE)
    # Cem is a person: what he alone gave is in no offer.
    journal.record([agent("ana"), agent("ben"), agent("cem", "person")], recorded_at=LATER)
    offered = {node: mg for node, mg in offered_mg(journal, JANUARY, ZONE).items() if mg}
    assert totals.offered_mg(JANUARY, people_of(journal).is_private) == offered


@given(history=histories)
def test_totals_of_any_history_can_be_written_and_read(history: list[Draft[Any]]) -> None:
    journal = Journal(MemoryStore())
    journal.append(history, recorded_at=LATER, correct=True)
    totals = total(journal)

    read = msgspec.msgpack.decode(msgspec.msgpack.encode(totals), type=Totals)

    assert read == totals


def test_economic_events_count_for_whoever_they_give_to() -> None:
    journal = Journal(MemoryStore())
    journal.record(
        [
            milling(),
            opened(),
            told(event("produce", "rags", "9 mg", made="textiles"), "made", day=2),
            told(event("consume", "rags", "4 mg", input_of="p"), "used"),
            told(event("transfer", "rags", "2 mg", to="ben"), "given"),
        ],
        recorded_at=LATER,
    )
    journal.append(
        [told(event("transfer", "rags", "1 mg", to="cem"), "given")],
        recorded_at=LATER,
        correct=True,
    )

    totals = total(journal, cuts=(4, 5))

    had = {str(of.agent): had for of, had in totals.agents.items()}
    assert had["ana"] == Had(9, 5, 9, 5)
    assert had["cem"] == Had(1, 0, 1, 0)
    assert "ben" not in had
    assert totals.agents == recounted(journal)
    assert sum(passed.left_units for passed in totals.places.values()) == 5


def test_the_pulse_of_a_day_is_by_material_and_says_what_it_stands_on() -> None:
    journal = Journal(MemoryStore())
    journal.record(
        [arrival("peel", 5), arrival("leaves", 2), arrival("paper", 4, day=2)], recorded_at=LATER
    )

    totals = total(journal)

    assert totals.pulse_mg(date(2024, 1, 1)) == {"organics": 7}
    assert totals.pulse_mg(date(2024, 1, 3)) == {}
    assert totals.stamps(JANUARY) == {"organics": {"measured"}}
    (month,) = totals.places.items()
    assert (month[0].month, month[0].place, month[1].in_units) == (date(2024, 1, 1), "north", 11)


def test_offers_are_not_told_from_totals_where_something_left_the_city() -> None:
    journal = Journal(MemoryStore())
    drafts = [agent("ana"), arrival("peel", 5), gift("g", "peel", 1, "ana", "outside")]
    journal.record(drafts, recorded_at=LATER)

    assert total(journal).offered_mg(JANUARY, people_of(journal).is_private) is None
    assert offered_mg(journal, JANUARY, ZONE) == {("north", "organics"): 4}
