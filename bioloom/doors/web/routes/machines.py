"""For machines and operators: health, metrics, static files, the description of the API."""

from typing import Any

from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.params import FromPath

from bioloom.doors.web.asking import NotThere
from bioloom.doors.web.assets import Assets
from bioloom.doors.web.metrics import CONTENT_TYPE, Metrics
from bioloom.doors.web.rendering import AnyRequest, Pages, Renderer
from bioloom.doors.web.routes.answers import HealthAnswer
from bioloom.doors.web.routes.api import REFUSALS

# The address has the version of all assets in it, so what it answers never changes.
FOR_EVER = "public, max-age=31536000, immutable"


@get(
    "/health",
    sync_to_thread=True,
    tags=["record"],
    summary="Whether the record can be read",
    responses=REFUSALS,
)
def health(renderer: Pages) -> HealthAnswer:
    """Reads the record's head; answers 500 where it cannot."""
    head = renderer.desk.city.journal.head()
    return HealthAnswer(ok=True, seq=head.seq, hash=head.hash)


@get("/metrics", include_in_schema=False, sync_to_thread=True)
def metrics_text(renderer: Pages, metrics: NamedDependency[Metrics]) -> Response[bytes]:
    """Counts for a Prometheus server."""
    text = metrics.text(entries=renderer.desk.city.journal.head().seq)
    return Response(text, media_type=CONTENT_TYPE)


@get("/static/{version:str}/{name:path}", include_in_schema=False, sync_to_thread=False)
def static(
    request: AnyRequest,
    assets: NamedDependency[Assets],
    version: FromPath[str],
    name: FromPath[str],
) -> Response[bytes]:
    """A style, a script or the icon."""
    name = name.lstrip("/")
    if version != assets.version or not assets.has(name):
        raise NotThere(word="file", name=name)
    return _asset(request, assets, name, FOR_EVER)


@get("/favicon.ico", include_in_schema=False, sync_to_thread=False)
def favicon(request: AnyRequest, assets: NamedDependency[Assets]) -> Response[bytes]:
    """The icon, for browsers that ask for it unbidden."""
    return _asset(request, assets, "favicon.svg", "public, max-age=86400")


def _asset(request: AnyRequest, assets: Assets, name: str, keep: str) -> Response[bytes]:
    asset = assets.files[name]
    encoding, content = asset.encoded_for(request.headers.get("accept-encoding", ""))
    headers = {"cache-control": keep, "vary": "Accept-Encoding"}
    if encoding:
        headers["content-encoding"] = encoding
    return Response(content, media_type=asset.media_type, headers=headers)


class PlainPage(OpenAPIRenderPlugin):
    """The API's description as a page of our own: the usual viewers load from other origins."""

    def __init__(self, renderer: Renderer) -> None:
        super().__init__(path="/", media_type=MediaType.HTML)
        self._renderer = renderer

    def render(self, request: AnyRequest, openapi_schema: dict[str, Any]) -> bytes:
        """Every address with its question and its answer."""
        operations = [
            (method, path, operation)
            for path, item in openapi_schema["paths"].items()
            for method, operation in item.items()
        ]
        standing = self._renderer.desk.standing()
        page = self._renderer.page(request, "schema", standing, operations=operations)
        return page.content.encode()
