"""Lines: what the record says of a lot and its kin, as statements of PROV.

Of an entity there is one generation: the entry that made the lot. What adds to it later influences
it. What passes from hand to hand is used by an activity with which both agents are associated.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from bioloom.ledger.events.mentioning import losses_of
from bioloom.ledger.formats.prov.documents import Kind, Name, Statement, named
from bioloom.ledger.holdings import LotUnknown
from bioloom.ledger.inventory import lot
from bioloom.ledger.people.people import people_of
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import numbers_of, recall
from bioloom.ledger.tracing import kin_of
from bioloom.vocabulary.agents import BOUNDARY, AgentId
from bioloom.vocabulary.entries.actions import ACTIONS
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import (
    EventHappened,
    EventReversed,
    ProcessClosed,
    ProcessOpened,
)
from bioloom.vocabulary.entries.ledger import LotArrived, LotTransferred
from bioloom.vocabulary.lots import Direction, LotId
from bioloom.vocabulary.refusal import Refusal

Shown = Callable[[Entry[Any]], bool]


class KinTooMany(Refusal):
    """More lots are kin to a lot than are told of at once."""

    def __init__(self, *, lot: LotId, most: int) -> None:
        self.lot, self.most = lot, most
        super().__init__(
            what=f"More than {most} lots are kin to '{lot}'.",
            why="All that they went through is not gathered while somebody waits.",
            remedy="Ask for a lot nearer to the end, or use `bioloom trace --as prov`.",
        )


def statements_of(
    journal: Journal,
    lot_id: LotId,
    direction: Direction,
    *,
    shows: Shown = lambda _: True,
    most: int | None = None,
) -> list[Statement]:
    """The line of a lot: itself, what it was made of (back) or what was made of it (forward).

    Args:
        journal: The record.
        lot_id: The lot.
        direction: Which way to follow it.
        shows: Which entries may be told; of what only others say, nothing is.
        most: How many kin it may have; any number unless given.

    Returns:
        Each statement once, elements before relations.

    Raises:
        LotUnknown: If there is no such lot.
        KinTooMany: If it has more kin.
    """
    if lot(journal, lot_id) is None:
        raise LotUnknown(lot=lot_id)
    kin = list(islice(kin_of(journal, lot_id, direction), None if most is None else most + 1))
    if most is not None and len(kin) > most:
        raise KinTooMany(lot=lot_id, most=most)
    lots = {lot_id, *(one.lot for one in kin)}
    telling = _Telling(journal, lots, shows)
    for entry in filter(shows, _standing(journal, lots)):
        telling.tell(entry)
    return telling.statements()


def _standing(journal: Journal, lots: Iterable[LotId]) -> list[Entry[Any]]:
    """The entries that moved some lots and still stand, in order."""
    numbers = numbers_of(journal.store, sorted(lots))
    seqs = {leg.seq for leg in journal.store.legs_of(sorted(numbers.values()))}
    entries = journal.at(sorted(seqs))
    facts = recall(journal.store)
    return [
        entry
        for _, entry in sorted(entries.items())
        if not isinstance(entry.body, EventReversed) and not facts.is_undone(entry)
    ]


class _Telling:
    """Entries on their way to statements."""

    def __init__(self, journal: Journal, lots: set[LotId], shows: Shown) -> None:
        self._lots, self._people, self._shows = lots, people_of(journal), shows
        self._facts = recall(journal.store)
        self._elements: dict[tuple[str, str], Statement] = {}
        self._relations: dict[tuple[object, ...], Statement] = {}
        self._generated: set[LotId] = set()
        # What each process took in and gave out: the one is derived from the other.
        self._taken: defaultdict[str, list[LotId]] = defaultdict(list)
        self._given: defaultdict[str, list[LotId]] = defaultdict(list)

    def statements(self) -> list[Statement]:
        """What was told, each once."""
        for process, lots in self._given.items():
            for name in lots:
                self._derive(name, self._taken[process], named("process", process))
        return [*self._elements.values(), *self._relations.values()]

    def tell(self, entry: Entry[Any]) -> None:
        """Tell one entry."""
        match entry.body:
            case LotArrived() as arrived:
                event = self._event(entry)
                self._lot(arrived.lot)
                self._generate(arrived.lot, event, entry, arrived.mass_mg)
                self._attribute(arrived.lot, arrived.owner)
                self._associate(event, (arrived.owner, arrived.holder))
            case LotTransferred() as moved:
                event = self._event(entry)
                self._use(moved.lot, event, entry, moved.mass_mg)
                self._associate(event, (moved.giver, moved.receiver))
            case EventHappened() as happened:
                self._happened(entry, happened)
            case ProcessClosed(process=process):
                self._generate(losses_of(process), self._process(process, entry), entry, None)

    def _happened(self, entry: Entry[Any], body: EventHappened) -> None:
        process = body.output_of or body.input_of
        activity = self._event(entry) if process is None else self._process(process, entry)
        units = None if body.quantity is None else body.quantity.units
        effects = ACTIONS[body.action]
        brings = effects.accounting == "increment" or effects.onhand == "increment"
        if body.lot is not None and brings:
            self._generate(body.lot, activity, entry, units)
            if body.output_of is not None:
                self._given[body.output_of].append(body.lot)
        elif body.lot is not None and not self._is_begun_by(body):
            self._use(body.lot, activity, entry, units)
            if body.input_of is not None:
                self._taken[body.input_of].append(body.lot)
        if body.to_lot not in (None, body.lot) or self._is_begun_by(body):
            target = body.to_lot or body.lot
            assert target is not None, "it was asked before"
            self._generate(target, activity, entry, units)
            if body.lot is not None and target != body.lot:
                self._derive(target, [body.lot], activity)
        self._associate(activity, (body.provider, body.receiver))

    def _is_begun_by(self, body: EventHappened) -> bool:
        """Whether an event passes a lot on that it makes itself: from outside, it begins here."""
        is_alone = body.to_lot in (None, body.lot)
        return is_alone and body.made is not None and body.made.lot == body.lot

    def _lot(self, name: LotId) -> Name:
        kind = self._facts.kind_of(name)
        attributes: dict[str, Name | str | int] = {"prov:type": Name("bl", "Lot")}
        attributes["prov:label"] = name
        if kind is not None:
            attributes |= {"bl:material": kind[0], "bl:baseUnit": kind[1]}
        return self._element(
            Statement(kind="entity", name=named("lot", name), attributes=attributes)
        )

    def _agent(self, agent: AgentId) -> Name:
        is_private = self._people.is_private(agent)
        kind = Name("prov", "Person" if is_private else "Organization")
        attributes: dict[str, Name | str | int] = {"prov:label": agent}
        if agent not in BOUNDARY:
            attributes = {"prov:type": kind} | attributes
        return self._element(
            Statement(kind="agent", name=named("agent", agent), attributes=attributes)
        )

    def _event(self, entry: Entry[Any]) -> Name:
        attributes: dict[str, Name | str | int] = {
            "prov:type": Name("bl", entry.kind),
            "bl:entry": entry.seq,
            "bl:sha256": str(entry.hash),
        }
        if isinstance(entry.body, EventHappened):
            attributes["bl:action"] = entry.body.action
        times: dict[str, Name | str] = dict.fromkeys(("startTime", "endTime"), entry.occurred_at)
        return self._element(
            Statement(
                kind="activity",
                name=named("entry", entry.id),
                arguments=times,
                attributes=attributes,
            )
        )

    def _process(self, process: str, entry: Entry[Any]) -> Name:
        known = list(filter(self._shows, self._facts.about(f"process:{process}")))
        opened = next((one for one in known if isinstance(one.body, ProcessOpened)), entry)
        closed = next((one for one in known if isinstance(one.body, ProcessClosed)), None)
        times: dict[str, Name | str] = {"startTime": opened.occurred_at}
        if closed is not None:
            times["endTime"] = closed.occurred_at
        attributes: dict[str, Name | str | int] = {
            "prov:type": Name("bl", "Process"),
            "prov:label": process,
        }
        if isinstance(opened.body, ProcessOpened):
            attributes["bl:specification"] = opened.body.specification
        return self._element(
            Statement(
                kind="activity",
                name=named("process", process),
                arguments=times,
                attributes=attributes,
            )
        )

    def _element(self, statement: Statement) -> Name:
        assert statement.name is not None, "an element has a name"
        self._elements.setdefault((statement.kind, str(statement.name)), statement)
        return statement.name

    def _generate(self, name: LotId, activity: Name, entry: Entry[Any], units: int | None) -> None:
        entity = self._lot(name)
        if name in self._generated:
            arguments: dict[str, Name | str] = {"influencee": entity, "influencer": activity}
            self._relate("wasInfluencedBy", arguments, entry, units)
            return
        self._generated.add(name)
        arguments = {"entity": entity, "activity": activity, "time": entry.occurred_at}
        self._relate("wasGeneratedBy", arguments, entry, units)

    def _use(self, name: LotId, activity: Name, entry: Entry[Any], units: int | None) -> None:
        arguments: dict[str, Name | str] = {
            "activity": activity,
            "entity": self._lot(name),
            "time": entry.occurred_at,
        }
        self._relate("used", arguments, entry, units)

    def _derive(self, name: LotId, sources: Iterable[LotId], activity: Name) -> None:
        for source in dict.fromkeys(sources):
            if source in self._lots and source != name:
                arguments: dict[str, Name | str] = {
                    "generatedEntity": self._lot(name),
                    "usedEntity": self._lot(source),
                    "activity": activity,
                }
                self._relate("wasDerivedFrom", arguments)

    def _attribute(self, name: LotId, agent: AgentId) -> None:
        arguments: dict[str, Name | str] = {"entity": self._lot(name), "agent": self._agent(agent)}
        self._relate("wasAttributedTo", arguments)

    def _associate(self, activity: Name, agents: Iterable[AgentId]) -> None:
        for agent in dict.fromkeys(agents):
            arguments: dict[str, Name | str] = {"activity": activity, "agent": self._agent(agent)}
            self._relate("wasAssociatedWith", arguments)

    def _relate(
        self,
        kind: Kind,
        arguments: dict[str, Name | str],
        entry: Entry[Any] | None = None,
        units: int | None = None,
    ) -> None:
        attributes: dict[str, Name | str | int] = {} if entry is None else {"bl:entry": entry.seq}
        if units is not None:
            attributes["bl:units"] = units
        key = (kind, *arguments.values(), *attributes.values())
        self._relations.setdefault(
            key, Statement(kind=kind, arguments=arguments, attributes=attributes)
        )
