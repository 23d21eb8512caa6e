"""Parsing conditions: the expressions of Cedar become functions of a request."""

import operator
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bioloom.ledger.codes.policies import computing
from bioloom.ledger.codes.policies.reading import PolicyAmiss, Word, long_of, string_of
from bioloom.ledger.codes.policies.values import Evaluate, Uid, Value, set_of

_RESERVED = frozenset(("true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar"))
# The parts of a request by their place in it.
VARIABLES = {"principal": 0, "action": 1, "resource": 2, "context": 3}
_CONTEXT = 3
_COMPARED: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_WORKED: dict[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_METHODS = ("contains", "containsAll", "containsAny")
# As deep as Cedar reads signs in a row, and as deep as anything may be nested here.
_MOST_SIGNS, _DEEPEST = 4, 40


class Key(NamedTuple):
    """What has to be so before anything else of a condition counts: an attribute is a text."""

    path: str
    read: Evaluate
    text: str


class Part(NamedTuple):
    """A piece of a condition: how it is evaluated, and what is known of it without a request.

    Attributes:
        path: The attribute of a request that it is, as `context.site`; empty where it is none.
        text: The text that it is.
        key: What it begins with, if that is so.
    """

    run: Evaluate
    path: str = ""
    text: str | None = None
    key: Key | None = None


class Words:
    """The words of a text, taken one after the other."""

    def __init__(self, words: Sequence[Word]) -> None:
        """Begin with the first."""
        self._words, self._place = words, 0

    @property
    def now(self) -> Word:
        """The word that comes next."""
        return self._words[self._place]

    def take(self) -> Word:
        """Go on to the next word; the one before it."""
        word = self.now
        if word.sort != "end":
            self._place += 1
        return word

    def at(self, *texts: str) -> bool:
        """Whether one of some signs or names comes next."""
        return self.now.sort in ("sign", "name") and self.now.text in texts

    def skip(self, *texts: str) -> bool:
        """Go on if one of some signs or names comes next; whether it does."""
        found = self.at(*texts)
        self._place += found
        return found

    def expect(self, text: str) -> Word:
        """Go on over a sign or name.

        Raises:
            PolicyAmiss: If something else comes next.
        """
        if not self.at(text):
            raise self.unexpected(f"'{text}'")
        return self.take()

    def expect_sort(self, sort: str, meant: str) -> Word:
        """Go on over a word of a sort.

        Raises:
            PolicyAmiss: If something else comes next.
        """
        if self.now.sort != sort or (sort == "name" and self.now.text in _RESERVED):
            raise self.unexpected(meant)
        return self.take()

    def unexpected(self, meant: str) -> PolicyAmiss:
        """The refusal where something else than what is meant comes next."""
        there = self.now.text[:40] or "the end"
        return self.now.amiss(f"'{there}' stands where {meant} is expected")

    def uid(self) -> Uid:
        """Go on over an entity.

        Raises:
            PolicyAmiss: If something else comes next.
        """
        kind = self.path()
        self.expect("::")
        return Uid(kind, string_of(self.expect_sort("string", "the id of an entity")))

    def path(self) -> str:
        """Go on over the name of a type."""
        names = [self.expect_sort("name", "the type of an entity").text]
        while self.at("::") and self._words[self._place + 1].sort == "name":
            self.take()
            names.append(self.expect_sort("name", "a name").text)
        return "::".join(names)


class Conditions:
    """Reads conditions, and keeps which attributes of a request they read."""

    def __init__(self, words: Words) -> None:
        """Read from some words."""
        self._words, self._depth = words, 0
        self.reads: set[str] = set()

    def expression(self) -> Part:
        """Go on over a condition, or a part of one in brackets.

        Raises:
            PolicyAmiss: If it is none of the part of Cedar that is read here.
        """
        words = self._words
        self._depth += 1
        if self._depth > _DEEPEST:
            raise words.now.amiss("something is nested too deeply")
        if words.skip("if"):
            test = self.expression()
            words.expect("then")
            then = self.expression()
            words.expect("else")
            part = Part(computing.choice(test.run, then.run, self.expression().run))
        else:
            part = self._either()
        self._depth -= 1
        return part

    def _either(self) -> Part:
        part = self._both()
        while self._words.skip("||"):
            part = Part(computing.either(part.run, self._both().run))
        return part

    def _both(self) -> Part:
        part = self._relation()
        while self._words.skip("&&"):
            part = Part(computing.both(part.run, self._relation().run), key=part.key)
        return part

    def _relation(self) -> Part:
        part, words = self._sum(), self._words
        if words.at("==", "!="):
            is_equal = words.take().text == "=="
            other = self._sum()
            run = computing.equality(part.run, other.run, is_equal=is_equal)
            is_key = is_equal and part.path and other.text is not None
            return Part(run, key=Key(part.path, part.run, other.text or "") if is_key else None)
        if words.at(*_COMPARED):
            holds = _COMPARED[words.take().text]
            return Part(computing.comparison(part.run, self._sum().run, holds))
        if words.skip("in"):
            return Part(computing.membership(part.run, self._sum().run))
        if words.skip("like"):
            pattern = words.expect_sort("string", "a pattern")
            return Part(computing.likeness(part.run, string_of(pattern, is_pattern=True)))
        if words.skip("has"):
            return self._presence(part)
        return self._kind(part) if words.skip("is") else part

    def _presence(self, part: Part) -> Part:
        words = self._words
        name = words.take() if words.now.sort == "string" else words.expect_sort("name", "a name")
        if words.at("."):
            raise words.now.amiss("'has' goes along a path, which is not read here")
        told = string_of(name) if name.sort == "string" else name.text
        if part.path:
            self.reads.add(f"{part.path}.{told}")
        return Part(computing.presence(part.run, told))

    def _kind(self, part: Part) -> Part:
        is_kind = computing.kind(part.run, self._words.path())
        if self._words.skip("in"):
            inside = computing.membership(part.run, self._sum().run)
            return Part(computing.both(is_kind, inside))
        return Part(is_kind)

    def _sum(self) -> Part:
        part = self._product()
        while self._words.at("+", "-"):
            work = _WORKED[self._words.take().text]
            part = Part(computing.arithmetic(part.run, self._product().run, work))
        return part

    def _product(self) -> Part:
        part = self._signed()
        while self._words.skip("*"):
            part = Part(computing.arithmetic(part.run, self._signed().run, operator.mul))
        return part

    def _signed(self) -> Part:
        words = self._words
        sign, count = words.now.text, 0
        while words.at("!", "-") and words.at(sign):
            words.take()
            count += 1
        if count > _MOST_SIGNS:
            raise words.now.amiss(f"more than {_MOST_SIGNS} signs stand in a row")
        if count and sign == "-" and words.now.sort == "number":
            number = long_of(words.take(), is_negative=True)
            part, count = self._accessed(_constant(number)), count - 1
        else:
            part = self._accessed(self._primary())
            # Whether it has an attribute reads that one alone.
            if part.path and not words.at("has"):
                self.reads.add(part.path)
        for _ in range(count):
            run = part.run
            negated = computing.arithmetic(_constant(0).run, run, operator.sub)
            part = Part(negated if sign == "-" else computing.negation(run))
        return part

    def _accessed(self, part: Part) -> Part:
        words = self._words
        while words.at(".", "["):
            if words.skip("["):
                part = self._attribute(part, string_of(words.expect_sort("string", "a name")))
                words.expect("]")
                continue
            words.expect(".")
            name = words.expect_sort("name", "a name")
            part = self._method(part, name) if words.at("(") else self._attribute(part, name.text)
        return part

    def _attribute(self, part: Part, name: str) -> Part:
        path = f"{part.path}.{name}" if part.path else ""
        if part.path == "context":
            return Part(computing.of_context(name), path)
        if part.path in VARIABLES:
            which = operator.itemgetter(VARIABLES[part.path])
            return Part(computing.of_entity(which, name), path)
        return Part(computing.attribute(part.run, name), path)

    def _method(self, part: Part, name: Word) -> Part:
        words = self._words
        words.expect("(")
        if name.text == "isEmpty":
            words.expect(")")
            return Part(computing.emptiness(part.run))
        if name.text not in _METHODS:
            raise name.amiss(f"'{name.text}' is not a method that is read here")
        given = self.expression()
        words.expect(")")
        return Part(computing.containing(part.run, given.run, name.text))

    def _primary(self) -> Part:
        words = self._words
        word = words.now
        if word.sort == "number":
            return _constant(long_of(words.take()))
        if word.sort == "string":
            text = string_of(words.take())
            return Part(_constant(text).run, text=text)
        if words.at("true", "false"):
            return _constant(words.take().text == "true")
        if words.skip("("):
            part = Part(self.expression().run)
            words.expect(")")
            return part
        if words.at("["):
            return _constant(self._set())
        return self._named()

    def _named(self) -> Part:
        words, word = self._words, self._words.now
        if word.text in VARIABLES and word.sort == "name":
            words.take()
            if not words.at("::"):
                return Part(_variable(VARIABLES[word.text]), word.text)
            raise word.amiss(f"'{word.text}' is no type of an entity")
        return _constant(words.uid())

    def _set(self) -> Value:
        words = self._words
        words.expect("[")
        values: list[Value] = []
        while not words.at("]"):
            values.append(self._literal())
            if not words.at("]"):
                words.expect(",")
                if words.at("]"):
                    raise words.unexpected("a value")
        words.expect("]")
        return set_of(*values)

    def _literal(self) -> Value:
        words = self._words
        if words.now.sort == "string":
            return string_of(words.take())
        if words.at("true", "false"):
            return words.take().text == "true"
        is_negative = words.skip("-")
        if words.now.sort == "number":
            return long_of(words.take(), is_negative=is_negative)
        return words.uid()


def _constant(value: Value) -> Part:
    return Part(lambda _: value)


def _variable(place: int) -> Evaluate:
    if place == _CONTEXT:
        return lambda request: request.context
    return operator.itemgetter(place)
