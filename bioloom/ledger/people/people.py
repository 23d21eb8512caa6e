"""People: the fold of agents, memberships, roles and keys, asked by two clocks.

`on` is when something was so, `known_at` is what the record said by then. Left out, `known_at` is
all that the record says.
"""

from collections.abc import Collection, Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from bioloom.vocabulary.agents import PRIVATE_SORTS, AgentId, AgentSort
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.ledger import (
    AgentDeclared,
    CityFounded,
    DistrictDeclared,
    SiteDeclared,
)
from bioloom.vocabulary.entries.people import (
    KeyDeclared,
    KeyPurpose,
    KeyWithdrawn,
    MembershipAccepted,
    MembershipBegan,
    MembershipEnded,
    Role,
    RoleGranted,
    RoleWithdrawn,
)
from bioloom.vocabulary.periods import Instant

PEOPLE_KINDS = (
    "CityFounded",
    "AgentDeclared",
    "DistrictDeclared",
    "SiteDeclared",
    "MembershipBegan",
    "MembershipAccepted",
    "MembershipEnded",
    "RoleGranted",
    "RoleWithdrawn",
    "KeyDeclared",
    "KeyWithdrawn",
)


class Turn(NamedTuple):
    """One beginning or ending. In time it lies where it occurred; known it is from its recording.

    `superseded_at` is set from when a correction says something else in its place.
    """

    occurred_at: Instant
    seq: int
    begins: bool
    key: str
    recorded_at: Instant
    superseded_at: Instant | None = None


class Office(NamedTuple):
    """A role for one commons or organisation, or for the whole city (None)."""

    role: Role
    scope: AgentId | None

    def __str__(self) -> str:
        return f"{self.role} of {'the city' if self.scope is None else self.scope}"


class Key(NamedTuple):
    """The public half of a key, in hexadecimal, and what it is for."""

    purpose: KeyPurpose
    public_key: str


class Word(NamedTuple):
    """A member's own word for belonging to a group. It counts from its recording."""

    group: AgentId


# What can begin and end for an agent: belonging to a group, one's word for that, holding an office,
# having a key.
_Tie = AgentId | Office | Key | Word
_Turning = tuple[AgentId, _Tie, bool]


