"""Capture jobs: documents of EPCIS, captured one after another, and what became of each.

A job is kept before it is answered for, and done again after a restart: an event is recorded once,
by its hash, however often its document is captured.
"""

import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import msgspec

from bioloom.doors.capturing.epcis import EventCaptured, capture
from bioloom.doors.compose import City, now
from bioloom.doors.stores.captures import CAPTURES_FILE, Captures, JobKept
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

Behaviour = Literal["rollback", "proceed"]
_LOG = logging.getLogger(__name__)


class CaptureError(msgspec.Struct, frozen=True, kw_only=True):
    """A problem of a capture job (RFC 9457), with the place in the document that it is about."""

    type: str
    title: str
    detail: str
    path: str
    line: int | None = None


class CaptureJob(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A capture job as EPCIS 2.0 describes it, and what became of each event."""

    capture_id: str = msgspec.field(name="captureID")
    created_at: Instant
    finished_at: Instant | None
    running: bool
    success: bool
    capture_error_behaviour: Behaviour
    errors: tuple[CaptureError, ...]
    events: tuple[EventCaptured, ...]


class Jobs:
    """The jobs of a served city, done one after another in a thread of their own."""

    def __init__(self, city: City) -> None:
        """Go on with what was begun before."""
        self._city = city
        self._captures = Captures(city.folder / CAPTURES_FILE)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="capture")
        for kept in self._captures.unfinished():
            self._worker.submit(self._run, kept)

    def close(self) -> None:
        """Finish the job that is running; the others wait for the next start."""
        self._worker.shutdown(cancel_futures=True)
        self._captures.close()

    def begin(self, text: bytes, *, agent: AgentId, behaviour: Behaviour) -> CaptureJob:
        """Keep a document durably as a job; it is captured soon.

        Raises:
            CapturesUnusable: If it cannot be kept.
        """
        kept = JobKept(secrets.token_hex(8), agent, behaviour, now(), text, None)
        self._captures.begin(kept)
        self._worker.submit(self._run, kept)
        return _job(kept)

    def named(self, capture_id: str, agent: AgentId) -> CaptureJob | None:
        """A job of an agent's own by its id."""
        kept = self._captures.job(capture_id, agent)
        return None if kept is None else _job(kept)

    def newest(self, agent: AgentId, *, skipped: int, most: int) -> list[CaptureJob]:
        """Jobs of an agent's own, the newest first."""
        return [_job(kept) for kept in self._captures.jobs(agent, skipped=skipped, most=most)]

    def _run(self, kept: JobKept) -> None:
        """Do a job; a refusal, and even a mistake of our own, is its answer."""
        try:
            job = _done(self._city, kept)
        except Exception as mistake:  # noqa: BLE001  A thread of its own has nobody to tell.
            told = mistake if isinstance(mistake, Refusal) else None
            if told is None:
                _LOG.exception("capture job %s failed", kept.id)
            error = CaptureError(
                type=f"urn:bioloom:refusal:{type(mistake).__name__}",
                title="The document was not captured." if told is None else told.what,
                detail="Bioloom has a bug." if told is None else f"{told.why} {told.remedy}",
                path="$",
            )
            job = msgspec.structs.replace(
                _job(kept), running=False, finished_at=now(), errors=(error,)
            )
        self._captures.finish(kept.id, msgspec.json.encode(job))


def _job(kept: JobKept) -> CaptureJob:
    if kept.answer is not None:
        return msgspec.json.decode(kept.answer, type=CaptureJob)
    return CaptureJob(
        capture_id=kept.id,
        created_at=kept.created_at,
        finished_at=None,
        running=True,
        success=False,
        capture_error_behaviour="proceed" if kept.behaviour == "proceed" else "rollback",
        errors=(),
        events=(),
    )


def _done(city: City, kept: JobKept) -> CaptureJob:
    assert kept.document is not None, "a job has its document until it is done"
    together = kept.behaviour == "rollback"
    captured = capture(city, kept.document, author=kept.agent, together=together)
    faults = [*captured.faults, *(fault for event in captured.events for fault in event.faults)]
    errors = [
        CaptureError(
            type="epcisException:ValidationException",
            title="The document breaks a rule of EPCIS.",
            detail=fault.what,
            path=fault.path,
            line=fault.line,
        )
        for fault in faults
    ]
    errors += [
        CaptureError(
            type=f"urn:bioloom:refusal:{event.refusal.kind}",
            title=event.refusal.what,
            detail=f"{event.refusal.why} {event.refusal.remedy}",
            path=event.path,
        )
        for event in captured.events
        if event.refusal is not None
    ]
    return msgspec.structs.replace(
        _job(kept),
        running=False,
        finished_at=now(),
        success=captured.success,
        errors=tuple(errors),
        events=captured.events,
    )
