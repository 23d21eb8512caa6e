"""The JSON API: what the pages show, for machines. Masses are whole milligrams."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromQuery, PathParameter, QueryParameter

from bioloom.circuits.planning import plan_json
from bioloom.doors.answers.plans import PlanAnswer
from bioloom.doors.web.asking import named_in, read_wish
from bioloom.doors.web.errors import Problem
from bioloom.doors.web.guards.reading import reader_of
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.routes.answers import (
    BalanceAnswer,
    BalanceLine,
    Feature,
    FeatureCollection,
    LotsAnswer,
)
from bioloom.doors.web.routes.lots.listing import PAGE_LOTS, LotQuery
from bioloom.doors.web.views.balance import Balance, balance
from bioloom.doors.web.views.city_map import level_of
from bioloom.doors.web.views.plan_view import worst_shares
from bioloom.doors.web.visiting import Visiting
from bioloom.ledger.tracing import LotLine
from bioloom.vocabulary.lots import LotId

From = Annotated[
    str | None, QueryParameter(name="from", description="First day, such as 2022-11-01.")
]
To = Annotated[str | None, QueryParameter(name="to", description="Last day, included.")]
Without = Annotated[
    list[str] | None, QueryParameter(name="without", description="Ids of sites to leave out.")
]
REFUSALS = {
    400: ResponseSpec(Problem, description="The question cannot be answered as it is put."),
    401: ResponseSpec(Problem, description="The token that was shown counts no longer."),
    404: ResponseSpec(Problem, description="The record has no such thing."),
    409: ResponseSpec(Problem, description="The record is not the one that was signed here."),
    421: ResponseSpec(Problem, description="This server is not reached under that name."),
    500: ResponseSpec(Problem, description="Bioloom made a mistake, or its record is damaged."),
    503: ResponseSpec(Problem, description="Too much is asked for at once."),
}
# Of what is done in somebody's name: whoever asks shows a token of theirs.
NOT_ALLOWED = REFUSALS | {
    401: ResponseSpec(Problem, description="No token was shown that counts."),
    403: ResponseSpec(Problem, description="The token, or its agent, may not do this."),
}
BY_TOKEN = [{"token": list[str]()}]


@get(
    "/api/plan",
    sync_to_thread=True,
    tags=["plan"],
    summary="A fair plan of a period",
    responses=REFUSALS,
)
def plan(
    renderer: Pages, first: From = None, last: To = None, without: Without = None
) -> PlanAnswer:
    """The plan as `bioloom plan --json` prints it; the newest month where no days are named."""
    wish = read_wish(first, last, without or [])
    made = renderer.desk.plan(renderer.desk.standing(), wish)
    return msgspec.convert(plan_json(made), PlanAnswer)


@get(
    "/api/balance",
    sync_to_thread=True,
    tags=["plan"],
    summary="What is offered, placed and unmet of each material",
    responses=REFUSALS,
)
def balance_of(
    renderer: Pages, first: From = None, last: To = None, without: Without = None
) -> BalanceAnswer:
    """Offered = placed + unmet for every material, each figure with its stamps."""
    standing = renderer.desk.standing()
    made = renderer.desk.plan(standing, read_wish(first, last, without or []))
    added_up = balance(made, standing.declared, renderer.desk.stamps(made.period))
    return BalanceAnswer(first=made.period.first, last=made.period.last, materials=_lines(added_up))


def _lines(added_up: Balance) -> list[BalanceLine]:
    return [
        BalanceLine(
            material=row.material,
            name=row.name,
            low_code=row.low_code,
            offered_mg=row.offered_mg,
            placed_mg=row.placed_mg,
            unmet_mg=row.unmet_mg,
            offered_stamps=list(row.stamps),
            planned_stamp=added_up.planned,
        )
        for row in added_up.rows
    ]


@get(
    "/api/districts",
    sync_to_thread=True,
    tags=["places"],
    summary="Districts as GeoJSON",
    media_type="application/geo+json",
    responses=REFUSALS,
)
def districts(
    renderer: Pages, first: From = None, last: To = None, without: Without = None
) -> FeatureCollection:
    """Outlines in WGS 84, with the service of each district's worst-served group."""
    standing = renderer.desk.standing()
    wish = read_wish(first, last, without or [])
    has_plan = wish.period or standing.newest
    shares = worst_shares(renderer.desk.plan(standing, wish)) if has_plan else {}
    features = [
        Feature(
            id=district.district,
            geometry={"type": "MultiPolygon", "coordinates": district.outline},
            properties={
                "name": district.name,
                "part_of": district.part_of,
                "need": district.need_per_mille / 1000,
                "stamp": district.stamp,
                "worst_share": shares.get(district.district),
                "level": level_of(shares.get(district.district)),
            },
        )
        for district in standing.declared.districts.values()
    ]
    return FeatureCollection(features=features)


@get(
    "/api/sites",
    sync_to_thread=True,
    tags=["places"],
    summary="Sites as GeoJSON",
    media_type="application/geo+json",
    responses=REFUSALS,
)
def sites(renderer: Pages) -> FeatureCollection:
    """Positions in WGS 84, with what each site takes and how much of it a day."""
    features = [
        Feature(
            id=site.site,
            geometry={
                "type": "Point",
                "coordinates": (site.point.longitude_deg, site.point.latitude_deg),
            },
            properties={
                "name": site.name,
                "process": site.process,
                "accepts": sorted({group for i in site.intakes for group in i.accepts}),
                "capacity_mg_per_day": sum(i.capacity_mg_per_day for i in site.intakes),
                "residue": site.residue_per_mille / 1000,
                "stamp": site.stamp,
            },
        )
        for site in renderer.desk.standing().declared.sites.values()
    ]
    return FeatureCollection(features=features)


@get(
    "/api/lots",
    sync_to_thread=True,
    tags=["record"],
    summary="Lots, fifty at a time",
    responses=REFUSALS,
)
def lots_of(
    *,
    renderer: Pages,
    visitor: Visiting,
    place: FromQuery[str] = "",
    material: FromQuery[str] = "",
    owner: FromQuery[str] = "",
    first: From = None,
    last: To = None,
    after: FromQuery[str] = "",
) -> LotsAnswer:
    """Lots in the order in which they came into the record; go on with `after=next`."""
    asked = LotQuery(
        place=place,
        material=material,
        owner=owner,
        first=first or "",
        last=last or "",
        after=after,
    )
    rows, following = reader_of(renderer, visitor).lots(asked.read(), PAGE_LOTS)
    return LotsAnswer(lots=rows, next=following)


@get(
    "/api/lots/{lot:path}",
    sync_to_thread=True,
    tags=["record"],
    summary="A lot's line",
    responses=REFUSALS,
)
def lot_of(
    request: AnyRequest,
    renderer: Pages,
    visitor: Visiting,
    lot: Annotated[str, PathParameter(description="The lot's id, percent-encoded.")],  # noqa: ARG001
) -> LotLine:
    """A lot as it is now, and the entries and files that made it so."""
    name = LotId(named_in(request.scope, "/api/lots/"))
    return reader_of(renderer, visitor).line(name, "back")
