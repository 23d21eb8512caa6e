"""The live loop: runs what rooms do of themselves when something is recorded or an instant comes.

What follows from an entry is recorded under a key of the reaction, its version and that entry, its
cause. After a crash between recording and remembering, the same follows again, under the same key,
and is known already: nothing is done twice.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

import msgspec

from bioloom.assembly.decisions.measuring import Measuring
from bioloom.circuits.reactions.outdated import Outdated
from bioloom.circuits.reactions.revising import Revising
from bioloom.doors.compose import City
from bioloom.doors.stores.cursors import Cursors, CursorsUnusable, LoopRunning
from bioloom.ledger.reactions.ending import Ending
from bioloom.ledger.reactions.overdue import Overdue
from bioloom.ledger.reactions.reaction import Following, Reaction
from bioloom.ledger.reactions.returning import Returning
from bioloom.ledger.record.committing import TooManyWaiting
from bioloom.ledger.record.outcomes import Outcome, Recorded, Refused
from bioloom.ledger.stores.protocol import StoreFailed
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.doors import Failing, ReactionFailed, TimerFired
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

LOG = logging.getLogger("bioloom.loop")
CURSORS_FILE = "loop.db"
# Who wrote what follows: no person.
AUTHOR = AgentId("programme:loop")
MOST_CAUSES = 8
PAUSE_S = 0.2
# How long to leave it alone where another program runs it, or where the disk fails.
REST_S = 5.0
_PIECE = 1_000


def reactions_of(city: City) -> list[Reaction]:
    """All that rooms do of themselves."""
    zone = city.settings.zone
    return [
        *(Overdue(zone), Ending(zone), Returning(zone), Outdated(zone), Revising(zone)),
        Measuring(zone),
    ]


class Loop:
    """Reactions and how far each has come. One at a time has a city's cursors."""

    def __init__(self, city: City, cursors: Cursors, reactions: Sequence[Reaction]) -> None:
        """Fold what the reactions have seen before.

        Args:
            city: An open city.
            cursors: Its cursors; the caller closes them.
            reactions: What to run.
        """
        self._city, self._cursors = city, cursors
        self._reactions = {f"{one.name}/{one.version}": one for one in reactions}
        self._seen = {name: self._last_seen(name) for name in self._reactions}
        self._is_declared = False
        for name, reaction in self._reactions.items():
            assert "ReactionFailed" not in reaction.hears, "nobody answers to an incident"
            kinds = (*reaction.folds, "TimerFired")
            for entry in city.journal.read(kinds=kinds, before=self._seen[name] + 1):
                if _is_folded_by(name, reaction, entry):
                    reaction.fold(entry)

    def step(self, now: Instant, *, until: threading.Event | None = None) -> int:
        """React to all that is new and due, and to what follows from it.

        Args:
            now: What time it is; timers due by then fire.
            until: Once it is set, the rest is left to a later step.

        Returns:
            How many entries it recorded.

        Raises:
            StoreFailed, TooManyWaiting: If the record cannot be written now; a
                later step does it.
            CursorsUnusable: If it cannot remember how far it came.
        """
        written = 0
        while until is None or not until.is_set():
            passed, following = self._read_on()
            fired = 0 if passed else self._fire(now)
            written += following + fired
            if not passed and not fired:
                break
        return written

    def _read_on(self) -> tuple[int, int]:
        """React to the next piece of the record; how many entries were passed and recorded."""
        head = self._city.journal.head()
        passed = written = 0
        for name, reaction in self._reactions.items():
            start = self._seen[name]
            if start >= head.seq:
                continue
            kinds = {"TimerFired", *reaction.folds, *reaction.hears}
            news = self._city.journal.read(after=start, before=head.seq + 1, kinds=kinds)
            piece = list(islice(news, _PIECE))
            written += sum(self._pass_on(name, reaction, entry) for entry in piece)
            # What lies between the last of a piece that is not full and the head is not for it.
            last = piece[-1] if len(piece) == _PIECE else head
            self._cursors.move(name, last.seq, str(last.hash))
            self._seen[name] = last.seq
            passed += last.seq - start
        return passed, written

    def _pass_on(self, name: str, reaction: Reaction, entry: Entry[Any]) -> int:
        """Let a reaction see an entry, and record what follows; how many entries that is."""
        written = 0
        if entry.kind in reaction.hears or _is_timer_of(name, entry):
            try:
                following = list(reaction.react(entry, self._city.journal))
            except StoreFailed:
                raise
            except Exception as failure:
                failing: Failing = "refused" if isinstance(failure, Refusal) else "bug"
                LOG.error("%s fails at entry %s", name, entry.seq, exc_info=failure)
                written = self._tell_of(name, entry, failing, failure)
            else:
                written = self._record_all(name, entry, following)
        if _is_folded_by(name, reaction, entry):
            reaction.fold(entry)
            due = reaction.due()
            # Or it would fire for ever.
            is_later = due is None or not _is_timer_of(name, entry) or due > entry.body.due
            assert is_later, f"{name} waits again for {due}"
        return written

    def _record_all(self, name: str, cause: Entry[Any], following: list[Following]) -> int:
        """Record what follows; what the record has under its key already was done before."""
        if not following:
            return 0
        if self._causes_of(cause) >= MOST_CAUSES:
            return self._tell_of(name, cause, "too many causes")
        drafts = [
            _draft(one.body, f"{name}/{cause.id}/{one.about}", one.occurred_at, cause=cause.id)
            for one in following
        ]
        outcomes = self._record(drafts)
        written = sum(isinstance(one, Recorded) for one in outcomes)
        for refused in [one for one in outcomes if isinstance(one, Refused)][:1]:
            LOG.error("%s fails after entry %s: %s", name, cause.seq, refused.refusal)
            written += self._tell_of(name, cause, "refused", refused.refusal)
        return written

    def _tell_of(
        self, name: str, cause: Entry[Any], failing: Failing, failure: Exception | None = None
    ) -> int:
        kind = None if failure is None else type(failure).__name__
        incident = ReactionFailed(reaction=name, failing=failing, refused_as=kind)
        key = f"{name}/{cause.id}/incident"
        outcomes = self._record([_draft(incident, key, cause.recorded_at, cause=cause.id)])
        return sum(isinstance(one, Recorded) for one in outcomes)

    def _record(self, drafts: list[Draft[Any]]) -> list[Outcome]:
        if not self._is_declared:
            programme = AgentDeclared(agent=AUTHOR, name="Bioloom", sort="programme")
            self._city.commit([_draft(programme, f"agent:{AUTHOR}", drafts[0].occurred_at)])
            self._is_declared = True
        return self._city.commit(drafts, whole=False)

    def _fire(self, now: Instant) -> int:
        """Record the timers that are due; how many entries that is."""
        written = 0
        for name, reaction in self._reactions.items():
            due = reaction.due()
            if due is not None and due <= now:
                # Named by how far the reaction came: it may wait for the same instant again.
                key = f"timer/{name}/{due}/{self._seen[name]}"
                self._record([_draft(TimerFired(reaction=name, due=due), key, due)])
                written += 1
        return written

    def _causes_of(self, entry: Entry[Any] | None) -> int:
        """How many entries an entry came from, one after the other; counting stops at the most."""
        causes = 0
        while entry is not None and entry.cause is not None and causes < MOST_CAUSES:
            entry = self._city.journal.by_id(entry.cause)
            causes += 1
        return causes

    def _last_seen(self, name: str) -> int:
        """The last entry that a reaction has seen, or needs not see."""
        journal = self._city.journal
        seq, chained = self._cursors.places().get(name, (0, ""))
        there = journal.at([seq]).get(seq)
        # A restored record may be shorter, or go on otherwise.
        if there is not None and there.hash == chained:
            return seq
        head, folds = journal.head(), self._reactions[name].folds
        if not folds:
            return 0
        first = next(journal.read(kinds=folds), None)
        return head.seq if first is None else first.seq - 1


