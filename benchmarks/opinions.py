"""Opinion maps: how fast, how like those that Polis published, how often a group is made of noise.

    python benchmarks/opinions.py DATA [--times N]

DATA is a folder of conversations as Polis exports them (votes.csv, comments.csv and
participants-votes.csv with the groups that were published), plain or packed. The rival, red-dwarf,
is installed as it was released into an environment of its own; where that cannot be done, it is
said and only ours is measured. Compiling is done before, and printed apart.

Likeness is the adjusted Rand index (Hubert & Arabie 1985) of those whom both put into a group: 1 is
the same groups, 0 no more alike than by chance.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from csv import DictReader
from io import StringIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import (
    Cost,
    cost_cells,
    environment_with,
    in_a_process,
    median,
    print_table,
    side_by_side,
)
from bioloom.assembly.opinions.following import Following
from bioloom.assembly.opinions.mapping import map_opinions
from bioloom.assembly.opinions.polis import PARTICIPANTS
from bioloom.assembly.opinions.stability import Resampling
from bioloom.assembly.opinions.votes import UNSEEN, Vote, Votes
from bioloom.doors.assembly.conversations import open_conversation, read_text

_RIVAL = "red-dwarf==0.4.0"
_PEOPLE, _STATEMENTS = 2_000, 200
_NULLS, _PLANTS = 200, 20

Ints = NDArray[np.int64]
Map = Callable[[Votes], Ints]


def main() -> None:
    asked = argparse.ArgumentParser(description="Opinion maps beside red-dwarf.")
    asked.add_argument("data", type=Path)
    asked.add_argument("--times", type=int, default=5)
    options = asked.parse_args()
    compiling = time.process_time()
    map_opinions(planted(60, 20, 2, seed=0)[0])
    print(f"Compiled code made or read: {time.process_time() - compiling:.2f} CPU s")
    with tempfile.TemporaryDirectory() as folder:
        theirs = environment_with(_RIVAL, Path(folder), "scikit-learn")
        maps: dict[str, Map] = {"Bioloom": lambda votes: map_opinions(votes).label}
        if theirs is not None:
            given, out = Path(folder) / "votes.npy", Path(folder) / "groups.npy"

            def run(votes: Votes) -> Cost:
                np.save(given, np.where(votes.cells == UNSEEN, np.nan, votes.cells))
                return theirs.run("opinion_maps", given, out)

            def mapped(votes: Votes) -> Ints:
                run(votes)
                found: Ints = np.load(out)
                return found

            maps[_RIVAL] = mapped
            print_speed(options.times, {_RIVAL: lambda: run(large())})
        else:
            print_speed(options.times, {})
        print_likeness(options.data, maps)
        print_groups()


def print_speed(times: int, rivals: dict[str, Callable[[], Cost]]) -> None:
    """Time and memory of a whole map, and of following one vote."""
    title = f"{_PEOPLE:,} people, {_STATEMENTS} statements, half of all votes cast"
    works = {
        "Bioloom": lambda: in_a_process(lambda: _fresh(Resampling())),
        "Bioloom, stability of one resample": lambda: in_a_process(lambda: _fresh(Resampling(1))),
        **rivals,
    }
    rows = []
    for name, costs in side_by_side(works, times=times).items():
        cost = median(costs)
        rows.append(
            [name, f"{1000 * cost.cpu_s:.1f}", f"{1000 * cost.wall_s:.1f}", cost_cells(cost)[2]]
        )
    print_table(title, ["a whole map", "CPU ms", "wall ms", "peak MB"], rows)
    following, draw, took = Following(large(), Resampling(1)), np.random.default_rng(0), []
    for _ in range(100):
        vote = Vote(str(draw.integers(_PEOPLE)), str(draw.integers(_STATEMENTS)), "agree")
        start = time.process_time()
        following.take(vote)
        took.append(time.process_time() - start)
    middle, most = statistics.median(took), max(took)
    print(f"One vote more: median {1000 * middle:.1f} CPU ms, most {1000 * most:.1f} of 100")


def _fresh(resampling: Resampling) -> Callable[[], object]:
    votes = large()
    return lambda: map_opinions(votes, resampling)


def print_likeness(data: Path, maps: dict[str, Map]) -> None:
    """How like the groups are to those that were published."""
    rows = []
    for folder in sorted(path for path in data.iterdir() if path.is_dir()):
        votes = open_conversation(folder).shown()
        text = read_text(folder, PARTICIPANTS)
        assert text is not None, f"{folder} has no {PARTICIPANTS}"
        group_of = {row["participant"]: row["group-id"] for row in DictReader(StringIO(text))}
        published = np.array([int(group_of.get(name) or -1) for name in votes.people])
        cells = [folder.name, f"{len(votes.people)} x {len(votes.statements)}"]
        for mapping in maps.values():
            found = mapping(votes)
            both = (found >= 0) & (published >= 0)
            cells += [f"{likeness(found[both], published[both]):.2f}", str(int(found.max()) + 1)]
        rows.append(cells)
    columns = [part for name in maps for part in (name, "groups")]
    print_table("Like the published groups", ["conversation", "votes", *columns], rows)


def print_groups() -> None:
    """How often noise is called a group, and planted groups are found."""
    rows = []
    for people, statements in ((100, 30), (300, 60)):
        alarms = [
            len(map_opinions(noise(people, statements, seed)).groups) > 1 for seed in range(_NULLS)
        ]
        rows.append([f"none, {people} x {statements}", f"{np.mean(alarms):.3f}", ""])
    for groups in (2, 3, 5, 8):
        right, alike = [], []
        for seed in range(_PLANTS):
            votes, truth = planted(600, 100, groups, seed=seed)
            found = map_opinions(votes)
            right.append(len(found.groups) == groups)
            placed = found.label >= 0
            alike.append(likeness(found.label[placed], truth[placed]))
        rows.append([f"{groups}, 600 x 100", f"{np.mean(right):.2f}", f"{np.mean(alike):.2f}"])
    title = (
        "Planted groups (none: how often one is found in noise; else how often the right number)"
    )
    print_table(title, ["planted", "part of runs", "likeness"], rows)


def likeness(one: Ints, other: Ints) -> float:
    """The adjusted Rand index of two groupings of the same people."""
    table = np.zeros((int(one.max(initial=0)) + 1, int(other.max(initial=0)) + 1))
    np.add.at(table, (one, other), 1)

    def pairs(counts: NDArray[np.float64]) -> float:
        return float(np.sum(counts * (counts - 1) / 2))

    both, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = rows * columns / max(pairs(np.array([float(len(one))])), 1.0)
    most = (rows + columns) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def large() -> Votes:
    """Votes of the size of the bar."""
    return planted(_PEOPLE, _STATEMENTS, 4, seed=1)[0]


def planted(people: int, statements: int, groups: int, *, seed: int) -> tuple[Votes, Ints]:
    """People who vote as their group does in four of ten votes, and else as it happens."""
    draw = np.random.default_rng(seed)
    group = draw.integers(groups, size=people)
    line = draw.choice([-1, 1], size=(groups, statements))
    loose = draw.choice([-1, 0, 1], size=(people, statements))
    said = np.where(draw.random((people, statements)) < 0.4, line[group], loose)
    return _table(np.where(draw.random((people, statements)) < 0.5, said, UNSEEN)), group


def noise(people: int, statements: int, seed: int) -> Votes:
    """Votes that have nothing to do together; some statements are liked more, some asked more."""
    draw = np.random.default_rng(seed)
    liked, asked = draw.uniform(0.1, 0.8, statements), draw.uniform(0.1, 0.9, statements)
    said = np.where(
        draw.random((people, statements)) < liked, 1, draw.choice([-1, 0], (people, statements))
    )
    return _table(np.where(draw.random((people, statements)) < asked, said, UNSEEN))


def _table(cells: NDArray[np.int64]) -> Votes:
    people, statements = cells.shape
    names = tuple(map(str, range(people))), tuple(map(str, range(statements)))
    return Votes(*names, cells.astype(np.int8))


if __name__ == "__main__":
    main()
