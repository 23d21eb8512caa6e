"""Reporting: who is heard less, by every measure at once, and what could not be measured.

All comparisons are judged together, so that looking at more does not find more by chance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bioloom.assembly.hearing.comparing import (
    USUAL_RATE,
    Compared,
    Heard,
    beyond_chance,
    compare,
)
from bioloom.assembly.hearing.counting import going_on, kept, participation, waits_of
from bioloom.assembly.hearing.seeing import Thin, thin_statements, visibility
from bioloom.assembly.hearing.suppressing import FEWEST_PEOPLE, suppressed
from bioloom.assembly.hearing.tables import Tables
from bioloom.assembly.hearing.waiting import Waited, waited
from bioloom.assembly.opinions.kernels import Ints
from bioloom.assembly.opinions.polis import Conversation

PARTICIPATION, GOING_ON = "participation", "going on"
KEPT_BY_GROUP, KEPT_BY_LANGUAGE = "kept by group", "kept by language"
SEEN, ANSWERED = "seen", "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A group by a measure.

    Attributes:
        is_less: Whether it is heard less than the others, by more than chance; none of fewer than
            ten people.
        is_suppressed: Whether its figures are to be kept to oneself.
    """

    measure: str
    told: Compared | Waited
    is_less: bool | None
    is_suppressed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Who is heard less.

    Attributes:
        judged: Every group by every measure.
        compared: How many of these were judged, together.
        thin: Statements seen by too few.
        unmeasured: The measures for which nothing was given.
    """

    day: date
    rate: float
    judged: list[Judged]
    compared: int
    thin: list[Thin]
    unmeasured: list[str]


def hear(
    tables: Tables,
    conversation: tuple[Conversation, Ints] | None,
    *,
    day: date,
    rate: float = USUAL_RATE,
) -> Hearing:
    """Find who is heard less.

    Args:
        tables: What is known.
        conversation: One, and the group of each of its people or -1, if there is one.
        day: Who has no answer by then still waits.
        rate: The part of the groups found that may be found by chance, on average, 0 to 1.

    Raises:
        TableAmiss: If a table contradicts itself or another.
    """
    counts = _counts(tables, conversation)
    waits = waited(waits_of(tables.statements, day)) if tables.statements else []
    told: list[tuple[str, Compared | Waited]] = [
        (measure, one) for measure, groups in counts.items() for one in compare(groups)
    ]
    told += [(ANSWERED, one) for one in waits]
    hidden = _suppressed(counts, waits)
    judged = [(measure, one) for measure, one in told if _people(one) >= FEWEST_PEOPLE]
    flags = beyond_chance([one.chance for _, one in judged], rate)
    less = {
        (measure, _group(one)): flag for (measure, one), flag in zip(judged, flags, strict=True)
    }
    return Hearing(
        day=day,
        rate=rate,
        judged=[
            Judged(
                measure=measure,
                told=one,
                is_less=less.get((measure, _group(one))),
                is_suppressed=_group(one) in hidden[_kind(measure)],
            )
            for measure, one in told
        ],
        compared=len(judged),
        thin=thin_statements(conversation[0]) if conversation else [],
        unmeasured=_unmeasured(tables, conversation),
    )


def _counts(
    tables: Tables, conversation: tuple[Conversation, Ints] | None
) -> dict[str, list[Heard]]:
    found: dict[str, list[Heard]] = {}
    if tables.population and tables.participation:
        found[PARTICIPATION] = participation(tables.population, tables.participation)
    for steps, groups in going_on(tables.steps or ()).items():
        found[f"{GOING_ON}: {steps}"] = groups
    if tables.statements:
        found[KEPT_BY_GROUP] = kept(tables.statements, lambda one: one.group)
        found[KEPT_BY_LANGUAGE] = kept(tables.statements, lambda one: one.language)
    if conversation:
        found[SEEN] = visibility(*conversation)
    return found


def _kind(measure: str) -> str:
    """What a measure's groups are: those of languages and of opinion are others than people's."""
    return measure if measure in {KEPT_BY_LANGUAGE, SEEN} else "declared"


def _suppressed(
    counts: Mapping[str, Sequence[Heard]], waits: Sequence[Waited]
) -> dict[str, frozenset[str]]:
    tables: dict[str, list[dict[str, tuple[int, ...]]]] = {"declared": []}
    for measure, groups in counts.items():
        told = {one.group: one.told_of for one in groups}
        tables.setdefault(_kind(measure), []).append(told)
    tables["declared"].append({one.group: (one.people,) for one in waits})
    return {kind: suppressed(same) for kind, same in tables.items()}


def _people(told: Compared | Waited) -> int:
    return told.people if isinstance(told, Waited) else told.heard.people


def _group(told: Compared | Waited) -> str:
    return told.group if isinstance(told, Waited) else told.heard.group


def _unmeasured(tables: Tables, conversation: tuple[Conversation, Ints] | None) -> list[str]:
    lacking = {
        PARTICIPATION: not (tables.population and tables.participation),
        GOING_ON: not tables.steps,
        KEPT_BY_GROUP: not tables.statements,
        KEPT_BY_LANGUAGE: not tables.statements,
        ANSWERED: not tables.statements,
        SEEN: conversation is None,
    }
    return [measure for measure, is_lacking in lacking.items() if is_lacking]
