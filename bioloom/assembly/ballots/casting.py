"""Casting: once for each credential, in time; and what is cast or voided never becomes another."""

from collections import Counter
from typing import Literal

from bioloom.assembly.ballots.filling import fill
from bioloom.assembly.ballots.standing import AUTHOR, Ballot
from bioloom.ledger.people.deciding import Deed
from bioloom.ledger.people.permitting import About, may
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.ballots import (
    BallotCast,
    BallotClosed,
    BallotOpened,
    CredentialVoided,
    OptionId,
    PaperBallotsCounted,
    PaperMarks,
)
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal


class NotOfTheElectorate(Refusal):
    """Somebody would vote who may not."""

    def __init__(self, *, who: AgentId, assembly: AgentId) -> None:
        self.who, self.assembly = who, assembly
        super().__init__(
            what=f"'{who}' may not vote in this ballot of '{assembly}'.",
            why="Those vote who belonged to it by their own word when the ballot was opened.",
            remedy="Join it, and vote in its next ballot: `bioloom people accept`.",
        )


class BallotOver(Refusal):
    """Something came after a ballot was closed."""

    def __init__(self, *, ballot: str, closes_at: Instant) -> None:
        self.ballot, self.closes_at = ballot, closes_at
        super().__init__(
            what=f"The ballot '{ballot}' is closed since {closes_at}.",
            why="Who votes last would know what others do not.",
            remedy="Nothing was counted. See what came of it: `bioloom assembly ballot show`.",
        )


class PapersAmiss(Refusal):
    """A count of paper ballots that cannot be right."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"The paper ballots cannot be counted so: {found}.",
            why="Each paper stands for a credential that was given up for it.",
            remedy="Count again; hand paper out only with `bioloom assembly ballot paper`.",
        )


class StillOpen(Refusal):
    """A ballot would be closed or counted before its time."""

    def __init__(self, *, ballot: str, closes_at: Instant) -> None:
        self.ballot, self.closes_at = ballot, closes_at
        super().__init__(
            what=f"The ballot '{ballot}' is open until {closes_at}.",
            why="Its end was frozen when it was opened, so that nobody ends it when it suits them.",
            remedy="Wait until then; `bioloom assembly ballot show` tells how many have voted.",
        )


def see_that_open(opened: BallotOpened, *, at: Instant, is_closed: bool) -> None:
    """Return if a ballot can be cast.

    Raises:
        BallotOver: If it is closed, or its time is over.
    """
    if is_closed or at >= opened.closes_at:
        raise BallotOver(ballot=opened.ballot, closes_at=opened.closes_at)


def cast_ballot(
    opened: BallotOpened, nullifier: str, commitment: str, *, at: Instant
) -> Draft[BallotCast]:
    """The entry of a ballot that is cast. Nothing in it says by whom, or what it says."""
    body = BallotCast(ballot=opened.ballot, nullifier=nullifier, commitment=commitment)
    return Draft(
        body=body, occurred_at=at, author=AUTHOR, idempotency_key=key_of(opened, nullifier)
    )


def void_credential(
    opened: BallotOpened, nullifier: str, *, why: Literal["exposed", "paper"], at: Instant
) -> Draft[CredentialVoided]:
    """The entry of a credential that counts no longer.

    Its key is that of casting, so that of the two only the first is ever recorded.
    """
    body = CredentialVoided(ballot=opened.ballot, nullifier=nullifier, why=why)
    return Draft(
        body=body, occurred_at=at, author=AUTHOR, idempotency_key=key_of(opened, nullifier)
    )


def key_of(opened: BallotOpened, nullifier: str) -> str:
    """The key under which a credential is used up."""
    return f"ballot:{opened.ballot}:cast:{nullifier}"


def closed_key(ballot: str) -> str:
    """The key of the entry that closes a ballot, whoever closes it."""
    return f"ballot:{ballot}:closed"


def close_ballot(ballot: Ballot, *, deed: Deed) -> Draft[BallotClosed]:
    """Decide that a ballot whose time is over is closed.

    Raises:
        NotPermitted: If the one who decides may hold no ballot of that commons.
        StillOpen: If it is not over.
        BallotOver: If it is closed already.
    """
    opened = ballot.opened
    may(deed.by, "hold_ballot", About(sides=(opened.assembly,)), deed.people, at=deed.at)
    if ballot.closed is not None:
        raise BallotOver(ballot=opened.ballot, closes_at=opened.closes_at)
    if deed.when < opened.closes_at:
        raise StillOpen(ballot=opened.ballot, closes_at=opened.closes_at)
    body = BallotClosed(ballot=opened.ballot)
    key = closed_key(opened.ballot)
    return Draft(body=body, occurred_at=deed.when, author=deed.by, idempotency_key=key)


def count_papers(
    ballot: Ballot, papers: tuple[PaperMarks, ...], *, deed: Deed
) -> Draft[PaperBallotsCounted]:
    """Decide that somebody counted the paper ballots so; another must count them alike.

    Counted again by the same person, their newest count stands; until the ballot is tallied.

    Raises:
        NotPermitted: If they may hold no ballot of that commons.
        BallotOver: If it is tallied.
        FilledAmiss: If a paper says what the ballot does not ask.
        PapersAmiss: If there are more of them than were handed out.
    """
    opened = ballot.opened
    may(deed.by, "hold_ballot", About(sides=(opened.assembly,)), deed.people, at=deed.at)
    if ballot.tallied is not None:
        raise BallotOver(ballot=opened.ballot, closes_at=opened.closes_at)
    alike: Counter[tuple[OptionId, ...]] = Counter()
    for one in papers:
        if one.papers <= 0:
            raise PapersAmiss(found="some marks are on no paper at all")
        alike[fill(one.marks, opened).marks] += one.papers
    if alike.total() > ballot.papers_out:
        raise PapersAmiss(found=f"{alike.total()} were counted, {ballot.papers_out} handed out")
    told = tuple(PaperMarks(marks=marks, papers=alike[marks]) for marks in sorted(alike))
    body = PaperBallotsCounted(ballot=opened.ballot, counted_by=deed.by, papers=told)
    key = f"ballot:{opened.ballot}:papers:{deed.by}:{deed.at}"
    return Draft(body=body, occurred_at=deed.when, author=deed.by, idempotency_key=key)
