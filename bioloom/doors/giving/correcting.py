"""Correcting and taking back: what a form said amiss stays in the line, beside what is right."""

from typing import Any, get_args

import msgspec

from bioloom.doors.giving.labels import label_of_lot
from bioloom.ledger.events.reversing import reverse
from bioloom.ledger.people.permitting import About
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import EventHappened, EventReversed, ReversalReason
from bioloom.vocabulary.entries.ledger import LotArrived, LotTransferred
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

REASONS: tuple[ReversalReason, ...] = get_args(ReversalReason)


class ReasonMissing(Refusal):
    """Something is taken back without a reason."""

    def __init__(self) -> None:
        super().__init__(
            what="No reason is given.",
            why="Whoever reads the line later asks why it was taken back.",
            remedy=f"Choose one of: {', '.join(REASONS)}.",
        )


class NotByHand(Refusal):
    """An entry that no form made, and no form mends."""

    def __init__(self, *, kind: str) -> None:
        self.kind = kind
        super().__init__(
            what=f"An entry of kind {kind} is not mended by this form.",
            why="It was recorded in another way, and says more than the form could.",
            remedy="Correct it where it came from, such as the file it was read from.",
        )


def mended(entry: Entry[Any], draft: Draft[LotArrived]) -> Draft[LotArrived]:
    """An arrival as it should have been told: under the same key, and when it happened before.

    Raises:
        NotByHand: If the entry is no lot that was given by a form.
    """
    if not isinstance(entry.body, LotArrived) or label_of_lot(entry.body.lot) is None:
        raise NotByHand(kind=entry.kind)
    body = msgspec.structs.replace(draft.body, lot=entry.body.lot)
    return msgspec.structs.replace(draft, body=body, idempotency_key=entry.idempotency_key)


def taken_back(
    entry: Entry[Any], reason: str, *, author: AgentId, at: Instant
) -> Draft[EventReversed]:
    """The reversal of what somebody recorded.

    Raises:
        ReasonMissing: If the reason is none of `REASONS`.
        NotReversible: If it is of a kind that moves nothing.
    """
    found = next((known for known in REASONS if known == reason), None)
    if found is None:
        raise ReasonMissing
    return Draft(
        body=reverse(entry, reason=found),
        occurred_at=at,
        author=author,
        idempotency_key=f"take-back:{entry.id}",
        cause=entry.id,
    )


def about_mending(*entries: Entry[Any] | Draft[Any]) -> About:
    """Whom a correction binds: everybody who had or has a part in what is mended."""
    sides = [side for entry in entries for side in _sides(entry.body)]
    return About(sides=tuple(dict.fromkeys(sides)), author=entries[0].author)


def _sides(body: object) -> tuple[AgentId, ...]:
    match body:
        case LotArrived():
            return body.owner, body.holder
        case EventHappened():
            return body.provider, body.receiver
        case LotTransferred():
            return body.giver, body.receiver
    raise NotByHand(kind=type(body).__name__)
