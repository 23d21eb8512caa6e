"""Standing: which covenants there are, and who counts as belonging under each, by the record.

`Covenants` is a pure fold. Sealing keeps one across transactions, deriving and verifying make one
of their own; `fold` tells each what rows follow.
"""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bioloom.ledger.people.people import PEOPLE_KINDS, People
from bioloom.ledger.stores.protocol import Store
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.covenants import (
    CovenantEnacted,
    CovenantEnded,
    CovenantId,
    LotReleased,
)
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import ReleaseId
from bioloom.vocabulary.entries.ledger import CityFounded
from bioloom.vocabulary.entries.people import MembershipAccepted, MembershipBegan
from bioloom.vocabulary.entries.registry import read_entry
from bioloom.vocabulary.periods import Instant, Period, bounds_ms, epoch_ms

COVENANT_KINDS = ("CovenantEnacted", "LotReleased", "CovenantEnded")
FOLDED_KINDS = (*PEOPLE_KINDS, *COVENANT_KINDS)
# For whoever belonged when a covenant was enacted, and for a covenant without a last day.
ALWAYS_MS, NEVER_MS = -(2**62), 2**62
DAY_MS = 86_400_000


class Covenant(NamedTuple):
    """A covenant as it stands.

    Attributes:
        number: Its number in the store.
        seq: The entry that enacted it.
        terms: What it says.
        until_ms: From when on it binds no longer.
        members: Who belongs, and from when each counts [ms since 1970].
        ended_seq: The entry that ended it, if one did.
    """

    number: int
    seq: int
    terms: CovenantEnacted
    until_ms: int
    members: dict[AgentId, int]
    ended_seq: int | None = None

    def binds(self, at_ms: int) -> bool:
        """Whether it binds what happens at an instant."""
        return self.ended_seq is None and at_ms < self.until_ms

    def counts(self, agent: AgentId, at_ms: int) -> bool:
        """Whether somebody belongs who counted at an instant already."""
        since_ms = self.members.get(agent)
        return since_ms is not None and since_ms <= at_ms


class Release(NamedTuple):
    """A release as the record has it, and the first instant at which it serves no longer."""

    terms: LotReleased
    until_ms: int


class Changes(NamedTuple):
    """What an entry changes about covenants and who belongs; members with when they count."""

    enacted: list[Covenant]
    ended: list[int]
    joined: list[tuple[int, AgentId, int]]
    left: list[tuple[int, AgentId]]


