"""A ballot of a city: one person one ballot, in time, secret, and nothing counted twice or lost."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from bioloom.assembly.ballots.casting import (
    BallotOver,
    NotOfTheElectorate,
    PapersAmiss,
    StillOpen,
)
from bioloom.assembly.ballots.filling import LONGEST_FILLED, FilledAmiss, fill, read_filled
from bioloom.assembly.ballots.opening import BallotAmiss
from bioloom.assembly.ballots.slips import CredentialUnreadable
from bioloom.assembly.ballots.standing import BallotUnknown
from bioloom.assembly.ballots.tallying import BallotsMissing, PapersDisputed
from bioloom.doors.assembly import balloting
from bioloom.doors.assembly.balloting import (
    CredentialUsed,
    NotInTheList,
    ballot_of,
    cast,
    close_in,
    count_papers_in,
    draw,
    exchange,
    hand_paper,
    open_box,
    open_in,
    tally_in,
)
from bioloom.doors.compose import City
from bioloom.doors.stores.box import BOX_FILE, BallotBox, BoxUnusable, DrawnBefore, NoneLeft
from bioloom.ledger.people.permitting import NotPermitted
from bioloom.ledger.record.journal import RecordedOtherwise
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.ballots import OptionId, PaperMarks, Rule
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.entries.people import MembershipAccepted, MembershipBegan, RoleGranted
from tests.doors.assembly.voting_city import (
    AFTER,
    CLOSES,
    FOUNDED,
    NOON,
    STEWARD,
    WILLOW,
    Clock,
    asked,
    opened,
    person,
    voting_city,
)

YES, NO = OptionId("yes"), OptionId("no")
PEOPLE = 6


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def city(tmp_path: Path, clock: Clock) -> Iterator[City]:
    with replace(voting_city(tmp_path / "city", PEOPLE), told_time=clock) as made:
        yield made


@pytest.fixture
def box(city: City) -> Iterator[BallotBox]:
    with open_box(city) as made:
        yield made


def vote(city: City, box: BallotBox, number: int, *marks: str) -> str:
    """Draw and cast somebody's ballot; their credential."""
    credential = draw(city, box, "park", person(number))
    cast(city, box, "park", credential, fill(marks, ballot_of(city, "park").opened))
    return credential


def test_what_people_say_is_what_is_counted(city: City, box: BallotBox, clock: Clock) -> None:
    opened(city, box)
    for number, marks in enumerate([("yes",), ("yes",), ("no",), ()]):
        vote(city, box, number, *marks)
    clock.at = AFTER
    close_in(city, "park", by=STEWARD)
    tallied = tally_in(city, box, "park", by=STEWARD).body

    assert (tallied.cast, tallied.blank, tallied.drawn) == (4, 1, 4)
    assert tallied.counts == {YES: 2, NO: 1}
    assert tallied.winners == (YES,)
    assert tallied.carried


@pytest.mark.parametrize("rule", ["approval", "phragmen", "instant-runoff", "schulze", "borda"])
def test_every_rule_is_held_from_opening_to_tally(
    rule: Rule, city: City, box: BallotBox, clock: Clock
) -> None:
    opened(city, box, rule)
    for number in range(4):
        vote(city, box, number, *(("b", "a") if number else ("a",)))
    clock.at = AFTER
    close_in(city, "park", by=STEWARD)

    assert tally_in(city, box, "park", by=STEWARD).body.winners[0] in ("a", "b")


def test_a_second_ballot_with_a_credential_is_refused_and_the_first_counts(
    city: City, box: BallotBox, clock: Clock
) -> None:
    ballot = opened(city, box)
    credential = vote(city, box, 0, "yes")

    for marks in (("yes",), ("no",)):
        with pytest.raises(CredentialUsed, match="was cast before"):
            cast(city, box, "park", credential, fill(marks, ballot))
    clock.at = AFTER
    close_in(city, "park", by=STEWARD)
    assert tally_in(city, box, "park", by=STEWARD).body.counts == {YES: 1, NO: 0}
    assert len(box.contents(ballot.ballot)) == 1


