"""Standing: a plan that stands, and how it changes when something happens.

What happened is told by the figures as they are now: a site that is down has no room, a road that
is cut is no way, a surge is more supply. The program keeps its basis and its arcs, so that only
what the event touches is decided anew; every new plan is proven as the first one was.
"""

from dataclasses import replace

import numpy as np

from bioloom.circuits.posing import Floats
from bioloom.circuits.sifting.finding import Sifted, begin, settle
from bioloom.circuits.sifting.pricing import Pricing
from bioloom.circuits.sifting.tiles import NOTHING_IN_FORCE, InForce, Tiles


class Standing:
    """A plan in force and the program that it came from."""

    def __init__(self, tiles: Tiles, prices: Floats | None = None) -> None:
        """Plan from nothing, or from some prices.

        Raises:
            PlanUnsolved: If HiGHS fails.
        """
        self._master, pricing = begin(tiles, prices)
        self.plan = settle(self._master, pricing)
        # What `plan` was made for, with the plan that was in force then.
        self.tiles = tiles

    def replan(self, tiles: Tiles, refund: float = 0.0) -> Sifted:
        """The plan for these figures; their shape is that of the figures before.

        Args:
            tiles: The figures as they are now; what they say of the plan in force is passed over.
            refund: What a tonne that stays on its way is worth [per t]: by as much may a plan be
                dearer for each tonne that it moves less. Nothing is refunded at 0.

        Raises:
            PlanUnsolved: If HiGHS fails.
        """
        held = self._in_force(tiles, refund) if refund > 0 else NOTHING_IN_FORCE
        self.tiles = replace(tiles, in_force=held)
        self._master.change(self.tiles)
        self.plan = settle(self._master, Pricing(self.tiles, self.plan.prices))
        return self.plan

    def _in_force(self, tiles: Tiles, refund: float) -> InForce:
        """The plan so far; of a node that now supplies less, each flow is less in proportion."""
        plan, supply_t = self.plan, tiles.supply_t.ravel()
        was_t = np.bincount(plan.node, plan.mass_t, len(supply_t))
        left = np.minimum(1.0, supply_t / np.maximum(was_t, np.finfo(np.float64).tiny))
        mass_t = plan.mass_t * left[plan.node]
        return InForce(node=plan.node, site=plan.site, mass_t=mass_t, refund=refund)