@dataclass(slots=True)
class Covenants:
    """All covenants of a record. Only its tables are changed in place, so that a copy is cheap."""

    seq: int = 0
    people: People = field(default_factory=People)
    by_id: dict[CovenantId, Covenant] = field(default_factory=dict)
    by_number: dict[int, Covenant] = field(default_factory=dict)
    releases: dict[ReleaseId, Release] = field(default_factory=dict)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def fold(self, entry: Entry[Any]) -> Changes:
        """Take one entry in, in the order of the record, and tell what it changes."""
        self.seq = entry.seq
        changes = Changes([], [], [], [])
        match entry.body:
            case CovenantEnacted() as terms:
                self._enact(entry, terms, changes)
            case CovenantEnded(covenant=ended):
                self._end(ended, entry.seq, changes)
            case LotReleased() as terms:
                self.releases[terms.release] = Release(terms, self.last_ms_of(terms))
            case _ if entry.kind in PEOPLE_KINDS:
                self._fold_people(entry, changes)
        return changes

    def last_ms_of(self, terms: LotReleased | CovenantEnacted) -> int:
        """From when on something serves or binds no longer, in the city's timezone."""
        if terms.until is None:
            return NEVER_MS
        return bounds_ms(Period(first=terms.until, last=terms.until), self.zone)[1]

    def binding(self, at_ms: int) -> Iterator[Covenant]:
        """The covenants that bind what happens at an instant, in the order of their enactment."""
        return (covenant for covenant in self.by_number.values() if covenant.binds(at_ms))

    def _enact(self, entry: Entry[Any], terms: CovenantEnacted, changes: Changes) -> None:
        if terms.replaces is not None:
            self._end(terms.replaces, entry.seq, changes)
        members = dict.fromkeys(self.closure(terms.commons, at=entry.recorded_at), ALWAYS_MS)
        covenant = Covenant(
            len(self.by_number) + 1, entry.seq, terms, self.last_ms_of(terms), members
        )
        self._put(covenant)
        changes.enacted.append(covenant)
        changes.joined.extend((covenant.number, agent, at) for agent, at in members.items())

    def _end(self, name: CovenantId, seq: int, changes: Changes) -> None:
        ended = self.by_id.get(name)
        if ended is not None and ended.ended_seq is None:
            self._put(ended._replace(ended_seq=seq))
            changes.ended.append(ended.number)

    def _fold_people(self, entry: Entry[Any], changes: Changes) -> None:
        self.people.fold(entry)
        if isinstance(entry.body, CityFounded):
            self.zone = ZoneInfo(entry.body.timezone)
        if not entry.kind.startswith("Membership"):
            return
        for covenant in self.by_number.values():
            if covenant.ended_seq is None:
                self._follow(covenant, entry, changes)

    def _follow(self, covenant: Covenant, entry: Entry[Any], changes: Changes) -> None:
        """Let those join and leave who do by an entry; who joins counts after the cooling-off."""
        members, body = covenant.members, entry.body
        if isinstance(body, MembershipBegan | MembershipAccepted) and entry.corrects is None:
            # Nobody leaves by it: what is not below the one who joined need not be looked at.
            if body.group not in members:
                return
            found = [*members, *self.closure(body.member, at=entry.recorded_at)]
            if not self.people.gave_word(body.member, body.group, on=entry.recorded_at):
                return
        else:
            found = self.closure(covenant.terms.commons, at=entry.recorded_at)
        counts_ms = epoch_ms(entry.recorded_at) + covenant.terms.cooling_off_days * DAY_MS
        now = {agent: members.get(agent, counts_ms) for agent in found}
        if now.keys() == members.keys():
            return
        number = covenant.number
        changes.joined.extend((number, agent, counts_ms) for agent in now if agent not in members)
        changes.left.extend((number, agent) for agent in members if agent not in now)
        self._put(covenant._replace(members=now))

    def without_word(self, covenant: Covenant, *, at: Instant) -> list[AgentId]:
        """Who belongs to a covenant's commons without the word by which it would bind them."""
        every = _closure(covenant.terms.commons, lambda one: self.people.members_of(one, on=at))
        bound = set(self.closure(covenant.terms.commons, at=at))
        return [agent for agent in every if agent not in bound]

    def closure(self, group: AgentId, *, at: Instant) -> list[AgentId]:
        """A group and all who belong to it, by way of other groups too; each once, in one order.

        Only memberships by the members' own word count.
        """
        return _closure(group, lambda one: self.people.bound_members_of(one, on=at))

    def _put(self, covenant: Covenant) -> None:
        self.by_id[covenant.terms.covenant] = self.by_number[covenant.number] = covenant

    def __copy__(self) -> "Covenants":
        return Covenants(
            self.seq,
            copy(self.people),
            dict(self.by_id),
            dict(self.by_number),
            dict(self.releases),
            self.zone,
        )


def _closure(group: AgentId, members_of: Callable[[AgentId], frozenset[AgentId]]) -> list[AgentId]:
    found = dict.fromkeys([group])
    waiting = [group]
    while waiting:
        below = sorted(members_of(waiting.pop()) - found.keys())
        found |= dict.fromkeys(below)
        waiting += below
    return list(found)


def covenants_of(
    store: Store, known: Covenants | None = None, *, even_none: bool = False
) -> Covenants:
    """The covenants of a record; from what was known before, it only reads what came since.

    Where there is no covenant nothing is read but that, unless even then it is asked for; what was
    known is left as it was, so that other threads may go on asking it.
    """
    known = known or Covenants()
    if not even_none and not store.bindings.has_any():
        return known
    covenants: Covenants | None = None
    for row in store.rows(after=known.seq, kinds=FOLDED_KINDS):
        covenants = covenants or copy(known)
        covenants.fold(read_entry(row.text, row.kind))
    return covenants or known
