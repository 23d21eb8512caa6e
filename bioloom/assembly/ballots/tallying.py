"""Tallying: every ballot is held against its commitment, then counted by the frozen rule."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from bioloom.assembly.ballots.casting import StillOpen
from bioloom.assembly.ballots.filling import QUESTIONS, read_filled, seal
from bioloom.assembly.ballots.slips import used_root
from bioloom.assembly.ballots.standing import Ballot
from bioloom.assembly.elections.committees import most_approved, phragmen
from bioloom.assembly.elections.counted import Alike, Counted
from bioloom.assembly.elections.ordering import by_lot
from bioloom.assembly.elections.questions import CONSENT, YES, consent, majority
from bioloom.assembly.elections.ranked import borda, instant_runoff, schulze
from bioloom.ledger.people.deciding import Deed
from bioloom.ledger.people.permitting import About, may
from bioloom.vocabulary.entries.ballots import BallotOpened, BallotTallied, OptionId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.refusal import Refusal

_BY_ORDER = {
    "approval": most_approved,
    "phragmen": phragmen,
    "instant-runoff": instant_runoff,
    "schulze": schulze,
    "borda": borda,
}


class Sealed(NamedTuple):
    """What the box has of a ballot: the salt, and what it says."""

    salt: bytes
    text: bytes


class BallotsMissing(Refusal):
    """Ballots that were cast are not in the box as they were cast."""

    def __init__(self, *, ballot: str, missing: int, altered: int) -> None:
        self.ballot, self.missing, self.altered = ballot, missing, altered
        super().__init__(
            what=f"Of the ballots cast in '{ballot}' {missing} are not in the box and {altered} "
            "are not what was cast.",
            why="A count of a part of them would not be what people decided.",
            remedy="Restore the box from a backup, such as with `bioloom restore`.",
        )


class PapersDisputed(Refusal):
    """Paper ballots were counted, and no two people counted them alike."""

    def __init__(self, *, ballot: str) -> None:
        self.ballot = ballot
        super().__init__(
            what=f"No two people counted the paper ballots of '{ballot}' alike.",
            why="Paper counts once two people agree what it says.",
            remedy="Count them again together: `bioloom assembly ballot papers`.",
        )


def tally(
    ballot: Ballot, box: Mapping[str, Sealed], *, drawn: int, deed: Deed
) -> Draft[BallotTallied]:
    """Count a closed ballot.

    Args:
        ballot: As the record has it.
        box: What was cast, by commitment; what no entry names is passed over.
        drawn: How many people took a credential.
        deed: Who has it counted. Counted again, it comes to the same.

    Raises:
        NotPermitted: If they may hold no ballot of that commons.
        StillOpen: If it is not closed.
        BallotsMissing: If the box has not every ballot as it was cast.
        PapersDisputed: If paper ballots were not counted alike by two people.
    """
    opened = ballot.opened
    may(deed.by, "hold_ballot", About(sides=(opened.assembly,)), deed.people, at=deed.at)
    if ballot.closed is None:
        raise StillOpen(ballot=opened.ballot, closes_at=opened.closes_at)
    body = counted(ballot, box, drawn=drawn)
    key = f"ballot:{opened.ballot}:tallied"
    return Draft(body=body, occurred_at=deed.when, author=deed.by, idempotency_key=key)


def counted(ballot: Ballot, box: Mapping[str, Sealed], *, drawn: int) -> BallotTallied:
    """What comes of a closed ballot.

    Raises:
        BallotsMissing, PapersDisputed: As `tally`.
    """
    opened = ballot.opened
    assert ballot.closed is not None, "asked only of a closed ballot"
    alike = _unsealed(ballot, box) + _papers(ballot)
    ballots = sorted((marks, many) for marks, many in alike.items())
    cast = sum(alike.values())
    outcome = count(opened, ballots, seed=ballot.closed[1])
    # Of so many thousandths, rounded to the voters' favour by no one: compared as a product.
    is_quorate = cast * 1000 >= opened.electorate * opened.quorum_per_mille and cast > 0
    is_yes = opened.rule not in QUESTIONS or outcome.winners[0] in (YES, CONSENT)
    return BallotTallied(
        ballot=opened.ballot,
        cast=cast,
        used_root=used_root(ballot.casts, ballot.voided),
        blank=alike[()],
        drawn=drawn,
        voided=len(ballot.voided),
        counts=outcome.counts,
        rounds=outcome.rounds,
        winners=outcome.winners,
        quorum_reached=is_quorate,
        carried=is_quorate and is_yes and bool(outcome.winners),
        tie_broken=outcome.tie_broken,
    )


def count(opened: BallotOpened, ballots: list[Alike], *, seed: str) -> Counted:
    """Count ballots by the rule of their opening; the seed draws lots where that is declared."""
    listed = [option.option for option in opened.options]
    order = by_lot(listed, seed) if opened.tie == "lot" else listed
    if opened.rule == "majority":
        return majority(ballots, over_per_mille=opened.majority_per_mille)
    if opened.rule == "consent":
        return consent(ballots)
    return _BY_ORDER[opened.rule](order, ballots, seats=opened.seats)


def _unsealed(ballot: Ballot, box: Mapping[str, Sealed]) -> Counter[tuple[OptionId, ...]]:
    """How many ballots say the same, each held against its commitment."""
    alike: Counter[tuple[OptionId, ...]] = Counter()
    known: dict[bytes, tuple[OptionId, ...]] = {}
    missing = altered = 0
    for nullifier, commitment in ballot.casts.items():
        sealed = box.get(commitment)
        if sealed is None:
            missing += 1
        elif seal(ballot.opened, nullifier, sealed.salt, sealed.text) != commitment:
            altered += 1
        else:
            marks = known.get(sealed.text)
            if marks is None:
                marks = known[sealed.text] = read_filled(sealed.text, ballot.opened).marks
            alike[marks] += 1
    if missing or altered:
        raise BallotsMissing(ballot=ballot.opened.ballot, missing=missing, altered=altered)
    return alike


def _papers(ballot: Ballot) -> Counter[tuple[OptionId, ...]]:
    if not ballot.papers:
        return Counter()
    agreed = ballot.agreed_papers
    if agreed is None:
        raise PapersDisputed(ballot=ballot.opened.ballot)
    return Counter({one.marks: one.papers for one in agreed})
