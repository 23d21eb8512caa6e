"""Sharing: lots that a covenant does not bind, as somebody else owns some of them."""

from bioloom.ledger.covenants.standing import Covenant
from bioloom.ledger.events.mentioning import lots_made
from bioloom.ledger.numbering import first_seq_of
from bioloom.ledger.record.journal import Journal


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
