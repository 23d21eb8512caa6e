"""Conflicts: the set named has no plan, every smaller one has, and so has every relaxation."""

from collections.abc import Callable, Sequence
from itertools import combinations

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from bioloom.circuits.codes.conflicting import CodesConflict, Relaxation, can_hold, settle_under
from bioloom.circuits.codes.governing import pose_under
from bioloom.circuits.codes.trying import Rulebook
from bioloom.circuits.layout.arrays import UNLIMITED_MG
from bioloom.circuits.planning import plan
from bioloom.circuits.posing import Problem
from bioloom.ledger.codes.standing import Provision
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.codes import (
    Banned,
    CodeId,
    DistanceLimited,
    Rule,
    ShareGuaranteed,
)
from bioloom.vocabulary.places import DistrictId, SiteId
from tests.circuits.cities import ONE_DAY, add_district, add_material, add_site, offer_t
from tests.circuits.codes.test_governing import FAR, ORGANICS, city, version

KILOMETRES = {"near": 1.0, "middle": 5.0, "far": 20.0}


def line(rooms_t: list[int]) -> Declared:
    declared = Declared()
    for name, km in (("a", 0.0), ("b", 3.0), ("c", 6.0)):
        add_district(declared, name, km=km)
    add_material(declared, "peel", group="organics")
    for (name, km), room_t in zip(KILOMETRES.items(), rooms_t, strict=True):
        add_site(declared, name, "organics", km=km, t_per_day=room_t)
    return declared


def holds_by_scipy(problem: Problem) -> bool:
    """Whether every guarantee can hold, by a linear program that this test writes itself."""
    arcs, nodes = len(problem.arc_node), len(problem.nodes)
    rows, limits = [], []
    for node in range(nodes):
        rows.append((problem.arc_node == node).astype(float))
        limits.append(problem.supply_mg[node] / 1e9)
    for intake in range(len(problem.sites)):
        rows.append((problem.arc_intake == intake).astype(float))
        limits.append(problem.capacity_mg[intake] / 1e9)
    for cell, most_mg in enumerate(problem.most_unmet_mg.tolist()):
        if most_mg < UNLIMITED_MG:
            of_cell = problem.cell_of_node == cell
            rows.append(-of_cell[problem.arc_node].astype(float))
            limits.append((most_mg - int(problem.supply_mg[of_cell].sum())) / 1e9)
    if not arcs:
        return min(limits, default=0.0) >= 0
    found = linprog(np.zeros(arcs), A_ub=np.array(rows), b_ub=limits, method="highs")
    return bool(found.status == 0)


districts = st.lists(st.sampled_from("abc"), unique=True, max_size=2).map(
    lambda names: tuple(map(DistrictId, sorted(names)))
)
rules: st.SearchStrategy[Rule] = st.one_of(
    st.builds(
        ShareGuaranteed,
        group=st.just(ORGANICS),
        per_mille=st.integers(1, 10).map(lambda tenths: tenths * 100),
        districts=districts,
    ),
    st.sampled_from(list(KILOMETRES)).map(lambda site: Banned(sites=(SiteId(site),))),
    st.integers(0, 18).map(lambda km: DistanceLimited(limit_m=km * 1000)),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(rules, min_size=1, max_size=5),
    st.lists(st.integers(0, 6), min_size=3, max_size=3),
)
def test_the_conflict_is_the_smallest_of_all_and_relaxing_it_gives_what_is_said(
    drawn: list[Rule], rooms_t: list[int]
) -> None:
    declared, offered = line(rooms_t), offer_t(a_peel=2, b_peel=2, c_peel=2)
    every = [Provision(CodeId(f"code {n}"), 1, rule) for n, rule in enumerate(drawn)]

    def posed(some: Sequence[Provision]) -> Problem:
        return pose_under(declared, offered, ONE_DAY, some)

    sets = [list(some) for size in range(len(every) + 1) for some in combinations(every, size)]
    broken = [some for some in sets if not holds_by_scipy(posed(some))]
    assert all(can_hold(posed(some)) == (some not in broken) for some in sets)
    assume(broken)

    with pytest.raises(CodesConflict, match="cannot be kept") as refusal:
        settle_under(posed, every)

    told = refusal.value
    named = [one for one in every if one.code in {each.code for each in told.relaxations}]
    assert told.is_smallest
    assert named in broken
    assert len(named) == min(map(len, broken))
    for one in named:
        (relaxed,) = [each for each in told.relaxations if each.code == one.code]
        rest = [other for other in every if other != one]
        assert relaxed.enough == holds_by_scipy(posed(rest))

        def holds_with(rule: Rule, rest: list[Provision] = rest, one: Provision = one) -> bool:
            return holds_by_scipy(posed([*rest, one._replace(rule=rule)]))

        verify_relaxed(one.rule, relaxed, holds_with)


def verify_relaxed(rule: Rule, relaxed: Relaxation, holds_with: Callable[[Rule], bool]) -> None:
    """That the relaxed rule has a plan, and one that is a little less so has none."""
    if relaxed.per_mille is not None:
        assert isinstance(rule, ShareGuaranteed)
        share = relaxed.per_mille
        assert holds_with(msgspec.structs.replace(rule, per_mille=share))
        assert not holds_with(msgspec.structs.replace(rule, per_mille=share + 1))
    if relaxed.limit_m is not None:
        assert isinstance(rule, DistanceLimited)
        limit_m = relaxed.limit_m
        assert holds_with(msgspec.structs.replace(rule, limit_m=limit_m))
        assert not holds_with(msgspec.structs.replace(rule, limit_m=limit_m - 1))


def test_a_plan_under_codes_that_contradict_names_both_and_what_each_could_be() -> None:
    share = version(ShareGuaranteed(group=ORGANICS, per_mille=900), code="share")
    ban = version(Banned(sites=(FAR,)), code="ban")
    offered = offer_t(north_peel=4, south_peel=4)

    with pytest.raises(CodesConflict, match="'share' rule 1 and 'ban' rule 1") as refusal:
        plan(city(), offered, ONE_DAY, codes=Rulebook(versions=[share, ban]))

    share_told, ban_told = refusal.value.relaxations
    assert (share_told.per_mille, share_told.enough, ban_told.enough) == (500, True, True)
    assert "'share' rule 1 could guarantee 50 %" in refusal.value.remedy
    assert "Without 'ban' rule 1 all would hold" in refusal.value.remedy


def test_a_guarantee_that_no_room_can_keep_is_a_conflict_of_one() -> None:
    share = version(ShareGuaranteed(group=ORGANICS, per_mille=900), code="share")
    with pytest.raises(CodesConflict, match="'share' rule 1 cannot be kept") as refusal:
        plan(
            city(near_t=1.0, far_t=1.0),
            offer_t(north_peel=4, south_peel=4),
            ONE_DAY,
            codes=Rulebook(versions=[share]),
        )
    assert refusal.value.relaxations[0].per_mille == 250
