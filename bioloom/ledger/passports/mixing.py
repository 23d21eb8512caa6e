"""Mixing: what is in a lot when things were poured together, in exact shares.

Whatever is in one lot counts as evenly mixed: what is taken out of it has the shares that the lot
had at that instant. What comes out of a process is made of all that went in until then, by mass.
Nobody sorted it, so this is a model, and said to be one; its sums are exact.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, NamedTuple

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import BaseUnit
from bioloom.vocabulary.entries.events import ProcessId
from bioloom.vocabulary.lots import LotId

# How something came to be in a lot without coming out of another: brought in; counted more than
# was known; made by a process into which nothing had gone, or by none; or beside what is asked for.
SourceKind = Literal["arrived", "counted", "made", "beside"]


class Source(NamedTuple):
    """Where some mass first stands in the record."""

    kind: SourceKind
    lot: LotId
    place: str = ""
    owner: AgentId | None = None
    # The entry that says so.
    seq: int = 0


class Vessel(NamedTuple):
    """A lot, or what went into a process of one base unit."""

    name: LotId | ProcessId
    # None for a lot; a process is weighed apart for each unit, as pieces cannot be added to mass.
    process_unit: BaseUnit | None = None


class Flow(NamedTuple):
    """Some amount on its way from one vessel to another; from nothing but a source, or to nowhere.

    Of several givers the first counts that has anything in it.
    """

    givers: tuple[Vessel, ...]
    receiver: Vessel | None
    units: int
    # What it is where it comes out of no vessel that has anything in it.
    source: Source


@dataclass(slots=True)
class Content:
    """What is in a vessel.

    `weights` are as of the last pouring in; taking out leaves the shares as they are, so that only
    `units` changes and nothing is divided.
    """

    units: Fraction = Fraction(0)
    weights: dict[Source, Fraction] = field(default_factory=dict)
    total: Fraction = Fraction(0)

    def pour_in(self, units: int, shares: Mapping[Source, Fraction]) -> None:
        """Add an amount that has some shares."""
        if self.units == 0:
            self.weights, self.total = {}, Fraction(0)
        elif self.units != self.total:
            left = self.units / self.total
            self.weights = {source: weight * left for source, weight in self.weights.items()}
        for source, share in shares.items():
            self.weights[source] = self.weights.get(source, Fraction(0)) + units * share
        self.units += units
        self.total = self.units

    def shares(self) -> dict[Source, Fraction]:
        """The share of each source. They add up to one, or there are none."""
        return {source: weight / self.total for source, weight in self.weights.items() if weight}


def mix(flows: Iterable[Flow]) -> dict[Vessel, Content]:
    """What is in each vessel after some flows, in the order of happening.

    A lot from which more is taken than is known to be in it is empty then; what came out of an
    empty vessel is its flow's own source.

    Example:
        One part of clay and three of sand, half of which is taken, and two parts of clay put in:

        >>> heap = Vessel(LotId("heap"))
        >>> clay, sand = Source("arrived", LotId("clay")), Source("arrived", LotId("sand"))
        >>> flows = [
        ...     Flow((), heap, 1, clay),
        ...     Flow((), heap, 3, sand),
        ...     Flow((heap,), None, 2, clay),
        ...     Flow((), heap, 2, clay),
        ... ]
        >>> {source.lot: str(share) for source, share in mix(flows)[heap].shares().items()}
        {'clay': '5/8', 'sand': '3/8'}
    """
    vessels: dict[Vessel, Content] = {}
    for flow in flows:
        giver = next((v for v in flow.givers if v in vessels and vessels[v].weights), None)
        shares = {flow.source: Fraction(1)} if giver is None else vessels[giver].shares()
        if giver is not None and giver.process_unit is None:
            vessels[giver].units = max(Fraction(0), vessels[giver].units - flow.units)
        if flow.receiver is not None and flow.units > 0:
            vessels.setdefault(flow.receiver, Content()).pour_in(flow.units, shares)
    return vessels


def apportioned(units: int, shares: Sequence[Fraction]) -> list[int]:
    """Whole units by share, largest remainder first, that add up to what there is.

    Args:
        units: What is shared out.
        shares: Of one; they add up to it.

    Example:
        >>> apportioned(10, [Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)])
        [4, 3, 3]
    """
    exact = [units * share for share in shares]
    whole = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda n: whole[n] - exact[n])
    for n in by_remainder[: units - sum(whole)]:
        whole[n] += 1
    return whole
