"""Breaking: which rule of a Code something done would have broken."""

from collections.abc import Sequence

from bioloom.ledger.codes.handling import Handling
from bioloom.ledger.codes.policies.asking import refuses
from bioloom.vocabulary.entries.codes import Banned, DistanceLimited, PoliciesSet, Rule


def broken_by(handling: Handling, rules: Sequence[Rule]) -> int | None:
    """The place of the first rule that something done breaks, from 1; none if it breaks none.

    Only what a single act can break is one to be broken by it: a share that is guaranteed, or who
    comes first, is a matter of a whole plan.
    """
    for number, rule in enumerate(rules, start=1):
        match rule:
            case Banned() if _is_banned(handling, rule):
                return number
            case DistanceLimited() if _is_too_far(handling, rule):
                return number
            case PoliciesSet() if refuses(rule, handling) is not None:
                return number
    return None


def _is_banned(handling: Handling, rule: Banned) -> bool:
    is_everything = not (rule.groups or rule.materials)
    is_meant = is_everything or handling.group in rule.groups or handling.material in rule.materials
    is_there = (
        handling.site in rule.sites
        or handling.process in rule.processes
        or not handling.areas.isdisjoint(rule.areas)
    )
    return is_meant and is_there


def _is_too_far(handling: Handling, rule: DistanceLimited) -> bool:
    is_meant = not rule.groups or handling.group in rule.groups
    return is_meant and handling.way_km is not None and handling.way_km * 1000 > rule.limit_m
