"""Figures of scenes: who owns and who holds how much, read from the record."""

from bioloom.doors.stories.carnival.people import NETWORK
from bioloom.doors.stories.staging import Stage
from bioloom.ledger.inventory import lots
from bioloom.ledger.people.people import people_of
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM


def owned_mg(stage: Stage) -> int:
    """What all who belong to the network own, by way of other groups too [mg]."""
    people, now = people_of(stage.city.journal), stage.now()
    return sum(
        units
        for row in lots(stage.city.journal)
        if row.base_unit == MILLIGRAM
        for owner, units in row.owners.items()
        if NETWORK in people.groups_of(owner, on=now)
    )


def held_mg(stage: Stage, holder: AgentId) -> int:
    """What somebody has in their hands, whoever owns it [mg]."""
    return sum(
        row.holders.get(holder, 0) for row in lots(stage.city.journal) if row.base_unit == MILLIGRAM
    )


def owned_by_mg(stage: Stage, owner: AgentId) -> int:
    """What somebody owns themselves, whoever holds it [mg]."""
    return sum(
        row.owners.get(owner, 0) for row in lots(stage.city.journal) if row.base_unit == MILLIGRAM
    )


def bound(stage: Stage) -> tuple[int, int]:
    """How many lots covenants bind, and how much came in under the first of them [mg]."""
    bindings = stage.city.journal.store.bindings
    return bindings.count_bound(), bindings.balance(1, MILLIGRAM).in_units
