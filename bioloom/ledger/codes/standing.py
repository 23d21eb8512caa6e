"""Standing: which Codes there are, and which of them are in force on a day and over a period."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from bioloom.vocabulary.entries.codes import CodeEnacted, CodeId, CodeRepealed, Rule
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.periods import Period, month_of
from bioloom.vocabulary.refusal import Refusal

CODE_KINDS = ("CodeEnacted", "CodeRepealed")


class CodeUnknown(Refusal):
    """A Code that nobody enacted."""

    def __init__(self, *, code: str) -> None:
        self.code = code
        super().__init__(
            what=f"There is no Code '{code[:80]}' in the record.",
            why="Only what was enacted can be shown, repealed or left out.",
            remedy="See them all with `bioloom codes list DIR`.",
        )


class PeriodCutByCode(Refusal):
    """A period on some of whose days other Codes are in force than on others."""

    def __init__(self, *, period: Period, codes: Iterable[str], pieces: Iterable[Period]) -> None:
        self.period, self.codes, self.pieces = period, tuple(codes), tuple(pieces)
        named = ", ".join(f"'{code}'" for code in self.codes)
        super().__init__(
            what=f"Not on all days from {period} the same Codes are in force: {named} begins or "
            "ends between them.",
            why="A plan divides a whole period's masses and rooms, under one set of rules.",
            remedy=f"Plan each by itself: {'; '.join(map(str, self.pieces))}. Or see what a plan "
            f"without it would be: --without-code {self.codes[0]}.",
        )


class Provision(NamedTuple):
    """One rule of a Code, by which it is named."""

    code: CodeId
    # Its place among the rules of the Code, the first is 1.
    number: int
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of a Code as the record has it, and the last of its days that counts."""

    seq: int
    terms: CodeEnacted
    # Of the version itself, or of a repeal, whichever comes first; none: for good.
    last_day: date | None
    repealed: CodeRepealed | None = None

    def covers(self, day: date) -> bool:
        """Whether a day is among its days."""
        return self.terms.first_day <= day and (self.last_day is None or day <= self.last_day)

    @property
    def provisions(self) -> tuple[Provision, ...]:
        """Its rules, in order."""
        rules = enumerate(self.terms.rules, start=1)
        return tuple(Provision(self.terms.code, number, rule) for number, rule in rules)


