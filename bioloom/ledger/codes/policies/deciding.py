"""Deciding: what policies say to a request, as in Cedar: without a permit, or with a forbid, no."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from bioloom.ledger.codes.policies.parsing import Conditions, Key, Part, Words
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
        key: What has to be so before anything else of its conditions is looked at.
    """

    name: str
    effect: Effect
    principal: Scope
    actions: frozenset[Uid] | None
    resource: Scope
    conditions: tuple[tuple[Evaluate, bool], ...]
    reads: frozenset[str]
    key: Key | None = None

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


class Shelf:
    """The policies about one action, found by what they begin with."""

    def __init__(self, policies: Sequence[Policy]) -> None:
        """Sort them once.

        Args:
            policies: All about the action.
        """
        self._plain = [one for one in policies if one.key is None]
        self._keyed: dict[str, tuple[Evaluate, dict[str, list[Policy]], list[Policy]]] = {}
        for one in policies:
            if one.key is not None:
                _, by_text, together = self._keyed.setdefault(one.key.path, (one.key.read, {}, []))
                by_text.setdefault(one.key.text, []).append(one)
                together.append(one)

    def about(self, request: Request) -> list[Policy]:
        """Those that can say something to a request, or err at it."""
        found = self._plain
        for read, by_text, together in self._keyed.values():
            try:
                value = read(request)
            except Erring:
                found = found + together
            else:
                if type(value) is str and value in by_text:
                    found = found + by_text[value]
        return found


@dataclass(slots=True)
class Policies:
    """A set of policies, found by the action of a request and by what they begin with."""

    all: Sequence[Policy]
    _by_action: dict[Uid, Shelf] = field(init=False)
    _of_any: Shelf = field(init=False)

    def __post_init__(self) -> None:
        """Sort them by action once."""
        found: defaultdict[Uid, list[Policy]] = defaultdict(list)
        named = {action for policy in self.all for action in policy.actions or ()}
        for policy in self.all:
            for action in named if policy.actions is None else policy.actions:
                found[action].append(policy)
        self._by_action = {action: Shelf(some) for action, some in found.items()}
        self._of_any = Shelf([policy for policy in self.all if policy.actions is None])

    def decide(self, request: Request) -> Verdict:
        """Whether a request is allowed, and by which policies, in no order."""
        permits: list[str] = []
        forbids: list[str] = []
        erring: list[str] = []
        for policy in self._by_action.get(request.action, self._of_any).about(request):
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
    parts = list(_conditions(words, conditions))
    words.expect(";")
    return Policy(
        name=name,
        effect=effect,
        principal=principal,
        actions=actions,
        resource=resource,
        conditions=tuple((part.run, wanted) for part, wanted in parts),
        reads=frozenset(conditions.reads),
        key=parts[0][0].key if parts and parts[0][1] else None,
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


def _conditions(words: Words, conditions: Conditions) -> Iterator[tuple[Part, bool]]:
    while words.at("when", "unless"):
        wanted = words.take().text == "when"
        words.expect("{")
        yield conditions.expression(), wanted
        words.expect("}")