def test_nobody_draws_twice(city: City, box: BallotBox) -> None:
    opened(city, box)
    draw(city, box, "park", person(0))

    with pytest.raises(DrawnBefore, match="has drawn a credential"):
        draw(city, box, "park", person(0))


def test_who_joins_after_the_opening_does_not_vote_even_if_dated_back(
    city: City, box: BallotBox
) -> None:
    opened(city, box)
    late = AgentId("person:late")
    bodies = (
        (AgentDeclared(agent=late, name=late, sort="person"), STEWARD),
        (MembershipBegan(member=late, group=WILLOW), STEWARD),
        (MembershipAccepted(member=late, group=WILLOW), late),
    )
    drafts = [
        Draft(body=body, occurred_at=FOUNDED, author=author, idempotency_key=f"late:{number}")
        for number, (body, author) in enumerate(bodies)
    ]
    city.journal.record(drafts, recorded_at=CLOSES)

    with pytest.raises(NotOfTheElectorate, match="may not vote"):
        draw(city, box, "park", late)


@pytest.mark.parametrize("who", [STEWARD, WILLOW, AgentId("person:nobody")])
def test_who_does_not_belong_to_the_commons_does_not_vote(
    who: AgentId, city: City, box: BallotBox
) -> None:
    opened(city, box)

    with pytest.raises(NotOfTheElectorate, match="may not vote"):
        draw(city, box, "park", who)


def test_nothing_is_cast_or_drawn_from_the_moment_of_closing_on(
    city: City, box: BallotBox, clock: Clock
) -> None:
    ballot = opened(city, box)
    credential = draw(city, box, "park", person(0))
    clock.at = CLOSES

    with pytest.raises(BallotOver, match="is closed since"):
        cast(city, box, "park", credential, fill(["yes"], ballot))
    with pytest.raises(BallotOver, match="is closed since"):
        draw(city, box, "park", person(1))
    with pytest.raises(BallotOver, match="is closed since"):
        exchange(city, box, "park", credential)


def test_a_ballot_recorded_after_the_closing_is_void_by_its_place(
    city: City, box: BallotBox, clock: Clock
) -> None:
    ballot = opened(city, box)
    vote(city, box, 0, "yes")
    credential = draw(city, box, "park", person(1))
    clock.at = AFTER
    close_in(city, "park", by=STEWARD)
    clock.at = NOON  # As if it had been under way while the ballot was closed.

    with pytest.raises(BallotOver, match="is closed since"):
        balloting.cast_together(city, box, ballot, [(credential, fill(["no"], ballot))])

    clock.at = AFTER
    assert ballot_of(city, "park").too_late == 1
    assert tally_in(city, box, "park", by=STEWARD).body.counts == {YES: 1, NO: 0}


def test_nobody_closes_or_counts_a_ballot_before_its_time(city: City, box: BallotBox) -> None:
    opened(city, box)

    with pytest.raises(StillOpen, match="is open until"):
        close_in(city, "park", by=STEWARD)
    with pytest.raises(StillOpen, match="is open until"):
        tally_in(city, box, "park", by=STEWARD)


def test_a_credential_of_nobody_or_of_another_ballot_is_refused(city: City, box: BallotBox) -> None:
    ballot = opened(city, box)
    open_in(city, box, asked(ballot="pond"), by=STEWARD)
    other = draw(city, box, "pond", person(0))

    for credential in ("A" * 43, other):
        with pytest.raises(NotInTheList, match="none that was drawn"):
            cast(city, box, "park", credential, fill(["yes"], ballot))
    for malformed in ("", "A" * 42, "A" * 44, "../" + "A" * 40, "A" * 42 + "\n"):
        with pytest.raises(CredentialUnreadable, match="no credential"):
            cast(city, box, "park", malformed, fill(["yes"], ballot))


