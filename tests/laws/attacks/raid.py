"""What attackers do, and what the tests know of it without asking the covenants themselves.

The town is that of `tests/ledger/covenants/commons.py`. Everybody in `ATTACKERS` is an outsider or
works for one. `loot` reads the texts of the entries by itself: which lots come from the commons, by
every event that ever was told, and who owns any of them at the end.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from random import Random
from typing import Any

from bioloom.ledger.events.processes import close, known_process, owners_of_missing
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Recorded, Refused
from bioloom.ledger.record.remembering import numbers_of, recall
from bioloom.ledger.stores.protocol import Store
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, PIECE, Amount, BaseUnit
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import (
    EventHappened,
    Loss,
    LotMade,
    ProcessId,
    ProcessOpened,
    ProcessSpecified,
    SpecificationId,
)
from bioloom.vocabulary.entries.ledger import LotTransferred
from bioloom.vocabulary.lots import SIDES, LotId, Side
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.refusal import Refusal
from tests.ledger.covenants.commons import Town, draft, enacting, load

OURS, ATTACKERS = ("river", "mill", "ana", "milo"), ("acme", "hauler", "newt", "outside")
ENOUGH = 1_000_000


class Raid(Town):
    """A town with a covenant and some lots, and everything that is tried on it."""

    def __init__(self, store: Store, chance: Random) -> None:
        super().__init__(store)
        self.chance, self.refusals = chance, list[Refusal]()
        self._key = 0
        self.do(enacting(), *(load(f"beam{n}", ENOUGH) for n in range(3)))
        self.do(load("planks", ENOUGH, owner="acme"))
        self.do(specified("firing"), specified("pressing"))
        self.today = 4

    def tries(self, *offered: Draft[Any], correct: bool = False) -> None:
        """Offer drafts one after another, and remember what was refused."""
        for one in offered:
            for outcome in self.offer(one, correct=correct):
                if isinstance(outcome, Refused):
                    self.refusals.append(outcome.refusal)

    def does(self, *offered: Draft[Any], correct: bool = False) -> list[Entry[Any]]:
        """Offer drafts, all of which must be recorded."""
        entries = []
        for one in offered:
            (outcome,) = self.offer(one, correct=correct)
            assert isinstance(outcome, Recorded), outcome
            entries.append(outcome.entry)
        return entries

    def some(self, most: int = ENOUGH) -> int:
        """An amount by chance."""
        return self.chance.randint(1, most)

    def beam(self) -> str:
        """One of the commons' lots."""
        return f"beam{self.chance.randrange(3)}"

    def insider(self) -> str:
        """Somebody who belongs, and is no group."""
        return self.chance.choice(("ana", "milo"))

    def key(self) -> str:
        """A key that nothing has yet."""
        self._key += 1
        return f"act:{self._key}"

    def gives(
        self,
        lot: str,
        units: int,
        giver: str,
        receiver: str,
        *,
        sides: tuple[Side, ...] = SIDES,
        on: int | None = None,
        key: str | None = None,
    ) -> Draft[Any]:
        """A transfer of rights, custody or both."""
        body = LotTransferred(
            lot=LotId(lot),
            mass_mg=units,
            sides=sides,
            giver=AgentId(giver),
            receiver=AgentId(receiver),
        )
        return draft(body, key or self.key(), on=on or self.today, author=giver)

    def event(
        self,
        action: Action,
        lot: str,
        units: int,
        provider: str,
        receiver: str | None = None,
        *,
        made: str | None = None,
        base_unit: BaseUnit = MILLIGRAM,
        material: str = "wood",
        on: int | None = None,
        author: str | None = None,
        **more: Any,  # noqa: ANN401  Any other field of an event.
    ) -> Draft[Any]:
        """An economic event; `made` names the lot that it makes, if it makes one."""
        unit = "mg" if base_unit == MILLIGRAM else "piece"
        body = EventHappened(
            action=action,
            provider=AgentId(provider),
            receiver=AgentId(receiver or provider),
            stamp="measured",
            lot=LotId(lot),
            quantity=Amount(units=units, reported=str(units), unit=unit),
            made=None
            if made is None
            else LotMade(lot=LotId(made), material=MaterialId(material), base_unit=base_unit),
            **more,
        )
        return draft(body, self.key(), on=on or self.today, author=author or provider)

    def into(self, lot: str, to_lot: str, units: int, giver: str, receiver: str) -> Draft[Any]:
        """A portion of a lot becomes a lot of its own."""
        return self.event(
            "transfer", lot, units, giver, receiver, to_lot=LotId(to_lot), made=to_lot
        )

    def opens(self, process: str, kind: str = "pressing", operator: str = "acme") -> Draft[Any]:
        """A process begins."""
        body = ProcessOpened(
            process=ProcessId(process),
            specification=SpecificationId(kind),
            operator=AgentId(operator),
        )
        return draft(body, f"process:{process}", on=self.today, author=operator)

    def closes(self, process: str, by: str, *losses: Loss) -> None:
        """A process ends, if it can."""
        facts = recall(self.journal.store)
        try:
            known = known_process(ProcessId(process), facts)
            body = close(known, owners_of_missing(known, facts), losses)
        except Refusal as refusal:
            self.refusals.append(refusal)
        else:
            self.tries(draft(body, f"end:{process}", on=self.today, author=by))

    def crate(self, name: str, owner: str) -> Draft[Any]:
        """A container."""
        return self.event(
            "raise", name, 1, owner, made=name, base_unit=PIECE, material="crate", author=owner
        )


