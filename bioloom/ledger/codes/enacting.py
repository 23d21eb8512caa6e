"""Enacting: who may enact or repeal a Code, and whether it can be as it is told.

A steward of the whole city enacts, or an assembly that was declared as one that may.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, TypeVar

import msgspec

from bioloom.ledger.codes.policies.asking import against_policies
from bioloom.ledger.codes.standing import CODE_KINDS, Codes, CodeUnknown
from bioloom.ledger.declared import Declared
from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.mentioning import code_name
from bioloom.ledger.people.deciding import AheadOfTime, Deed
from bioloom.ledger.people.permitting import THE_CITY, may
from bioloom.vocabulary.entries.codes import (
    Banned,
    CodeEnacted,
    CodeId,
    CodeRepealed,
    DistanceLimited,
    PoliciesSet,
    Prioritised,
    Rule,
    ShareGuaranteed,
)
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.packs import CodeDrafted
from bioloom.vocabulary.refusal import Refusal

# An emergency Code is in force on three days at most: 72 hours.
EMERGENCY_DAYS = 3
# Farther than any two places of the earth are apart.
_FARTHEST_M = 20_100_000
_LONGEST_NAME, _LONGEST_TEXT, _MOST_RULES = 200, 20_000, 100

B = TypeVar("B", bound=msgspec.Struct)


class CodeAmiss(Refusal):
    """A Code, or its end, that contradicts itself or the record."""

    def __init__(self, *, code: str, found: str) -> None:
        self.code, self.found = code, found
        super().__init__(
            what=f"The Code '{code[:80]}' cannot be so: {found}.",
            why="Plans keep a Code to the letter, so it must mean one thing, and something.",
            remedy="See `bioloom codes show DIR CODE`, and docs/how-to/write-a-code.md.",
        )


class CodeNamesUnknown(Refusal):
    """A Code about a place, a material or another Code that the city does not have."""

    def __init__(self, *, code: str, word: str, name: str, known: Iterable[str]) -> None:
        self.code, self.word, self.name = code, word, name
        some = ", ".join(sorted(known)[:20])
        super().__init__(
            what=f"The Code '{code[:80]}' names the {word} '{name[:80]}', which is not declared.",
            why="A rule about nothing would look like a protection, and be none.",
            remedy=f"Name one of: {some or f'no {word} is declared yet'}.",
        )


def enact_code(body: CodeEnacted, declared: Declared, *, deed: Deed) -> Draft[CodeEnacted]:
    """Decide that a version of a Code is enacted. It may name days that have passed.

    Raises:
        NotPermitted: If the one who decides may not enact Codes.
        CodeAmiss: If it says nothing, or what cannot be.
        CodeNamesUnknown: If it names what is not declared.
        AheadOfTime: If it is recorded as happening in the future.
    """
    may(deed.by, "enact_code", THE_CITY, deed.people, at=deed.at)
    return draft_code(body, declared, deed=deed)


def draft_code(body: CodeEnacted, declared: Declared, *, deed: Deed) -> Draft[CodeEnacted]:
    """A version of a Code that somebody had the right to enact: a steward, or an assembly.

    Raises:
        CodeAmiss, CodeNamesUnknown, AheadOfTime: As `enact_code`.
    """
    see_that_can_be(body, declared)
    return _draft(body, f"code:{body.code}:{body.version}", deed)


def see_that_can_be(body: CodeEnacted, declared: Declared) -> None:
    """See that a Code is one, and is about what the city has, as before a plan tries it.

    Raises:
        CodeAmiss: If it says nothing, or what cannot be.
        CodeNamesUnknown: If it names what is not declared.
    """
    found = _against_terms(body)
    if found is not None:
        raise CodeAmiss(code=body.code, found=found)
    for rule in body.rules:
        for word, name, known in named_in(rule, declared):
            if name not in known:
                raise CodeNamesUnknown(code=body.code, word=word, name=name, known=known)


def see_that_superseded_are(body: CodeEnacted, enacted: Collection[CodeId]) -> None:
    """See that the Codes that one supersedes are there; they may have ended.

    Args:
        body: The Code.
        enacted: The Codes ever enacted.

    Raises:
        CodeNamesUnknown: If one was never enacted.
    """
    for name in body.supersedes:
        if name not in enacted:
            raise CodeNamesUnknown(code=body.code, word="Code", name=name, known=enacted)


def repeal_code(body: CodeRepealed, codes: Codes, *, deed: Deed) -> Draft[CodeRepealed]:
    """Decide that a Code is in force no longer after a day.

    Raises:
        NotPermitted: If the one who decides may not enact Codes.
        CodeUnknown: If nobody enacted it.
        AheadOfTime: If it is recorded as happening in the future.
    """
    may(deed.by, "enact_code", THE_CITY, deed.people, at=deed.at)
    newest = codes.versions(body.code)[-1]
    return _draft(body, f"code:{body.code}:{newest.terms.version}:repealed:{body.last_day}", deed)


def judge_code(
    body: CodeEnacted | CodeRepealed, corrected: Entry[Any] | None, facts: Facts
) -> None:
    """Hold a Code, or its end, against the record before it is sealed.

    Args:
        body: What is said.
        corrected: The entry that it would replace.
        facts: The record.

    Raises:
        CodeAmiss: If it cannot be so.
        CodeUnknown: If the end is of a Code that nobody enacted.
        CodeNamesUnknown: If it supersedes a Code that nobody enacted.
    """
    if corrected is not None:
        changed = "what was in force is not changed afterwards; enact its next version, or repeal"
        raise CodeAmiss(code=body.code, found=changed)
    codes = Codes()
    for entry in facts.about(code_name(body.code)):
        if entry.kind in CODE_KINDS:
            codes.fold(entry)
    known = codes.by_id.get(body.code, [])
    if isinstance(body, CodeRepealed):
        if not known:
            raise CodeUnknown(code=body.code)
        found = None if 0 < len(body.reason.strip()) <= _LONGEST_TEXT else "no reason is given"
    else:
        following = known[-1].terms.version + 1 if known else 1
        found = _against_terms(body)
        if body.version != following:
            found = f"its next version is {following}, not {body.version}"
    if found is not None:
        raise CodeAmiss(code=body.code, found=found)
    if isinstance(body, CodeEnacted) and body.supersedes:
        see_that_superseded_are(body, facts.policies().enacted)


def against_words(body: CodeEnacted | CodeDrafted) -> str | None:
    """What in the texts and rules of a Code, or of a draft of one, cannot be; none if all can."""
    texts = (
        (body.code, _LONGEST_NAME, "it has no short name"),
        (body.title, _LONGEST_NAME, "it has no short title"),
        (body.rationale, _LONGEST_TEXT, "it has no rationale, or too long a one"),
    )
    for text, longest, found in texts:
        if not text.strip() or len(text) > longest:
            return found
    if not 1 <= len(body.rules) <= _MOST_RULES:
        return f"it has no rule, or more than {_MOST_RULES}"
    return next(filter(None, map(_against_rule, body.rules)), None)


def _against_terms(body: CodeEnacted) -> str | None:
    return against_words(body) or _against_days(body) or _against_limits(body)


def _against_limits(body: CodeEnacted) -> str | None:
    """A limit that says nothing on the first of its days; policies that read it would err."""
    for rule in body.rules:
        limits = rule.limits if isinstance(rule, PoliciesSet) else ()
        begun = {limit.name for limit in limits if limit.first_day <= body.first_day}
        late = next((limit.name for limit in limits if limit.name not in begun), None)
        if late is not None:
            return f"its limit '{late[:80]}' has no row on the first day"
    return None


def _against_days(body: CodeEnacted) -> str | None:
    last = body.last_day
    if body.code in body.supersedes:
        return "it supersedes itself"
    if body.emergency:
        # Counted in ordinals, lest the calendar's last days have no day after.
        latest = body.first_day.toordinal() + EMERGENCY_DAYS - 1
        if last is None or last.toordinal() > latest:
            day = date.fromordinal(min(latest, date.max.toordinal()))
            return f"one for an emergency is in force until {day} at the latest"
    return "it ends before it begins" if last is not None and last < body.first_day else None


def _against_rule(rule: Rule) -> str | None:
    match rule:
        case PoliciesSet():
            return against_policies(rule)
        case ShareGuaranteed():
            is_so = not 1 <= rule.per_mille <= 1000
            found = f"a guarantee of {rule.per_mille} per mille is none, or more than all"
        case Banned():
            is_so = not (rule.sites or rule.processes or rule.areas)
            found = "a ban names no site, process or area"
        case DistanceLimited():
            is_so = not 0 <= rule.limit_m <= _FARTHEST_M
            found = f"a limit of {rule.limit_m} m is below zero, or longer than any way on earth"
        case Prioritised():
            order = rule.districts or rule.groups
            is_so = bool(rule.districts) == bool(rule.groups) or len(set(order)) < len(order)
            found = "a priority names districts or groups, one of the two, and each once"
    return found if is_so else None


def named_in(rule: Rule, declared: Declared) -> Iterator[tuple[str, str, Iterable[str]]]:
    """What a rule names: the sort of thing, its name, and the names of that sort in the city."""
    groups = {material.group for material in declared.materials.values()}
    match rule:
        case ShareGuaranteed():
            yield "group", rule.group, groups
        case Banned():
            yield from (("material", name, declared.materials) for name in rule.materials)
            yield from (("site", name, declared.sites) for name in rule.sites)
            processes = {site.process for site in declared.sites.values()}
            yield from (("process", name, processes) for name in rule.processes)
            areas = {*declared.areas, *declared.districts}
            yield from (("area", name, areas) for name in rule.areas)
    if isinstance(rule, ShareGuaranteed | Prioritised):
        yield from (("district", name, declared.districts) for name in rule.districts)
    if isinstance(rule, Banned | DistanceLimited | Prioritised):
        yield from (("group", name, groups) for name in rule.groups)


def _draft(body: B, key: str, deed: Deed) -> Draft[B]:
    if deed.when > deed.at:
        raise AheadOfTime(occurred_at=deed.when, at=deed.at)
    return Draft(body=body, occurred_at=deed.when, author=deed.by, idempotency_key=key)
