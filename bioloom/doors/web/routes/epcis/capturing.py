"""Capture: EPCIS 2.0 documents from other systems, by the REST binding of the standard."""

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import PathParameter, QueryParameter

from bioloom.doors.capturing.jobs import Behaviour, CaptureJob, Jobs
from bioloom.doors.web.asking import NotThere
from bioloom.doors.web.guards.acting import acting_as
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.routes.api import BY_TOKEN, NOT_ALLOWED
from bioloom.doors.web.visiting import Visiting
from bioloom.ledger.formats.epcis.reading import read_document
from bioloom.vocabulary.refusal import Refusal

BEHAVIOUR_HEADER = "gs1-capture-error-behaviour"
# The key of an app's jobs in its state.
JOBS = "bioloom_capture_jobs"
USUAL_PAGE = 30
PerPage = Annotated[
    int, QueryParameter(name="perPage", ge=1, le=1000, description="How many at most.")
]
NextPage = Annotated[
    int,
    QueryParameter(
        name="nextPageToken", ge=0, le=10**9, description="Where the page before ended."
    ),
]


class BehaviourUnknown(Refusal):
    """A way to deal with faulty events that EPCIS does not have."""

    def __init__(self, *, asked: str) -> None:
        self.asked = asked
        super().__init__(
            what=f"GS1-Capture-Error-Behaviour cannot be '{asked[:40]}'.",
            why="It says whether a faulty event stops all others, or none.",
            remedy="Send rollback, proceed, or nothing, which means rollback.",
        )


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
    which is done soon; its address is in Location.
    """
    asked = request.headers.get(BEHAVIOUR_HEADER, "rollback").strip()
    if asked not in ("rollback", "proceed"):
        raise BehaviourUnknown(asked=asked)
    behaviour: Behaviour = "proceed" if asked == "proceed" else "rollback"
    agent = await sync_to_thread(acting_as, visitor, "import", renderer)
    text = await request.body()
    # What nobody can read is refused at once, and is no job.
    await sync_to_thread(read_document, text)
    jobs: Jobs = request.app.state[JOBS]
    job = await sync_to_thread(jobs.begin, text, agent=agent, behaviour=behaviour)
    where = f"/api/capture/{job.capture_id}"
    return Response(job, headers={"location": where}, status_code=202)


@get(
    "/api/capture",
    sync_to_thread=True,
    tags=["capture"],
    summary="One's own capture jobs",
    responses=NOT_ALLOWED,
    security=BY_TOKEN,
)
def capture_jobs(
    request: AnyRequest,
    renderer: Pages,
    visitor: Visiting,
    per_page: PerPage = USUAL_PAGE,
    token: NextPage = 0,
) -> Response[list[CaptureJob]]:
    """Jobs of one's own, the newest first, page by page."""
    agent = acting_as(visitor, "import", renderer)
    jobs: Jobs = request.app.state[JOBS]
    found = jobs.newest(agent, skipped=token, most=per_page + 1)
    following = f"/api/capture?perPage={per_page}&nextPageToken={token + per_page}"
    link = {"link": f'<{following}>; rel="next"'} if len(found) > per_page else {}
    return Response(found[:per_page], headers=link)


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
    """A job of one's own."""
    agent = acting_as(visitor, "import", renderer)
    jobs: Jobs = request.app.state[JOBS]
    job = jobs.named(capture_id, agent)
    if job is None:
        raise NotThere(word="capture", name=capture_id)
    return job
