"""Who is not heard: how often a planted silence is found, and how often one where there is none.

    python benchmarks/hearing.py [--runs N]

Each row plants a silence of some size in made-up records, judges every group by every measure as a
report does, and counts: power is how often the planted group is found, false how many of the groups
found were not planted (on average), alarms how often anything is found where nothing is planted.
"""

import argparse
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np

from benchmarks.measuring import print_table
from bioloom.assembly.hearing.reporting import Hearing, hear
from bioloom.assembly.hearing.tables import Participation, Population, Said, Step, Tables
from bioloom.assembly.hearing.waiting import Waited
from bioloom.assembly.opinions.mapping import map_opinions
from bioloom.assembly.opinions.polis import Conversation, Statement
from bioloom.assembly.opinions.stability import Resampling
from bioloom.assembly.opinions.votes import UNSEEN, Votes

_DAY = date(2026, 3, 1)
_DISTRICTS, _LANGUAGES = 20, 5
_VOTERS, _STATEMENTS = 300, 90
_GROUPS = (0.5, 0.3, 0.2)
NOTHING = Tables(population=None, participation=None, steps=None, statements=None)

Draw = np.random.Generator
Plant = Callable[[Draw, float], tuple[Hearing, str]]


def main() -> None:
    asked = argparse.ArgumentParser(description="Planted silences, found or not.")
    asked.add_argument("--runs", type=int, default=200)
    runs = asked.parse_args().runs
    plants: dict[str, tuple[Plant, tuple[float, ...], int]] = {
        "a district of 2,000 takes part less (5 %)": (
            lambda draw, less: participating(draw, less, 2_000),
            (0.2, 0.3, 0.4, 0.5),
            runs,
        ),
        "a district of 10,000 takes part less (5 %)": (
            lambda draw, less: participating(draw, less, 10_000),
            (0.2, 0.3, 0.4, 0.5),
            runs,
        ),
        "a district of 300 leaves between two steps (50 %)": (leaving, (0.1, 0.2, 0.3), runs),
        "a language is kept less (85 %), 80 of 400 statements": (
            rejecting,
            (0.1, 0.2, 0.3),
            runs,
        ),
        "a group is answered at a lower rate, 80 of 400": (answering, (0.3, 0.5), runs),
        "a group of opinion of 20 % is shown less": (
            showing,
            (0.15, 0.3, 0.45),
            max(runs // 4, 1),
        ),
    }
    rows = []
    for name, (plant, sizes, times) in plants.items():
        alarms = np.mean([_found(plant, 0.0, seed)[1] > 0 for seed in range(times)])
        for less in sizes:
            told = [_found(plant, less, seed) for seed in range(times)]
            power = np.mean([is_found for is_found, _ in told])
            false = np.mean([others / max(others + is_found, 1) for is_found, others in told])
            cells = [name, f"{less:.0%}", f"{power:.2f}", f"{false:.3f}", f"{alarms:.3f}"]
            rows.append([*cells, str(times)])
    title = "Planted silences; of groups found 0.05 may be by chance"
    print_table(title, ["planted", "less by", "power", "false", "alarms", "runs"], rows)


def _found(plant: Plant, less: float, seed: int) -> tuple[bool, int]:
    """Whether the planted group was found, and how many others."""
    hearing, planted = plant(np.random.default_rng(seed), less)
    groups = [
        one.told.group if isinstance(one.told, Waited) else one.told.heard.group
        for one in hearing.judged
        if one.is_less
    ]
    return planted in groups, sum(group != planted for group in groups)


def participating(draw: Draw, less: float, people: int) -> tuple[Hearing, str]:
    """Districts of so many people, of whom one in twenty takes part; of the first, fewer."""
    rates = np.full(_DISTRICTS, 0.05)
    rates[0] *= 1 - less
    took = draw.binomial(people, rates)
    tables = Tables(
        population=[
            Population(group=str(n), people=people, source="made up", day=_DAY)
            for n in range(_DISTRICTS)
        ],
        participation=[Participation(group=str(n), people=int(k)) for n, k in enumerate(took)],
        steps=None,
        statements=None,
    )
    return hear(tables, None, day=_DAY), "0"


def leaving(draw: Draw, less: float) -> tuple[Hearing, str]:
    """Districts of 300 who are invited, come, and vote: half each time; of the first fewer come."""
    coming = np.full(_DISTRICTS, 0.5)
    coming[0] *= 1 - less
    came = draw.binomial(300, coming)
    counts = {"invited": np.full(_DISTRICTS, 300), "came": came, "voted": draw.binomial(came, 0.5)}
    steps = [
        Step(step=step, group=str(n), people=int(many))
        for step, people in counts.items()
        for n, many in enumerate(people)
    ]
    tables = Tables(population=None, participation=None, steps=steps, statements=None)
    return hear(tables, None, day=_DAY), "0"


def rejecting(draw: Draw, less: float) -> tuple[Hearing, str]:
    """Statements in five languages, of which 85 % are kept; in the first fewer."""
    language = np.repeat(np.arange(_LANGUAGES), 80)
    is_kept = draw.random(len(language)) < np.where(language == 0, 0.85 * (1 - less), 0.85)
    statements = [
        Said(
            statement=str(n),
            author=str(n // 2),
            said=_DAY,
            language=str(one),
            outcome="kept" if is_kept[n] else "rejected",
        )
        for n, one in enumerate(language)
    ]
    return hear(_of_statements(statements), None, day=_DAY), "0"


def answering(draw: Draw, less: float) -> tuple[Hearing, str]:
    """Statements of five groups, answered in ten days on average if not late; one's rate is low."""
    group = np.repeat(np.arange(_LANGUAGES), 80)
    days = draw.exponential(10 / np.where(group == 0, 1 - less, 1.0)).astype(int)
    since = draw.integers(0, 40, len(group))
    statements = []
    for n, one in enumerate(group):
        said = _DAY - timedelta(days=int(since[n]))
        answered = said + timedelta(days=int(days[n])) if days[n] <= since[n] else None
        statements.append(
            Said(statement=str(n), author=str(n), said=said, group=str(one), answered=answered)
        )
    return hear(_of_statements(statements), None, day=_DAY), "0"


def showing(draw: Draw, less: float) -> tuple[Hearing, str]:
    """Three groups of opinion whose map is made of their votes; what the last writes is shown less.

    Everybody is as likely to write. The group that is planted is the one of the map in which most
    of its people are.
    """
    group = draw.choice(len(_GROUPS), size=_VOTERS, p=_GROUPS)
    author = draw.integers(_VOTERS, size=_STATEMENTS)
    line = draw.choice([-1, 1], size=(len(_GROUPS), _STATEMENTS))
    loose = draw.choice([-1, 0, 1], size=(_VOTERS, _STATEMENTS))
    said = np.where(draw.random((_VOTERS, _STATEMENTS)) < 0.6, line[group], loose)
    # Some statements are shown more than others, whoever wrote them.
    shown = draw.uniform(0.3, 0.6, _STATEMENTS) * np.where(group[author] == 2, 1 - less, 1.0)
    cells = np.where(draw.random(said.shape) < shown, said, UNSEEN).astype(np.int8)
    names = tuple(map(str, range(_VOTERS))), tuple(map(str, range(_STATEMENTS)))
    votes = Votes(*names, cells)
    label = map_opinions(votes, Resampling(1)).label
    statements = {
        str(n): Statement(name=str(n), author=str(writer)) for n, writer in enumerate(author)
    }
    told = Conversation(topic="", statements=statements, votes=votes)
    placed = label[(group == 2) & (label >= 0)]
    planted = str(int(np.bincount(placed).argmax()) + 1) if len(placed) else ""
    return hear(NOTHING, (told, label), day=_DAY), planted


def _of_statements(statements: list[Said]) -> Tables:
    return Tables(population=None, participation=None, steps=None, statements=statements)


if __name__ == "__main__":
    main()