@dataclass(slots=True, kw_only=True)
class Codes:
    """All Codes of a record: a pure fold."""

    # The versions of each Code, the oldest first; Codes in the order of enactment.
    by_id: dict[CodeId, list[Version]] = field(default_factory=dict)

    def fold(self, entry: Entry[Any]) -> None:
        """Take one entry in; entries of other kinds say nothing about Codes."""
        match entry.body:
            case CodeEnacted() as terms:
                version = Version(seq=entry.seq, terms=terms, last_day=terms.last_day)
                self.by_id.setdefault(terms.code, []).append(version)
            case CodeRepealed() as repeal:
                known = self.by_id.get(repeal.code, [])
                self.by_id[repeal.code] = [_repealed(version, repeal) for version in known]

    def versions(self, code: str) -> list[Version]:
        """The versions of a Code, the oldest first.

        Raises:
            CodeUnknown: If nobody enacted it.
        """
        found = self.by_id.get(CodeId(code))
        if not found:
            raise CodeUnknown(code=code)
        return found

    def in_force(self, day: date) -> list[Version]:
        """The versions in force on a day, in the order in which their Codes were first enacted.

        Of Codes that supersede each other, in a ring of whatever length, the newest stands.
        """
        newest = [
            standing[-1]
            for versions in self.by_id.values()
            if (standing := [version for version in versions if version.covers(day)])
        ]
        gone = _superseded({version.terms.code: version for version in newest})
        return [version for version in newest if version.terms.code not in gone]

    def touching(self, period: Period) -> list[Version]:
        """The versions in force on some day of a period, in the order of `in_force`."""
        found: dict[int, Version] = {}
        for piece in self.pieces(period):
            found |= {version.seq: version for version in self.in_force(piece.first)}
        order = {code: place for place, code in enumerate(self.by_id)}
        return sorted(found.values(), key=lambda one: (order[one.terms.code], one.seq))

    def over(self, period: Period) -> list[Version]:
        """The versions in force on every day of a period.

        Raises:
            PeriodCutByCode: If others are in force on some of its days. A period is not split
                behind anybody's back: its months' heaps and rooms are planned as a whole.
        """
        pieces = self.pieces(period)
        if len(pieces) > 1:
            days = [{v.seq for v in self.in_force(piece.first)} for piece in pieces]
            everywhere = set.intersection(*days)
            codes = [v.terms.code for v in self.touching(period) if v.seq not in everywhere]
            raise PeriodCutByCode(period=period, codes=dict.fromkeys(codes), pieces=pieces)
        return self.in_force(period.first)

    def pieces(self, period: Period) -> list[Period]:
        """The longest stretches of a period over which the same versions are in force."""
        cuts = {
            day
            for versions in self.by_id.values()
            for version in versions
            for day in (version.terms.first_day, _day_after(version.last_day))
            if day is not None and period.first < day <= period.last
        }
        starts = [period.first, *sorted(cuts)]
        kept = [starts[0]]
        kept += [
            day for before, day in pairwise(starts) if self.in_force(before) != self.in_force(day)
        ]
        lasts = [day - timedelta(days=1) for day in kept[1:]]
        return [
            Period(first=first, last=last)
            for first, last in zip(kept, [*lasts, period.last], strict=True)
        ]

    def days_around(self, day: date) -> Period:
        """The days of a day's month around it over which the same versions are in force."""
        pieces = self.pieces(month_of(day))
        return next(piece for piece in pieces if piece.first <= day <= piece.last)

    def trying(
        self, period: Period, drafts: Sequence[CodeEnacted], without: Iterable[str]
    ) -> list[Version]:
        """As `over`, with drafts as if they were in force on all its days, and without some.

        A draft stands in the place of the Code of its name.

        Raises:
            CodeUnknown: If nobody enacted one of those to leave out.
            PeriodCutByCode: As `over`.
        """
        known = self.without(without)
        replaced = {draft.code for draft in drafts} & known.by_id.keys()
        tried = [Version(seq=0, terms=draft, last_day=None) for draft in drafts]
        return [*known.without(replaced).over(period), *tried]

    def without(self, codes: Iterable[str]) -> "Codes":
        """The same Codes but for some, to see what follows.

        Raises:
            CodeUnknown: If nobody enacted one of them.
        """
        left_out = set(codes)
        for code in sorted(left_out):
            self.versions(code)
        kept = {code: known for code, known in self.by_id.items() if code not in left_out}
        return Codes(by_id=kept)


def provisions_of(versions: Iterable[Version]) -> tuple[Provision, ...]:
    """All rules of some versions, in order."""
    return tuple(provision for version in versions for provision in version.provisions)


def _superseded(covering: Mapping[CodeId, Version]) -> set[CodeId]:
    """The Codes of a day that another one of that day supersedes.

    Not one that is newer and supersedes that one in turn: or none of a ring would be in force.
    """
    return {
        code
        for version in covering.values()
        for code in version.terms.supersedes
        if code in covering
        and not (covering[code].seq > version.seq and version.terms.code in _below(code, covering))
    }


def _below(code: CodeId, covering: Mapping[CodeId, Version]) -> set[CodeId]:
    """The Codes that one supersedes, those that these supersede, and so on."""
    found: set[CodeId] = set()
    following = [code]
    while following:
        one = following.pop()
        if one in covering and one not in found:
            found.add(one)
            following += covering[one].terms.supersedes
    return found


def _repealed(version: Version, repeal: CodeRepealed) -> Version:
    if version.last_day is not None and version.last_day <= repeal.last_day:
        return version
    return Version(seq=version.seq, terms=version.terms, last_day=repeal.last_day, repealed=repeal)


def _day_after(day: date | None) -> date | None:
    return None if day is None or day == date.max else day + timedelta(days=1)
