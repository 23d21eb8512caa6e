"""Working out: what a claim rests on and draws from, so that whoever makes it need not say it."""

from msgspec.structs import replace

from bioloom.ledger.custody.ancestry import ancestry_of
from bioloom.ledger.custody.credits import declared_model, period_at, produced_at
from bioloom.ledger.custody.naming import custody_of, opening_node, output_node
from bioloom.ledger.events.facts import Facts
from bioloom.vocabulary.entries.custody import (
    CertificatesIssued,
    CustodyClaimed,
    CustodyInputBooked,
    CustodyModelDeclared,
    CustodyUse,
)
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.periods import Instant


def worked_out(body: CustodyUse, facts: Facts, *, at: Instant) -> CustodyUse:
    """A claim with its period and all that it rests on; whether it holds is judged elsewhere.

    Args:
        body: What somebody claims, books or issues.
        facts: The record, without what it corrects.
        at: When.

    Raises:
        CustodyUnknown: If nobody declared its model.
        AncestryTooLarge: If too much went into its lot.
    """
    model = declared_model(body.declaration, facts)
    match body:
        case CustodyInputBooked():
            return _booking(body, model, facts, at)
        case CustodyClaimed() if model.model == "mass_balance":
            period = period_at(model, at)
            produced = produced_at(body.lot, model, facts, until=at, period=period)
            rests = (output_node(body.lot), *map(opening_node, produced.processes))
            return replace(body, period=period, stands_on=rests)
        case CertificatesIssued():
            produced = produced_at(body.lot, model, facts, until=at, period=None)
            rests = ancestry_of(body.lot, facts, until=at).nodes
            return replace(body, stands_on=(*rests, *map(opening_node, produced.processes)))
    return replace(body, stands_on=ancestry_of(body.lot, facts, until=at).nodes)


def said_of(body: CustodyUse) -> CustodyUse:
    """A claim as somebody said it, without what was worked out of it."""
    match body:
        case CustodyInputBooked():
            return replace(body, period=None, by_balance=False, stands_on=())
        case CustodyClaimed():
            return replace(body, period=None, stands_on=())
    return replace(body, stands_on=())


def _booking(
    body: CustodyInputBooked, model: CustodyModelDeclared, facts: Facts, at: Instant
) -> CustodyInputBooked:
    entry = facts.newest(body.event)
    if entry is None or not isinstance(entry.body, EventHappened) or entry.body.input_of is None:
        return body  # It is refused for that.
    period = period_at(model, entry.occurred_at)
    by_balance = any(
        isinstance(one.body, CustodyClaimed)
        and one.body.period is not None
        and one.body.characteristic == body.characteristic
        for one in facts.introducing(custody_of(body.lot))
    )
    rests: tuple[str, ...] = ()
    if not by_balance:
        nodes = ancestry_of(body.lot, facts, until=at).nodes
        rests = (*nodes, opening_node(entry.body.input_of))
    return replace(body, period=period, by_balance=by_balance, stands_on=rests)