@dataclass(slots=True)
class People:
    """Everybody in the record. Only its tables are changed in place, so that a copy is cheap."""

    seq: int = 0
    agents: dict[AgentId, AgentSort] = field(default_factory=dict)
    _ties: dict[AgentId, dict[_Tie, tuple[Turn, ...]]] = field(default_factory=dict)
    _members: dict[AgentId, frozenset[AgentId]] = field(default_factory=dict)
    # Which ties of whom an idempotency key spoke of last, so that a correction finds them.
    _said: dict[str, tuple[tuple[AgentId, _Tie], ...]] = field(default_factory=dict)

    def fold(self, entry: Entry[Any]) -> None:
        """Take one entry in; the caller keeps the order of the record."""
        self.seq = entry.seq
        turnings = [*self._words_in(entry), *self._ties_in(entry.body)]
        match entry.body:
            case CityFounded() as city:
                self.agents.setdefault(city.steward, "organisation")
            case AgentDeclared() as agent:
                self._declare(agent)
            case DistrictDeclared() as district:
                self.agents.setdefault(district.commons, "commons")
            case SiteDeclared() as site:
                self.agents.setdefault(site.operator, "organisation")
            case MembershipBegan(member=member, group=group):
                self._members[group] = self._members.get(group, frozenset()) | {member}
        if turnings:
            self._turn(entry, turnings)

    def is_private(self, agent: AgentId) -> bool:
        """Whether an agent's records are theirs alone; so is one that nobody declared."""
        return self.agents.get(agent, "person") in PRIVATE_SORTS

    def belongs(
        self, member: AgentId, group: AgentId, *, on: Instant, known_at: Instant | None = None
    ) -> bool:
        """Whether an agent belonged to a group by itself, not by way of another group."""
        return holds(self._turns(member, group), on=on, known_at=known_at)

    def gave_word(
        self, member: AgentId, group: AgentId, *, on: Instant, known_at: Instant | None = None
    ) -> bool:
        """Whether an agent belonged to a group by itself, and by its own word."""
        words = self._turns(member, Word(group))
        return holds(words, on=on, known_at=known_at) and self.belongs(
            member, group, on=on, known_at=known_at
        )

    def unanswered(
        self, member: AgentId, *, on: Instant, known_at: Instant | None = None
    ) -> list[AgentId]:
        """The groups that an agent belonged to by itself, and not by its own word."""
        return sorted(
            tie
            for tie, turns in self._ties.get(member, {}).items()
            if isinstance(tie, str)
            and holds(turns, on=on, known_at=known_at)
            and not self.gave_word(member, tie, on=on, known_at=known_at)
        )

    def voices_of(self, agent: AgentId, *, on: Instant) -> list[AgentId]:
        """For whom an agent speaks: itself first."""
        groups = {office.scope for office in self.offices_of(agent, on=on)} - {None}
        near = {*self.groups_of(agent, on=on), *(group for group in groups if group)}
        return [agent, *sorted(one for one in near if self.speaks_for(agent, one, on=on))]

    def speaks_for(self, agent: AgentId, member: AgentId, *, on: Instant) -> bool:
        """Whether an agent's word is another's own: that of itself, its household or its group.

        It is a group's as its steward; a steward of the whole city speaks for none of them.
        """
        if agent == member:
            return True
        if self.is_private(member):
            is_household = self.agents.get(member) == "household"
            return is_household and self.belongs(agent, member, on=on)
        return Office("steward", member) in self.offices_of(agent, on=on)

    def groups_of(
        self, member: AgentId, *, on: Instant, known_at: Instant | None = None
    ) -> frozenset[AgentId]:
        """All an agent belonged to, by way of others too: a household's commons is its members'."""
        found: set[AgentId] = set()
        waiting = [member]
        while waiting:
            ties = self._ties.get(waiting.pop(), {})
            groups = {
                tie
                for tie, turns in ties.items()
                if isinstance(tie, str) and holds(turns, on=on, known_at=known_at)
            }
            waiting += groups - found
            found |= groups
        return frozenset(found - {member})

    def members_of(
        self, group: AgentId, *, on: Instant, known_at: Instant | None = None
    ) -> frozenset[AgentId]:
        """Who belonged to a group by themselves."""
        return frozenset(
            member
            for member in self._members.get(group, frozenset())
            if self.belongs(member, group, on=on, known_at=known_at)
        )

    def bound_members_of(self, group: AgentId, *, on: Instant) -> frozenset[AgentId]:
        """Who belongs to a group by themselves and by their own word."""
        members = self._members.get(group, frozenset())
        return frozenset(one for one in members if self.gave_word(one, group, on=on))

    def had_members(self, group: AgentId) -> bool:
        """Whether anybody ever belonged to a group."""
        return bool(self._members.get(group))

    def offices_of(
        self, agent: AgentId, *, on: Instant, known_at: Instant | None = None
    ) -> frozenset[Office]:
        """The roles an agent held. Whoever left a group has left the roles in it, too."""
        return frozenset(
            tie
            for tie, turns in self._ties.get(agent, {}).items()
            if isinstance(tie, Office)
            and holds([*turns, *self._leavings(agent, tie.scope)], on=on, known_at=known_at)
        )

    def holders_of(
        self, office: Office, *, on: Instant, known_at: Instant | None = None
    ) -> frozenset[AgentId]:
        """Who held a role."""
        return frozenset(
            agent
            for agent, ties in self._ties.items()
            if office in ties and office in self.offices_of(agent, on=on, known_at=known_at)
        )

    def keys_of(
        self, agent: AgentId, purpose: KeyPurpose, *, on: Instant, known_at: Instant | None = None
    ) -> frozenset[str]:
        """The public keys of an agent that counted for a purpose."""
        return frozenset(
            tie.public_key
            for tie, turns in self._ties.get(agent, {}).items()
            if isinstance(tie, Key)
            and tie.purpose == purpose
            and holds(turns, on=on, known_at=known_at)
        )

    def had_key(self, public_key: str) -> bool:
        """Whether anybody ever declared this key."""
        return any(self._keys(agent, public_key) for agent in self._ties)

    def _declare(self, agent: AgentDeclared) -> None:
        # Who is private once stays so: no later word makes a household's records public.
        if agent.agent not in self.agents or not self.is_private(agent.agent):
            self.agents[agent.agent] = agent.sort

    def _words_in(self, entry: Entry[Any]) -> list[_Turning]:
        """Whose word for a membership an entry gives or ends."""
        body, at = entry.body, entry.recorded_at
        if not isinstance(body, MembershipBegan | MembershipAccepted | MembershipEnded):
            return []
        word = Word(body.group)
        if isinstance(body, MembershipEnded):
            return [(body.member, word, False)]
        is_old = isinstance(body, MembershipBegan) and not body.needs_word
        if is_old or self.speaks_for(entry.author, body.member, on=at):
            return [(body.member, word, True)]
        # A word is for the membership that it was given for, and for none that begins later.
        is_new = isinstance(body, MembershipBegan) and not self.belongs(
            body.member, body.group, on=at
        )
        return [(body.member, word, False)] if is_new and self._turns(body.member, word) else []

    def _ties_in(self, body: object) -> list[_Turning]:
        """What begins or ends by an entry's body, and for whom."""
        match body:
            case CityFounded(steward=steward):
                # Who founds a city is its first steward; other grants rest on this one.
                return [(steward, Office("steward", None), True)]
            case MembershipBegan() | MembershipEnded():
                return [(body.member, body.group, isinstance(body, MembershipBegan))]
            case RoleGranted() | RoleWithdrawn():
                office = Office(body.role, body.scope)
                return [(body.agent, office, isinstance(body, RoleGranted))]
            case KeyDeclared(agent=agent, purpose=purpose, public_key=public_key):
                return [(agent, Key(purpose, public_key), True)]
            case KeyWithdrawn(agent=agent, public_key=public_key):
                # A public key is declared for one purpose only.
                return [(agent, key, False) for key in self._keys(agent, public_key)[:1]]
        return []

    def _turn(self, entry: Entry[Any], turnings: list[_Turning]) -> None:
        key = entry.idempotency_key
        for whose, what in self._said.get(key, ()):
            self._ties[whose] = self._ties[whose] | {
                what: tuple(_superseded(turn, entry) for turn in self._turns(whose, what))
            }
        for agent, tie, begins in turnings:
            # Dating a word back gives it no earlier.
            at = entry.recorded_at if isinstance(tie, Word) else entry.occurred_at
            turn = Turn(at, entry.seq, begins, key, entry.recorded_at)
            turns = (*self._turns(agent, tie), turn)
            self._ties[agent] = self._ties.get(agent, {}) | {tie: turns}
        self._said[key] = tuple((agent, tie) for agent, tie, _ in turnings)

    def _turns(self, agent: AgentId, tie: _Tie) -> tuple[Turn, ...]:
        return self._ties.get(agent, {}).get(tie, ())

    def _leavings(self, agent: AgentId, group: AgentId | None) -> Iterable[Turn]:
        return () if group is None else (t for t in self._turns(agent, group) if not t.begins)

    def _keys(self, agent: AgentId, public_key: str) -> list[Key]:
        ties = self._ties.get(agent, {})
        return [tie for tie in ties if isinstance(tie, Key) and tie.public_key == public_key]

    def __copy__(self) -> "People":
        return People(
            self.seq, dict(self.agents), dict(self._ties), dict(self._members), dict(self._said)
        )


