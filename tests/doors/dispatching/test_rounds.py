"""Rounds of a city: by one command, in force on figures that hold, with tables that are sound."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pyvrp.stop import MaxIterations

from bioloom.circuits.rounds.due import DayOutside, due_on
from bioloom.circuits.rounds.fleet import NoFleet, PlaceUnknown
from bioloom.circuits.rounds.proposing import RoundsOutdated, RoundsThere, RoundsUnknown
from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, open_city
from bioloom.doors.dispatching.fleet import (
    FleetRowRefused,
    declare_hours,
    declare_vehicles,
    fleet,
    unknown_groups,
)
from bioloom.doors.dispatching.rounds import (
    NoPlanInForce,
    adopt_day,
    plan_day,
    planned_of,
    pose_day,
    propose_day,
    rounds_known,
)
from bioloom.ledger.record.journal import RecordedOtherwise
from bioloom.vocabulary.entries.rounds import RoundsPlanned
from bioloom.vocabulary.periods import Period
from tests.doors.dispatching.dispatched_city import (
    COLUMNS,
    DAY,
    STEWARD,
    VEHICLES,
    dispatched_city,
)
from tests.doors.sample_city import sample_city

NEW_YEARS_EVE = date.fromisoformat(DAY)
CART = "cart,Cart,1,0.5,t,organics,digester,06:00,14:00,5,12,5,5,0,100"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with open_city(dispatched_city(tmp_path / "city")) as city:
        yield city


def proposed(city: City) -> RoundsPlanned:
    posed = pose_day(city, NEW_YEARS_EVE)
    planned = planned_of(posed, plan_day(city, posed, effort=lambda: MaxIterations(10), seed=1))
    propose_day(city, planned, author=STEWARD)
    return planned


def test_rounds_are_proposed_once_and_put_in_force_once(city: City) -> None:
    planned = proposed(city)
    head = city.journal.head()
    propose_day(city, planned, author=STEWARD)
    assert city.journal.head() == head

    adopt_day(city, planned.rounds, author=STEWARD)

    assert rounds_known(city).in_force_on(NEW_YEARS_EVE) == planned
    with pytest.raises(RoundsThere, match="in force before"):
        adopt_day(city, planned.rounds, author=STEWARD)
    with pytest.raises(RoundsUnknown, match="no rounds 'x'"):
        adopt_day(city, "x", author=STEWARD)


def test_rounds_for_vehicles_that_are_others_now_are_not_driven(city: City, tmp_path: Path) -> None:
    planned = proposed(city)
    (tmp_path / "cart.csv").write_text(f"{COLUMNS}\n{CART}\n")
    declare_vehicles(city, tmp_path / "cart.csv", author=STEWARD)

    with pytest.raises(RoundsOutdated, match="has changed since"):
        adopt_day(city, planned.rounds, author=STEWARD)


def test_what_is_due_on_the_last_day_is_all_that_is_left(city: City) -> None:
    last, first = pose_day(city, NEW_YEARS_EVE), pose_day(city, date(2025, 12, 1))

    assert sum(first.due_mg.values()) * 31 >= sum(last.due_mg.values())
    assert all(-(-last.due_mg[way] // 31) == mass_mg for way, mass_mg in first.due_mg.items())


def test_a_day_without_a_plan_or_a_city_without_vehicles_is_refused(
    city: City, tmp_path: Path
) -> None:
    with pytest.raises(NoPlanInForce, match="on 2001-01-01"):
        pose_day(city, date(2001, 1, 1))
    with open_city(sample_city(tmp_path / "bare")) as bare:
        with pytest.raises(NoPlanInForce, match="in force yet"):
            pose_day(bare)
        with pytest.raises(NoFleet, match="No vehicle"):
            fleet(bare).in_use()


def test_the_command_prints_rounds_writes_geojson_and_takes_roads(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, lines, roads = city.folder, tmp_path / "rounds.geojson", tmp_path / "roads.csv"
    places = pose_day(city, NEW_YEARS_EVE).problem.ways.places
    table = [f"{a},{b},{900 + len(a + b)}" for a in places for b in places if a != b]
    roads.write_text("\n".join(["from,to,metres", *table]))
    words = ["circuits", "rounds", str(folder), "--day", DAY, "--iterations", "5"]

    assert main([*words, "--geojson", str(lines)]) == 0
    assert main([*words, "--roads", str(roads), "--json"]) == 0

    told = capsys.readouterr().out
    assert "ways modelled, great circles" in told
    answer = json.loads(told[told.index("{") :])
    assert (answer["ways"], answer["detour_per_mille"], answer["checked"]) == (
        "reported",
        None,
        True,
    )
    assert answer["due_mg"] == answer["fetched_mg"] + sum(
        rest["mass_mg"] for rest in answer["not_fetched"]
    )
    features = json.loads(lines.read_bytes())["features"]
    assert {one["geometry"]["type"] for one in features} == {"LineString", "Point"}
    assert main([*words, "--detour", "0.5"]) == 2
    assert main([*words, "--geojson", str(tmp_path / "no" / "where")]) == 2
    roads.write_text("from,to,metres\n")
    assert main([*words, "--roads", str(roads)]) == 2
    assert "no way from" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (CART.replace("digester", "nowhere"), "no district and no site 'nowhere'"),
        (CART.replace(",0.5,", ",-1,"), "cannot be a mass"),
        (CART.replace(",0.5,", ",0,"), "capacity of 'cart' is 0 mg"),
        (CART.replace("06:00", "6 o'clock"), "6 o'clock"),
        (CART.replace("14:00", "05:00"), "end of 'cart'"),
        (CART.replace(",12,", ",900,"), "speed of 'cart'"),
        (CART.replace("organics", ""), "groups of 'cart' is empty"),
        (CART.replace("cart,C", "a/b,C"), "a/b"),
        (CART.replace(",100", ",1.5"), "1.5"),
        (CART.replace(",5,12", ",0,12"), "trips of 'cart' is 0"),
        (CART.removesuffix(",100"), "15 of them|14 cells"),
    ],
)
def test_a_row_that_cannot_be_a_vehicle_is_refused_with_its_line_and_nothing_is_recorded(
    city: City, tmp_path: Path, row: str, found: str
) -> None:
    (tmp_path / "fleet.csv").write_text(f"{VEHICLES}{row}\n")
    head = city.journal.head()

    with pytest.raises(FleetRowRefused, match=rf"fleet\.csv, line 4: .*({found})"):
        declare_vehicles(city, tmp_path / "fleet.csv", author=STEWARD)

    assert city.journal.head() == head


def test_other_figures_replace_those_there_only_when_asked_to(city: City, tmp_path: Path) -> None:
    table = tmp_path / "fleet.csv"
    table.write_text(VEHICLES)
    assert declare_vehicles(city, table, author=STEWARD) == 0
    table.write_text(VEHICLES.replace("lorry,Lorry,30", "lorry,Lorry,3"))

    with pytest.raises(RecordedOtherwise, match="something else under 'vehicle:lorry'"):
        declare_vehicles(city, table, author=STEWARD)
    assert declare_vehicles(city, table, author=STEWARD, correct=True) == 1

    assert {one.vehicle: one.count for one in fleet(city).in_use()} == {"lorry": 3, "van": 6}
    assert unknown_groups(city.journal.declared(), fleet(city)) == []


def test_hours_are_of_places_that_there_are(city: City, tmp_path: Path) -> None:
    table = tmp_path / "hours.csv"
    table.write_text("place,from,to,longitude,latitude\ndigester,07:00,15:00,-29.9,30.1\n")
    assert declare_hours(city, table, author=STEWARD) == 1
    assert pose_day(city, NEW_YEARS_EVE).problem.gates["digester"].from_s == 7 * 3600
    table.write_text("place,from,to\nnowhere,07:00,15:00\n")

    with pytest.raises(FleetRowRefused, match="no district and no site") as refused:
        declare_hours(city, table, author=STEWARD)

    assert isinstance(refused.value.refusal, PlaceUnknown)


def test_a_day_outside_of_a_plans_period_has_nothing_due(city: City) -> None:
    period = Period(first=NEW_YEARS_EVE, last=NEW_YEARS_EVE)
    with pytest.raises(DayOutside, match="not for 2025-12-30"):
        due_on(date(2025, 12, 30), period, [])
    assert city.plans().in_force
