"""Counting a pledge: exact, told of ten households only, and not changed by who comes and goes."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.events.reversing import reverse
from bioloom.ledger.people.deciding import AheadOfTime, Deed
from bioloom.ledger.people.people import People, people_of
from bioloom.ledger.pledges.counting import (
    Discarded,
    Gathered,
    Progress,
    gather,
    known_pledge,
    pledges_of,
    progress,
)
from bioloom.ledger.pledges.pledging import PledgeAmiss, make_pledge
from bioloom.ledger.pledges.seasons import Pledge, PledgeUnknown, Season, Word
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Refused
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.ledger import AgentDeclared, LotArrived
from bioloom.vocabulary.entries.people import MembershipBegan
from bioloom.vocabulary.entries.pledges import (
    PledgeId,
    PledgeJoined,
    PledgeLeft,
    PledgeMade,
    PledgeRenewed,
)
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant, Period
from bioloom.vocabulary.places import DistrictId
from tests.ledger.people.town import ELM, MILL, NORTH, OAK, ZARA, draft, record, town
from tests.ledger.people.town import noon as noon_in_january

UTC = ZoneInfo("UTC")
FIRST_OF_JANUARY = date(2024, 1, 1)
FIRST = date(2026, 3, 1)
PERIOD = Period(first=FIRST, last=FIRST + timedelta(days=27))
HOMES = [AgentId(f"household:{number}") for number in range(14)]
PEOPLE = People(agents=dict.fromkeys(HOMES, "household"))
STREET, APART = AgentId("street"), PledgeId("apart")
MADE = PledgeMade(
    pledge=APART,
    commons=STREET,
    title="Apart",
    text="We keep organics apart.",
    first_day=PERIOD.first,
    last_day=PERIOD.last,
    counted=(MaterialId("organics"),),
    against=(MaterialId("refuse"),),
    share_per_mille=800,
)


def noon(day: int) -> Instant:
    return Instant(f"{FIRST + timedelta(days=day)}T12:00:00.000Z")


lots = st.lists(
    st.tuples(
        st.sampled_from(HOMES),
        st.sampled_from(["organics", "refuse", "paper"]),
        st.integers(1, 10**9),
        st.integers(0, 27),
        st.sampled_from(["measured", "estimated"]),
    ),
    max_size=80,
)


def gathered(some: list[tuple[Any, ...]]) -> Gathered:
    return Gathered(
        by_key={
            str(number): Discarded(
                entry=str(number),
                who=who,
                material=MaterialId(material),
                mass_mg=mass_mg,
                stamp=stamp,
                occurred_at=noon(day),
            )
            for number, (who, material, mass_mg, day, stamp) in enumerate(some)
        }
    )


def kept(words: dict[AgentId, list[Word]], some: Gathered, day: int) -> Progress:
    season = Season(number=1, period=PERIOD, words=words)
    pledge = Pledge(made=MADE, seq=1, seasons=[season])
    return progress(pledge, season, some, PEOPLE, at=noon(day), zone=UTC)


FROM_THE_START = {home: [Word(since=noon(-1))] for home in HOMES}


@given(lots)
def test_what_is_told_adds_up_and_is_of_ten_households_or_of_none(some: list[Any]) -> None:
    told = kept(FROM_THE_START, gathered(some), 30)

    if told.told_until is None:
        assert (told.counted_mg, told.against_mg, told.is_reached) == (0, 0, None)
        return
    last = (told.told_until - FIRST).days
    for material, sum_mg in (("organics", told.counted_mg), ("refuse", told.against_mg)):
        these = [one for one in some if one[1] == material and one[3] <= last]
        assert sum_mg == sum(one[2] for one in these)
        behind = {one[0] for one in these}
        assert not behind or len(behind) >= 10
    share = 1000 * told.counted_mg >= 800 * (told.counted_mg + told.against_mg)
    assert told.is_reached == share


@given(lots, st.integers(0, 29), st.sampled_from(HOMES))
def test_what_was_told_stays_whoever_leaves_later(some: list[Any], day: int, who: AgentId) -> None:
    known = gathered([one for one in some if one[3] < day])
    before = kept(FROM_THE_START, known, day)

    left = FROM_THE_START | {who: [Word(since=noon(-1), until=noon(day))]}
    after = kept(left, gathered(some), day)

    assert (before.told_until, before.counted_mg, before.against_mg) == (
        *(after.told_until, after.counted_mg, after.against_mg),
    )


@given(lots)
def test_who_has_not_joined_counts_for_nothing(some: list[Any]) -> None:
    joined = {home: words for home, words in FROM_THE_START.items() if home != HOMES[0]}

    told = kept(joined, gathered(some), 30)

    others = gathered([one for one in some if one[0] != HOMES[0]])
    assert told == kept(joined, others, 30)


def test_twelve_people_of_one_household_are_one() -> None:
    people, who = [f"person:{number}" for number in range(12)], "household:home"
    journal = town(
        *(draft(AgentDeclared(agent=AgentId(one), name=one, sort="person")) for one in people),
        draft(AgentDeclared(agent=AgentId(who), name=who, sort="household")),
        *(draft(MembershipBegan(member=AgentId(one), group=AgentId(who))) for one in people),
    )
    words = {AgentId(one): [Word(since=noon(-1))] for one in people}
    some = [(one, "organics", 1, 0, "measured") for one in people]
    season = Season(number=1, period=PERIOD, words=words)
    pledge = Pledge(made=MADE, seq=1, seasons=[season])

    told = progress(pledge, season, gathered(some), people_of(journal), at=noon(30), zone=UTC)

    assert (told.told_until, told.joined) == (None, None)


def pledged(*bodies: Any) -> Journal:  # noqa: ANN401  Entries of pledges.
    """A town's record with a pledge that begins on the second, and more of what is said of it."""
    made = msgspec.structs.replace(MADE, commons=NORTH, first_day=date(2025, 6, 1))
    return town(draft(made), *map(draft, bodies))


