"""A city with an assembly of some people, for tests of ballots."""

from pathlib import Path
from typing import Any

from bioloom.doors.assembly.balloting import open_in
from bioloom.doors.compose import City, found_city
from bioloom.doors.stores.box import BallotBox
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.ballots import (
    BallotId,
    BallotOpened,
    Option,
    OptionId,
    Rule,
    TieBreak,
)
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.entries.people import MembershipAccepted, MembershipBegan
from bioloom.vocabulary.periods import Instant

STEWARD, WILLOW = AgentId("steward"), AgentId("commons:willow")
FOUNDED, NOON, CLOSES, AFTER = map(
    Instant,
    (
        "2026-03-01T00:00:00.000Z",
        "2026-03-01T12:00:00.000Z",
        "2026-03-08T12:00:00.000Z",
        "2026-03-08T12:00:01.000Z",
    ),
)
QUESTION = (Option(option=OptionId("yes"), title="yes"), Option(option=OptionId("no"), title="no"))
PLACES = tuple(Option(option=OptionId(name), title=name.title()) for name in "abcd")


class Clock:
    """Where the time of a city stands."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> Instant:
        return self.at


def person(number: int) -> AgentId:
    return AgentId(f"person:{number}")


def voting_city(folder: Path, people: int) -> City:
    """A city with a commons to which so many people belong by their own word."""
    city = found_city(
        folder, languages=("en", "es"), token="voting", at=FOUNDED, clock_stands_at=NOON
    )
    commons = AgentDeclared(agent=WILLOW, name="Willow", sort="commons")
    drafts = [_draft("willow", commons, STEWARD)]
    for number in range(people):
        one = person(number)
        declared = AgentDeclared(agent=one, name=one, sort="person")
        drafts += [
            _draft(f"agent:{one}", declared, STEWARD),
            _draft(f"joined:{one}", MembershipBegan(member=one, group=WILLOW), STEWARD),
            _draft(f"word:{one}", MembershipAccepted(member=one, group=WILLOW), one),
        ]
    city.journal.record(drafts, recorded_at=FOUNDED)
    return city


def asked(
    rule: Rule = "majority", *, ballot: str = "park", tie: TieBreak = "listed", seats: int = 1
) -> BallotOpened:
    """A ballot before it is opened."""
    return BallotOpened(
        ballot=BallotId(ballot),
        assembly=WILLOW,
        title="Shall the park be wild?",
        text="As the proposal has it.",
        rule=rule,
        options=QUESTION if rule == "majority" else PLACES,
        tie=tie,
        seats=seats,
        electorate=0,
        slips=0,
        root="",
        closes_at=CLOSES,
    )


def opened(city: City, box: BallotBox, rule: Rule = "majority") -> BallotOpened:
    """A ballot of that city, open."""
    return open_in(city, box, asked(rule), by=STEWARD).body


def _draft(
    key: str, body: AgentDeclared | MembershipBegan | MembershipAccepted, by: AgentId
) -> Draft[Any]:
    return Draft(body=body, occurred_at=FOUNDED, author=by, idempotency_key=key)
