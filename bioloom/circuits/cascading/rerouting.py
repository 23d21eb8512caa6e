"""Rerouting: sites fail, and every hour is planned anew with what is left of the city."""

from collections.abc import Mapping

import msgspec

from bioloom.circuits.cascading.courses import Course, Hour, Storm, course_of, in_hour
from bioloom.circuits.cascading.standing import by_the_hour
from bioloom.circuits.planning import plan
from bioloom.circuits.posing import Node
from bioloom.vocabulary.periods import Period


def rerouted(storm: Storm) -> Course:
    """Plan hour after hour, the fairest first; what finds no room waits and is offered again.

    A plan brings no site more than its room, so no site fails but those said to.

    Raises:
        OfferUndeclared, PlanUnsolved: As `planning.plan`.
    """
    codes = by_the_hour(storm.codes)
    one_day = Period(first=storm.period.first, last=storm.period.first)
    waiting: dict[Node, int] = {}
    ends: list[Mapping[Node, int]] = []
    told: list[Hour] = []
    checked, gap = True, 0.0
    for hour in range(storm.hours):
        arrived = storm.arriving_mg(hour)
        made = plan(
            in_hour(storm.declared, hour),
            {node: waiting.get(node, 0) + mass_mg for node, mass_mg in arrived.items()},
            one_day,
            without=storm.closed_in(hour),
            explain=False,
            codes=codes,
        )
        waiting = {(rest.district, rest.material): rest.mass_mg for rest in made.unmet}
        checked, gap = checked and made.checked, max(gap, made.gap)
        ends.append(waiting)
        told.append(
            Hour(
                hour=hour,
                arrived_mg=sum(arrived.values()),
                taken_mg=sum(flow.mass_mg for flow in made.flows),
                waiting_mg=sum(waiting.values()),
                held_mg=0,
            )
        )
    course = course_of(storm, told, ends, storm.failures())
    return msgspec.structs.replace(course, checked=checked, gap=gap)
