"""Firm: what weeks to come have decided already: committed, on its way, or brought."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bioloom.circuits.orders.left import portions_left
from bioloom.circuits.posing import Node
from bioloom.circuits.replanning.undertaken import Undertaken, Way
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.lots import LotId, Portion
from bioloom.vocabulary.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """What of each week is not planned again, and where its mass comes from [mg]."""

    flows: tuple[tuple[Flow, ...], ...]
    # By week, of lots that came before the first, and of lots that come in these weeks.
    from_stock_mg: tuple[Mapping[Node, int], ...]
    arriving_mg: tuple[Mapping[Node, int], ...]
    # What of the stock is still where it was: all but what was brought.
    held_mg: Mapping[Node, int]

    def offered_mg(
        self, expected_mg: Sequence[Mapping[Node, int]], waiting_mg: Mapping[Node, int]
    ) -> list[dict[Node, int]]:
        """What weeks offer, with what is firm of it: no milligram is counted twice.

        Args:
            expected_mg: What comes in each week.
            waiting_mg: All that waits before the first week, what is promised of it too; none where
                no backlog is planned.
        """
        offered: list[dict[Node, int]] = []
        for of_week, stock, arriving in zip(
            expected_mg, self.from_stock_mg, self.arriving_mg, strict=True
        ):
            offered.append(
                {
                    node: max(of_week.get(node, 0), arriving.get(node, 0)) + stock.get(node, 0)
                    for node in {*of_week, *stock, *arriving}
                }
            )
        for node, mass_mg in waiting_mg.items():
            free_mg = max(0, mass_mg - self.held_mg.get(node, 0))
            offered[0][node] = offered[0].get(node, 0) + free_mg
        return offered


class _Piece(NamedTuple):
    """Lots of one way that are firm in a week."""

    week: int
    way: Way
    portions: tuple[Portion, ...]
    is_held: bool


def firm_in(
    weeks: Sequence[Period],
    plans: Iterable[tuple[Period, Sequence[Undertaken]]],
    came_before: Callable[[LotId], bool],
) -> Firm:
    """What plans in force have decided of some weeks.

    A commitment is firm for the part of its plan's days that a week has; what is behind that is
    owed, too, but may be planned otherwise. What is on its way is firm in the first week.

    Args:
        weeks: In their order.
        plans: The days of each plan in force, and its commitments.
        came_before: Whether a lot came before the first week.
    """
    flows: list[Counter[Way]] = [Counter() for _ in weeks]
    stock: list[Counter[Node]] = [Counter() for _ in weeks]
    arriving: list[Counter[Node]] = [Counter() for _ in weeks]
    held: Counter[Node] = Counter()
    for period, commitments in plans:
        for one in commitments:
            for week, way, portions, is_held in _pieces(one, period, weeks):
                for portion in portions:
                    node, is_stock = way[:2], came_before(portion.lot)
                    flows[week][way] += portion.mass_mg
                    (stock if is_stock else arriving)[week][node] += portion.mass_mg
                    held[node] += portion.mass_mg if is_stock and is_held else 0
    return Firm(
        flows=tuple(map(_flows, flows)),
        from_stock_mg=tuple(stock),
        arriving_mg=tuple(arriving),
        held_mg=held,
    )


def _pieces(one: Undertaken, period: Period, weeks: Sequence[Period]) -> Iterator[_Piece]:
    days = {week: _days_in_both(period, of_week) for week, of_week in enumerate(weeks)}
    first = next((week for week, common in days.items() if common), 0)
    if period.first >= weeks[0].first:
        # Brought on its own days, it took room of theirs.
        yield _Piece(first, one.way, one.handed, is_held=False)
    yield _Piece(first, one.way, one.aboard, is_held=True)
    gone: defaultdict[LotId, int] = defaultdict(int)
    for portion in (*one.handed, *one.aboard):
        gone[portion.lot] += portion.mass_mg
    left_mg = one.free_mg
    for week, common in days.items():
        mass_mg = min(one.made.mass_mg * common // period.days, left_mg)
        portions = portions_left(one.made.lots, gone, mass_mg)
        yield _Piece(week, one.way, portions, is_held=True)
        left_mg -= mass_mg
        for portion in portions:
            gone[portion.lot] += portion.mass_mg


def _days_in_both(one: Period, other: Period) -> int:
    first, last = max(one.first, other.first), min(one.last, other.last)
    return max(0, (last - first).days + 1)


def _flows(mass_mg: Mapping[Way, int]) -> tuple[Flow, ...]:
    return tuple(
        Flow(district=district, material=material, site=site, mass_mg=mass)
        for (district, material, site), mass in sorted(mass_mg.items())
        if mass
    )
