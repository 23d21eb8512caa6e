"""Without network: what a phone keeps of these pages, so that they open anywhere."""

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from bioloom.doors.web.asking import NotThere
from bioloom.doors.web.assets import Assets
from bioloom.doors.web.rendering import AnyRequest, Pages

_WORKER = "islands/worker.js"
# What the pages by hand need to look and work as they do.
_KEPT = (
    *("style.css", "hands.css", "favicon.svg", "live.js"),
    *("islands/queue.js", "islands/scan.js"),
)


class Icon(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that stands for the page on a phone."""

    src: str
    sizes: str = "any"
    type: str = "image/svg+xml"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What makes the page an app on a phone (W3C Web Application Manifest)."""

    name: str
    short_name: str
    lang: str
    icons: list[Icon]
    id: str = "/give"
    start_url: str = "/give"
    scope: str = "/"
    display: str = "standalone"
    background_color: str = "#faf8f3"
    theme_color: str = "#17634f"


@get("/manifest.webmanifest", include_in_schema=False, sync_to_thread=False)
def manifest(
    request: AnyRequest, renderer: Pages, assets: NamedDependency[Assets]
) -> Response[Manifest]:
    """The page as an app that opens at the form for giving."""
    city = renderer.desk.city.settings.name
    made = Manifest(
        name=city,
        short_name=city[:12],
        lang=renderer.language(request).code,
        icons=[Icon(src=assets.url("favicon.svg"))],
    )
    return Response(made, media_type="application/manifest+json")


@get("/worker.js", include_in_schema=False, sync_to_thread=False)
def worker(assets: NamedDependency[Assets]) -> Response[bytes]:
    """The script that answers where there is no network; it governs all pages, so it lies here.

    Its first line says which version of the assets it keeps: other assets, another worker.

    Raises:
        NotThere: If the islands are not built.
    """
    if not assets.has(_WORKER):
        raise NotThere(word="file", name=_WORKER)
    kept = [assets.url(path) for path in _KEPT if assets.has(path)]
    head = b"const KEPT = " + msgspec.json.encode({"version": assets.version, "assets": kept})
    content = head + b";\n" + assets.files[_WORKER].variants[""]
    return Response(content, media_type="text/javascript; charset=utf-8")


@get("/queue", include_in_schema=False, sync_to_thread=True)
def queue_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """What waits on this phone; this page stands for every other one while there is no network."""
    is_kept = "kept" in request.query_params
    return renderer.page(request, "hands/queue", renderer.desk.standing(), is_kept=is_kept)
