"""Seasons: pledges as they stand, each with its seasons and who is in them since when."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.pledges import (
    PledgeId,
    PledgeJoined,
    PledgeLeft,
    PledgeMade,
    PledgeRenewed,
)
from bioloom.vocabulary.periods import Instant, Period
from bioloom.vocabulary.refusal import Refusal


class PledgeUnknown(Refusal):
    """A pledge that nobody made."""

    def __init__(self, *, pledge: str) -> None:
        self.pledge = pledge
        super().__init__(
            what=f"There is no pledge '{pledge[:80]}' in the record.",
            why="Only what was undertaken can be joined, renewed or counted.",
            remedy="See them all with `bioloom pledges list DIR`.",
        )


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody is, or was, in a season: since when, and until when if they left."""

    since: Instant
    until: Instant | None = None

    def counts_at(self, at: Instant) -> bool:
        """Whether their word stood at an instant."""
        return self.since <= at and (self.until is None or at < self.until)


class Season(msgspec.Struct, kw_only=True):
    """One season of a pledge. Whoever left and joined again has two words in it."""

    number: int
    period: Period
    words: dict[AgentId, list[Word]] = {}

    @property
    def joined(self) -> list[AgentId]:
        """Who is in it now, by name."""
        return sorted(who for who in self.words if self.has(who))

    def has(self, who: AgentId) -> bool:
        """Whether somebody is in it now."""
        words = self.words.get(who, [])
        return bool(words) and words[-1].until is None


class Pledge(msgspec.Struct, kw_only=True):
    """A pledge with its seasons in order."""

    made: PledgeMade
    seq: int
    seasons: list[Season]

    @property
    def newest(self) -> Season:
        """The season that can be joined, unless it is over."""
        return self.seasons[-1]

    def season_on(self, day: date) -> Season:
        """The season of a day; between two, the one before; before the first, the first."""
        begun = [season for season in self.seasons if season.period.first <= day]
        return begun[-1] if begun else self.seasons[0]


def pledges_in(entries: Iterable[Entry[Any]]) -> dict[PledgeId, Pledge]:
    """The pledges that some entries tell of; other entries among them are passed over."""
    found: dict[PledgeId, Pledge] = {}
    for entry in entries:
        match entry.body:
            case PledgeMade() as made:
                first = Season(number=1, period=_days(made))
                found[made.pledge] = Pledge(made=made, seq=entry.seq, seasons=[first])
            case PledgeRenewed() as renewed:
                season = Season(number=renewed.season, period=_days(renewed))
                found[renewed.pledge].seasons.append(season)
            case PledgeJoined() as joined:
                words = found[joined.pledge].seasons[joined.season - 1].words
                words.setdefault(joined.who, []).append(Word(since=entry.occurred_at))
            case PledgeLeft() as left:
                said = found[left.pledge].seasons[left.season - 1].words[left.who]
                said[-1] = msgspec.structs.replace(said[-1], until=entry.occurred_at)
    return found


def _days(body: PledgeMade | PledgeRenewed) -> Period:
    return Period(first=body.first_day, last=body.last_day)
