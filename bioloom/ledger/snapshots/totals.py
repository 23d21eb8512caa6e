"""Totals: what agents and places had, got and gave of each material, kept running, exactly.

A figure is counted where the record says now that it belongs: a correction takes what it replaces
out of the day, the place and the material that were named at first.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

import msgspec

from bioloom.ledger.people.publishing import FEWEST_HOUSEHOLDS
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import BaseUnit
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Period, month_of
from bioloom.vocabulary.places import DistrictId
from bioloom.vocabulary.stamps import Stamp


class Kind(NamedTuple):
    """What a lot is made of, what it is counted in, and the place that it came from."""

    material: MaterialId
    base_unit: BaseUnit
    place: str


class OfAgent(NamedTuple):
    """An agent and a material, counted in one base unit."""

    agent: AgentId
    material: MaterialId
    base_unit: BaseUnit


class OfPlace(NamedTuple):
    """A month of the city's own clock by its first day, a place and a material in a base unit."""

    month: date
    place: str
    material: MaterialId
    base_unit: BaseUnit


# A district, a material, what the figure stands on, and whose it was. A plain tuple: a snapshot
# has many.
OfArrival = tuple[DistrictId, MaterialId, Stamp, AgentId]


class Had(NamedTuple):
    """What an agent got and gave so far, in whole base units, by right and in hand."""

    rights_in_units: int = 0
    rights_out_units: int = 0
    custody_in_units: int = 0
    custody_out_units: int = 0

    @property
    def rights_units(self) -> int:
        """What the agent owns now."""
        return self.rights_in_units - self.rights_out_units

    @property
    def custody_units(self) -> int:
        """What the agent holds now."""
        return self.custody_in_units - self.custody_out_units


class Passed(NamedTuple):
    """What came into agents' hands from the city's edge, and went to it, in whole base units."""

    in_units: int = 0
    out_units: int = 0

    @property
    def left_units(self) -> int:
        """By how much there is more than before."""
        return self.in_units - self.out_units


class Totals(msgspec.Struct, kw_only=True, array_like=True):
    """Running totals of a record. Entries of nothing are left out."""

    agents: dict[OfAgent, Had] = {}
    places: dict[OfPlace, Passed] = {}
    # What arrived from outside on each day, as stated [mg].
    arrived_mg: dict[date, dict[OfArrival, int]] = {}
    # What was given to the outside, by day.
    departed_units: dict[date, int] = {}

    def copy(self) -> "Totals":
        """Totals that can go on while others read these; arrivals of a day are shared."""
        return Totals(
            agents=dict(self.agents),
            places=dict(self.places),
            arrived_mg=dict(self.arrived_mg),
            departed_units=dict(self.departed_units),
        )

    def months_mg(self) -> dict[Period, int]:
        """The calendar months in which lots arrived, oldest first, with the mass of each [mg]."""
        masses: defaultdict[Period, int] = defaultdict(int)
        for day, arrived in self.arrived_mg.items():
            masses[month_of(day)] += sum(arrived.values())
        return dict(sorted(masses.items(), key=lambda month: month[0].first))

    def offered_mg(
        self, period: Period, is_private: Callable[[AgentId], bool]
    ) -> dict[tuple[DistrictId, MaterialId], int] | None:
        """What arrived in a period by district and material, as `inventory.offered_mg` tells it.

        Args:
            period: Whole days.
            is_private: Whose part is left out where fewer than ten such are behind a figure.

        Returns:
            None where something left the city in the period: only the lots say how much of what
            arrived in it is left of each.
        """
        if any(period.first <= day <= period.last for day in self.departed_units):
            return None
        offered: defaultdict[tuple[DistrictId, MaterialId], int] = defaultdict(int)
        private: defaultdict[tuple[DistrictId, MaterialId], dict[AgentId, int]] = defaultdict(dict)
        for (place, material, _, owner), mass_mg in self._arrived_in(period):
            node = place, material
            if is_private(owner):
                private[node][owner] = private[node].get(owner, 0) + mass_mg
            else:
                offered[node] += mass_mg
        for node, given_mg in private.items():
            if len(given_mg) >= FEWEST_HOUSEHOLDS:
                offered[node] += sum(given_mg.values())
        return dict(offered)

    def stamps(self, period: Period) -> dict[MaterialId, set[Stamp]]:
        """What the arrivals of a period stand on, by material."""
        stamps: dict[MaterialId, set[Stamp]] = {}
        for (_, material, stamp, _), _ in self._arrived_in(period):
            stamps.setdefault(material, set()).add(stamp)
        return stamps

    def pulse_mg(self, day: date) -> dict[MaterialId, int]:
        """What arrived on a day, by material [mg]."""
        masses: defaultdict[MaterialId, int] = defaultdict(int)
        for (_, material, _, _), mass_mg in self._arrived_in(Period(first=day, last=day)):
            masses[material] += mass_mg
        return dict(masses)

    def _arrived_in(self, period: Period) -> Iterator[tuple[OfArrival, int]]:
        for day, arrived in self.arrived_mg.items():
            if period.first <= day <= period.last:
                yield from arrived.items()