def specified(kind: str) -> Draft[Any]:
    """A kind of process that judges no residual."""
    body = ProcessSpecified(
        specification=SpecificationId(kind),
        name=kind,
        definition="Any.",
        tolerance_per_mille=None,
        loses_to=(AgentId("air"), AgentId("outside")),
    )
    return draft(body, f"specified:{kind}")


def loot(journal: Journal) -> dict[tuple[str, str], int]:
    """What attackers own of lots that come from the commons, by lot and owner; nothing is right.

    A portion that a release lets go is theirs to have, and what they make of it.
    """
    ours = _come_from_us([json.loads(row.text) for row in journal.store.rows()])
    numbers = numbers_of(journal.store, [LotId(lot) for lot in sorted(ours)])
    names = {number: agent for agent, number in journal.store.agents().items()}
    lots = {number: lot for lot, number in numbers.items()}
    found = {
        (str(lots[held.lot]), str(names[held.account])): held.rights_units
        for held in journal.store.holdings(sorted(lots))
        if names[held.account] in ATTACKERS and held.rights_units
    }
    gone = net_to(journal, "outside", lots)
    arrived = {lot for lot, units in gone.items() if units > 0}
    return found | {(str(lots[lot]), "outside"): gone[lot] for lot in arrived}


def net_to(journal: Journal, account: str, lots: dict[int, LotId]) -> dict[int, int]:
    """Net rights that went to an account at the city's edge, by the number of the lot."""
    number = journal.store.agents()[AgentId(account)]
    net: defaultdict[int, int] = defaultdict(int)
    for leg in journal.store.all_legs():
        if leg.lot in lots:
            sign = (leg.receiver == number) - (leg.giver == number)
            net[leg.lot] += sign * leg.rights_units
    return net


def vanished_mg(journal: Journal) -> int:
    """How much of lots that come from the commons went nowhere that anybody knows [mg]."""
    ours = _come_from_us([json.loads(row.text) for row in journal.store.rows()])
    numbers = numbers_of(journal.store, [LotId(lot) for lot in sorted(ours)])
    lots = {number: lot for lot, number in numbers.items()}
    return sum(net_to(journal, "unaccounted", lots).values())


def _come_from_us(entries: list[dict[str, Any]]) -> set[str]:
    """Lots that were ever the commons' own, and all that was ever made of them, save by release."""
    ours = {
        entry["body"]["lot"]
        for entry in entries
        if entry["kind"] == "LotArrived" and entry["body"]["owner"] in OURS
    }
    edges = list(_edges([entry["body"] for entry in entries if entry["kind"] == "EventHappened"]))
    for entry in entries:
        if entry["kind"] == "ProcessClosed":
            edges += [
                (one["lot"], entry["body"]["process"]) for one in entry["body"].get("used_up", ())
            ]
    while more := {head for tail, head in edges if tail in ours} - ours:
        ours |= more
    return ours


def _edges(bodies: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for body in bodies:
        lot, to_lot = str(body.get("lot")), str(body.get("to_lot", body.get("lot")))
        if to_lot != lot and not body.get("releases"):
            yield lot, to_lot
        if body["action"] in ("consume", "accept", "pickup") and "input_of" in body:
            yield lot, body["input_of"]
        if body["action"] == "produce" and "output_of" in body:
            yield body["output_of"], lot
