"""The page of rounds, the forms that plan and drive them, and their lines as GeoJSON."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect
from pyvrp.stop import MaxRuntime

from bioloom.circuits.rounds.fleet import point_of
from bioloom.circuits.rounds.geojson import rounds_geojson
from bioloom.doors.compose import City
from bioloom.doors.dispatching.fleet import fleet
from bioloom.doors.dispatching.rounds import (
    adopt_day,
    plan_day,
    planned_of,
    pose_day,
    propose_day,
    rounds_known,
)
from bioloom.doors.web.asking import Wish, read_date
from bioloom.doors.web.guards.acting import acting_as, could_act
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.routes.answers import Feature, FeatureCollection
from bioloom.doors.web.routes.api import REFUSALS
from bioloom.doors.web.routes.people.errands import Errands
from bioloom.doors.web.views.city_map import CityMap, draw_map
from bioloom.doors.web.views.dispatching.rounds import RoundsView, paths_of, view_rounds
from bioloom.doors.web.visiting import Visiting
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.rounds import RoundsPlanned
from bioloom.vocabulary.places import Point

# How long the page searches; the command line searches as long as one likes.
SEARCH_S = 3.0
_SEED = 1


@get("/rounds", include_in_schema=False, sync_to_thread=True)
def rounds_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """A day's rounds: on the map, and vehicle by vehicle in a list."""
    desk = renderer.desk
    standing = desk.standing()
    asked = request.query_params.get("day")
    view = view_rounds(rounds_known(desk.city), read_date("day", asked) if asked else None)
    return renderer.page(
        request,
        "dispatching/rounds",
        standing,
        view=view,
        picture=None if view is None else picture_of(desk.city, view, standing.declared),
        vehicles=list(fleet(desk.city).vehicles.values()),
        has_plan=bool(desk.city.plans().in_force),
        may_dispatch=could_act(visitor, "dispatch", renderer),
        today=desk.city.today(),
        wish=Wish(),
    )


@post("/rounds/propose", include_in_schema=False, sync_to_thread=True)
def propose(errand: Errands) -> Redirect:
    """Search for a day's rounds, and record them as a proposal."""
    author = acting_as(errand.visitor, "dispatch", errand.renderer)
    day = read_date("day", errand.form.text("day"))
    with errand.renderer.desk.computing():
        posed = pose_day(errand.city, day)
        made = plan_day(errand.city, posed, effort=lambda: MaxRuntime(SEARCH_S), seed=_SEED)
    propose_day(errand.city, planned_of(posed, made), author=author)
    return errand.on_to(f"/rounds?day={day}")


@post("/rounds/drive", include_in_schema=False, sync_to_thread=True)
def drive(errand: Errands) -> Redirect:
    """Put rounds in force for their day."""
    author = acting_as(errand.visitor, "dispatch", errand.renderer)
    rounds = errand.form.text("rounds")
    adopt_day(errand.city, rounds, author=author)
    return errand.on_to(f"/rounds?day={rounds_known(errand.city).named(rounds).day}")


@get(
    "/api/rounds",
    sync_to_thread=True,
    tags=["plan"],
    summary="A day's collection rounds as GeoJSON",
    media_type="application/geo+json",
    responses=REFUSALS,
)
def rounds(
    renderer: Pages,
    day: Annotated[str | None, QueryParameter(description="A day, such as 2022-11-01.")] = None,
) -> FeatureCollection:
    """A line for each load, straight from halt to halt, and a point for each halt."""
    city = renderer.desk.city
    view = view_rounds(rounds_known(city), read_date("day", day) if day else None)
    if view is None:
        return FeatureCollection(features=[])
    points, depots = _places(city, view.planned, renderer.desk.standing().declared)
    made = rounds_geojson(view.planned, points, depots)
    return FeatureCollection(features=[msgspec.convert(one, Feature) for one in made["features"]])


def picture_of(city: City, view: RoundsView, declared: Declared) -> CityMap | None:
    """The city's map with a day's rounds."""
    points, depots = _places(city, view.planned, declared)
    return draw_map(declared, {}, ways=paths_of(view.planned, points, depots))


def _places(
    city: City, planned: RoundsPlanned, declared: Declared
) -> tuple[dict[str, Point], dict[str, str]]:
    """Where each place of some rounds is, and the depot of each class of vehicles."""
    known = fleet(city)
    depots: dict[str, str] = {one.vehicle: one.depot for one in known.vehicles.values()}
    places = {halt.place for one in planned.routes for halt in one.halts} | set(depots.values())
    return {place: point_of(place, declared, known) for place in sorted(places)}, depots


def newest_in(city: City, first: date, last: date) -> RoundsView | None:
    """The newest rounds of the days of a period."""
    known = rounds_known(city)
    days = [one.day for one in known.planned.values() if first <= one.day <= last]
    return view_rounds(known, max(days)) if days else None


PAGES = (rounds_page, propose, drive, rounds)
