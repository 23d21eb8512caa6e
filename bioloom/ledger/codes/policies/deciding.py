"""Deciding: what policies say to a request, as in Cedar: without a permit, or with a forbid, no."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from bioloom.ledger.codes.policies.parsing import Conditions, Words
from bioloom.ledger.codes.policies.reading import Word, string_of, words_of
from bioloom.ledger.codes.policies.values import Erring, Evaluate, Request, Uid, is_in

Effect = Literal["permit", "forbid"]
MOST_POLICIES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whom or what a policy is about: one entity, all that are in one, all of a type, or any."""

    equals: Uid | None = None
    within: Uid | None = None
    kind: str | None = None

    def has(self, one: Uid, request: Request) -> bool:
        """Whether an entity of a request is among them."""
        return (
            (self.equals is None or one == self.equals)
            and (self.kind is None or one.type == self.kind)
            and (self.within is None or is_in(one, self.within, request.entities))
        )


ANY = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One policy: permit or forbid, whom and what it is about, and under which conditions.

    Attributes:
        name: Its `@id`, or its place: `policy0` is the first, as Cedar counts.
        actions: Which actions it is about; none: all.
        conditions: Each with whether it has to hold (`when`) or not to (`unless`).
        reads: The attributes of a request that its conditions read, as `context.site`.
    """

    name: str
    effect: Effect
    principal: Scope
    actions: frozenset[Uid] | None
    resource: Scope
    conditions: tuple[tuple[Evaluate, bool], ...]
    reads: frozenset[str]

    def is_satisfied(self, request: Request) -> bool:
        """Whether it says something to a request about one of its actions.

        Raises:
            Erring: If a condition cannot be evaluated.
        """
        if self.principal is not ANY and not self.principal.has(request.principal, request):
            return False
        if self.resource is not ANY and not self.resource.has(request.resource, request):
            return False
        for condition, wanted in self.conditions:
            found = condition(request)
            if found is not True and found is not False:
                raise Erring
            if found is not wanted:
                return False
        return True


class Verdict(NamedTuple):
    """What policies say to a request.

    Attributes:
        policies: Those that decide: the forbids that are satisfied, or else the permits.
        erring: Those whose conditions could not be evaluated, which counted as not satisfied.
    """

    is_allowed: bool
    policies: tuple[str, ...]
    erring: tuple[str, ...]


@dataclass(slots=True)
class Policies:
    """A set of policies, in the order of their text, found by the action of a request."""

    all: Sequence[Policy]
    _by_action: dict[Uid, tuple[Policy, ...]] = field(init=False)
    _of_any: tuple[Policy, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Sort them by action once."""
        found: defaultdict[Uid, list[Policy]] = defaultdict(list)
        named = {action for policy in self.all for action in policy.actions or ()}
        for policy in self.all:
            for action in named if policy.actions is None else policy.actions:
                found[action].append(policy)
        self._by_action = {action: tuple(some) for action, some in found.items()}
        self._of_any = tuple(policy for policy in self.all if policy.actions is None)

    def decide(self, request: Request) -> Verdict:
        """Whether a request is allowed, and by which policies."""
        permits: list[str] = []
        forbids: list[str] = []
        erring: list[str] = []
        for policy in self._by_action.get(request.action, self._of_any):
            try:
                if policy.is_satisfied(request):
                    (permits if policy.effect == "permit" else forbids).append(policy.name)
            except Erring:
                erring.append(policy.name)
        deciding = forbids or permits
        return Verdict(bool(permits) and not forbids, tuple(deciding), tuple(erring))

    @property
    def has_permits(self) -> bool:
        """Whether any of them permits something."""
        return any(policy.effect == "permit" for policy in self.all)

    @property
    def reads(self) -> frozenset[str]:
        """All attributes of a request that any of them reads."""
        return frozenset(path for policy in self.all for path in policy.reads)


def policies_of(text: str) -> Policies:
    """The policies of a text.

    Example:
        >>> told = policies_of('forbid (principal, action, resource) when { context.mass_mg > 5 };')
        >>> told.all[0].effect, sorted(told.reads)
        ('forbid', ['context.mass_mg'])

    Raises:
        PolicyAmiss: If it is none, or outside of the part of Cedar that is read here.
    """
    words = Words(words_of(text))
    found: list[Policy] = []
    while words.now.sort != "end":
        found.append(_policy(words, len(found), {policy.name for policy in found}))
        if len(found) > MOST_POLICIES:
            raise words.now.amiss(f"more than {MOST_POLICIES} policies stand")
    if not found:
        raise words.now.amiss("no policy stands")
    return Policies(found)


def _policy(words: Words, number: int, taken: set[str]) -> Policy:
    begins = words.now
    notes = dict(_annotations(words))
    name = notes.get("id", f"policy{number}")
    if name in taken:
        raise begins.amiss(f"two policies are called '{name[:40]}'")
    if not words.at("permit", "forbid"):
        raise words.unexpected("'permit' or 'forbid'")
    effect: Effect = "permit" if words.take().text == "permit" else "forbid"
    words.expect("(")
    principal = _scope(words, "principal")
    words.expect(",")
    actions = _actions(words)
    words.expect(",")
    resource = _scope(words, "resource")
    words.expect(")")
    conditions = Conditions(words)
    read = tuple(_conditions(words, conditions))
    words.expect(";")
    return Policy(
        name=name,
        effect=effect,
        principal=principal,
        actions=actions,
        resource=resource,
        conditions=read,
        reads=frozenset(conditions.reads),
    )


def _annotations(words: Words) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    while words.skip("@"):
        name = words.expect_sort("name", "a name")
        if name.text in seen:
            raise name.amiss(f"'@{name.text}' stands twice")
        seen.add(name.text)
        words.expect("(")
        yield name.text, string_of(words.expect_sort("string", "a text"))
        words.expect(")")


def _scope(words: Words, name: str) -> Scope:
    words.expect(name)
    if words.skip("=="):
        return Scope(equals=words.uid())
    if words.skip("in"):
        return Scope(within=words.uid())
    if words.skip("is"):
        kind = words.path()
        return Scope(kind=kind, within=words.uid() if words.skip("in") else None)
    return ANY


def _actions(words: Words) -> frozenset[Uid] | None:
    words.expect("action")
    if words.skip("=="):
        return frozenset((_action(words),))
    if not words.skip("in"):
        return None
    if not words.skip("["):
        return frozenset((_action(words),))
    actions = [_action(words)]
    while words.skip(","):
        actions.append(_action(words))
    words.expect("]")
    return frozenset(actions)


def _action(words: Words) -> Uid:
    begins: Word = words.now
    action = words.uid()
    if action.type != "Action":
        raise begins.amiss(f"{action.type[:40]} is no type of an action; name one as Action::")
    return action


def _conditions(words: Words, conditions: Conditions) -> Iterator[tuple[Evaluate, bool]]:
    while words.at("when", "unless"):
        wanted = words.take().text == "when"
        words.expect("{")
        yield conditions.expression().run, wanted
        words.expect("}")
