"""Assigning: which lots a flow is made of: oldest first, and none to where its bond forbids."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bioloom.circuits.binding.reading import Bonds
from bioloom.circuits.layout.bonds import UNBOUND, Bond
from bioloom.circuits.posing import Node
from bioloom.vocabulary.entries.circuits import Flow
from bioloom.vocabulary.lots import Portion
from bioloom.vocabulary.refusal import Refusal


class LotsMissing(Refusal):
    """The lots at hand are lighter than what a plan is to place."""

    def __init__(self, *, flow: Flow, missing_mg: int) -> None:
        self.flow, self.missing_mg = flow, missing_mg
        super().__init__(
            what=f"Lots of {flow.material} of {flow.district} lack {missing_mg} mg for the plan.",
            why="A commitment names the lots that fulfil it, to the milligram, and no lot goes "
            "where a covenant forbids it.",
            remedy="Propose the period anew, and adopt that plan.",
        )


class Lots:
    """The lots of each supply node that wait to be assigned."""

    def __init__(self, supply_lots: Mapping[Node, Sequence[Portion]], bonds: Bonds) -> None:
        """Begin with all of them.

        Args:
            supply_lots: For each district and material the lots, oldest first.
            bonds: What binds them. Of a lot of which some is gone, what is bound most is left.
        """
        self._waiting: defaultdict[tuple[Node, Bond], list[Portion]] = defaultdict(list)
        for node, lots in supply_lots.items():
            for lot in reversed(lots):
                left_mg = lot.mass_mg
                for bond, bound_mg in bonds.of_lot.get(lot.lot, ((UNBOUND, left_mg),)):
                    mass_mg = min(left_mg, bound_mg)
                    left_mg -= mass_mg
                    self._waiting[node, bond].append(Portion(lot=lot.lot, mass_mg=mass_mg))

    def take(self, flow: Flow) -> tuple[Portion, ...]:
        """Take a flow's mass off the lots that wait, of each bond what it says.

        Raises:
            LotsMissing: If they are lighter.
        """
        node = flow.district, flow.material
        shares = [(Bond(one.covenants, one.releases), one.mass_mg) for one in flow.covenants]
        rest_mg = flow.mass_mg - sum(mass_mg for _, mass_mg in shares)
        return tuple(
            portion
            for bond, mass_mg in [(UNBOUND, rest_mg), *shares]
            for portion in self._take(self._waiting[node, bond], flow, mass_mg)
        )

    def _take(self, waiting: list[Portion], flow: Flow, missing_mg: int) -> list[Portion]:
        """Take some mass off lots, the oldest of which is last."""
        taken: list[Portion] = []
        while missing_mg > 0:
            if not waiting:
                raise LotsMissing(flow=flow, missing_mg=missing_mg)
            oldest = waiting.pop()
            mass_mg = min(oldest.mass_mg, missing_mg)
            if mass_mg:
                taken.append(Portion(lot=oldest.lot, mass_mg=mass_mg))
            if mass_mg < oldest.mass_mg:
                waiting.append(Portion(lot=oldest.lot, mass_mg=oldest.mass_mg - mass_mg))
            missing_mg -= mass_mg
        return taken
