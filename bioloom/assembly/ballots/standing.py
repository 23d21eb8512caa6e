"""Standing: ballots as the record has them. What came too late, or from elsewhere, counts not."""

from collections.abc import Iterable
from typing import Any

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.ballots import (
    BallotCast,
    BallotClosed,
    BallotId,
    BallotOpened,
    BallotTallied,
    CredentialVoided,
    PaperBallotsCounted,
    PaperMarks,
)
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

# Who writes what was cast: never the person.
AUTHOR = AgentId("programme:assembly")
BALLOT_KINDS = (
    "BallotOpened",
    "BallotCast",
    "CredentialVoided",
    "PaperBallotsCounted",
    "BallotClosed",
    "BallotTallied",
)


class BallotUnknown(Refusal):
    """A ballot that nobody opened."""

    def __init__(self, *, ballot: str) -> None:
        self.ballot = ballot
        super().__init__(
            what=f"There is no ballot '{ballot[:80]}' in the record.",
            why="Only a ballot that was opened can be voted in, closed or counted.",
            remedy="See them all with `bioloom assembly ballot list DIR`.",
        )


class Ballot(msgspec.Struct, kw_only=True):
    """A ballot with what became of it.

    Attributes:
        opened: What was frozen.
        seq: The entry that opened it; who may vote is told by the record as of then.
        at: When that was recorded.
        casts: Commitments by nullifier, of what was cast in time.
        voided: Why, by nullifier, of those that count no longer. One key is for both, so that
            none is cast and voided.
        papers: The newest count of the paper ballots by each who counted them.
        closed: The number and the hash of the entry that closed it.
        tallied: What came of it.
        too_late: How many were recorded after it was closed.
    """

    opened: BallotOpened
    seq: int
    at: Instant
    casts: dict[str, str] = {}
    voided: dict[str, str] = {}
    papers: dict[AgentId, tuple[PaperMarks, ...]] = {}
    closed: tuple[int, str] | None = None
    tallied: BallotTallied | None = None
    too_late: int = 0

    @property
    def papers_out(self) -> int:
        """How many people were handed paper in the place of their credential."""
        return sum(why == "paper" for why in self.voided.values())

    @property
    def agreed_papers(self) -> tuple[PaperMarks, ...] | None:
        """The paper ballots as two people counted them alike; none while they do not."""
        counts = list(self.papers.values())
        return next((one for at, one in enumerate(counts) if one in counts[:at]), None)


def ballots_in(entries: Iterable[Entry[Any]]) -> dict[BallotId, Ballot]:
    """The ballots that some entries tell of; other entries among them are passed over.

    Corrections are, too: a ballot is never changed once it stands.
    """
    found: dict[BallotId, Ballot] = {}
    for entry in entries:
        if entry.corrects is not None:
            continue
        body = entry.body
        if isinstance(body, BallotOpened):
            found.setdefault(body.ballot, Ballot(opened=body, seq=entry.seq, at=entry.recorded_at))
        elif isinstance(
            body,
            BallotCast | CredentialVoided | PaperBallotsCounted | BallotClosed | BallotTallied,
        ):
            ballot = found.get(body.ballot)
            if ballot is not None:
                _fold(ballot, entry, body)
    return found


def _fold(ballot: Ballot, entry: Entry[Any], body: object) -> None:
    match body:
        case BallotClosed() if ballot.closed is None:
            assert isinstance(entry.hash, str), "an entry that was read has its hash"
            ballot.closed = entry.seq, entry.hash
        case BallotTallied() if ballot.tallied is None:
            ballot.tallied = body
        # What nobody knows the count of yet can be counted in.
        case PaperBallotsCounted() if ballot.tallied is None:
            ballot.papers[entry.author] = body.papers
        case BallotCast() | CredentialVoided() if entry.author == AUTHOR:
            if ballot.closed is not None or entry.occurred_at >= ballot.opened.closes_at:
                ballot.too_late += 1
            elif isinstance(body, CredentialVoided):
                ballot.voided.setdefault(body.nullifier, body.why)
            else:
                ballot.casts.setdefault(body.nullifier, body.commitment)
