"""Sharing: whose lots a covenant binds, and which it does not, as others own some of them."""

from collections import Counter
from typing import NamedTuple

from bioloom.ledger.covenants.standing import Covenant
from bioloom.ledger.events.mentioning import lots_made
from bioloom.ledger.numbering import first_seq_of
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.agents import AgentId

# Lots that are counted together.
_TOGETHER = 10_000


def shared_lots(journal: Journal, covenant: Covenant) -> list[str]:
    """Names of lots of which some is owned by who belongs, and some by others; in order of age."""
    names = {number: agent for agent, number in journal.store.agents().items()}
    shared: list[int] = []
    for lot, owners in journal.store.bindings.owners(None):
        belonging = {names[account] in covenant.members for account in owners}
        if belonging == {True, False}:
            shared.append(lot)
    made_by = journal.at([first_seq_of(lot) for lot in shared])
    entries = (made_by[first_seq_of(lot)] for lot in shared)
    return [next(iter(lots_made(entry.body)), entry.idempotency_key) for entry in entries]


class BoundLots(NamedTuple):
    """How many lots a covenant binds, and how many of them each owns some of."""

    lots: int
    by_owner: dict[AgentId, int]


def bound_lots(journal: Journal, covenant: Covenant) -> BoundLots:
    """Count what a covenant binds, by who owns it now."""
    store = journal.store
    names = {number: agent for agent, number in store.agents().items()}
    count, by_owner, after = 0, Counter[AgentId](), 0
    while lots := store.bindings.bound_by(covenant.number, after=after, most=_TOGETHER):
        count, after = count + len(lots), lots[-1]
        owned = [held for held in store.holdings(lots) if held.rights_units]
        by_owner.update(names[held.account] for held in owned)
    return BoundLots(count, dict(by_owner))
