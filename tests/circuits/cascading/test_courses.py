"""Courses: hour by hour nothing is lost, planned anew or left to itself."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.circuits.cascading.cascading import (
    Cascade,
    HoursOutOfRange,
    ToleranceBelowZero,
    cascade,
)
from bioloom.circuits.cascading.courses import Down, Storm, of_hour
from bioloom.circuits.cascading.rerouting import rerouted
from bioloom.circuits.posing import SiteUnknown
from bioloom.vocabulary.entries.ledger import Storage, VehiclesDeclared
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.circuits.cascading.storms import A_TONNE_MG, storm, storms, unaccounted_mg

HEAP, DIGESTER = SiteId("heap"), SiteId("digester")


def followed(what: Storm, *, tolerance_per_mille: int = 200, more_mg_per_day: int = 0) -> Cascade:
    return cascade(
        what.declared,
        what.offered_mg,
        what.period,
        down=what.down,
        hours=what.hours,
        tolerance_per_mille=tolerance_per_mille,
        more_mg_per_day=more_mg_per_day,
    )


@given(mass_mg=st.integers(0, 10**15), hours=st.integers(1, 800))
def test_the_hours_of_a_mass_add_up_to_it(mass_mg: int, hours: int) -> None:
    shares = [of_hour(mass_mg, hour, hours) for hour in range(hours)]

    assert sum(shares) == mass_mg
    assert max(shares) - min(shares) <= 1


@given(what=storms(), tolerance_per_mille=st.sampled_from([0, 200, 3000]))
@settings(max_examples=60)
def test_every_hour_closes_to_the_milligram_in_both_courses(
    what: Storm, tolerance_per_mille: int
) -> None:
    found = followed(what, tolerance_per_mille=tolerance_per_mille)

    for course in (found.undisturbed, found.rerouted, found.overflowed):
        assert unaccounted_mg(course) == [0] * what.hours
        assert [sum(hour) for hour in zip(*course.build_up_mg.values(), strict=True)] == [
            hour.waiting_mg for hour in course.hours
        ]
        assert [sum(hour) for hour in zip(*course.build_up_by_group_mg.values(), strict=True)] == [
            hour.waiting_mg for hour in course.hours
        ]
        assert all(mass >= 0 for row in course.build_up_mg.values() for mass in row)
    assert found.checked


@given(what=storms())
@settings(max_examples=40)
def test_no_course_works_off_more_by_itself_than_a_new_plan_every_hour(what: Storm) -> None:
    found = followed(what)

    # Each row of a plan may round a milligram.
    rounding = 100 * what.hours
    assert found.overflowed.left_mg >= found.rerouted.left_mg - rounding
    assert found.rerouted.left_mg >= found.undisturbed.left_mg - rounding


def test_where_nothing_fails_and_there_is_room_nothing_waits() -> None:
    found = followed(storm())

    assert found.undisturbed == found.rerouted
    assert found.rerouted.left_mg == found.overflowed.left_mg == 0
    assert found.rerouted.failures == found.overflowed.failures == ()


def test_planned_anew_only_what_exceeds_the_rest_of_the_room_waits() -> None:
    course = rerouted(storm(Down(site=HEAP, hour=2)))

    # 2.5 t an hour come; from hour 2 on 2 t find room.
    waiting = [hour.waiting_mg for hour in course.hours]
    assert waiting == [0, 0] + [A_TONNE_MG // 2 * number for number in range(1, 5)]
    assert [(failure.site, failure.hour, failure.cause) for failure in course.failures] == [
        (HEAP, 2, "down")
    ]
    north, south = (course.build_up_mg[DistrictId(name)][-1] for name in ("north", "south"))
    # Of what comes and waits in an hour, each is denied the same share.
    assert north / south == pytest.approx(24 / 36, rel=1e-6)


def test_left_to_itself_the_next_site_fails_under_what_the_first_was_to_get() -> None:
    found = followed(storm(Down(site=HEAP, hour=2)), tolerance_per_mille=200)

    # 1.5 t and 1 t an hour at a site for 2 t: 25 % above, where it bears 20 %.
    second = found.overflowed.failures[1]
    assert (second.site, second.hour, second.cause) == (DIGESTER, 2, "overload")
    assert (second.load_mg, second.room_mg) == (A_TONNE_MG * 5 // 2, A_TONNE_MG * 2)
    assert found.overflowed.hours[-1].waiting_mg == 4 * A_TONNE_MG * 5 // 2


def test_a_site_that_bears_the_load_keeps_what_it_could_not_work_off() -> None:
    found = followed(storm(Down(site=HEAP, hour=5)), tolerance_per_mille=250)

    assert len(found.overflowed.failures) == 1
    assert found.overflowed.hours[-1].held_mg == A_TONNE_MG // 2


def test_what_a_failed_site_held_is_its_districts_again() -> None:
    city = storm(Down(site=HEAP, hour=0), hours=3)

    found = followed(city, tolerance_per_mille=300)

    # Half a tonne is held after hour 0; with it hour 1 is 50 % above the room.
    assert [failure.hour for failure in found.overflowed.failures] == [0, 1]
    assert found.overflowed.hours[1].held_mg == 0
    assert found.overflowed.hours[1].waiting_mg == 3 * A_TONNE_MG


def test_a_ton_of_room_is_worth_a_ton_where_it_is_missing_and_nothing_where_it_is_down() -> None:
    city = storm(Down(site=HEAP, hour=0), hours=24)

    tried = followed(city, more_mg_per_day=A_TONNE_MG).tried

    (best,) = tried.reinforcements
    assert (best.site, best.prevented_mg, best.checked) == (DIGESTER, A_TONNE_MG, True)
    assert best.prevented_mg_h == pytest.approx(A_TONNE_MG * 12.5, rel=1e-6)
    assert tried.untried == ()


def test_places_that_are_not_tried_are_named() -> None:
    city = storm(hours=2, north=48, south=48)

    found = cascade(
        city.declared,
        city.offered_mg,
        city.period,
        hours=2,
        more_mg_per_day=A_TONNE_MG,
        most_tried=1,
    )

    assert [one.site for one in found.tried.reinforcements] == [DIGESTER]
    assert found.tried.untried == (HEAP,)


def test_storage_loses_nothing_and_the_hour_it_is_passed_is_told() -> None:
    city = storm(Down(site=HEAP, hour=0))
    north = DistrictId("north")
    yard = Storage(accepts=(), capacity_mg=A_TONNE_MG * 7 // 10)
    city.declared.districts[north] = msgspec.structs.replace(
        city.declared.districts[north], storage=(yard,)
    )

    course = rerouted(city)

    assert unaccounted_mg(course) == [0] * 6
    # A fifth of a tonne more waits there every hour.
    assert course.build_up_mg[north][3] > yard.capacity_mg > course.build_up_mg[north][2]
    assert course.storage_passed == {north: 3}


def test_vehicles_carry_in_an_hour_what_they_carry_in_a_twenty_fourth_of_a_day() -> None:
    city = storm(hours=24)
    city.declared.vehicles["vans"] = VehiclesDeclared(
        vehicles="vans",
        origins=("north",),
        destinations=(),
        carries=(),
        count=2,
        trips_per_day=3,
        payload_mg=2 * A_TONNE_MG,
        stamp="generated",
    )

    course = rerouted(city)

    # North offers 24 t, of which the vans carry 12.
    assert course.build_up_mg[DistrictId("north")][-1] == pytest.approx(12 * A_TONNE_MG, rel=1e-6)
    assert course.checked


def test_the_same_storm_is_told_the_same_way() -> None:
    city = storm(Down(site=HEAP, hour=1))

    assert followed(city, more_mg_per_day=1) == followed(city, more_mg_per_day=1)


@pytest.mark.parametrize("hours", [0, -1, 25])
def test_hours_that_the_period_does_not_have_are_refused(hours: int) -> None:
    with pytest.raises(HoursOutOfRange, match=f"{hours} hours"):
        followed(storm(hours=hours))


def test_a_site_that_fails_after_the_last_hour_is_refused() -> None:
    with pytest.raises(HoursOutOfRange, match="hour 6, is out of reach"):
        followed(storm(Down(site=HEAP, hour=6)))


def test_a_site_nobody_declared_cannot_fail() -> None:
    with pytest.raises(SiteUnknown, match="no site 'moon'"):
        followed(storm(Down(site=SiteId("moon"))))


def test_a_tolerance_below_zero_is_refused() -> None:
    with pytest.raises(ToleranceBelowZero, match=r"-0\.001 is below zero"):
        followed(storm(), tolerance_per_mille=-1)