def joined(season: int = 1) -> PledgeJoined:
    return PledgeJoined(pledge=APART, season=season, who=OAK)


def renewed(season: int = 2, first: date = date(2026, 4, 1)) -> PledgeRenewed:
    last = first + timedelta(days=30)
    return PledgeRenewed(pledge=APART, season=season, first_day=first, last_day=last)


def test_a_further_season_is_nobodys_until_they_join_it() -> None:
    season = pledges_of(pledged(joined(), renewed()))[APART].newest

    assert (season.number, season.joined) == (2, [])
    again = pledges_of(pledged(joined(), renewed(), joined(2)))[APART]
    assert [one.joined for one in again.seasons] == [[OAK], [OAK]]


def test_who_leaves_may_join_again() -> None:
    left = PledgeLeft(pledge=APART, season=1, who=OAK)
    journal = pledged(joined(), left)
    record(journal, [draft(joined(), key="again")])

    assert known_pledge(journal, APART).newest.joined == [OAK]
    with pytest.raises(PledgeUnknown, match="no pledge 'other'"):
        known_pledge(journal, "other")


@pytest.mark.parametrize(
    ("bodies", "found"),
    [
        ([joined(), joined()], "is in it already"),
        ([PledgeLeft(pledge=APART, season=1, who=OAK)], "is not in it"),
        ([joined(2)], "newest season is 1"),
        ([renewed(), joined(1)], "newest season is 2"),
        ([renewed(3)], "next season is 2"),
        ([renewed(first=PERIOD.last)], "runs until"),
        ([MADE], "one of that name"),
    ],
)
def test_what_contradicts_the_record_is_refused(bodies: list[Any], found: str) -> None:
    drafts = [draft(body, key=str(number)) for number, body in enumerate(bodies)]

    with pytest.raises(PledgeAmiss, match=found):
        record(pledged(), drafts)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"share_per_mille": None}, "not one aim"),
        ({"more_mg": 5}, "not one aim"),
        ({"share_per_mille": 1001}, "share is out of range"),
        ({"share_per_mille": None, "more_mg": 0}, "aim is out of range"),
        ({"against": ()}, "whatever happens"),
        ({"counted": ()}, "nothing counts"),
        ({"against": MADE.counted}, "counts twice"),
        ({"last_day": FIRST - timedelta(days=1)}, "ends before"),
        ({"last_day": FIRST + timedelta(days=400)}, "at most 400 days"),
        ({"title": " "}, "no short title"),
        ({"text": ""}, "its text"),
        ({"pledge": ""}, "no short name"),
    ],
)
def test_a_pledge_that_says_nothing_clear_is_refused(changed: dict[str, Any], found: str) -> None:
    with pytest.raises(PledgeAmiss, match=found):
        town(draft(msgspec.structs.replace(MADE, **changed)))


