"""Rules in plans: nothing goes where it may not, guarantees hold, and who comes first is served."""

from collections.abc import Sequence

import msgspec
import pytest

from bioloom.circuits.codes.governing import govern
from bioloom.circuits.codes.trying import Rulebook
from bioloom.circuits.planning import Plan, plan
from bioloom.circuits.posing import pose
from bioloom.circuits.proposing import PlanOnlyTried, inputs_sha256, propose
from bioloom.ledger.codes.lying import lies_in
from bioloom.ledger.codes.standing import Version
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.codes import (
    Banned,
    CodeEnacted,
    CodeId,
    DistanceLimited,
    Prioritised,
    Rule,
    ShareGuaranteed,
)
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.places import DistrictId, Point, SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE
from tests.circuits.cities import (
    ONE_DAY,
    add_district,
    add_material,
    add_site,
    at_km,
    offer_t,
)

NORTH, SOUTH = DistrictId("north"), DistrictId("south")
NEAR, FAR = SiteId("near"), SiteId("far")
PEEL, ORGANICS = MaterialId("peel"), GroupId("organics")


def city(*, near_t: float = 4.0, far_t: float = 4.0) -> Declared:
    """North at 0 km and south at 2 km; a near site at 1 km and a far one at 20 km."""
    declared = Declared()
    add_district(declared, "north")
    add_district(declared, "south", km=2.0)
    add_material(declared, "peel", group="organics")
    add_site(declared, "near", "organics", km=1.0, t_per_day=near_t)
    add_site(declared, "far", "organics", km=20.0, t_per_day=far_t)
    return declared


def version(*rules: Rule, code: str = "code") -> Version:
    terms = CodeEnacted(
        code=CodeId(code),
        version=1,
        title=code.title(),
        rationale="So that it is tried.",
        rules=rules,
        first_day=ONE_DAY.first,
    )
    return Version(seq=1, terms=terms, last_day=None)


def planned(declared: Declared, *versions: Version, **tonnes: float) -> Plan:
    offered = offer_t(**(tonnes or {"north_peel": 4.0, "south_peel": 4.0}))
    made = plan(declared, offered, ONE_DAY, codes=Rulebook(versions=versions))
    assert made.checked
    return made


def went_t(made: Plan) -> dict[tuple[str, str], float]:
    return {(flow.district, flow.site): flow.mass_mg / MG_PER_TONNE for flow in made.flows}


@pytest.mark.parametrize(
    "ban",
    [
        Banned(sites=(FAR,)),
        Banned(groups=(ORGANICS,), sites=(FAR,)),
        Banned(materials=(PEEL,), areas=("lagoon",)),
        Banned(processes=("landfill",)),
    ],
)
def test_nothing_banned_goes_to_where_it_is_banned(ban: Banned) -> None:
    declared = city()
    landfill = msgspec.structs.replace(declared.sites[FAR], process="landfill")
    declared.sites[FAR] = landfill
    add_district(declared, "lagoon", km=20.0)
    west, east = at_km(19.0).longitude_deg, at_km(21.0).longitude_deg
    square = ((west, -1.0), (east, -1.0), (east, 1.0), (west, 1.0), (west, -1.0))
    lagoon = declared.districts[DistrictId("lagoon")]
    declared.districts[DistrictId("lagoon")] = msgspec.structs.replace(lagoon, outline=((square,),))

    made = planned(declared, version(ban))

    assert {flow.site for flow in made.flows} == {NEAR}
    assert made.service == {NORTH: 0.5, SOUTH: 0.5}


def test_what_is_not_named_may_still_go() -> None:
    declared = city()
    add_material(declared, "glass")
    ban = Banned(groups=(GroupId("glass"),), sites=(NEAR, FAR))
    assert planned(declared, version(ban)).service == {NORTH: 1.0, SOUTH: 1.0}


