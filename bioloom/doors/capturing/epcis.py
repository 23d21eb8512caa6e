"""Capturing EPCIS documents: each event is judged, known by its hash, and recorded once."""

from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from itertools import count
from typing import Any, Literal

import msgspec

from bioloom.doors.answers.commands import RefusalTold
from bioloom.doors.compose import City, now
from bioloom.doors.stores.captures import CAPTURES_FILE, Captures, EventKept
from bioloom.ledger.events.reversing import reverse
from bioloom.ledger.formats.epcis.alone import standing_alone
from bioloom.ledger.formats.epcis.happening import Told, declared_in_error, drafts_of, key_of
from bioloom.ledger.formats.epcis.hashing import event_id
from bioloom.ledger.formats.epcis.reading import Event, read_document
from bioloom.ledger.formats.epcis.rules.checking import Fault, event_faults
from bioloom.ledger.formats.epcis.rules.wrapping import faults_of
from bioloom.ledger.record.remembering import recall
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import EventHappened, ProcessClosed
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

# Events in one transaction: enough that a disk's flush is a small part of it.
_EVENTS_TOGETHER = 500

# What became of an event. "same": it was captured before, by whomever. "taken back": it was
# declared to be an error. "nothing": it says nothing that the ledger keeps.
Outcome = Literal["recorded", "same", "taken back", "nothing", "faulty", "refused"]


