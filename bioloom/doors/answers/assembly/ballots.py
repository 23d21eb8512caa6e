"""Answers about ballots: what `bioloom assembly ballot … --json` prints, and what pages show."""

from typing import Literal

import msgspec

from bioloom.assembly.ballots.standing import Ballot
from bioloom.doors.compose import City
from bioloom.vocabulary.entries.ballots import BallotOpened, BallotTallied
from bioloom.vocabulary.periods import Instant

Stage = Literal["open", "over", "closed", "tallied"]


class BallotTold(msgspec.Struct, frozen=True, kw_only=True):
    """A ballot as anybody may know it.

    Attributes:
        opened: What was asked and frozen.
        seq: The entry that opened it.
        stage: Where it stands; over, but not closed by anybody yet, it is "over".
        cast: How many ballots are in, those on paper apart.
        papers: How many people were handed paper.
        too_late: How many were recorded too late to count.
        tallied: What came of it.
    """

    opened: BallotOpened
    seq: int
    stage: Stage
    cast: int
    papers: int
    too_late: int
    tallied: BallotTallied | None


class CredentialDrawn(msgspec.Struct, frozen=True, kw_only=True):
    """A one-time credential; it is shown once, and kept nowhere else."""

    ballot: str
    credential: str


class CastTold(msgspec.Struct, frozen=True, kw_only=True):
    """That a ballot is in: the entry, and its nullifier, by which the voter finds it again."""

    ballot: str
    seq: int
    nullifier: str


class BoardWritten(msgspec.Struct, frozen=True, kw_only=True):
    """A board that was written into a file: how many ballots were cast, and are on it."""

    ballot: str
    casts: int
    file: str


class BoardTold(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a board holds: what is proven, or what does not follow."""

    holds: bool
    said: tuple[str, ...]
    tallied: BallotTallied | None


def tell_ballot(city: City, ballot: Ballot) -> BallotTold:
    """A ballot as anybody may know it: while it is open, nobody knows more than how many voted."""
    opened, is_closed = ballot.opened, ballot.closed is not None
    return BallotTold(
        opened=opened,
        seq=ballot.seq,
        stage=stage_of(opened, at=city.clock(), is_closed=is_closed, tallied=ballot.tallied),
        cast=len(ballot.casts),
        papers=ballot.papers_out,
        too_late=ballot.too_late,
        tallied=ballot.tallied,
    )


def stage_of(
    opened: BallotOpened, *, at: Instant, is_closed: bool, tallied: BallotTallied | None
) -> Stage:
    """Where a ballot stands."""
    if tallied is not None:
        return "tallied"
    if is_closed:
        return "closed"
    return "over" if at >= opened.closes_at else "open"
