"""Reversing: an event is taken back by an entry of its own, dated when it was taken back."""

from typing import Any

from bioloom.ledger.custody.naming import who_says
from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.mentioning import mentions_of
from bioloom.ledger.events.processes import judge_open
from bioloom.ledger.events.withdrawing import judge_withdrawing
from bioloom.ledger.legs import backwards, legs_of
from bioloom.vocabulary.agents import BOUNDARY, AgentId
from bioloom.vocabulary.entries.custody import (
    CertificatesIssued,
    CertificatesTransferred,
    CharacteristicDeclared,
    CustodyBody,
    CustodyClaimed,
    CustodyInputBooked,
    CustodyModelDeclared,
)
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import (
    EventHappened,
    EventReversed,
    ProcessClosed,
    ReversalReason,
)
from bioloom.vocabulary.entries.ledger import LotArrived, LotTransferred
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

_REVERSIBLE = (
    EventHappened,
    LotArrived,
    LotTransferred,
    ProcessClosed,
    CustodyModelDeclared,
    CharacteristicDeclared,
    CustodyInputBooked,
    CustodyClaimed,
    CertificatesIssued,
    CertificatesTransferred,
)


class NotReversible(Refusal):
    """An entry that cannot be taken back."""

    def __init__(self, *, entry: str, found: str) -> None:
        self.entry, self.found = entry, found
        super().__init__(
            what=f"Entry {entry} cannot be taken back: {found}.",
            why="Only what moved or claimed something, and still stands, can be taken back.",
            remedy="See the lot's line with `bioloom trace`; take back what stands last in it.",
        )


def reverse(
    entry: Entry[Any], *, reason: ReversalReason, note_sha256: str | None = None
) -> EventReversed:
    """The reversal of an entry: the same movements backwards, and the same things to be about.

    Raises:
        NotReversible: If it is of a kind that moves nothing.
    """
    if not isinstance(entry.body, _REVERSIBLE):
        raise NotReversible(entry=entry.id, found=f"it is {entry.kind}")
    return EventReversed(
        entry=entry.id,
        reason=reason,
        moves=backwards(legs_of(entry.body)),
        about=mentions_of(entry.body),
        note_sha256=note_sha256,
    )


def sides_of(entry: Entry[Any]) -> tuple[AgentId, ...]:
    """Whom an entry binds by its movements or its word: whoever takes it back acts for them."""
    if isinstance(entry.body, CustodyBody):
        return (who_says(entry.body),)
    sides = [side for leg in legs_of(entry.body) for side in (leg.giver, leg.receiver)]
    return tuple(dict.fromkeys(side for side in sides if side not in BOUNDARY))


def judge_reversal(body: EventReversed, facts: Facts, *, at: Instant) -> None:
    """Hold a reversal against the entry it takes back.

    Whether what it moves back is still there is judged with all other movements.

    Raises:
        NotReversible: If that entry does not stand, happened later, or something else is told of
            it.
        ProcessEnded: If the process it belongs to is closed.
        GivenBackTooMuch, NotContained: If what it put in came out again.
    """
    entry = facts.entry(body.entry)
    if entry is None:
        raise NotReversible(entry=body.entry, found="there is none of that id")
    expected = reverse(entry, reason=body.reason, note_sha256=body.note_sha256)
    if expected != body:
        raise NotReversible(entry=body.entry, found="its movements are others")
    if at < entry.occurred_at:
        raise NotReversible(entry=body.entry, found=f"it happened later, at {entry.occurred_at}")
    if facts.is_undone(entry):
        raise NotReversible(entry=body.entry, found="it was corrected or taken back before")
    if isinstance(entry.body, EventHappened):
        for process in {entry.body.input_of, entry.body.output_of} - {None}:
            assert process is not None
            judge_open(process, facts)
        judge_withdrawing(entry.body, None, facts)
