"""Firming: what the record has decided of weeks to come, and what waits before them."""

from collections.abc import Sequence

from bioloom.circuits.horizon.firm import Firm, firm_in
from bioloom.circuits.posing import Node
from bioloom.circuits.proposing import period_of
from bioloom.circuits.replanning.undertaken import undertaken
from bioloom.doors.compose import City
from bioloom.ledger.inventory import lots_named, offered_mg
from bioloom.vocabulary.periods import Period, day_of, epoch_ms


def firm_weeks(city: City, weeks: Sequence[Period]) -> Firm:
    """What plans in force have committed of some weeks, what is on its way and what was brought."""
    journal, known, zone = city.journal, city.plans(), city.settings.zone
    plans = [
        (period_of(known.named(plan)), undertaken(plan, known, journal)) for plan in known.in_force
    ]
    plans = [
        (period, commitments)
        for period, commitments in plans
        if any(period.overlaps(week) for week in weeks) or any(one.aboard for one in commitments)
    ]
    names = {
        portion.lot
        for _, commitments in plans
        for one in commitments
        for portion in (*one.made.lots, *one.handed)
    }
    came = {
        name: day_of(epoch_ms(row.occurred_at), zone)
        for name, row in lots_named(journal, sorted(names)).items()
    }
    return firm_in(weeks, plans, lambda lot: came[lot] < weeks[0].first)


def waiting_before(city: City, week: Period) -> dict[Node, int]:
    """What districts hold now of what came before a week, promised or not [mg]."""
    journal, zone = city.journal, city.settings.zone
    comes_mg = offered_mg(journal, week, zone)
    there_mg = offered_mg(journal, week, zone, backlog=True)
    return {node: mass_mg - comes_mg.get(node, 0) for node, mass_mg in there_mg.items()}
