"""The page of proposed facilities: pasted or uploaded as a map, compared, and forgotten."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency

from bioloom.circuits.siting.comparing import Siting
from bioloom.circuits.siting.proposals import Facility, Zone, read_facilities, read_zones
from bioloom.doors.web.asking import FieldMissing, Wish, read_wish
from bioloom.doors.web.rendering import AnyRequest, Pages, Renderer
from bioloom.doors.web.views.balance import planned_stamp
from bioloom.doors.web.views.foreseeing.siting import example_map, view_option
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.refusal import Refusal

MOST_FACILITIES = 6
LARGEST_CHARACTERS = 2_000_000


class TooManyFacilities(Refusal):
    """More proposed facilities than a page compares at once."""

    def __init__(self, *, count: int) -> None:
        self.count = count
        super().__init__(
            what=f"The map has {count} facilities.",
            why=f"Each takes plans of its own; a page compares at most {MOST_FACILITIES} at once.",
            remedy="Send fewer, or use `bioloom circuits siting DIR FILE`.",
        )


class Maps(msgspec.Struct, frozen=True, kw_only=True):
    """The maps that were sent: what is proposed, and the zones to look out for; and the days."""

    proposed: str = ""
    layers: str = ""
    first: str = ""
    last: str = ""


async def maps_of(request: Request[Any, Any, Any]) -> Maps:
    """What the form that was sent says; a file counts before what was pasted.

    Raises:
        FieldMissing: If a map is longer than a page takes, or is no text.
    """
    form = await request.form()
    return Maps(
        proposed=await _text(form, "map"),
        layers=await _text(form, "layers"),
        first=str(form.get("from", ""))[:20],
        last=str(form.get("to", ""))[:20],
    )


async def _text(form: Mapping[str, Any], field: str) -> str:
    file, text = form.get(f"{field}_file"), form.get(field, "")
    if isinstance(file, UploadFile) and file.filename:
        content = await file.read(LARGEST_CHARACTERS + 1)
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            raise FieldMissing(field=field) from fault
    if not isinstance(text, str) or len(text) > LARGEST_CHARACTERS:
        raise FieldMissing(field=field)
    return text.strip()


SentMaps = NamedDependency[Maps]


@get("/siting", include_in_schema=False, sync_to_thread=True)
def siting_page(request: AnyRequest, renderer: Pages) -> Response[str]:
    """A form for maps, with an example of this city to begin with."""
    declared = renderer.desk.standing().declared
    return _page(request, renderer, Maps(proposed=example_map(declared)))


@post("/siting", include_in_schema=False, sync_to_thread=True, status_code=200)
def compare_sites(request: AnyRequest, renderer: Pages, maps: SentMaps) -> Response[str]:
    """What the facilities that were sent would change, and what they touch; nothing is written."""
    desk = renderer.desk
    try:
        facilities, zones = _read(maps, desk.standing().declared)
        period = read_wish(maps.first, maps.last, []).period
    except Refusal as refused:
        # With what was sent, to be mended.
        return _page(request, renderer, maps, refused=refused)
    found = desk.siting(facilities, period, zones)
    return _page(request, renderer, maps, found=found)


def _read(maps: Maps, declared: Declared) -> tuple[tuple[Facility, ...], tuple[Zone, ...]]:
    if not maps.proposed:
        raise FieldMissing(field="map")
    groups = {material.group for material in declared.materials.values()}
    facilities = read_facilities(BytesIO(maps.proposed.encode()), groups=groups)
    if len(facilities) > MOST_FACILITIES:
        raise TooManyFacilities(count=len(facilities))
    zones = read_zones(BytesIO(maps.layers.encode())) if maps.layers else ()
    return facilities, zones


def _page(
    request: AnyRequest,
    renderer: Renderer,
    maps: Maps,
    *,
    found: Siting | None = None,
    refused: Refusal | None = None,
) -> Response[str]:
    standing = renderer.desk.standing()
    period: Period | None = None if found is None else found.period
    return renderer.page(
        request,
        "foreseeing/siting",
        standing,
        status=200 if refused is None else 400,
        can=bool(standing.declared.districts and standing.months),
        maps=maps,
        found=found,
        options=[] if found is None else [view_option(option) for option in found.options],
        refused=refused,
        planned=planned_stamp(standing.declared),
        wish=Wish(period=period),
    )


PAGES = (siting_page, compare_sites)
