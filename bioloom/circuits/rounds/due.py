"""Due: what a plan in force has for one day, out of what its commitments still await."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from bioloom.circuits.orders.left import Left
from bioloom.circuits.rounds.posing import Due
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.refusal import Refusal


class DayOutside(Refusal):
    """Rounds are asked for a day on which the plan is not in force."""

    def __init__(self, *, day: date, period: Period) -> None:
        self.day, self.period = day, period
        super().__init__(
            what=f"The plan is for {period}, not for {day}.",
            why="Its rounds fetch what it has due on one of its days.",
            remedy=f"Name a day of it with --day, such as {period.first}.",
        )


def due_on(day: date, period: Period, left: Iterable[Left]) -> dict[Due, int]:
    """What is due on a day: an even share of what is left, by the days that are left [mg].

    Rounded up to whole milligrams, so that nothing is left after the last day.

    Raises:
        DayOutside: If the day is not of the plan's period.
    """
    if not period.has(day):
        raise DayOutside(day=day, period=period)
    days_left = (period.last - day).days + 1
    left_mg: Counter[Due] = Counter()
    for one in left:
        left_mg[one.district, one.material, one.site] += one.mass_mg
    return {way: -(-mass_mg // days_left) for way, mass_mg in left_mg.items()}
