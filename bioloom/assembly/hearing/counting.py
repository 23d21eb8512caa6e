"""Counting: how many of each group were heard, by each measure that the tables are for."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

from bioloom.assembly.hearing.comparing import Heard, people_heard
from bioloom.assembly.hearing.tables import (
    PARTICIPATION,
    POPULATION,
    STATEMENTS,
    STEPS,
    Participation,
    Population,
    Said,
    Step,
    TableAmiss,
)
from bioloom.assembly.hearing.waiting import Wait


def participation(
    population: Sequence[Population], took_part: Sequence[Participation]
) -> list[Heard]:
    """How many of those who live here took part; never of those who registered.

    Raises:
        TableAmiss: If a group stands in one table only, twice in one, or more took part than live
            here.
    """
    living = _once(POPULATION, [(one.group, one.people) for one in population])
    taking = _once(PARTICIPATION, [(one.group, one.people) for one in took_part])
    for file, told, other in (
        (PARTICIPATION, taking, living),
        (POPULATION, living, taking),
    ):
        for group in other.keys() - told.keys():
            raise TableAmiss(file=file, line=None, found=f"there is no group '{group}'")
    return [_part(PARTICIPATION, group, taking[group], living[group]) for group in living]


def going_on(steps: Sequence[Step]) -> dict[str, list[Heard]]:
    """How many of those who came as far as a step came to the next, by 'step > next'.

    Raises:
        TableAmiss: If a group is told of twice at a step or not at all, or more go on than came.
    """
    names = list(dict.fromkeys(one.step for one in steps))
    groups = list(dict.fromkeys(one.group for one in steps))
    _once(STEPS, [(f"{one.group}, {one.step}", one.people) for one in steps])
    came = {(one.step, one.group): one.people for one in steps}
    for step in names:
        for group in groups:
            if (step, group) not in came:
                found = f"it does not say how many of '{group}' came to '{step}'"
                raise TableAmiss(file=STEPS, line=None, found=found)
    return {
        f"{step} > {after}": [
            _part(STEPS, group, came[after, group], came[step, group]) for group in groups
        ]
        for step, after in pairwise(names)
    }


def kept(statements: Sequence[Said], named: Callable[[Said], str]) -> list[Heard]:
    """How many of the statements on which somebody decided were kept.

    Args:
        statements: All of them; those not yet decided on are left out.
        named: What groups them, such as their language.
    """
    decided = [one for one in statements if one.outcome is not None]
    return [
        Heard(
            group=group,
            heard=sum(named(one) == group and one.outcome == "kept" for one in decided),
            of=sum(named(one) == group for one in decided),
            people=len({one.author for one in decided if named(one) == group}),
            counts_people=False,
        )
        for group in sorted({named(one) for one in decided})
    ]


def waits_of(statements: Sequence[Said], day: date) -> list[Wait]:
    """How long each statement waited for an answer; until a day, if it still waits.

    Raises:
        TableAmiss: If a statement was answered before it was said, or comes after that day.
    """
    waits = []
    for one in statements:
        until = one.answered or day
        if not one.said <= until <= day:
            found = f"'{one.statement}' was said on {one.said}, and its wait ends on {until}"
            raise TableAmiss(file=STATEMENTS, line=None, found=f"{found}, looked at on {day}")
        over = one.answered is not None
        waits.append(Wait(one.group, one.author, (until - one.said).days, over))
    return waits


def _once(file: str, told: Sequence[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, people in told:
        if name in found:
            raise TableAmiss(file=file, line=None, found=f"it tells twice of '{name}'")
        found[name] = people
    return found


def _part(file: str, group: str, heard: int, of: int) -> Heard:
    if heard > of:
        raise TableAmiss(file=file, line=None, found=f"of '{group}' it counts {heard} of {of}")
    return people_heard(group, heard, of)
