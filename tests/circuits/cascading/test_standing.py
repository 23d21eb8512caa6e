"""Standing: in every hour what Codes ban is banned, and what is down on the day is down."""

from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bioloom.circuits.cascading.cascading import Cascade, cascade
from bioloom.circuits.cascading.courses import Course, Down, Storm
from bioloom.circuits.codes.trying import NO_CODES, Rulebook
from bioloom.ledger.codes.standing import Version
from bioloom.ledger.disruptions.disrupted import Disrupted
from bioloom.vocabulary.entries.codes import (
    Banned,
    CodeEnacted,
    CodeId,
    DistanceLimited,
    Rule,
    ShareGuaranteed,
)
from bioloom.vocabulary.entries.disruptions import (
    DisruptionId,
    DisruptionReported,
    MoveVetoed,
    VetoId,
)
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.circuits.cascading.storms import A_TONNE_MG, storm, storms, unaccounted_mg
from tests.circuits.cities import ONE_DAY

HEAP, DIGESTER = SiteId("heap"), SiteId("digester")
NORTH, SOUTH = DistrictId("north"), DistrictId("south")


def under(*rules: Rule) -> Rulebook:
    terms = CodeEnacted(
        code=CodeId("air"),
        version=1,
        title="Air",
        rationale="So decided.",
        rules=rules,
        first_day=ONE_DAY.first,
    )
    return Rulebook(versions=[Version(seq=1, terms=terms, last_day=None)])


def disrupt(what: Storm, **said: object) -> None:
    base: dict[str, object] = {
        "disruption": DisruptionId("flood"),
        "kind": "site_down",
        "first_day": ONE_DAY.first,
        "reason": "Flooded.",
    }
    body = msgspec.convert(base | said, DisruptionReported)
    what.declared.disruptions.reported[body.disruption] = Disrupted(reported=body)


def followed(
    what: Storm, codes: Rulebook = NO_CODES, *, day: date | None = None, more_mg: int = 0
) -> Cascade:
    return cascade(
        what.declared,
        what.offered_mg,
        what.period,
        day=day,
        codes=codes,
        down=what.down,
        hours=what.hours,
        more_mg_per_day=more_mg,
    )


def worked_off_mg(course: Course) -> int:
    return sum(hour.taken_mg for hour in course.hours)


def test_a_banned_site_takes_nothing_in_any_course() -> None:
    found = followed(storm(), under(Banned(sites=(HEAP,))))

    # What the heap took goes to the digester, which has 2 t an hour for the 2.5 t that come.
    for course in (found.undisturbed, found.rerouted):
        assert worked_off_mg(course) == 6 * 2 * A_TONNE_MG
    assert found.codes == ("air",)


def test_left_to_itself_nothing_turns_to_a_banned_site() -> None:
    ban = under(Banned(sites=(DIGESTER,)))

    found = followed(storm(Down(site=HEAP, hour=0)), ban)

    assert [failure.site for failure in found.overflowed.failures] == [HEAP]
    assert worked_off_mg(found.overflowed) == 0


def test_a_distance_limit_holds_in_every_hour_of_all_courses() -> None:
    near = under(DistanceLimited(limit_m=5000))

    found = followed(storm(Down(site=HEAP, hour=0)), near)

    for course in (found.rerouted, found.overflowed):
        assert course.build_up_mg[NORTH][-1] == 6 * A_TONNE_MG
        assert course.build_up_mg[SOUTH][-1] == 0
    # Nobody of north can go to the digester, so the network has two parts.
    assert found.null_model.joined == pytest.approx(2 / 4)


def test_a_site_that_is_down_on_the_day_is_down_from_the_first_hour() -> None:
    city = storm(hours=6)
    disrupt(city, site="heap")

    reported, said = followed(city), followed(storm(Down(site=HEAP, hour=0)))

    assert reported.disruptions == ("flood",)
    assert reported.undisturbed.build_up_mg == said.rerouted.build_up_mg
    assert worked_off_mg(reported.overflowed) == 6 * 2 * A_TONNE_MG