def test_nothing_goes_farther_than_the_limit() -> None:
    made = planned(city(), version(DistanceLimited(limit_m=18_500)))
    assert went_t(made) == {("north", "near"): 4.0, ("south", "far"): 4.0}


def test_a_guarantee_is_kept_by_whoever_else_gets_less() -> None:
    fair = planned(city(far_t=0.0))
    made = planned(
        city(far_t=0.0),
        version(ShareGuaranteed(group=ORGANICS, per_mille=800, districts=(NORTH,))),
    )
    assert fair.service == {NORTH: 0.5, SOUTH: 0.5}
    assert made.service == pytest.approx({NORTH: 0.8, SOUTH: 0.2})


def test_who_comes_first_is_served_before_the_others() -> None:
    made = planned(city(far_t=0.0), version(Prioritised(districts=(SOUTH,))))
    assert made.service == {NORTH: 0.0, SOUTH: 1.0}


def test_the_groups_of_a_priority_are_ranked_and_an_earlier_code_counts_more() -> None:
    declared = city()
    add_material(declared, "glass")
    offered = offer_t(north_peel=1, north_glass=1, south_peel=1, south_glass=1)
    rules = Prioritised(groups=(GroupId("glass"),)), Prioritised(districts=(SOUTH,))
    problem = govern(pose(declared, offered, ONE_DAY), declared, version(*rules).provisions)
    ranked = dict(zip(problem.cells, problem.rank.tolist(), strict=True))
    assert ranked == {
        (SOUTH, "glass"): 0,
        (NORTH, "glass"): 1,
        (SOUTH, "organics"): 2,
        (NORTH, "organics"): 3,
    }


def test_each_code_says_what_it_costs_and_a_plan_without_it_shows_the_same() -> None:
    ban = version(Banned(sites=(FAR,)), code="ban")
    first = version(Prioritised(districts=(SOUTH,)), code="first")

    made = planned(city(), ban, first)
    without = planned(city(), first)

    told = {one.code: one for one in made.codes}
    unmet_mg = [sum(rest.mass_mg for rest in one.unmet) for one in (made, without)]
    assert told[CodeId("ban")].more_unmet_mg == unmet_mg[0] - unmet_mg[1] == 4 * MG_PER_TONNE
    assert told[CodeId("first")].more_unmet_mg == 0
    assert all(one.checked for one in made.codes)


def test_codes_are_among_the_figures_of_a_plan_and_none_at_all_changes_nothing() -> None:
    declared, offered = city(), offer_t(north_peel=4, south_peel=4)
    plain = pose(declared, offered, ONE_DAY)
    rules: Sequence[Rule] = (
        Banned(sites=(FAR,)),
        DistanceLimited(limit_m=5000),
        Prioritised(districts=(SOUTH,)),
        ShareGuaranteed(group=ORGANICS, per_mille=1),
    )
    digests = [
        inputs_sha256(govern(plain, declared, version(rule).provisions), ONE_DAY) for rule in rules
    ]
    assert govern(plain, declared, ()) is plain
    # The ban and the limit take the same ways here.
    assert len({inputs_sha256(plain, ONE_DAY), *digests}) == 4


def test_a_plan_that_tries_a_code_cannot_be_proposed() -> None:
    tried = Rulebook(versions=[version(Banned(sites=(FAR,)))], tried=[CodeId("code")])
    made = plan(city(), offer_t(north_peel=1), ONE_DAY, codes=tried)
    with pytest.raises(PlanOnlyTried, match="tries other Codes: code"):
        propose(made, plan="p")


def test_a_hole_in_an_area_is_outside_of_it() -> None:
    def square(half: float) -> tuple[tuple[float, float], ...]:
        return ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))

    outline = ((square(2.0), square(1.0)),)
    there = [lies_in(Point(longitude_deg=x, latitude_deg=0.0), outline) for x in (0.0, 1.5, 2.5)]
    assert there == [False, True, False]
