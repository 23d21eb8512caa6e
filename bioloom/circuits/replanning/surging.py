"""Surging: what districts are expected to offer, where a surge makes it more."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from bioloom.circuits.layout.hindering import is_on
from bioloom.circuits.posing import Node
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.disruptions import DisruptionReported
from bioloom.vocabulary.periods import Period

_WHOLE = 1000


def surged(
    expected_mg: Mapping[Node, int],
    declared: Declared,
    disruptions: Iterable[DisruptionReported],
    period: Period,
) -> dict[Node, int]:
    """Expected masses with the surges of a period, the largest of each day counted [mg].

    What was weighed already is as it is: a surge is of what is only expected. The days of a period
    are expected to be alike.

    Example:
        100 mg over 10 days, on 5 of which 1,500 in a thousand come, are 125 mg.
    """
    surges = [one for one in disruptions if one.kind == "surge"]
    if not surges:
        return dict(expected_mg)
    days = [period.first + timedelta(days=number) for number in range(period.days)]
    found = {}
    for node, mass_mg in expected_mg.items():
        of_node = [one for one in surges if _is_of(one, node, declared)]
        per_mille = sum(
            max((one.per_mille for one in of_node if is_on(one, day)), default=_WHOLE)
            for day in days
        )
        found[node] = mass_mg * per_mille // (_WHOLE * len(days))
    return found


def _is_of(one: DisruptionReported, node: Node, declared: Declared) -> bool:
    district, material = node
    told = declared.districts.get(district)
    part = None if told is None else told.part_of
    is_there = not one.areas or bool({district, part}.intersection(one.areas))
    group = declared.materials[material].group if material in declared.materials else None
    return is_there and one.group in (None, group)
