"""The balance of a period: what was offered of each material, what is placed, what is left."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from bioloom.circuits.planning import Plan
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.stamps import STAMPS, Stamp


class BalanceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One material: offered = placed + unmet, to the milligram."""

    material: MaterialId
    name: str
    group: GroupId
    low_code: str | None
    offered_mg: int
    placed_mg: int
    unmet_mg: int
    # What the offered mass stands on; more than one where lots differ.
    stamps: tuple[Stamp, ...]

    @property
    def share(self) -> float:
        """The share that is placed, 0 to 1; of nothing, all is placed."""
        return self.placed_mg / self.offered_mg if self.offered_mg else 1.0


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """All materials of a period, and what the computed figures stand on."""

    rows: tuple[BalanceRow, ...]
    total: BalanceRow
    planned: Stamp


def balance(
    plan: Plan, declared: Declared, stamps: Mapping[MaterialId, Iterable[Stamp]]
) -> Balance:
    """Add a plan up by material.

    Args:
        plan: The plan of the period.
        declared: What its materials are called.
        stamps: What the lots of each material stand on.
    """
    placed_mg: dict[MaterialId, int] = defaultdict(int)
    unmet_mg: dict[MaterialId, int] = defaultdict(int)
    for flow in plan.flows:
        placed_mg[flow.material] += flow.mass_mg
    for rest in plan.short:
        unmet_mg[rest.material] += rest.mass_mg
    rows = tuple(
        BalanceRow(
            material=material,
            name=told.name,
            group=told.group,
            low_code=told.low_code,
            offered_mg=placed_mg[material] + unmet_mg[material],
            placed_mg=placed_mg[material],
            unmet_mg=unmet_mg[material],
            stamps=in_order(stamps.get(material, ())),
        )
        for material, told in declared.materials.items()
        if material in placed_mg or material in unmet_mg
    )
    return Balance(rows=rows, total=_total(rows), planned=planned_stamp(declared))


def planned_stamp(declared: Declared) -> Stamp:
    """What a planned figure stands on: modelled, or generated where the whole city is."""
    generated = declared.founded is not None and declared.founded.stamp == "generated"
    return "generated" if generated else "modelled"


def in_order(stamps: Iterable[Stamp]) -> tuple[Stamp, ...]:
    """Each stamp once, from the surest to the least sure.

    >>> in_order(["estimated", "measured", "estimated"])
    ('measured', 'estimated')
    """
    present = set(stamps)
    return tuple(stamp for stamp in STAMPS if stamp in present)


def _total(rows: Iterable[BalanceRow]) -> BalanceRow:
    rows = tuple(rows)
    return BalanceRow(
        material=MaterialId(""),
        name="",
        group=GroupId(""),
        low_code=None,
        offered_mg=sum(row.offered_mg for row in rows),
        placed_mg=sum(row.placed_mg for row in rows),
        unmet_mg=sum(row.unmet_mg for row in rows),
        stamps=in_order(stamp for row in rows for stamp in row.stamps),
    )
