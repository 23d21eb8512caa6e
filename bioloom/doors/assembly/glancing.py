"""Glancing at ballots: what a page shows, read by keys, however much was cast."""

from dataclasses import dataclass

from bioloom.assembly.ballots.casting import closed_key
from bioloom.doors.answers.assembly.ballots import Stage, stage_of
from bioloom.doors.assembly.balloting import opened_as
from bioloom.doors.compose import City
from bioloom.doors.stores.box import BallotBox
from bioloom.vocabulary.entries.ballots import BallotOpened, BallotTallied


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A ballot as a page shows it; `cast` is how many ballots the box has."""

    opened: BallotOpened
    seq: int
    stage: Stage
    cast: int
    tallied: BallotTallied | None
    tallied_seq: int | None


def glance(city: City, box: BallotBox, name: str) -> Glance:
    """One ballot.

    Raises:
        BallotUnknown: If nobody opened it.
    """
    ballot, is_closed = opened_as(city, name)
    key = f"ballot:{name}:tallied"
    entry = city.journal.current([key, closed_key(name)]).get(key)
    tallied = None if entry is None else entry.body
    opened = ballot.opened
    return Glance(
        opened=opened,
        seq=ballot.seq,
        stage=stage_of(opened, at=city.clock(), is_closed=is_closed, tallied=tallied),
        cast=box.cast(opened.ballot),
        tallied=tallied,
        tallied_seq=None if entry is None else entry.seq,
    )


def glances(city: City, box: BallotBox) -> list[Glance]:
    """All ballots, the newest first."""
    opened = [entry.body.ballot for entry in city.journal.read(kinds=["BallotOpened"])]
    return [glance(city, box, name) for name in dict.fromkeys(reversed(opened))]
