"""Policies in plans: no way that they refuse, and nothing refused for what no plan knows."""

from datetime import date

import msgspec
import pytest

from bioloom.circuits.codes.conflicting import CodesConflict
from bioloom.circuits.codes.trying import Rulebook
from bioloom.circuits.planning import Plan, plan
from bioloom.vocabulary.entries.codes import Case, Limit, PoliciesSet, Rule, ShareGuaranteed
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.quantities import MG_PER_TONNE
from tests.circuits.cities import ONE_DAY, offer_t
from tests.circuits.codes.test_governing import FAR, NEAR, ORGANICS, city, version

BAN = PoliciesSet(
    cedar="forbid (principal, action, resource is Lot) when { context has site && "
    'context.site == Site::"near" && resource.group == "organics" };',
    cases=(Case(name="none", day=date(2024, 1, 1), expect="allowed"),),
)
BY_MASS = PoliciesSet(
    cedar="forbid (principal, action, resource) when "
    "{ context has mass_mg && context.mass_mg > 1 };",
    cases=BAN.cases,
)
BY_WAY = PoliciesSet(
    cedar="forbid (principal, action, resource) when "
    "{ context has way_m && context.way_m > context.limits.most_m };",
    cases=BAN.cases,
    limits=(
        Limit(name="most_m", first_day=date(2020, 1, 1), value=50_000),
        Limit(name="most_m", first_day=date(2024, 5, 1), value=5_000),
    ),
)


def made(*rules: Rule, days: Period = ONE_DAY) -> Plan:
    codes = Rulebook(versions=[version(rule, code=f"c{n}") for n, rule in enumerate(rules)])
    return plan(city(), offer_t(north_peel=6.0), days, codes=codes, explain=False)


def sites(of: Plan) -> dict[str, int]:
    return {flow.site: flow.mass_mg // MG_PER_TONNE for flow in of.flows}


def test_no_way_that_policies_refuse_is_taken() -> None:
    banned = made(BAN)

    assert sites(banned) == {FAR: 4}
    assert banned.checked


def test_what_they_refuse_for_a_reason_that_no_plan_knows_stays_in_it() -> None:
    assert sites(made(BY_MASS)) == sites(made()) == {NEAR: 4, FAR: 2}


def test_a_limit_counts_from_the_day_in_the_period_on_which_it_begins() -> None:
    earlier = Period(first=date(2024, 4, 30), last=date(2024, 4, 30))
    over_it = Period(first=date(2024, 4, 30), last=date(2024, 5, 1))

    assert sites(made(BY_WAY)) == {NEAR: 4}
    assert sites(made(BY_WAY, days=earlier)) == {NEAR: 4, FAR: 2}
    assert sites(made(BY_WAY, days=over_it)) == {NEAR: 6}


def test_policies_and_a_guarantee_that_contradict_each_other_are_both_named() -> None:
    share = ShareGuaranteed(group=ORGANICS, per_mille=900)

    with pytest.raises(CodesConflict, match="cannot be kept together") as refused:
        made(BAN, share)

    found = [(one.code, one.rule) for one in refused.value.relaxations]
    assert found == [("c0", "banned"), ("c1", "share_guaranteed")]


def test_a_rule_of_policies_is_read_and_written_as_any_other() -> None:
    told = msgspec.json.encode(BY_WAY)

    assert msgspec.json.decode(told, type=Rule) == BY_WAY
