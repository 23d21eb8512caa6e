"""Bonds in plans: no bound milligram goes where it may not, and without bonds nothing changes."""

from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.circuits.binding.assigning import Lots, LotsMissing
from bioloom.circuits.binding.reading import Bonds
from bioloom.circuits.explaining.questions.asking import Questions
from bioloom.circuits.layout.bonds import UNBOUND, Bond, Bound, BoundHeap
from bioloom.circuits.planning import Plan, plan
from bioloom.circuits.posing import Node, Problem, pose
from bioloom.circuits.proposing import inputs_sha256
from bioloom.doors.asking.telling import Teller
from bioloom.doors.web.speaking import speak
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import BoundMass, Flow
from bioloom.vocabulary.entries.covenants import CovenantId
from bioloom.vocabulary.lots import LotId, Portion
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.circuits.cities import ONE_DAY, add_district, add_material, add_site, offer_t

NORTH, SOUTH, PEEL = DistrictId("north"), DistrictId("south"), MaterialId("peel")
NEAR, FAR = SiteId("near"), SiteId("far")
OURS, THEIRS = Bond((CovenantId("ours"),)), Bond((CovenantId("theirs"),))
T = 10**9


def city(*, near_t: float = 9.0, far_t: float = 9.0) -> Declared:
    declared = Declared()
    add_district(declared, "north")
    add_district(declared, "south", km=2.0)
    add_material(declared, "peel", group="organics")
    add_site(declared, "near", "organics", km=1.0, t_per_day=near_t)
    add_site(declared, "far", "organics", km=20.0, t_per_day=far_t)
    return declared


def held(bond: Bond, mass_t: float, *sites: SiteId) -> BoundHeap:
    return BoundHeap(bond, round(mass_t * T), frozenset(sites))


def planned(declared: Declared, bound: Bound | None, **offered_t: float) -> Plan:
    made = plan(declared, offer_t(**offered_t), ONE_DAY, bound=bound)
    assert made.checked
    return made


def test_what_is_bound_goes_only_where_it_may_and_the_flow_says_what_binds_it() -> None:
    made = planned(city(), {(NORTH, PEEL): (held(OURS, 3, FAR),)}, north_peel=8)

    near, far = sorted(made.flows, key=lambda flow: -flow.mass_mg)
    assert (near.site, near.mass_mg, near.covenants) == (NEAR, 5 * T, ())
    assert (far.site, far.mass_mg) == (FAR, 3 * T)
    assert far.covenants == (BoundMass(covenants=OURS.covenants, mass_mg=3 * T),)


def test_what_may_go_nowhere_stays_and_counts_as_not_served() -> None:
    made = planned(city(), {(NORTH, PEEL): (held(OURS, 2, SiteId("none")),)}, north_peel=8)

    assert [(rest.district, rest.mass_mg) for rest in made.unmet] == [(NORTH, 2 * T)]
    assert made.service[NORTH] == 0.75


def test_what_is_all_bound_to_nowhere_is_told_so_and_not_that_no_site_takes_it() -> None:
    made = planned(city(), {(NORTH, PEEL): (held(OURS, 8, SiteId("none")),)}, north_peel=8)

    assert made.reasons[NORTH] == (
        "Of 8 t of organics, 0 % is placed: covenants bind it ('ours'), and no site of this plan "
        "may have it."
    )
    found = Questions(made.trials).about_district(NORTH)
    assert (found.reason, found.covenants) == ("bound", ("ours",))
    said = Teller(city(), speak("es")).say(found)
    assert "lo ligan convenios ('ours')" in said[0]


def test_a_plan_in_force_that_knew_of_no_bond_is_changed_no_more_than_the_bond_asks() -> None:
    declared = city(near_t=4)
    add_site(declared, "near_too", "organics", km=1.0, t_per_day=9)
    before = planned(declared, None, north_peel=8)
    bound = {(NORTH, PEEL): (held(OURS, 1, NEAR, FAR, SiteId("near_too")),)}

    after = plan(declared, offer_t(north_peel=8), ONE_DAY, bound=bound, in_force=before.flows)

    assert after.checked
    assert {f.site: f.mass_mg for f in after.flows} == {f.site: f.mass_mg for f in before.flows}


