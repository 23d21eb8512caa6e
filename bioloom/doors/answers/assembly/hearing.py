"""Who is heard less, as commands print it."""

from datetime import date

import msgspec

from bioloom.assembly.hearing.comparing import Compared
from bioloom.assembly.hearing.reporting import Hearing, Judged
from bioloom.assembly.hearing.tables import Population
from bioloom.assembly.hearing.waiting import Waited


class SourceTold(msgspec.Struct, frozen=True, kw_only=True):
    """Who says how many people of which groups live here, and of which day."""

    source: str
    day: date
    groups: list[str]


class ShareTold(msgspec.Struct, frozen=True, kw_only=True):
    """How many of a group were heard, beside all others.

    Attributes:
        measure: What is counted: participation, going on from a step to the next, kept by group or
            by language, seen.
        is_less: Whether it is heard less than the others, by more than chance; none of fewer than
            ten people.
        is_suppressed: Whether its figures are not told, as they are about fewer than ten people or
            would tell of those by subtraction; then they are none.
        share: Heard of all that could have been, 0 to 1; none of nobody.
        low: The least that the share can be, and high the most, with 95 %.
        rest_share: The share of all others.
        missing: How many more would be heard, if the group were heard as all others are.
        chance: How probable as few or fewer are, if it were heard as the others, 0 to 1.
    """

    measure: str
    group: str
    is_less: bool | None
    is_suppressed: bool
    heard: int | None = None
    of: int | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    rest_share: float | None = None
    missing: int | None = None
    chance: float | None = None


class WaitTold(msgspec.Struct, frozen=True, kw_only=True):
    """How long a group waits for an answer, those counted who still wait.

    Attributes:
        is_less: Whether it waits longer than the others, by more than chance; none of fewer than
            ten people.
        is_suppressed: Whether its figures are not told; then they are none.
        answered: How many of its statements have an answer, out of `of`.
        median_days: After which half have one; none where that is not yet known.
        low_days: The least that this can be, and high_days the most, with 95 %; none unknown.
        chance: How probable such waits are, if it were answered as the others, 0 to 1.
    """

    group: str
    is_less: bool | None
    is_suppressed: bool
    answered: int | None = None
    of: int | None = None
    median_days: int | None = None
    low_days: int | None = None
    high_days: int | None = None
    chance: float | None = None


class ThinTold(msgspec.Struct, frozen=True, kw_only=True):
    """A statement on which too few voted to know what is thought of it."""

    statement: str
    text: str
    seen: int


class HearingTold(msgspec.Struct, frozen=True, kw_only=True):
    """Who is heard less than the rest, by each measure.

    Attributes:
        day: Who has no answer by then still waits.
        rate: The part of the groups found that may be found by chance, on average, 0 to 1.
        compared: How many comparisons were judged together.
        less: How many groups are heard less, by some measure each.
        sources: Of the population.
        unmeasured: The measures for which nothing was given.
    """

    day: date
    rate: float
    compared: int
    less: int
    sources: list[SourceTold]
    shares: list[ShareTold]
    waits: list[WaitTold]
    thin: list[ThinTold]
    unmeasured: list[str]


def tell_hearing(found: Hearing, population: list[Population]) -> HearingTold:
    """What was found, without what would be about fewer than ten people."""
    sources: dict[tuple[str, date], list[str]] = {}
    for one in population:
        sources.setdefault((one.source, one.day), []).append(one.group)
    shares = [_share(one, one.told) for one in found.judged if isinstance(one.told, Compared)]
    waits = [_wait(one, one.told) for one in found.judged if isinstance(one.told, Waited)]
    return HearingTold(
        day=found.day,
        rate=found.rate,
        compared=found.compared,
        less=sum(bool(one.is_less) for one in found.judged),
        sources=[
            SourceTold(source=source, day=day, groups=groups)
            for (source, day), groups in sources.items()
        ],
        shares=shares,
        waits=waits,
        thin=[
            ThinTold(statement=one.statement, text=one.text, seen=one.seen) for one in found.thin
        ],
        unmeasured=found.unmeasured,
    )


def _share(judged: Judged, told: Compared) -> ShareTold:
    heard = told.heard
    bare = ShareTold(
        measure=judged.measure,
        group=heard.group,
        is_less=judged.is_less,
        is_suppressed=judged.is_suppressed,
    )
    if judged.is_suppressed:
        return bare
    return msgspec.structs.replace(
        bare,
        heard=heard.heard,
        of=heard.of,
        share=round(heard.heard / heard.of, 6) if heard.of else None,
        low=round(told.low, 6),
        high=round(told.high, 6),
        rest_share=round(told.rest_heard / told.rest_of, 6) if told.rest_of else None,
        missing=told.missing,
        chance=float(f"{told.chance:.3g}"),
    )


def _wait(judged: Judged, told: Waited) -> WaitTold:
    bare = WaitTold(group=told.group, is_less=judged.is_less, is_suppressed=judged.is_suppressed)
    if judged.is_suppressed:
        return bare
    return msgspec.structs.replace(
        bare,
        answered=told.over,
        of=told.of,
        median_days=told.median_days,
        low_days=told.low_days,
        high_days=told.high_days,
        chance=float(f"{told.chance:.3g}"),
    )