def _is_timer_of(name: str, entry: Entry[Any]) -> bool:
    return isinstance(entry.body, TimerFired) and entry.body.reaction == name


def _is_folded_by(name: str, reaction: Reaction, entry: Entry[Any]) -> bool:
    return entry.kind in reaction.folds or _is_timer_of(name, entry)


def _draft(
    body: msgspec.Struct, key: str, occurred_at: Instant, *, cause: str | None = None
) -> Draft[Any]:
    return Draft(
        body=body, occurred_at=occurred_at, author=AUTHOR, idempotency_key=key, cause=cause
    )


def run(city: City, clock: Callable[[], Instant], until: threading.Event) -> None:
    """Run a city's loop until told to stop; wait while another program does.

    Args:
        city: An open city.
        clock: What time it is.
        until: Set when it is to stop.
    """
    while not until.is_set():
        try:
            cursors = Cursors(city.folder / CURSORS_FILE)
        except (LoopRunning, CursorsUnusable) as unusable:
            LOG.info("%s", unusable)
            until.wait(REST_S)
            continue
        try:
            loop = Loop(city, cursors, reactions_of(city))
            while not until.wait(PAUSE_S):
                loop.step(clock(), until=until)
        except (StoreFailed, TooManyWaiting, CursorsUnusable) as failed:
            LOG.warning("%s", failed)
        except Exception as bug:
            LOG.error("the loop failed", exc_info=bug)
        finally:
            cursors.close()
        until.wait(REST_S)


def run_once(city: City, now: Instant) -> Counter[str]:
    """React to all that is new and due, and then end.

    Returns:
        How many entries of each kind it recorded.

    Raises:
        LoopRunning: If another program runs the loop of this city.
    """
    before = city.journal.head().seq
    cursors = Cursors(city.folder / CURSORS_FILE)
    try:
        Loop(city, cursors, reactions_of(city)).step(now)
    finally:
        cursors.close()
    entries = city.journal.read(after=before)
    return Counter(entry.kind for entry in entries if entry.author == AUTHOR)