SITES = st.frozensets(st.sampled_from([NEAR, FAR]))
HEAPS = st.lists(
    st.tuples(st.sampled_from([OURS, THEIRS]), st.integers(1, 5 * T), SITES),
    max_size=2,
    unique_by=lambda heap: heap[0],
)
NODES = st.fixed_dictionaries({(NORTH, PEEL): HEAPS, (SOUTH, PEEL): HEAPS})
OFFERS = st.fixed_dictionaries(
    {(NORTH, PEEL): st.integers(1, 9 * T), (SOUTH, PEEL): st.integers(1, 9 * T)}
)


def bonds(heaps: Mapping[Node, list[tuple[Bond, int, frozenset[SiteId]]]]) -> Bound:
    return {node: tuple(BoundHeap(*one) for one in sorted(some)) for node, some in heaps.items()}


@given(offered=OFFERS, heaps=NODES, near_t=st.integers(0, 12), far_t=st.integers(0, 12))
def test_no_flow_breaks_a_covenant_and_no_milligram_is_lost(
    offered: dict[Node, int],
    heaps: dict[Node, list[tuple[Bond, int, frozenset[SiteId]]]],
    near_t: int,
    far_t: int,
) -> None:
    bound = bonds(heaps)
    made = plan(city(near_t=near_t, far_t=far_t), offered, ONE_DAY, bound=bound, explain=False)

    assert made.checked
    gone: Counter[Node] = Counter()
    for flow in made.flows:
        node = flow.district, flow.material
        gone[node] += flow.mass_mg
        sites = {heap.bond: heap.sites for heap in bound[node]}
        assert sum(one.mass_mg for one in flow.covenants) <= flow.mass_mg
        assert all(flow.site in sites[Bond(one.covenants)] for one in flow.covenants)
        rest_mg = flow.mass_mg - sum(one.mass_mg for one in flow.covenants)
        free_mg = offered[node] - sum(heap.mass_mg for heap in bound[node])
        assert rest_mg <= max(0, free_mg)
    for rest in made.unmet:
        gone[rest.district, rest.material] += rest.mass_mg
    assert gone == offered


@given(offered=OFFERS, near_t=st.integers(0, 12))
def test_without_covenants_the_figures_are_what_they_were_bit_for_bit(
    offered: dict[Node, int], near_t: int
) -> None:
    declared = city(near_t=near_t)
    plain, empty = (
        pose(declared, offered, ONE_DAY, bound=bound) for bound in (None, dict[Node, tuple[()]]())
    )

    assert inputs_sha256(plain, ONE_DAY) == inputs_sha256(empty, ONE_DAY)
    assert told(plain) == told(empty)
    assert (plain.bonds, plan(declared, offered, ONE_DAY).flows) == (
        (),
        plan(declared, offered, ONE_DAY, bound={}).flows,
    )


def told(problem: Problem) -> list[list[int]]:
    arrays = (problem.supply_mg, problem.arc_node, problem.arc_intake, problem.capacity_mg)
    return [array.tolist() for array in arrays]


def test_lots_of_each_bond_are_taken_the_oldest_first_and_no_other_stands_in() -> None:
    lots = {(NORTH, PEEL): [portion("old", 3), portion("bound", 4), portion("new", 5)]}
    waiting = Lots(lots, Bonds(of_lot={LotId("bound"): ((OURS, 4),)}))
    mixed = flow(FAR, 5, BoundMass(covenants=OURS.covenants, mass_mg=2))

    assert waiting.take(mixed) == (portion("old", 3), portion("bound", 2))
    assert waiting.take(flow(NEAR, 5)) == (portion("new", 5),)
    with pytest.raises(LotsMissing, match="no lot goes where a covenant forbids it"):
        waiting.take(flow(NEAR, 1))
    assert waiting.take(flow(FAR, 2, BoundMass(covenants=OURS.covenants, mass_mg=2))) == (
        portion("bound", 2),
    )


def portion(lot: str, mass_mg: int) -> Portion:
    return Portion(lot=LotId(lot), mass_mg=mass_mg)


def flow(site: SiteId, mass_mg: int, *covenants: BoundMass) -> Flow:
    return Flow(district=NORTH, material=PEEL, site=site, mass_mg=mass_mg, covenants=covenants)


def test_an_unbound_flow_is_written_as_it_always_was() -> None:
    assert Bond() == UNBOUND
    made = planned(city(), None, north_peel=1)
    assert made.flows[0].covenants == ()