def test_a_disruption_of_other_days_disturbs_none_of_this_one() -> None:
    city = storm()
    disrupt(city, site="heap", last_day=ONE_DAY.last)

    after = followed(city, day=ONE_DAY.last + timedelta(days=1))

    assert after.disruptions == ()
    assert after.rerouted.left_mg == 0


def test_what_a_site_has_left_of_its_room_it_has_in_every_hour() -> None:
    city = storm()
    disrupt(city, kind="capacity_cut", site="digester", per_mille=500)

    found = followed(city)

    # 1 t an hour of the heap and 1 t of the digester for 2.5 t.
    for course in (found.rerouted, found.undisturbed):
        assert worked_off_mg(course) == 6 * 2 * A_TONNE_MG
    # Alone the plan's 2 t an hour come, so each site has no more than it can do.
    assert [failure.cause for failure in found.overflowed.failures] == []


def test_a_surge_is_of_days_that_are_only_expected() -> None:
    city = storm()
    disrupt(city, kind="surge", per_mille=2000)
    later = ONE_DAY.last + timedelta(days=1)

    weighed, expected = followed(city), followed(city, day=later)

    assert sum(hour.arrived_mg for hour in weighed.rerouted.hours) == 15 * A_TONNE_MG
    assert sum(hour.arrived_mg for hour in expected.rerouted.hours) == 30 * A_TONNE_MG


def test_a_veto_holds_by_the_hour_for_its_part_of_the_day() -> None:
    city = storm(hours=24)
    veto = MoveVetoed(
        veto=VetoId("no"),
        plan="p",
        district=NORTH,
        material=MaterialId("peel"),
        site=HEAP,
        most_mg=12 * A_TONNE_MG,
        first_day=ONE_DAY.first,
        last_day=ONE_DAY.last,
        reason="Too narrow.",
    )
    city.declared.disruptions.vetoes[veto.veto] = veto

    found = followed(city)

    # Half a tonne an hour of north goes to the heap, and what the digester has left takes the rest.
    assert found.rerouted.checked
    assert worked_off_mg(found.rerouted) == 24 * 5 * A_TONNE_MG // 2


def test_a_guarantee_that_is_not_kept_by_the_end_is_told_and_refuses_nothing() -> None:
    promise = under(ShareGuaranteed(group=GroupId("organics"), per_mille=900))

    found = followed(storm(Down(site=HEAP, hour=0)), promise)

    # 2 of 2.5 t an hour find room, the same share of each.
    missed = {one.district: one.placed for one in found.rerouted.missed}
    assert missed == {NORTH: pytest.approx(0.8), SOUTH: pytest.approx(0.8)}
    assert found.undisturbed.missed == ()


def test_more_room_is_not_looked_for_where_nothing_may_go() -> None:
    city = storm(hours=6, north=48, south=60)
    disrupt(city, site="heap")

    down = followed(city, more_mg=A_TONNE_MG).tried.reinforcements
    banned = followed(
        storm(hours=6, north=48, south=60), under(Banned(sites=(DIGESTER,))), more_mg=A_TONNE_MG
    ).tried.reinforcements

    assert [one.site for one in down] == [DIGESTER]
    assert [one.site for one in banned] == [HEAP]


@given(what=storms(), site=st.sampled_from(["s0", "s1", "s2", "s3"]))
@settings(max_examples=30)
def test_to_ban_all_from_a_site_is_to_have_it_down(what: Storm, site: str) -> None:
    assume(all(one.site != site for one in what.down))
    declared = replace(what.declared, sites=dict(what.declared.sites))
    banned = followed(what, under(Banned(sites=(SiteId(site),))))
    declared.sites.pop(SiteId(site), None)

    gone = followed(replace(what, declared=declared))

    assert gone.rerouted.hours == banned.rerouted.hours
    assert gone.overflowed == banned.overflowed
    assert unaccounted_mg(banned.overflowed) == [0] * what.hours