def test_an_exposed_credential_is_exchanged_before_it_is_used_and_never_after(
    city: City, box: BallotBox, clock: Clock
) -> None:
    ballot = opened(city, box)
    stolen = draw(city, box, "park", person(0))
    new = exchange(city, box, "park", stolen)

    with pytest.raises(CredentialUsed, match="was voided before"):
        cast(city, box, "park", stolen, fill(["no"], ballot))
    cast(city, box, "park", new, fill(["yes"], ballot))
    with pytest.raises(CredentialUsed, match="was cast before"):
        exchange(city, box, "park", new)
    clock.at = AFTER
    close_in(city, "park", by=STEWARD)
    tallied = tally_in(city, box, "park", by=STEWARD).body
    assert (tallied.counts, tallied.voided) == ({YES: 1, NO: 0}, 1)


def test_exchanging_never_takes_a_credential_that_somebody_still_waits_for(
    city: City, box: BallotBox
) -> None:
    opened(city, box)
    spare = exchange(city, box, "park", draw(city, box, "park", person(0)))

    with pytest.raises(NoneLeft, match="no credential of 'park' left"):
        exchange(city, box, "park", spare)
    assert all(draw(city, box, "park", person(number)) for number in range(1, PEOPLE))


def test_paper_counts_once_two_people_counted_it_alike(
    city: City, box: BallotBox, clock: Clock
) -> None:
    opened(city, box)
    role = RoleGranted(agent=person(5), role="steward", scope=WILLOW)
    granted = Draft(body=role, occurred_at=NOON, author=STEWARD, idempotency_key="granted")
    city.journal.record([granted], recorded_at=NOON)
    for number in (0, 1):
        hand_paper(city, box, "park", person(number), by=STEWARD)
    vote(city, box, 2, "no")
    papers = (PaperMarks(marks=(YES,), papers=2),)

    with pytest.raises(DrawnBefore, match="has drawn"):
        draw(city, box, "park", person(0))
    with pytest.raises(PapersAmiss, match="3 were counted, 2 handed out"):
        count_papers_in(city, "park", (PaperMarks(marks=(YES,), papers=3),), by=STEWARD)
    count_papers_in(city, "park", papers, by=STEWARD)
    clock.at = AFTER
    close_in(city, "park", by=STEWARD)
    with pytest.raises(PapersDisputed, match="No two people"):
        tally_in(city, box, "park", by=STEWARD)
    count_papers_in(city, "park", papers, by=person(5))
    assert tally_in(city, box, "park", by=STEWARD).body.counts == {YES: 2, NO: 1}


@pytest.mark.parametrize("act", ["open", "close", "tally", "paper"])
def test_who_has_no_role_in_the_commons_holds_no_ballot(
    act: str, city: City, box: BallotBox
) -> None:
    if act != "open":
        opened(city, box)
    acts: dict[str, Callable[[AgentId], object]] = {
        "open": lambda by: open_in(city, box, asked(), by=by),
        "close": lambda by: close_in(city, "park", by=by),
        "tally": lambda by: tally_in(city, box, "park", by=by),
        "paper": lambda by: hand_paper(city, box, "park", person(1), by=by),
    }

    with pytest.raises(NotPermitted, match="may not hold ballot"):
        acts[act](person(0))


