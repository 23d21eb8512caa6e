"""Answers about pledges: what `bioloom pledges … --json` prints, and what the pages show."""

import msgspec

from bioloom.doors.compose import City
from bioloom.ledger.people.people import People
from bioloom.ledger.pledges.counting import Gathered, Progress, progress
from bioloom.ledger.pledges.seasons import Pledge
from bioloom.vocabulary.entries.pledges import PledgeMade


class PledgeTold(msgspec.Struct, frozen=True, kw_only=True):
    """A pledge, the entry that made it, and how each of its seasons is kept, the newest first."""

    made: PledgeMade
    seq: int
    seasons: list[Progress]


def tell_pledge(city: City, pledge: Pledge, gathered: Gathered, people: People) -> PledgeTold:
    """A pledge as anybody may know it."""
    at, zone = city.clock(), city.settings.zone
    return PledgeTold(
        made=pledge.made,
        seq=pledge.seq,
        seasons=[
            progress(pledge, season, gathered, people, at=at, zone=zone)
            for season in reversed(pledge.seasons)
        ],
    )