class Readable(Protocol):
    """A record that can be read: a journal."""

    def read(self, *, after: int, kinds: Collection[str]) -> Iterator[Entry[Any]]:
        """Entries of some kinds after one, in order."""


def people_of(journal: Readable, known: People | None = None) -> People:
    """Everybody in a record; from what was known before, it only reads what came since.

    What was known is left as it was, so that other threads may go on asking it.
    """
    known = known or People()
    people: People | None = None
    for entry in journal.read(after=known.seq, kinds=PEOPLE_KINDS):
        people = people or copy(known)
        people.fold(entry)
    return people or known


def holds(turns: Iterable[Turn], *, on: Instant, known_at: Instant | None = None) -> bool:
    """Whether the newest turn up to an instant is a beginning.

    Args:
        turns: Of one thing, in any order.
        on: The instant asked about.
        known_at: Count only what the record had by then; all that it has unless given.

    Example:
        Ana joined on the 3rd, which was recorded on the 5th:

        >>> third, fourth, fifth = (Instant(f"2024-01-0{day}T12:00:00.000Z") for day in (3, 4, 5))
        >>> joined = Turn(third, seq=1, begins=True, key="joined", recorded_at=fifth)
        >>> holds([joined], on=fourth)
        True
        >>> holds([joined], on=fourth, known_at=fourth)
        False
    """
    counted = [turn for turn in turns if turn.occurred_at <= on and _is_known(turn, known_at)]
    return bool(counted) and max(counted).begins


def _is_known(turn: Turn, known_at: Instant | None) -> bool:
    if known_at is None:
        return turn.superseded_at is None
    replaced = turn.superseded_at is not None and turn.superseded_at <= known_at
    return turn.recorded_at <= known_at and not replaced


def _superseded(turn: Turn, by: Entry[Any]) -> Turn:
    if turn.key != by.idempotency_key or turn.superseded_at is not None:
        return turn
    return turn._replace(superseded_at=by.recorded_at)
