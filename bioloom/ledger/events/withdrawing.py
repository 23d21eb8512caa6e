"""Withdrawing: what was put into a process or a container is not unsaid once it came out again."""

from bioloom.ledger.events.containing import NotContained
from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.mentioning import contents_of, process_name
from bioloom.ledger.events.processes import GivenBackTooMuch, put_in
from bioloom.vocabulary.entries.events import EventHappened


def judge_withdrawing(before: EventHappened, after: EventHappened | None, facts: Facts) -> None:
    """See that no less went into a process or a container than came out.

    Args:
        before: An event that counts no longer.
        after: What is said instead; none where it is taken back.
        facts: The record without the other yet; without the one too, where there is another.

    Raises:
        GivenBackTooMuch: If more of its lot would have come out of its process than went in.
        NotContained: If more of its lot would have come out of its container than was put in.
    """
    if before.lot is None:
        return
    if put_in(before) and before.input_of is not None:
        still = -put_in(before) if after is None else 0
        if after is not None and (after.lot, after.input_of) == (before.lot, before.input_of):
            still = put_in(after)
        inside = facts.total(process_name(before.input_of), "inside", before.lot) + still
        if inside < 0:
            in_units = max(still, 0)
            raise GivenBackTooMuch(lot=before.lot, units=in_units - inside, inside_units=in_units)
    if before.action == "combine" and before.container is not None:
        is_same = after is not None and (after.action, after.lot, after.container) == (
            before.action,
            before.lot,
            before.container,
        )
        told = before if after is None else after
        units = 0 if told.quantity is None else told.quantity.units
        still = -units if after is None else units * is_same
        inside = facts.total(contents_of(before.container), "contents", before.lot) + still
        if inside < 0:
            raise NotContained(
                lot=before.lot,
                container=before.container,
                units=max(still, 0) - inside,
                inside_units=max(still, 0),
            )
