"""Posing: facts become arrays in the order of their ids; what is not declared is refused."""

import pytest
from hypothesis import given

from bioloom.circuits.layout.offering import OfferUndeclared
from bioloom.circuits.posing import Problem, SiteUnknown, pose
from bioloom.circuits.splitting import split
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.circuits.cities import (
    ONE_DAY,
    add_district,
    add_material,
    add_site,
    offer_t,
    problems,
)


@pytest.fixture
def city() -> Declared:
    city = Declared()
    add_district(city, "west", km=0, need=1500)
    add_district(city, "east", km=10)
    add_material(city, "peel", group="organics")
    add_material(city, "paint", group="special", code="20 01 27*")
    add_site(city, "heap", "organics", km=4, t_per_day=7)
    add_site(city, "depot", "organics", "special", km=10)
    return city


def test_ids_alone_decide_the_order(city: Declared) -> None:
    problem = pose(city, offer_t(west_peel=2, east_peel=1, west_paint=3), ONE_DAY)

    assert problem.nodes == (("east", "peel"), ("west", "paint"), ("west", "peel"))
    assert problem.cells == (("east", "organics"), ("west", "organics"), ("west", "special"))
    assert problem.sites == ("depot", "heap")
    assert problem.cell_of_node.tolist() == [0, 2, 1]
    assert problem.hazardous.tolist() == [False, True, False]
    assert problem.need.tolist() == [1.0, 1.5, 1.5]
    assert problem.capacity_mg.tolist() == [1000 * 10**9, 7 * 10**9]
    arcs = list(zip(problem.arc_node.tolist(), problem.arc_intake.tolist(), strict=True))
    assert arcs == [(0, 0), (0, 1), (1, 0), (2, 0), (2, 1)]
    assert problem.arc_km.round(2).tolist() == [0.0, 6.0, 10.0, 10.0, 4.0]


def test_where_nothing_is_offered_there_is_no_share(city: Declared) -> None:
    problem = pose(city, offer_t(west_peel=2, east_peel=0), ONE_DAY)

    assert problem.nodes == (("west", "peel"),)


def test_a_site_left_out_has_no_intake(city: Declared) -> None:
    problem = pose(city, offer_t(west_peel=2), ONE_DAY, without=[SiteId("depot")])

    assert problem.sites == ("heap",)


def test_a_site_that_nobody_declared_cannot_be_left_out(city: Declared) -> None:
    with pytest.raises(SiteUnknown, match="no site 'heep'") as refusal:
        pose(city, {}, ONE_DAY, without=[SiteId("heep")])

    assert "depot, heap" in refusal.value.remedy


@pytest.mark.parametrize(
    ("offered", "word"),
    [(offer_t(north_peel=1), "district 'north'"), (offer_t(west_glass=1), "material 'glass'")],
)
def test_mass_of_what_is_not_declared_is_refused(
    city: Declared, offered: dict[tuple[DistrictId, MaterialId], int], word: str
) -> None:
    with pytest.raises(OfferUndeclared, match=word):
        pose(city, offered, ONE_DAY)


def test_flows_in_force_stand_on_their_arcs_and_others_are_forgotten(city: Declared) -> None:
    flows = tuple(
        Flow(district=DistrictId("west"), material=MaterialId("peel"), site=SiteId(site), mass_mg=5)
        for site in ("heap", "closed")
    )

    problem = pose(city, offer_t(west_peel=2), ONE_DAY, in_force=flows)

    assert problem.in_force_mg.tolist() == [0, 5]


@given(problem=problems())
def test_splitting_loses_nothing_and_separates_what_shares_no_room(problem: Problem) -> None:
    parts = split(problem)

    assert sorted(node for part in parts for node in part.nodes) == list(problem.nodes)
    assert sum(int(part.supply_mg.sum()) for part in parts) == problem.supply_mg.sum()
    assert sum(len(part.arc_km) for part in parts) == len(problem.arc_km)
    shared = [site for part in parts for site in part.sites]
    assert len(shared) == len(set(shared))
    for part in parts:
        reached = {part.nodes[i]: part.sites[k] for i, k in _arcs(part)}
        whole = {problem.nodes[i]: problem.sites[k] for i, k in _arcs(problem)}
        assert all(whole[node] == site for node, site in reached.items())


def _arcs(problem: Problem) -> list[tuple[int, int]]:
    return list(zip(problem.arc_node.tolist(), problem.arc_intake.tolist(), strict=True))
