"""Capture: EPCIS 2.0 documents from other systems, by the REST binding of the standard."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import PathParameter

from bioloom.doors.capturing.epcis import EventCaptured, capture
from bioloom.doors.compose import City, now
from bioloom.doors.web.asking import NotThere
from bioloom.doors.web.guards.acting import acting_as
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.routes.api import BY_TOKEN, NOT_ALLOWED
from bioloom.doors.web.visiting import Visiting
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

Behaviour = Literal["rollback", "proceed"]
BEHAVIOUR_HEADER = "gs1-capture-error-behaviour"
# The key of an app's jobs in its state.
JOBS = "bioloom_capture_jobs"
_MOST_JOBS = 1_000


class BehaviourUnknown(Refusal):
    """A way to deal with faulty events that EPCIS does not have."""

    def __init__(self, *, asked: str) -> None:
        self.asked = asked
        super().__init__(
            what=f"GS1-Capture-Error-Behaviour cannot be '{asked[:40]}'.",
            why="It says whether a faulty event stops all others, or none.",
            remedy="Send rollback, proceed, or nothing, which means rollback.",
        )


class CaptureError(msgspec.Struct, frozen=True, kw_only=True):
    """A problem of a capture job (RFC 9457), with the place in the document that it is about."""

    type: str
    title: str
    detail: str
    path: str


class CaptureJob(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A capture job as EPCIS 2.0 describes it, and what became of each event."""

    capture_id: str = msgspec.field(name="captureID")
    created_at: Instant
    finished_at: Instant
    running: bool
    success: bool
    capture_error_behaviour: Behaviour
    errors: tuple[CaptureError, ...]
    events: tuple[EventCaptured, ...]


class Jobs:
    """The newest jobs of this server. What they recorded stands in the record itself."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[tuple[AgentId, str], CaptureJob] = OrderedDict()
        self._lock = Lock()

    def keep(self, agent: AgentId, job: CaptureJob) -> None:
        """Remember a job of an agent, and forget the oldest if there are too many."""
        with self._lock:
            self._jobs[agent, job.capture_id] = job
            if len(self._jobs) > _MOST_JOBS:
                self._jobs.popitem(last=False)

    def named(self, agent: AgentId, capture_id: str) -> CaptureJob:
        """A job of an agent's own by its id.

        Raises:
            NotThere: If it is not theirs, is not known, or no longer.
        """
        with self._lock:
            job = self._jobs.get((agent, capture_id))
        if job is None:
            raise NotThere(word="capture", name=capture_id)
        return job


@dataclass
class _Capturing(Operation):
    """The description of capturing; its body is read as it comes, so that it is told here."""

    def __post_init__(self) -> None:
        told = Schema(
            type=OpenAPIType.OBJECT,
            description="An EPCISDocument or a single event, as EPCIS 2.0 describes it.",
        )
        kinds = ("application/json", "application/ld+json", "application/xml")
        content = {kind: OpenAPIMediaType(schema=told) for kind in kinds}
        self.request_body = RequestBody(content=content, required=True)


@post(
    "/api/capture",
    status_code=202,
    tags=["capture"],
    summary="Capture an EPCIS 2.0 document",
    responses=NOT_ALLOWED,
    security=BY_TOKEN,
    operation_class=_Capturing,
)
async def capture_document(
    request: Request[Any, Any, Any], renderer: Pages, visitor: Visiting
) -> Response[CaptureJob]:
    """Record each event of a document once, by its hash, whoever sends it.

    The body is an EPCISDocument or a single event, JSON-LD or XML. With the header
    GS1-Capture-Error-Behaviour: proceed, a faulty event stops no other. The answer is the job,
    which is done by then; its address is in Location.
    """
    asked = request.headers.get(BEHAVIOUR_HEADER, "rollback").strip()
    if asked not in ("rollback", "proceed"):
        raise BehaviourUnknown(asked=asked)
    behaviour: Behaviour = "proceed" if asked == "proceed" else "rollback"
    agent = await sync_to_thread(acting_as, visitor, "import", renderer)
    text = await request.body()
    city = renderer.desk.city
    job = await sync_to_thread(_run, city, text, agent=agent, behaviour=behaviour)
    request.app.state[JOBS].keep(agent, job)
    where = f"/api/capture/{job.capture_id}"
    return Response(job, headers={"location": where}, status_code=202)


@get(
    "/api/capture/{capture_id:str}",
    sync_to_thread=True,
    tags=["capture"],
    summary="What became of a captured document",
    responses=NOT_ALLOWED,
    security=BY_TOKEN,
)
def capture_job(
    request: AnyRequest,
    capture_id: Annotated[str, PathParameter(description="The id of the job.")],
    renderer: Pages,
    visitor: Visiting,
) -> CaptureJob:
    """A job of one's own, as long as this server remembers it."""
    agent = acting_as(visitor, "import", renderer)
    jobs: Jobs = request.app.state[JOBS]
    return jobs.named(agent, capture_id)


def _run(city: City, text: bytes, *, agent: AgentId, behaviour: Behaviour) -> CaptureJob:
    begun = now()
    captured = capture(city, text, author=agent, together=behaviour == "rollback")
    errors = [_fault(fault.path, fault.what) for fault in captured.faults]
    for event in captured.events:
        errors += [_fault(fault.path, fault.what) for fault in event.faults]
        if event.refusal is not None:
            told = event.refusal
            errors.append(
                CaptureError(
                    type=f"urn:bioloom:refusal:{told.kind}",
                    title=told.what,
                    detail=f"{told.why} {told.remedy}",
                    path=event.path,
                )
            )
    return CaptureJob(
        capture_id=secrets.token_hex(8),
        created_at=begun,
        finished_at=now(),
        running=False,
        success=captured.success,
        capture_error_behaviour=behaviour,
        errors=tuple(errors),
        events=captured.events,
    )


def _fault(path: str, what: str) -> CaptureError:
    return CaptureError(
        type="epcisException:ValidationException",
        title="The document breaks a rule of EPCIS 2.0.",
        detail=what,
        path=path,
    )