class EventCaptured(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one event of a document."""

    path: str
    event_id: str
    outcome: Outcome
    entries: int = 0
    faults: tuple[Fault, ...] = ()
    refusal: RefusalTold | None = None


class Captured(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a document. `faults` are those that are in none of its events."""

    sha256: str
    success: bool
    events: tuple[EventCaptured, ...]
    faults: tuple[Fault, ...]


class DocumentFaulty(Refusal):
    """A document of which nothing is captured, because part of it cannot be."""

    def __init__(self, *, faulty: int) -> None:
        self.faulty = faulty
        super().__init__(
            what=f"{faulty} places of the document keep all of it from being captured.",
            why="It breaks the rules as a whole, or was sent to be captured whole or not at all.",
            remedy="Correct them, or send it with GS1-Capture-Error-Behaviour: proceed.",
        )


class DeclaredTooSoon(Refusal):
    """An event is told and declared an error in one document, of which all is to be captured."""

    def __init__(self, *, event_id: str) -> None:
        self.event_id = event_id
        super().__init__(
            what=f"The document tells the event {event_id} and takes it back.",
            why="Only what is in the record can be taken back.",
            remedy="Leave both out, or send it with GS1-Capture-Error-Behaviour: proceed.",
        )


def capture(
    city: City,
    text: bytes,
    *,
    author: AgentId,
    together: bool = False,
    dry_run: bool = False,
    cause: Callable[[], str | None] = lambda: None,
    clock: Callable[[], Instant] = now,
) -> Captured:
    """Capture a document.

    Args:
        city: An open city.
        text: The document, JSON or XML.
        author: Who captures it.
        together: Whether an event that cannot be captured stops all the others.
        dry_run: Whether to say what would become of it, and record nothing.
        cause: The id of the entry that all of it comes from; asked when something is recorded.
        clock: When things are recorded.

    Raises:
        DocumentUnreadable: If it is neither.
        DocumentTooLarge: If it would not fit in a modest memory.
    """
    document = read_document(text)
    of_events = {fault for event in document.events for fault in event_faults(event)}
    faults = tuple(fault for fault in faults_of(document) if fault not in of_events)
    capturing = _Capturing(city, author, clock, cause)
    plans = [capturing.plan(event, event_id(event, document.ignored)) for event in document.events]
    if faults:
        whole = DocumentFaulty(faulty=len(faults))
        plans = [_Plan(plan.event, _refused(plan.told, whole), []) for plan in plans]
    elif not dry_run:
        record = capturing.record_together if together else capturing.record_each
        plans = record(plans)
    if not faults and not dry_run:
        _keep(city, plans, document.ignored, at=clock())
    told = tuple(plan.told for plan in plans)
    failed = any(one.outcome in ("faulty", "refused") for one in told)
    return Captured(
        sha256=sha256(text).hexdigest(),
        success=not faults and not failed,
        events=told,
        faults=faults,
    )


def _keep(city: City, plans: list["_Plan"], ignored: frozenset[str], *, at: Instant) -> None:
    """Keep events as they were told, besides what the record has of them."""
    kept = [
        EventKept(
            plan.told.event_id,
            declared_in_error(plan.event.body) is not None,
            at,
            standing_alone(plan.event, ignored),
        )
        for plan in plans
        if plan.told.outcome not in ("faulty", "refused")
    ]
    if kept:
        with closing(Captures(city.folder / CAPTURES_FILE)) as captures:
            captures.keep_events(kept)


class _Plan(msgspec.Struct, frozen=True):
    """What is to become of an event: what to tell of it, and what to record."""

    event: Event
    told: EventCaptured
    drafts: list[Draft[Any]]


class _Capturing:
    """A document on its way into a city's record."""

    def __init__(
        self,
        city: City,
        author: AgentId,
        clock: Callable[[], Instant],
        cause: Callable[[], str | None],
    ) -> None:
        self._journal, self._author = city.journal, author
        self._clock, self._cause = clock, cause
        self._declared = city.journal.declared()
        # Those that events of this document brought with them.
        self._agents: set[AgentId] = set()
        self._told = self._tell()
        self._seen: set[str] = set()

    def plan(self, event: Event, name: str) -> _Plan:
        """What an event becomes, after the record and what stands before it in the document."""
        told = EventCaptured(path=event.path, event_id=name, outcome="nothing")
        if faults := event_faults(event):
            return _Plan(event, _as(told, outcome="faulty", faults=tuple(faults)), [])
        try:
            if declared_in_error(event.body) is not None:
                drafts, outcome = self._taking_back(event, name), "taken back"
            elif name in self._seen or self._of_event(name):
                drafts, outcome = [], "same"
            else:
                drafts, outcome = drafts_of(event, name, self._told), "recorded"
        except Refusal as refusal:
            return _Plan(event, _refused(told, refusal), [])
        if outcome != "same" and not drafts:
            outcome = "nothing"
        self._seen.add(name)
        return _Plan(event, _as(told, outcome=outcome, entries=len(drafts)), drafts)

    def record_each(self, plans: list[_Plan]) -> list[_Plan]:
        """Record the events so that what is refused stops no other.

        Many together while none is refused, for a disk's flush takes longer than many events.
        """
        done: list[_Plan] = []
        for begin in range(0, len(plans), _EVENTS_TOGETHER):
            some = plans[begin : begin + _EVENTS_TOGETHER]
            done += self._record_some(some) or [self._record_one(plan) for plan in some]
        return done

    def _record_some(self, plans: list[_Plan]) -> list[_Plan] | None:
        """Record some events in one transaction; none of them if one of them is refused."""
        again = self._again(plans)
        if any(plan.told.outcome == "refused" for plan in again):
            return None
        try:
            self._record([draft for plan in again for draft in plan.drafts])
        except Refusal:  # Which one it is about shows when each is recorded by itself.
            return None
        return again

    def _record_one(self, plan: _Plan) -> _Plan:
        (again,) = self._again([plan])
        try:
            self._record(again.drafts)
        except Refusal as refusal:
            return _Plan(again.event, _refused(again.told, refusal), [])
        return again

    def _again(self, plans: list[_Plan]) -> list[_Plan]:
        """The same events planned anew: what stood before them is in the record now, or refused."""
        self._told, self._seen = self._tell(), set()
        return [self.plan(plan.event, plan.told.event_id) for plan in plans]

    def record_together(self, plans: list[_Plan]) -> list[_Plan]:
        """Record all events in one transaction, or none of them."""
        failed = sum(plan.told.outcome in ("faulty", "refused") for plan in plans)
        try:
            if failed:
                raise DocumentFaulty(faulty=failed)
            self._record([draft for plan in plans for draft in plan.drafts])
        except Refusal as refusal:
            return [
                plan
                if plan.told.outcome in ("faulty", "refused")
                else _Plan(plan.event, _refused(plan.told, refusal), [])
                for plan in plans
            ]
        return plans

    def _record(self, drafts: list[Draft[Any]]) -> None:
        if drafts:
            cause = self._cause()
            caused = [msgspec.structs.replace(draft, cause=cause) for draft in drafts]
            self._journal.record(caused, recorded_at=self._clock())
            bodies = (draft.body for draft in drafts)
            self._agents |= {body.agent for body in bodies if isinstance(body, AgentDeclared)}

    def _tell(self) -> Told:
        facts = recall(self._journal.store)
        return Told(
            declared=self._declared, facts=facts, author=self._author, agents=set(self._agents)
        )

    def _of_event(self, name: str) -> list[Entry[Any]]:
        """The entries that an event became before."""
        found: list[Entry[Any]] = []
        for number in count():
            key = f"{key_of(name)}:{number}"
            entry = self._journal.current([key]).get(key)
            if entry is None:
                return found
            found.append(entry)
        raise AssertionError("the numbers do not end")

    def _taking_back(self, event: Event, name: str) -> list[Draft[Any]]:
        """What takes an event back that was declared an error; nothing if that was done before."""
        at, recorded = declared_in_error(event.body), self._of_event(name)
        assert at is not None, "it was asked before"
        if name in self._seen and not recorded:
            raise DeclaredTooSoon(event_id=name)
        moved = [
            entry for entry in recorded if isinstance(entry.body, EventHappened | ProcessClosed)
        ]
        keys = [f"{key_of(name)}:error:{number}" for number in range(len(moved))]
        known = self._journal.current(keys)
        return [
            Draft(
                body=reverse(entry, reason="mistake"),
                occurred_at=max(at, entry.occurred_at),
                author=self._author,
                idempotency_key=key,
            )
            for key, entry in zip(keys, reversed(moved), strict=True)
            if key not in known
        ]


def _as(told: EventCaptured, **fields: Any) -> EventCaptured:  # noqa: ANN401  Its own fields'.
    return msgspec.structs.replace(told, **fields)


def _refused(told: EventCaptured, refusal: Refusal) -> EventCaptured:
    kind = type(refusal).__name__
    said = RefusalTold(kind=kind, what=refusal.what, why=refusal.why, remedy=refusal.remedy)
    return msgspec.structs.replace(told, outcome="refused", entries=0, refusal=said)
