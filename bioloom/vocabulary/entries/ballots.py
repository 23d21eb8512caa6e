"""Entries of ballots: what was asked and frozen, that ballots were cast, and what came of them.

Who may vote and what was voted are kept apart: no entry here names a person who votes.
"""

from typing import Literal, NewType

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import Instant

BallotId = NewType("BallotId", str)
OptionId = NewType("OptionId", str)

# majority: yes or no. consent: carried unless somebody objects. approval: the most approved.
# phragmen: a committee or list in proportion. instant-runoff, schulze, borda: of ranked ballots.
Rule = Literal[
    "majority",
    "consent",
    "approval",
    "phragmen",
    "instant-runoff",
    "schulze",
    "borda",
]
# listed: what stands first in the opening. lot: an order drawn by the hash of the closing entry.
TieBreak = Literal["listed", "lot"]


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """Something to vote for."""

    option: OptionId
    title: str


class BallotOpened(msgspec.Struct, frozen=True, kw_only=True):
    """A ballot begins; nothing of this changes any more.

    Attributes:
        assembly: The commons whose people vote.
        options: In the order in which they are shown, and in which ties are broken if by that.
        seats: At most so many options win.
        quorum_per_mille: So many thousandths of the electorate must have cast a ballot.
        majority_per_mille: More than so many thousandths of yes and no must be yes.
        electorate: How many people may vote.
        slips: How many one-time credentials were made: one each, and spares for stolen ones.
        root: Merkle root (RFC 6962) of their hashes, sorted, in hexadecimal.
        closes_at: From then on nothing is cast.
        proposal: What it decides on, where that stands in the record.
    """

    ballot: BallotId
    assembly: AgentId
    title: str
    text: str
    rule: Rule
    options: tuple[Option, ...]
    tie: TieBreak
    electorate: int
    slips: int
    root: str
    closes_at: Instant
    seats: int = 1
    quorum_per_mille: int = 0
    majority_per_mille: int = 500
    proposal: str | None = None


class BallotCast(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody with a credential of this ballot cast it.

    Attributes:
        nullifier: The hash of the credential; each counts once.
        commitment: Salted hash of what the ballot says. The voter never gets the salt, so that
            nobody can prove, or be made to prove, how they voted.
    """

    ballot: BallotId
    nullifier: str
    commitment: str


class CredentialVoided(msgspec.Struct, frozen=True, kw_only=True):
    """A credential counts no longer, as somebody else may have seen it, or as paper was used."""

    ballot: BallotId
    nullifier: str
    why: Literal["exposed", "paper"]


class PaperMarks(msgspec.Struct, frozen=True, kw_only=True):
    """How many paper ballots had the same marks, in their order."""

    marks: tuple[OptionId, ...]
    papers: int


class PaperBallotsCounted(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody counted the paper ballots of a room. They count once two people agree."""

    ballot: BallotId
    counted_by: AgentId
    papers: tuple[PaperMarks, ...]


class BallotClosed(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing that is recorded after this counts. Its hash is the seed of lots."""

    ballot: BallotId


class TallyRound(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a count: what was done, and the figures it rests on, whole or as p/q."""

    said: str
    figures: dict[OptionId, str]


class BallotTallied(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a ballot, with all that it takes to follow the count.

    Attributes:
        cast: Ballots that count, with those on paper and the blank ones.
        used_root: Merkle root (RFC 6962) over all used credentials, cast or given up: see
            `assembly/ballots/slips.py`.
        blank: Of them, those without a mark.
        counts: Points or votes of each option, as its rule counts them.
        carried: Whether the quorum was reached and, of a question, that the answer is yes.
        tie_broken: Whether the declared tie-break made a difference.
    """

    ballot: BallotId
    cast: int
    used_root: str
    blank: int
    drawn: int
    voided: int
    counts: dict[OptionId, int]
    rounds: tuple[TallyRound, ...]
    winners: tuple[OptionId, ...]
    quorum_reached: bool
    carried: bool
    tie_broken: bool
