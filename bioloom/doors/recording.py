"""Recording what happened, as a person or a program tells it: each item is judged by itself."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec

from bioloom.doors.capturing.told import Closing, Reversal, Told, read_told
from bioloom.doors.compose import City, now
from bioloom.ledger.custody.working_out import said_of, worked_out
from bioloom.ledger.events.mentioning import commitment_name
from bioloom.ledger.events.processes import close, known_process, owners_of_missing
from bioloom.ledger.events.reversing import NotReversible, reverse, sides_of
from bioloom.ledger.guarding.claimed import abatements
from bioloom.ledger.people.people import People, people_of
from bioloom.ledger.people.permitting import About, may
from bioloom.ledger.people.recording import may_record
from bioloom.ledger.record.outcomes import Conflict, Outcome, Recorded, Refused, Same
from bioloom.ledger.record.remembering import Memory, recall
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.circuits import CommitmentMade
from bioloom.vocabulary.entries.custody import CustodyUse
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import (
    EventHappened,
    ProcessClosed,
    PromiseMade,
)
from bioloom.vocabulary.periods import Instant, read_instant
from bioloom.vocabulary.refusal import Refusal


class Became(msgspec.Struct, frozen=True, kw_only=True):
    """What became of something told; `what`, `why` and `remedy` of what was turned away."""

    key: str
    outcome: Literal["recorded", "same", "conflict", "refused"]
    seq: int | None = None
    id: str | None = None
    what: str | None = None
    why: str | None = None
    remedy: str | None = None


class KindOther(Refusal):
    """A correction that would make an entry one of another kind."""

    def __init__(self, *, kind: str, known: str) -> None:
        self.kind, self.known = kind, known
        super().__init__(
            what=f"Under this key the record has a {known}, not a {kind}.",
            why="A correction says the same thing rightly, and not another.",
            remedy="Tell it under a key of its own, and take the other back.",
        )


class KeyTaken(Refusal):
    """The record has something else under a key."""

    def __init__(self, *, seq: int) -> None:
        self.seq = seq
        super().__init__(
            what=f"The record has something else under this key, in entry {seq}.",
            why="Nothing recorded is ever changed in passing.",
            remedy="If the new statement is right, record it as a correction.",
        )


class KeyMissing(Refusal):
    """Something told without a key of its own."""

    def __init__(self) -> None:
        super().__init__(
            what="This has no key.",
            why="Without one, a message sent twice would be recorded twice.",
            remedy="Give it its number at its source, such as 'mill-7:2026-0042'.",
        )


class NotWhole(Refusal):
    """One of several things that belong together is turned away, and so none is recorded."""

    def __init__(self, *, key: str, refusal: Refusal) -> None:
        self.key, self.refusal = key, refusal
        super().__init__(
            what=f"Nothing of this was recorded, as '{key}' is turned away. {refusal.what}",
            why=refusal.why,
            remedy=refusal.remedy,
        )


def _record_together(
    city: City, told: Sequence[Told], author: AgentId, *, at: Instant, correct: bool
) -> list[Became]:
    drafts: list[Draft[Any]] = []
    for one in told:
        try:
            drafts.append(_draft(city, one, author, at=at, correct=correct))
        except Refusal as refusal:
            raise NotWhole(key=one.key, refusal=refusal) from refusal
    outcomes = city.commit(drafts, correct=correct) if drafts else []
    last = outcomes[-1] if outcomes else None
    if isinstance(last, Refused):
        raise NotWhole(key=last.draft.idempotency_key, refusal=last.refusal)
    if isinstance(last, Conflict):
        raise NotWhole(key=last.draft.idempotency_key, refusal=KeyTaken(seq=last.current.seq))
    return [_became(one.key, outcome) for one, outcome in zip(told, outcomes, strict=True)]


def record_told(
    city: City,
    told: Sequence[Told],
    *,
    author: AgentId,
    correct: bool = False,
    whole: bool = False,
    clock: Callable[[], Instant] = now,
) -> list[Became]:
    """Record what somebody tells, in its order; one that is turned away does not stop the others.

    Args:
        city: An open city.
        told: What happened.
        author: Who tells it; the record says what they may tell.
        correct: Whether something else under a known key replaces what is there.
        whole: Whether they belong together: all are recorded in one transaction, or none. What
            takes back or closes is worked out of the record as it was before them.
        clock: What time it is.

    Raises:
        NotWhole: If they belong together, and one is turned away.
    """
    if whole:
        return _record_together(city, told, author, at=clock(), correct=correct)
    return [_record_one(city, one, author=author, correct=correct, clock=clock) for one in told]


def _record_one(
    city: City, told: Told, *, author: AgentId, correct: bool, clock: Callable[[], Instant]
) -> Became:
    try:
        draft = _draft(city, told, author, at=clock(), correct=correct)
        (outcome,) = city.commit([draft], whole=False, correct=correct)
    except Refusal as refusal:
        return _turned_away(told.key, refusal)
    return _became(told.key, outcome)


def _draft(city: City, told: Told, author: AgentId, *, at: Instant, correct: bool) -> Draft[Any]:
    if not told.key.strip():
        raise KeyMissing
    body = read_told(told)
    known = city.journal.current([told.key]).get(told.key)
    people, facts = people_of(city.journal), recall(city.journal.store)
    when = _when(city, told, known)
    replaced = known if correct else None
    if known is not None and _is_that(body, known.body):
        body = known.body
    elif isinstance(body, EventHappened) and known is None:
        body = _borne(body, facts)
    elif isinstance(body, CustodyUse):
        with facts.without(known):
            body = worked_out(body, facts, at=when)
    return Draft(
        body=_permitted(city, body, author, people, facts, at=at, replaced=replaced),
        occurred_at=when,
        author=author,
        idempotency_key=told.key,
    )


def _when(city: City, told: Told, known: Entry[Any] | None) -> Instant:
    """When it occurred; told again without saying so, it is when it was told first."""
    if told.occurred_at is not None:
        return read_instant(told.occurred_at)
    return city.clock() if known is None else known.occurred_at


def _is_that(told: object, known: object) -> bool:
    """Whether something told again is what is known, as what was worked out of it stays."""
    if isinstance(told, Closing) and isinstance(known, ProcessClosed):
        return (known.process, known.losses) == (told.process, told.losses)
    if isinstance(told, EventHappened) and isinstance(known, EventHappened):
        return told == msgspec.structs.replace(known, abates=told.abates)
    if isinstance(told, CustodyUse) and isinstance(known, CustodyUse):
        return said_of(told) == said_of(known)
    return False


def _borne(event: EventHappened, facts: Memory) -> EventHappened:
    """An event that loses some of a heap, with what the claims on that lose."""
    if event.action != "lower" or event.lot is None or event.quantity is None or event.abates:
        return event
    shares = abatements(event.lot, event.quantity.units, facts)
    return msgspec.structs.replace(event, abates=shares)


def _permitted(
    city: City,
    body: msgspec.Struct,
    author: AgentId,
    people: People,
    facts: Memory,
    *,
    at: Instant,
    replaced: Entry[Any] | None,
) -> msgspec.Struct:
    """The body to record, once it is sure that its author may."""
    match body:
        case Reversal(entry=name):
            entry = city.journal.by_id(name)
            if entry is None:
                raise NotReversible(entry=name, found="there is none of that id")
            about = About(sides=sides_of(entry), author=entry.author)
            may(author, "correct_entry", about, people, at=at)
            return reverse(entry, reason=body.reason)
        case ProcessClosed():
            return body
        case Closing():
            process = known_process(body.process, facts)
            about = About(sides=(process.opened.operator,))
            may(author, "close_process", about, people, at=at)
            return close(process, owners_of_missing(process, facts), body.losses)
    if replaced is not None and type(replaced.body) is not type(body):
        raise KindOther(kind=type(body).__name__, known=replaced.kind)
    agreed = agreed_to(body, facts) if isinstance(body, EventHappened) else ()
    may_record(author, body, people, at=at, agreed=agreed, replaced=replaced)
    return body


def agreed_to(event: EventHappened, facts: Memory) -> list[AgentId]:
    """Who said yes to an event by a promise that it fulfils: whoever undertook it.

    Whom something is promised to has said nothing; of a flow of a plan, both sides have. No word
    counts for another lot, or towards somebody whom it does not name.
    """
    promises = [
        entry.body
        for commitment in event.fulfills
        for entry in facts.about(commitment_name(commitment))
        if isinstance(entry.body, PromiseMade | CommitmentMade)
    ]
    agreed: list[AgentId] = []
    for promise in promises:
        sides = [promise.provider, promise.receiver]
        if {event.provider, event.receiver} != set(sides):
            continue
        if isinstance(promise, CommitmentMade):
            agreed += sides
        elif promise.lot in (None, event.lot):
            agreed.append(promise.provider)
    return agreed


def _became(key: str, outcome: Outcome) -> Became:
    match outcome:
        case Recorded(entry):
            return Became(key=key, outcome="recorded", seq=entry.seq, id=entry.id)
        case Same(_, entry):
            return Became(key=key, outcome="same", seq=entry.seq, id=entry.id)
        case Conflict(_, entry):
            return Became(
                key=key,
                outcome="conflict",
                seq=entry.seq,
                id=entry.id,
                what=f"The record has something else under '{key}', in entry {entry.seq}.",
                why="Nothing recorded is ever changed in passing.",
                remedy="If the new statement is right, record it as a correction.",
            )
        case Refused(_, refusal):
            return _turned_away(key, refusal)


def _turned_away(key: str, refusal: Refusal) -> Became:
    return Became(
        key=key,
        outcome="refused",
        what=refusal.what,
        why=refusal.why,
        remedy=refusal.remedy,
    )
