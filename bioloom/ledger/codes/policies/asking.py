"""Asking: something done as a request to policies, what they may read of it, and their answer."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import get_args

from bioloom.ledger.codes.handling import Handling
from bioloom.ledger.codes.policies.deciding import ANY, Policies, Policy, policies_of
from bioloom.ledger.codes.policies.values import Entity, Request, Uid, Value, set_of
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.entries.codes import Case, Limit, PoliciesSet

# What a request always has, and what it has where it is known.
_ALWAYS = (
    "receiver: Agent",
    "areas: Set<String>",
    "year: Long",
    "month: Long",
    "day_of_month: Long",
    "weekday: Long",
)
_WHERE_KNOWN = (
    "site?: Site",
    "process?: String",
    "origin?: String",
    "mass_mg?: Long",
    "way_m?: Long",
)
# A plan knows neither the lot, nor how much is moved at a time, nor on which day.
UNKNOWN_TO_PLANS = frozenset(
    (
        "resource",
        "context",
        "context.mass_mg",
        "context.year",
        "context.month",
        "context.day_of_month",
        "context.weekday",
    )
)


@lru_cache(maxsize=256)
def policies_in(rule: PoliciesSet) -> Policies:
    """The policies of a rule, read once.

    Raises:
        PolicyAmiss: If its text is not of the part of Cedar that is read.
    """
    return policies_of(rule.cedar)


def left_out_of_plans(rule: PoliciesSet) -> tuple[str, ...]:
    """The policies that plans cannot keep, as they read what no plan knows."""
    return tuple(one.name for one in policies_in(rule).all if _is_beyond_plans(one))


@lru_cache(maxsize=256)
def policies_for_plans(rule: PoliciesSet) -> Policies:
    """The policies of a rule as far as plans can keep them.

    What is forbidden for a reason that no plan knows is not forbidden in plans, and what is
    permitted under a condition that none knows is permitted; the ledger holds each event against
    the whole of it.
    """
    kept = [
        replace(one, conditions=(), resource=ANY, key=None) if _is_beyond_plans(one) else one
        for one in policies_in(rule).all
        if one.effect == "permit" or not _is_beyond_plans(one)
    ]
    return Policies(kept)


def _is_beyond_plans(policy: Policy) -> bool:
    names_a_lot = policy.resource.equals is not None or policy.resource.within is not None
    return names_a_lot or not policy.reads.isdisjoint(UNKNOWN_TO_PLANS)


def request_of(done: Handling, limits: Sequence[Limit]) -> Request:
    """May this be done? The principal gives, the resource is the lot, the context tells the rest.

    Args:
        done: What is done.
        limits: The dated table, of which the rows of its day count.
    """
    lot = Uid("Lot", done.lot)
    context: dict[str, Value] = {
        "receiver": Uid("Agent", done.receiver),
        "areas": set_of(*done.areas),
        "year": done.day.year,
        "month": done.day.month,
        "day_of_month": done.day.day,
        "weekday": done.day.isoweekday(),
        "limits": _on_its_day(done, limits),
    }
    if done.site:
        context |= {"site": Uid("Site", done.site), "process": done.process}
    if done.origin:
        context["origin"] = done.origin
    if done.mass_mg is not None:
        context["mass_mg"] = done.mass_mg
    if done.way_km is not None:
        context["way_m"] = round(done.way_km * 1000)
    return Request(
        principal=Uid("Agent", done.provider),
        action=Uid("Action", done.action),
        resource=lot,
        context=context,
        entities={lot: Entity({"material": done.material, "group": done.group})},
    )


def refuses(rule: PoliciesSet, done: Handling, *, in_plans: bool = False) -> tuple[str, ...] | None:
    """The policies by which a rule refuses something; none if it allows it.

    No policy is named where it is refused because no permit is satisfied.

    Args:
        rule: The rule.
        done: What is done.
        in_plans: Whether only what plans can keep counts.
    """
    policies = policies_for_plans(rule) if in_plans else policies_in(rule)
    verdict = policies.decide(request_of(done, rule.limits))
    if verdict.is_allowed or not (policies_in(rule).has_permits or verdict.policies):
        return None
    return verdict.policies


def handling_of(case: Case) -> Handling:
    """What a case says is done."""
    return Handling(
        action=case.action,
        provider=case.provider,
        receiver=case.receiver,
        lot=case.lot,
        material=case.material,
        group=case.group,
        origin=case.origin,
        site=case.site,
        mass_mg=case.mass_mg,
        way_km=None if case.way_m is None else case.way_m / 1000,
        day=case.day,
        process=case.process,
        areas=frozenset(case.areas),
    )


def against_policies(rule: PoliciesSet) -> str | None:
    """What in policies, their limits or their cases cannot be; none if all can.

    Cedar itself checks them against what a request has.

    Raises:
        PolicyAmiss: If the text is not of the part of Cedar that is read.
    """
    policies_in(rule)
    kinds = {limit.name: type(limit.value) for limit in rule.limits}
    if any(kinds[limit.name] is not type(limit.value) for limit in rule.limits):
        return "a limit is a number on one day and a text on another"
    if not all(name.isidentifier() and name.isascii() for name in kinds):
        return "a limit is called something else than letters, digits and underscores"
    faults = _by_cedar(rule.cedar, schema_of(rule.limits))
    if faults:
        return f"Cedar finds a fault in its policies: {faults[0][:300]}"
    if not rule.cases:
        return "its policies have no case that shows what they do"
    for case in rule.cases:
        if (refuses(rule, handling_of(case)) is not None) != (case.expect == "refused"):
            return f"its case '{case.name[:80]}' does not come out as {case.expect}"
    return None


def schema_of(limits: Sequence[Limit]) -> str:
    """What a request may have, in Cedar's words for a schema."""
    kinds = {limit.name: "Long" if isinstance(limit.value, int) else "String" for limit in limits}
    table = ", ".join(f"{name}: {kind}" for name, kind in kinds.items())
    context = ", ".join((*_ALWAYS, *_WHERE_KNOWN, f"limits: {{{table}}}"))
    actions = ", ".join(f'"{action}"' for action in get_args(Action))
    return (
        "entity Agent; entity Site; entity Lot = {material: String, group: String};\n"
        f"action {actions} appliesTo {{principal: [Agent], resource: [Lot], "
        f"context: {{{context}}}}};"
    )


def _on_its_day(done: Handling, limits: Sequence[Limit]) -> dict[str, Value]:
    """Of each limit the newest row that has begun."""
    begun = sorted(
        (limit for limit in limits if limit.first_day <= done.day),
        key=lambda limit: limit.first_day,
    )
    return {limit.name: limit.value for limit in begun}


def _by_cedar(text: str, schema: str) -> list[str]:
    import cedarpy  # noqa: PLC0415  Loads when policies are enacted, and not with every command.

    return [str(error) for error in cedarpy.validate_policies(text, schema).errors]
