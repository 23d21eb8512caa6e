"""Checking a certificate of equal shares: whole numbers, fractions, and no code of the count."""

import json
from fractions import Fraction
from math import lcm
from typing import Any

from bioloom.assembly.budgets.posing import NotProven, Poll, Utility, digest, worth

Told = dict[str, Any]


def verify(told: Told, poll: Poll) -> None:
    """Check a certificate, as read from its JSON; NotProven is raised if anything does not hold."""
    try:
        found = _Ballots(told, poll).found(told)
    except (KeyError, ValueError, TypeError, AttributeError, ZeroDivisionError) as error:
        raise NotProven(f"it is malformed ({error})") from error
    for key in sorted(told.keys() | found.keys()):
        _same(told.get(key, "nothing"), found.get(key, "nothing"))


class _Ballots:
    def __init__(self, told: Told, poll: Poll) -> None:
        self.poll, self.voters, costs = poll, poll.voters, poll.costs
        self.held: list[dict[int, int]] = [{} for _ in costs]  # Points of a project, by ballot.
        for at, ballot in enumerate(poll.ballots):
            points = worth(ballot, Utility(told["utility"]), poll.kind)
            for p, n in zip(ballot.projects, points, strict=True):
                self.held[p] |= {at: n} if n > 0 else {}
        self.worth = costs if told["utility"] == "cost" else (1,) * len(costs)
        votes = [sum(self.voters[b] for b in held) for held in self.held]
        keys = {"more-votes": [-n for n in votes], "lower-cost": costs, "listed": range(len(costs)),
                "higher-cost": [-cost for cost in costs], "alphabet": poll.projects}  # fmt: skip
        by = [keys[tie] for tie in (*told["ties"], "alphabet")]
        order = sorted(range(len(costs)), key=lambda p: [key[p] for key in by])
        self.free = [p for p, cost in enumerate(costs) if cost == 0 < votes[p]]
        self.wanted = [p for p in order if votes[p] and p not in self.free]

    def replay(self, rounds: list[Told], endowment: Fraction) -> tuple[list[int], list[Fraction]]:
        """Each project must be the next; in the end none is affordable. Who won; what is left."""
        cost, names, open_, last = self.poll.costs, self.poll.projects, [*self.wanted], Fraction(0)
        below, left = endowment.denominator, [endowment.numerator for _ in self.voters]
        most: dict[int, Fraction] = {}  # What a project can raise for each unit of rate from here.
        for row in rounds:
            p, each = names.index(row["project"]), Fraction(row["each"])
            rate, factor = each / self.worth[p], lcm(below, each.denominator) // below
            below, left = below * factor, [money * factor for money in left]
            for q in [p, *open_]:
                if q not in most or most[q] * rate >= cost[q]:
                    raised, in_full = self.raised(q, rate * self.worth[q], left, below)
                    most[q], exact = raised / rate, raised == cost[q] and in_full > 0
                    proper = exact and rate >= last and open_.index(p) <= open_.index(q)
                    if (q == p or raised >= cost[q]) and not proper:
                        raise NotProven(f"'{names[p]}' was not next")
            due = {b: int(each * below) * n for b, n in self.held[p].items()}
            over = sorted(b for b in due if 0 < left[b] <= due[b])
            in_full = sum(self.voters[b] for b in due if left[b] > due[b])
            _same(row, {"project": names[p], "rate": str(rate), "each": str(each),
                        "in_full": in_full, "exhausted": over})  # fmt: skip
            left = [max(money - due.get(b, 0), 0) for b, money in enumerate(left)]
            open_, last = [q for q in open_ if q != p], rate
        kept = [Fraction(sum(self.voters[b] * left[b] for b in h), below) for h in self.held]
        if any(kept[p] >= cost[p] for p in open_):
            raise NotProven("a project could still be afforded")
        return self.free + [names.index(row["project"]) for row in rounds], kept

    def raised(self, p: int, ask: Fraction, left: list[int], below: int) -> tuple[Fraction, int]:
        """What a project raises, asking so much of a point; how many ballots can pay in full."""
        due, per = ask.numerator * below, ask.denominator
        pairs = [(self.voters[b], left[b] * per, due * n) for b, n in self.held[p].items()]
        total = sum(many * min(money, asked) for many, money, asked in pairs)
        return Fraction(total, below * per), sum(money >= asked for _, money, asked in pairs)

    def found(self, told: Told) -> Told:
        """What a certificate with these rounds has to say."""
        poll, costs, names = self.poll, self.poll.costs, self.poll.projects
        raised = None if told["raised"] is None else int(told["raised"])
        endowment = Fraction(poll.budget, len(poll.cast)) + (raised or 0) * poll.per_unit
        won, kept = self.replay(told["rounds"], endowment)
        beyond, room = None, poll.budget - sum(costs[p] for p in won)
        lost = sorted(set(self.wanted) - set(won))
        if raised is not None and any(costs[p] <= room for p in lost):
            more, _ = self.replay(told["beyond"], endowment + poll.per_unit)
            beyond = told["beyond"] if sum(costs[p] for p in more) > poll.budget else "affordable"
        return {
            **{key: told[key] for key in ("rounds", "utility", "ties")},  # Checked by their use.
            "format": "bioloom-equal-shares-1", "election": digest(poll), "budget": poll.budget,
            "voters": len(poll.cast), "endowment": str(endowment), "beyond": beyond,
            "raised": raised if not raised or min(raised, room) >= 0 else "overspent",
            "free": [names[p] for p in self.free], "winners": [names[p] for p in won],
            "cost": poll.budget - room, "lost": [{"project": names[p], "left": str(kept[p]),
                         "missing": str(costs[p] - kept[p])} for p in lost],
        }  # fmt: skip


def _same(told: object, found: object) -> None:
    if json.dumps(told, sort_keys=True) != json.dumps(found, sort_keys=True):
        raise NotProven(f"it says {str(told)[:80]}, but it is {str(found)[:80]}")
