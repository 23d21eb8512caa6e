"""Differing: what one version of a Code says otherwise than another."""

from collections.abc import Iterator
from difflib import unified_diff
from itertools import zip_longest
from typing import Any

import msgspec

from bioloom.vocabulary.entries.codes import CodeEnacted, Rule


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is otherwise: `what` it is, as `rule 2 limit_m`, and what it was and is.

    Both are as written, `now` or `was` empty where it is there no more, or was not. Of policies
    only the lines that differ are told.
    """

    what: str
    was: str
    now: str


def differences(before: CodeEnacted, after: CodeEnacted) -> list[Difference]:
    """What a version says otherwise than another; rules are compared by their place.

    Example:
        A limit of 3000 m in the first rule that becomes 2000 m is
        `Difference(what="rule 1 limit_m", was="3000", now="2000")`.
    """
    old, new = _told(before), _told(after)
    found = [
        _difference(name, old.get(name), new.get(name))
        for name in dict.fromkeys([*old, *new])
        if name not in ("version", "rules") and old.get(name) != new.get(name)
    ]
    pairs = zip_longest(before.rules, after.rules)
    for number, (was, now) in enumerate(pairs, start=1):
        found += _between(f"rule {number}", was, now)
    return found


def _between(place: str, was: Rule | None, now: Rule | None) -> Iterator[Difference]:
    if type(was) is not type(now):
        yield _difference(place, _told(was), _told(now))
        return
    old, new = _told(was), _told(now)
    for name in dict.fromkeys([*old, *new]):
        one, other = old.get(name), new.get(name)
        if one == other:
            continue
        if name == "cedar":
            yield _lines(f"{place} {name}", str(one), str(other))
        else:
            yield _difference(f"{place} {name}", one, other)


def _lines(what: str, was: str, now: str) -> Difference:
    changed = list(unified_diff(was.splitlines(), now.splitlines(), n=0, lineterm=""))[2:]
    return Difference(
        what=what,
        was="\n".join(line[1:] for line in changed if line.startswith("-")),
        now="\n".join(line[1:] for line in changed if line.startswith("+")),
    )


def _difference(what: str, was: object, now: object) -> Difference:
    return Difference(what=what, was=_said(was), now=_said(now))


def _said(value: object) -> str:
    if value in (None, {}, []):
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _told(told: CodeEnacted | Rule | None) -> dict[str, Any]:
    plain: dict[str, Any] = {} if told is None else msgspec.to_builtins(told)
    return plain
