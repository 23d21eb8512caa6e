"""Standing: a plan that stands, and how it changes when something happens.

What happened is told by the figures as they are now: a site that is down has no room, a road that
is cut is no way, a surge is more supply. The program keeps its basis and its arcs, so that only
what the event touches is decided anew; every new plan is proven as the first one was.
"""

from bioloom.circuits.posing import Floats
from bioloom.circuits.sifting.finding import Sifted, begin, settle
from bioloom.circuits.sifting.pricing import Pricing
from bioloom.circuits.sifting.tiles import Tiles


class Standing:
    """A plan in force and the program that it came from."""

    def __init__(self, tiles: Tiles, prices: Floats | None = None) -> None:
        """Plan from nothing, or from some prices.

        Raises:
            PlanUnsolved: If HiGHS fails.
        """
        self._master, pricing = begin(tiles, prices)
        self.plan = settle(self._master, pricing)

    def replan(self, tiles: Tiles) -> Sifted:
        """The plan for these figures; its shape is that of the figures before.

        Raises:
            PlanUnsolved: If HiGHS fails.
        """
        self._master.change(tiles)
        self.plan = settle(self._master, Pricing(tiles, self.plan.prices))
        return self.plan