def test_what_was_frozen_cannot_be_opened_again_otherwise(city: City, box: BallotBox) -> None:
    first = opened(city, box)
    credential = draw(city, box, "park", person(0))

    with pytest.raises(RecordedOtherwise, match="has something else"):
        open_in(city, box, msgspec.structs.replace(asked(), title="Shall it be paved?"), by=STEWARD)
    assert ballot_of(city, "park").opened == first
    assert cast(city, box, "park", credential, fill(["yes"], first)).seq


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"ballot": "Park Café"}, "its name"),
        ({"title": " "}, "no short title"),
        ({"text": "x" * 10_000_000}, "its text"),
        ({"closes_at": NOON}, "closed before it begins"),
        ({"quorum_per_mille": 1001}, "quorum"),
        ({"options": ()}, "answers of its rule"),
        ({"rule": "borda", "options": ()}, "2 to 500"),
        ({"assembly": AgentId("person:1")}, "no commons"),
    ],
)
def test_a_ballot_that_leaves_a_question_open_is_not_opened(
    changed: dict[str, object], found: str, city: City, box: BallotBox
) -> None:
    body = msgspec.structs.replace(asked(), **changed)

    with pytest.raises((BallotAmiss, NotPermitted), match=f"{found}|may not hold"):
        open_in(city, box, body, by=STEWARD)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"", "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
        (b'{"marks":["yes","no"]}', "more than one answer"),
        (b'{"marks":["yes","yes"]}', "marked twice"),
        (b'{"marks":["<script>alert(1)</script>"]}', "does not stand on it"),
        (b'{"marks":["yes"],"name":"ana"}', "cannot be read"),
        (b'{"marks":"yes"}', "cannot be read"),
        (b'{"marks":["\xff"]}', "cannot be read"),
        (b" " * (LONGEST_FILLED + 1), "bytes"),
    ],
)
def test_a_malformed_ballot_is_refused_with_the_reason(text: bytes, found: str) -> None:
    with pytest.raises(FilledAmiss, match=found):
        read_filled(text, asked())


def test_a_ballot_that_the_box_lost_or_changed_stops_the_count(
    city: City, box: BallotBox, clock: Clock
) -> None:
    opened(city, box)
    for number in range(3):
        vote(city, box, number, "yes")
    with closing(sqlite3.connect(city.folder / BOX_FILE)) as raw, raw:
        commitments = [row[0] for row in raw.execute("SELECT commitment FROM cast_ballots")]
        raw.execute("DELETE FROM cast_ballots WHERE commitment = ?", commitments[:1])
        changed = (b'{"marks":["no"]}', commitments[1])
        raw.execute("UPDATE cast_ballots SET filled = ? WHERE commitment = ?", changed)
    clock.at = AFTER
    close_in(city, "park", by=STEWARD)

    with pytest.raises(BallotsMissing, match="1 are not in the box and 1 are not what was cast"):
        tally_in(city, box, "park", by=STEWARD)


def test_no_file_says_who_has_which_ballot(city: City, box: BallotBox) -> None:
    opened(city, box)
    credentials = [vote(city, box, number, "yes") for number in range(PEOPLE)]

    with closing(sqlite3.connect(city.folder / BOX_FILE)) as raw:
        slips = raw.execute("SELECT * FROM slips WHERE credential IS NOT NULL").fetchall()
        drawn = raw.execute("SELECT * FROM voters").fetchall()
        tables = raw.execute("SELECT sql FROM sqlite_schema WHERE type = 'table'").fetchall()
    assert len(slips) == 1  # The spare one.
    assert drawn == [("park", person(number), 1) for number in range(PEOPLE)]
    # Without row ids nothing is left of the order in which rows came.
    assert all("WITHOUT ROWID" in sql for (sql,) in tables)
    for entry in city.journal.read(kinds=["BallotCast"]):
        assert "person:" not in str(entry)
        assert not any(credential in str(entry) for credential in credentials)


def test_ballots_that_say_the_same_have_seals_that_tell_nothing(city: City, box: BallotBox) -> None:
    opened(city, box)
    for number in range(PEOPLE):
        vote(city, box, number, "yes")

    assert len(set(ballot_of(city, "park").casts.values())) == PEOPLE


def test_a_file_that_is_no_box_is_refused(tmp_path: Path) -> None:
    (tmp_path / "box").write_bytes(b"no database" * 100)

    with pytest.raises(BoxUnusable, match="cannot be used"):
        BallotBox(tmp_path / "box")


def test_a_ballot_that_nobody_opened_is_not_there(city: City) -> None:
    with pytest.raises(BallotUnknown, match="no ballot 'park'"):
        ballot_of(city, "park")
