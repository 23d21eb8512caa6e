"""Undoing: an entry is taken back with all that stands on it, in one act, or what does is named."""

from collections.abc import Sequence
from typing import Any

import msgspec

from bioloom.doors.compose import City
from bioloom.doors.giving.correcting import taken_back
from bioloom.ledger.events.reversing import NotReversible, sides_of
from bioloom.ledger.people.people import people_of
from bioloom.ledger.people.permitting import About, may
from bioloom.ledger.record.outcomes import Recorded, Refused
from bioloom.ledger.undoing.standing_on import in_the_way
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import ClaimMade, EventReversed
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

# Whoever has more to take back should look at the line first.
MOST_TOGETHER = 200


class OthersStandOnIt(Refusal):
    """Later entries stand on one that is to be taken back."""

    def __init__(self, *, entry: str, others: Sequence[Entry[Any]]) -> None:
        self.entry, self.others = entry, tuple(others)
        named = "; ".join(f"{other.seq} {other.kind} {other.id}" for other in others)
        super().__init__(
            what=f"Entry {entry} cannot be taken back alone. On it stand: {named}.",
            why="What they moved would then have come from nowhere.",
            remedy="Take them back first, the newest first; or all at once, with --cascade.",
        )


class ClaimInTheWay(Refusal):
    """A claim stands on what is to be taken back."""

    def __init__(self, *, entry: str, claim: str) -> None:
        self.entry, self.claim = entry, claim
        super().__init__(
            what=f"Entry {entry} cannot be taken back: claim '{claim}' is on what it brought.",
            why="A claim is somebody's; nobody else gives it up for them.",
            remedy="Have it settled or corrected first.",
        )


class TooManyStandOnIt(Refusal):
    """More stands on an entry than is taken back in one act."""

    def __init__(self, *, entry: str) -> None:
        self.entry = entry
        super().__init__(
            what=f"More than {MOST_TOGETHER} entries stand on entry {entry}.",
            why="One act so large would be nobody's considered decision.",
            remedy="See its line with `bioloom trace`, and take back a part of it first.",
        )


class TakenBack(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that was taken back, or must be before another can."""

    seq: int
    id: str
    kind: str
    # The entry that takes it back; none where nothing was recorded.
    reversed_by: int | None = None


def standing_on(city: City, entry: Entry[Any], *, author: AgentId, at: Instant) -> list[Entry[Any]]:
    """The entries that must be taken back before one can be, the newest first; nothing is recorded.

    Raises:
        ClaimInTheWay: If one of them is a claim.
        TooManyStandOnIt: If there are more than `MOST_TOGETHER`.
        Refusal: Whatever else speaks against taking it back.
    """
    waiting, found = [entry], [entry]
    with city.journal.store.writing():
        # Held for a moment, and nothing is written: who only asks leaves no trace.
        sealing = city.journal.sealing(recorded_at=at, correct=False)
        while waiting:
            [draft] = _reversals(waiting[-1:], "other", author=author, at=at)
            refusal = sealing.against(draft)
            if refusal is None:
                waiting.pop()
                continue
            known = {one.seq for one in found}
            waiting.append(_in_the_way(refusal, city, entry, known))
            found.append(waiting[-1])
            if len(found) > MOST_TOGETHER + 1:
                raise TooManyStandOnIt(entry=entry.id)
    return sorted(found[1:], key=lambda one: -one.seq)


def _in_the_way(refusal: Refusal, city: City, entry: Entry[Any], known: set[int]) -> Entry[Any]:
    found = in_the_way(refusal, city.journal, after=entry.seq, known=known)
    if found is None:
        raise refusal
    if isinstance(found.body, ClaimMade):
        raise ClaimInTheWay(entry=entry.id, claim=found.body.claim)
    return found


def take_back(
    city: City,
    name: str,
    reason: str,
    *,
    author: AgentId,
    at: Instant,
    cascade: bool = False,
) -> list[TakenBack]:
    """Take an entry back, with all that stands on it where that is asked for: all or nothing.

    Args:
        city: An open city.
        name: The id of the entry.
        reason: Why, one of the reasons of `EventReversed`.
        author: Who takes it back; they must be allowed to for each entry.
        at: When.
        cascade: Whether to take back what stands on it, too.

    Raises:
        NotReversible: If there is no such entry, or it cannot be taken back.
        OthersStandOnIt: If others stand on it, and `cascade` does not say to take them back.
        NotPermitted: If the author may not take one of them back.
        ClaimInTheWay, TooManyStandOnIt: See `standing_on`.
    """
    entry = city.journal.by_id(name)
    if entry is None:
        raise NotReversible(entry=name, found="there is none of that id")
    _see_that_may(city, author, entry, at=at)
    others = standing_on(city, entry, author=author, at=at)
    if others and not cascade:
        raise OthersStandOnIt(entry=name, others=others)
    for other in others:
        _see_that_may(city, author, other, at=at)
    chain = [*others, entry]
    outcomes = city.commit(_reversals(chain, reason, author=author, at=at))
    if isinstance(outcomes[-1], Refused):
        raise outcomes[-1].refusal
    return [
        TakenBack(
            seq=one.seq,
            id=one.id,
            kind=one.kind,
            reversed_by=outcome.entry.seq if isinstance(outcome, Recorded) else None,
        )
        for one, outcome in zip(chain, outcomes, strict=True)
    ]


def _see_that_may(city: City, author: AgentId, entry: Entry[Any], *, at: Instant) -> None:
    about = About(sides=sides_of(entry), author=entry.author)
    may(author, "correct_entry", about, people_of(city.journal), at=at)


def _reversals(
    chain: Sequence[Entry[Any]], reason: str, *, author: AgentId, at: Instant
) -> list[Draft[EventReversed]]:
    return [taken_back(entry, reason, author=author, at=at) for entry in chain]
