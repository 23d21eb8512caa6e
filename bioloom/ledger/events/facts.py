"""Facts: what the record says already about the things that a new entry names."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, Literal, Protocol

from bioloom.ledger.codes.obeying import Obeying
from bioloom.ledger.events.mentioning import mentions_of
from bioloom.ledger.events.moving import mass_moved
from bioloom.vocabulary.amounts import BaseUnit
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, EventReversed
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId

# What is added up of the events about a name: what a process has for a while and what a container
# has, by lot; which containers a lot is in, by container; what was done, by quantity and by effort
# (under ""); what heaps lost of each claim; and what weighed pieces weigh and how many, by lot.
Sort = Literal[
    "inside", "contents", "within", "quantity", "effort", "abated", "weighed", "weighed pieces"
]


class Facts(Protocol):
    """What may be asked while an entry is judged. The record does not move meanwhile."""

    def prepare(self, names: Iterable[str]) -> None:
        """Read all that mentions some names together, as they will be asked for one by one."""

    def about(self, name: str) -> list[Entry[Any]]:
        """Entries that mention a name, in order; what was corrected or reversed is left out."""

    def introducing(self, name: str) -> list[Entry[Any]]:
        """Of the entries about a name those that are no events: what makes it, and what ends it."""

    def total(self, name: str, sort: Sort, key: str = "") -> int:
        """What the events about a name add up to, without reading them again."""

    def totals(self, name: str, sort: Sort) -> Mapping[str, int]:
        """What the events about a name add up to, by what is added up; none is zero."""

    def has_claims(self) -> bool:
        """Whether anybody has a claim at all; most records have none to be held against."""

    def has_custody(self) -> bool:
        """Whether anything was said of chain of custody at all."""

    def policies(self) -> Obeying:
        """The policies of the city's Codes."""

    def entry(self, entry_id: str) -> Entry[Any] | None:
        """An entry by its id."""

    def newest(self, key: str) -> Entry[Any] | None:
        """What an idempotency key says now; none if nothing, or if it was taken back."""

    def touching(self, lots: Sequence[LotId]) -> dict[LotId, list[Entry[Any]]]:
        """Entries that move some of some lots, in order; what does not stand is left out."""

    def is_undone(self, entry: Entry[Any]) -> bool:
        """Whether an entry was corrected or taken back."""

    def kind_of(self, lot: LotId) -> tuple[MaterialId, BaseUnit] | None:
        """What a lot is made of and what it is counted in; none if there is no such lot."""

    def owner_units(self, lot: LotId) -> dict[str, int]:
        """Who owns how much of a lot, in its base unit."""

    def holder_units(self, lot: LotId) -> dict[str, int]:
        """Who holds how much of a lot, in its base unit."""


class Standing:
    """The entries about a name that still stand, kept up entry by entry with what they add up to.

    A process of ten thousand events is judged by sums: a further one costs the same as the first.
    """

    def __init__(self, name: str) -> None:
        """Begin with no entry about a name."""
        self._name = name
        self._entries: dict[str, Entry[Any]] = {}
        self._introducing: dict[str, Entry[Any]] = {}
        self._totals: defaultdict[Sort, Counter[str]] = defaultdict(Counter)

    def take(self, entry: Entry[Any]) -> None:
        """Go on with the next entry that is found under the name."""
        self._drop(entry.corrects)
        if isinstance(entry.body, EventReversed):
            self._drop(entry.body.entry)
            return
        # Only a correction can be about less than what it is found under.
        if entry.corrects is not None and self._name not in mentions_of(entry.body):
            return
        self._entries[entry.id] = entry
        if isinstance(entry.body, EventHappened):
            self._count(entry.body, 1)
        else:
            self._introducing[entry.id] = entry

    def about(self, hidden: Entry[Any] | None = None) -> list[Entry[Any]]:
        """The entries, in order; without one of them, where one is hidden."""
        return _without(hidden, self._entries)

    def introducing(self, hidden: Entry[Any] | None = None) -> list[Entry[Any]]:
        """Those that are no events, in order."""
        return _without(hidden, self._introducing)

    def total(self, sort: Sort, key: str, hidden: Entry[Any] | None = None) -> int:
        """What the events add up to."""
        units = self._totals[sort][key]
        if hidden is not None and hidden.id in self._entries:
            found = added_up(hidden.body)
            units -= sum(more for one, lot, more in found if (one, lot) == (sort, key))
        return units

    def totals(self, sort: Sort, hidden: Entry[Any] | None = None) -> dict[str, int]:
        """What the events add up to, by what is added up."""
        keys = list(self._totals[sort])
        found = {key: self.total(sort, key, hidden) for key in keys}
        return {key: units for key, units in found.items() if units}

    def _drop(self, entry_id: str | None) -> None:
        gone = None if entry_id is None else self._entries.pop(entry_id, None)
        if gone is None:
            return
        self._introducing.pop(gone.id, None)
        self._count(gone.body, -1)

    def _count(self, body: object, sign: int) -> None:
        for sort, key, units in added_up(body):
            self._totals[sort][key] += sign * units


def added_up(body: object) -> Iterator[tuple[Sort, str, int]]:
    """What an event adds to the totals of each name that it is about."""
    if not isinstance(body, EventHappened):
        return
    if body.effort is not None:
        yield "effort", "", body.effort.units
    if body.quantity is None:
        return
    units = body.quantity.units
    for lost in body.abates:
        yield "abated", lost.claim, lost.units
    if not body.abates:
        yield "quantity", "", units
    yield from _weighed(body, units)
    if body.lot is None:
        return
    if body.action in ("accept", "pickup"):
        yield "inside", body.lot, units
    if body.action in ("modify", "dropoff"):
        yield "inside", body.lot, -units
    if body.container is not None:
        sign = 1 if body.action == "combine" else -1
        yield "contents", body.lot, sign * units
        yield "within", body.container, sign * units


def _weighed(body: EventHappened, units: int) -> Iterator[tuple[Sort, str, int]]:
    for lot, mass_mg in mass_moved(body):
        yield "weighed", lot, mass_mg
        yield "weighed pieces", lot, units if mass_mg > 0 else -units


def in_force(name: str, entries: Iterable[Entry[Any]]) -> list[Entry[Any]]:
    """Of the entries about a name, those that still stand and still are about it."""
    standing = Standing(name)
    for entry in sorted(entries, key=attrgetter("seq")):
        standing.take(entry)
    return standing.about()


def _without(hidden: Entry[Any] | None, entries: Mapping[str, Entry[Any]]) -> list[Entry[Any]]:
    # By id: what is hidden was read apart from these.
    left_out = None if hidden is None else hidden.id
    return [entry for name, entry in entries.items() if name != left_out]
