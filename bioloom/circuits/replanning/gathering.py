"""Gathering: what a plan made anew is made from, out of the record."""

from collections import Counter
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bioloom.circuits.binding.reading import NO_BONDS, Bonds, bonds_of
from bioloom.circuits.codes.trying import rulebook
from bioloom.circuits.posing import Node
from bioloom.circuits.proposing import PlansKnown, period_of
from bioloom.circuits.replanning.trying import Before, Figures
from bioloom.circuits.replanning.undertaken import orders_of, under_way, undertaken
from bioloom.ledger.inventory import supply_lots
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.entries.circuits import Flow, PlanProposed
from bioloom.vocabulary.lots import LotId, Portion
from bioloom.vocabulary.periods import Period


def supply_for(
    journal: Journal, period: Period, zone: ZoneInfo, known: PlansKnown, *, backlog: bool = False
) -> dict[Node, list[Portion]]:
    """The lots that a plan of some days is made for, oldest first.

    With the backlog, what the plan in force for these days has brought away of it still counts, or
    its own loads would change what it was made for; and what teams have under way for others does
    not.
    """
    moved = _moved(journal, period, known) if backlog else {}
    return supply_lots(journal, period, zone, backlog=backlog, moved_mg=moved)


def offered_for(
    journal: Journal, period: Period, zone: ZoneInfo, known: PlansKnown, *, backlog: bool = False
) -> dict[Node, int]:
    """What each district offers of each material, by the lots of `supply_for` [mg]."""
    return _masses_mg(supply_for(journal, period, zone, known, backlog=backlog))


def bonds_for(
    journal: Journal, period: Period, zone: ZoneInfo, known: PlansKnown, *, backlog: bool = False
) -> Bonds:
    """What covenants bind of the lots of `supply_for`, which are not read where there are none."""
    if not journal.store.bindings.has_any():
        return NO_BONDS
    supply = supply_for(journal, period, zone, known, backlog=backlog)
    return bonds_of(journal, journal.declared(), supply)


def _masses_mg(supply: Mapping[Node, Sequence[Portion]]) -> dict[Node, int]:
    return {node: sum(lot.mass_mg for lot in lots) for node, lots in supply.items()}


def figures_of(
    journal: Journal, period: Period, zone: ZoneInfo, known: PlansKnown, *, backlog: bool = False
) -> Figures:
    """What a plan of a period is made from, as the record has it now.

    Raises:
        PeriodCutByCode: If other Codes are in force on some of its days than on others.
    """
    declared = journal.declared()
    supply = supply_for(journal, period, zone, known, backlog=backlog)
    return Figures(
        declared=declared,
        offered_mg=_masses_mg(supply),
        period=period,
        with_backlog=backlog,
        codes=rulebook(journal, declared, period),
        bonds=bonds_of(journal, declared, supply),
    )


def in_force(
    proposed: PlanProposed, figures: Figures, known: PlansKnown, journal: Journal
) -> Before:
    """A plan in force as what is to be revised, with what of it is gone already."""
    commitments = undertaken(proposed.plan, known, journal)
    return Before(
        flows=proposed.flows,
        unmet=proposed.unmet,
        proposed=proposed,
        under_way=under_way(proposed.flows, commitments, figures.offered_mg, bonds=figures.bonds),
    )


def gone_of(
    proposed: PlanProposed | None,
    offered_mg: Mapping[Node, int],
    zone: ZoneInfo,
    known: PlansKnown,
    journal: Journal,
    *,
    backlog: bool,
) -> tuple[Flow, ...]:
    """What of a plan in force is gone, for a plan of the same days with or without the backlog."""
    if proposed is None:
        return ()
    commitments = undertaken(proposed.plan, known, journal)
    if not any(one.gone_mg() for one in commitments):
        return ()
    supply = supply_for(journal, period_of(proposed), zone, known, backlog=backlog)
    counted = {lot.lot for lots in supply.values() for lot in lots}
    bonds = bonds_of(journal, journal.declared(), supply)
    return under_way(proposed.flows, commitments, offered_mg, counted, bonds=bonds)


def figures_for(
    proposed: PlanProposed, journal: Journal, zone: ZoneInfo, known: PlansKnown
) -> Figures:
    """What the plan of a proposal's days is made from now."""
    return figures_of(journal, period_of(proposed), zone, known, backlog=proposed.with_backlog)


def _moved(journal: Journal, period: Period, known: PlansKnown) -> Counter[LotId]:
    """What counts besides what is held of lots from before [mg]; less than 0: what does not."""
    before = known.in_force_for(period)
    mine = [] if before is None else undertaken(before.plan, known, journal)
    moved: Counter[LotId] = Counter()
    for one in mine:
        for portion in one.handed:
            moved[portion.lot] += portion.mass_mg
    names = {one.made.commitment for one in mine}
    for commitment, lots in orders_of(journal).under_way().items():
        if commitment not in names:
            moved.subtract(lots)
    return moved
