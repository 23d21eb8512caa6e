"""What a journal should do, in a few obvious lines: no numbers, no legs, no store.

A statement is the newest draft under its key. A record is sound if no agent's balance of any lot
is below zero at the end of any instant, counted from the statements alone.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import accumulate
from typing import Any, Literal

from bioloom.vocabulary.agents import BOUNDARY
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import LotArrived, LotTransferred

Word = Literal["Recorded", "Same", "Conflict", "Refused"]
Account = tuple[str, str, str]  # Side, lot, agent.


class Expected:
    """A record by its statements."""

    def __init__(self) -> None:
        self.said: dict[str, Draft[Any]] = {}
        self.entries = 0

    def offer(self, draft: Draft[Any], *, correct: bool) -> Word:
        """What should become of a draft; it is taken in if it should be recorded."""
        key = draft.idempotency_key
        current = self.said.get(key)
        if current is not None:
            if (current.body, current.occurred_at) == (draft.body, draft.occurred_at):
                return "Same"
            if not correct:
                return "Conflict"
        after = self.said | {key: draft}
        if isinstance(draft.body, LotTransferred) and draft.body.lot not in self.said:
            return "Refused"
        if not is_sound(after.values()):
            return "Refused"
        self.said, self.entries = after, self.entries + 1
        return "Recorded"

    def balances(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Rights and custody [mg] by lot and agent, where there are any."""
        sums = {
            account: sum(line.values()) for account, line in changes(self.said.values()).items()
        }
        pairs = {(lot, agent) for (_, lot, agent), mass_mg in sums.items() if mass_mg}
        return {
            pair: (sums.get(("rights", *pair), 0), sums.get(("custody", *pair), 0))
            for pair in pairs
        }


def is_sound(statements: Iterable[Draft[Any]]) -> bool:
    return all(
        balance_mg >= 0
        for line in changes(statements).values()
        for balance_mg in accumulate(change for _, change in sorted(line.items()))
    )


def changes(statements: Iterable[Draft[Any]]) -> dict[Account, dict[str, int]]:
    """By how much each agent's balance changes at each instant, the city's edge left out."""
    found: defaultdict[Account, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for draft in statements:
        for side, lot, agent, mass_mg in _postings(draft.body):
            if agent not in BOUNDARY:
                found[side, lot, agent][draft.occurred_at] += mass_mg
    return {account: dict(line) for account, line in found.items()}


def _postings(body: object) -> list[tuple[str, str, str, int]]:
    match body:
        case LotArrived():
            return [
                ("rights", body.lot, body.owner, body.mass_mg),
                ("custody", body.lot, body.holder, body.mass_mg),
            ]
        case LotTransferred():
            return [
                (side, body.lot, agent, mass_mg)
                for side in body.sides
                for agent, mass_mg in ((body.giver, -body.mass_mg), (body.receiver, body.mass_mg))
            ]
    return []