def test_a_season_that_is_over_is_joined_by_nobody() -> None:
    over = msgspec.structs.replace(MADE, first_day=date(2023, 1, 1), last_day=date(2023, 12, 31))

    with pytest.raises(PledgeAmiss, match="ended on 2023-12-31, and was not renewed"):
        town(draft(over), draft(joined()))


def test_the_words_of_a_pledge_are_not_corrected_under_those_who_joined() -> None:
    journal = pledged(joined())
    easier = msgspec.structs.replace(MADE, commons=NORTH, share_per_mille=1)
    key = next(entry.idempotency_key for entry in journal.read(kinds=["PledgeMade"]))

    (outcome,) = journal.append(
        [draft(easier, key=key)], recorded_at=noon_in_january(2), correct=True
    )

    assert isinstance(outcome, Refused)
    assert "gave their word for" in outcome.refusal.what


def test_only_a_commons_pledges_and_nobody_ahead_of_time() -> None:
    people, at = people_of(pledged()), noon_in_january(2)
    deed = Deed(by=ZARA, people=people, at=at, occurred_at=noon_in_january(3))

    with pytest.raises(PledgeAmiss, match="'mill' is no commons"):
        make_pledge(msgspec.structs.replace(MADE, commons=MILL), deed=deed)
    with pytest.raises(AheadOfTime, match="would begin"):
        make_pledge(msgspec.structs.replace(MADE, commons=NORTH), deed=deed)


def test_a_lot_that_is_corrected_or_taken_back_counts_as_it_stands() -> None:
    journal = pledged(joined())
    pledges = pledges_of(journal).values()
    arrived = [draft(lot(name, 5), key=name) for name in ("a", "b", "c")]
    entries = journal.record(arrived, recorded_at=noon_in_january(2))
    known = gather(journal, pledges)
    journal.append([draft(lot("a", 7), key="a")], recorded_at=noon_in_january(2), correct=True)
    other = msgspec.structs.replace(lot("c", 5), owner=ELM, holder=ELM)
    journal.append([draft(other, key="c")], recorded_at=noon_in_january(2), correct=True)
    record(journal, [draft(reverse(entries[1], reason="mistake"), day=2)], day=2)

    went_on = gather(journal, pledges, known)

    assert {key: one.mass_mg for key, one in known.by_key.items()} == {"a": 5, "b": 5, "c": 5}
    assert {key: one.mass_mg for key, one in went_on.by_key.items()} == {"a": 7}
    assert went_on == gather(journal, pledges)


def lot(name: str, mass_mg: int) -> LotArrived:
    """A lot of the household Oak."""
    return LotArrived(
        lot=LotId(name),
        material=MaterialId("organics"),
        place=DistrictId("north"),
        owner=OAK,
        holder=OAK,
        mass_mg=mass_mg,
        reported=str(mass_mg),
        unit="mg",
        stamp="measured",
        first_day=FIRST_OF_JANUARY,
        last_day=FIRST_OF_JANUARY,
    )
