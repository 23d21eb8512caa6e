"""Rolling: each week the weeks ahead are planned anew, and only the first of them is done."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from bioloom.circuits.horizon.naming import Movements
from bioloom.circuits.horizon.planning import NO_STOCK, Ahead, Stock, plan_ahead, together
from bioloom.circuits.posing import Node
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE
from bioloom.vocabulary.refusal import Refusal

# A firm move may end this much short: whole milligrams must not make it impossible.
GRAIN_MG = MG_PER_TONNE // 1_000_000
# What is expected of the first of some weeks and of those after it, by what is known then.
Expected = Callable[[int, int], Sequence[Mapping[Node, int]]]


class HorizonTooShort(Refusal):
    """More weeks are to be firm than are planned."""

    def __init__(self, *, weeks: int, firm: int) -> None:
        self.weeks, self.firm = weeks, firm
        super().__init__(
            what=f"{firm} weeks are to be firm, of {weeks} that are planned.",
            why="At least one week is planned and at least the first is done as planned.",
            remedy="Plan more weeks ahead, or make fewer firm.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A week that was done as it was planned, in the light of what was expected then."""

    period: Period
    movements: Movements
    # What was firm and fell away, because less came than was expected.
    fallen: tuple[Flow, ...]
    # The plan it is the first week of.
    plan: Ahead


def roll(
    declared: Declared,
    periods: Sequence[Period],
    expected: Expected,
    *,
    ahead: int,
    firm: int = 1,
    without: Collection[SiteId] = (),
    stock: Stock = NO_STOCK,
) -> Iterator[Done]:
    """Plan so many weeks ahead, do the first of them, and go on with what is known a week later.

    What a week brings is known when it begins. What has been stored is there the week after.

    Args:
        declared: The city.
        periods: All weeks that are to be done, in their order.
        expected: Given the number of a week and how many are planned from it on, what each of
            these offers as far as is known when the first of them begins [mg].
        ahead: How many weeks a plan has; near the end fewer.
        firm: How many weeks of a plan are not taken back: the first, which is done, and those
            after it, which are kept when they are planned anew.
        without: Sites to leave out.
        stock: What waits before the first week.

    Raises:
        HorizonTooShort: If `firm` is below 1 or above `ahead`.
        Refusal: As `plan_ahead`.
    """
    if not 1 <= firm <= ahead:
        raise HorizonTooShort(weeks=ahead, firm=firm)
    kept: Sequence[tuple[Flow, ...]] = ()
    for week in range(len(periods)):
        window = periods[week : week + ahead]
        offered_mg = expected(week, len(window))
        offers = [together(offered_mg[0], stock.nodes), *offered_mg[1:]]
        held = [_what_can_be(flows, offer) for flows, offer in zip(kept, offers, strict=False)]
        plan = plan_ahead(
            declared, offered_mg, window, without=without, stock=stock, under_way=held
        )
        done = plan.movements[0]
        yield Done(period=periods[week], movements=done, fallen=_fallen(kept, held), plan=plan)
        kept = [later.flows for later in plan.movements[1:firm]]
        stock = stock_after(done)


def stock_after(done: Movements) -> Stock:
    """What waits when a period is over."""
    return Stock(
        nodes={(kept.district, kept.material): kept.mass_mg for kept in done.stored},
        products={(made.site, made.material): made.stored_mg for made in done.products},
    )


def _what_can_be(flows: Sequence[Flow], offered_mg: Mapping[Node, int]) -> tuple[Flow, ...]:
    """Firm flows cut down to what there is to move, each in the same proportion, and by a gram."""
    planned_mg: dict[Node, int] = {}
    for flow in flows:
        node = flow.district, flow.material
        planned_mg[node] = planned_mg.get(node, 0) + flow.mass_mg
    cut = []
    for flow in flows:
        node = flow.district, flow.material
        there_mg = min(planned_mg[node], offered_mg.get(node, 0))
        mass_mg = flow.mass_mg * there_mg // planned_mg[node] - GRAIN_MG
        if mass_mg > 0:
            cut.append(msgspec.structs.replace(flow, mass_mg=mass_mg))
    return tuple(cut)


def _fallen(kept: Sequence[tuple[Flow, ...]], held: Sequence[tuple[Flow, ...]]) -> tuple[Flow, ...]:
    """What the first of the firm weeks lost, but for the grams."""
    if not kept:
        return ()
    stays_mg = {(f.district, f.material, f.site): f.mass_mg for f in held[0]}
    lost = [
        msgspec.structs.replace(flow, mass_mg=flow.mass_mg - stays_mg.get(way, 0))
        for flow in kept[0]
        for way in [(flow.district, flow.material, flow.site)]
    ]
    return tuple(flow for flow in lost if flow.mass_mg > GRAIN_MG + 1)
