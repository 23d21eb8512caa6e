"""A city's participatory budget by equal shares, from its file to certified winners.

    python benchmarks/budgets.py [FILE.pb.gz] [--alike]

The file is that of Lodz, 2022, unless another is named: 90,494 voters, 160 projects. Both sides
read the same file; reading stands apart from counting, and so does compiling our kernels, or
loading them where they were compiled before. The rival, `pabutools`, is installed as it was
released, into an environment of its own, from the package registry; it counts once, in exact
fractions like ours, on ballots that it has collapsed like ours. Where it cannot be installed, that
is said and only ours is measured. `--alike` compares the winners in every file of the folder.
"""

import argparse
import gzip
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.measuring import Environment, environment_with, print_table
from bioloom.assembly.budgets.certifying import certify
from bioloom.assembly.budgets.completing import Completion, complete, endowment
from bioloom.assembly.budgets.greedy import greedy
from bioloom.assembly.budgets.loads.maximin import maximin_support
from bioloom.assembly.budgets.loads.phragmen import phragmen
from bioloom.assembly.budgets.measuring.fairness import unheard
from bioloom.assembly.budgets.measuring.fragility import fragility
from bioloom.assembly.budgets.posing import Kind, Poll, Utility
from bioloom.assembly.budgets.sharing import share, winners
from bioloom.assembly.budgets.stakes import Stakes, stakes_of
from bioloom.assembly.budgets.ties import ranks_of
from bioloom.assembly.budgets.verifying import verify
from bioloom.assembly.pabulib.collapsing import poll_of
from bioloom.assembly.pabulib.reading import read

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("BIOLOOM_DATA") or ROOT.parent / "shared" / "data")
DATA = SHARED / "assembly" / "pabulib"
RIVAL = "pabutools==1.2.3"
TIMES = 5
MOST_STAKES = 8000
DRAWS = {Completion.NONE: 1000, Completion.ADD1: 100}
Clocks = tuple[float, float]  # Wall and CPU seconds.


def main() -> None:
    asked = argparse.ArgumentParser(description="A budget by equal shares, beside pabutools.")
    asked.add_argument("file", nargs="?", type=Path, default=DATA / "Poland_Lodz_2022.pb.gz")
    asked.add_argument("--alike", action="store_true", help="compare winners in all files")
    options = asked.parse_args()
    if not options.file.is_file():
        print("No file to count: set BIOLOOM_DATA to the folder of records.")
        return
    ours = measure(options.file)
    with tempfile.TemporaryDirectory() as folder:
        theirs = environment_with(RIVAL, Path(folder))
        if theirs is not None:
            beside(theirs, options.file, ours)
            if options.alike:
                compare(theirs)


def measure(file: Path) -> dict[str, Clocks]:
    """Ours: every step by itself, warm, the median of five; and what it gave."""
    content = gzip.decompress(file.read_bytes())
    utility = Utility.COST
    stakes = from_file(content, utility)
    ranks, even = ranks_of(stakes), endowment(stakes, 0)
    start_s = time.perf_counter()
    complete(stakes, Completion.ADD1, ranks)
    print(f"Compiling or loading the kernels: {time.perf_counter() - start_s:.2f} s, once.")
    steps: dict[str, Callable[[], object]] = {
        "reading the file": lambda: from_file(content, utility),
        "equal shares alone": lambda: winners(stakes, even, ranks),
        "with every payment as a fraction": lambda: share(stakes, even, ranks),
        "with add1": lambda: complete(stakes, Completion.ADD1, ranks),
        "file to certified winners": lambda: certified(content, utility, Completion.NONE),
        "file to certified winners, add1": lambda: certified(content, utility, Completion.ADD1),
    }
    took = {name: median(step) for name, step in steps.items()}
    certificate = json.loads(certified(content, utility, Completion.ADD1))
    took["checking that certificate"] = once(lambda: verify(certificate, stakes.poll))
    for completion, draws in DRAWS.items():
        name = f"{draws} draws of voters, {completion}"
        took[name] = once(partial(fragility, stakes, completion, ranks, draws=draws, seed=1))
    rows = [[name, f"{wall:.4f}", f"{cpu:.4f}"] for name, (wall, cpu) in took.items()]
    print_table(f"{file.name}: ours", ["", "wall s", "CPU s"], rows)
    told = complete(stakes, Completion.ADD1, ranks)
    without = [unheard(stakes, won).share for won in (greedy(stakes, ranks), told.winners)]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(told.winners)} projects; voters with nothing: greedy {float(without[0]):.1%}, "
        f"equal shares with add1 {float(without[1]):.1%}; peak memory {peak_mb:.0f} MB."
    )
    return took


def from_file(content: bytes, utility: Utility) -> Stakes:
    return stakes_of(poll_of(read(content)), utility)


def certified(content: bytes, utility: Utility, completion: Completion) -> bytes:
    stakes = from_file(content, utility)
    outcome = complete(stakes, completion, ranks_of(stakes))
    return msgspec.json.encode(certify(stakes, outcome, completion, ()))


def median(step: Callable[[], object]) -> Clocks:
    wall, cpu = zip(*(once(step) for _ in range(TIMES)), strict=True)
    return statistics.median(wall), statistics.median(cpu)


def once(step: Callable[[], object]) -> Clocks:
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    step()
    return time.perf_counter() - wall_s, time.process_time() - cpu_s


def beside(theirs: Environment, file: Path, ours: dict[str, Clocks]) -> None:
    """The rival on the same file, in CPU seconds, and how many times as long it takes."""
    utility = Utility.COST
    rows = []
    pairs = {"equal-shares": "equal shares alone", "equal-shares-add1": "with add1"}
    for rule, name in pairs.items():
        (told,) = counted(theirs, rule, utility, [file])
        for what, mine, other in (
            ("reading the file", ours["reading the file"][1], told["read_s"]),
            (name, ours[name][1], told["count_s"]),
        ):
            rows.append([what, f"{mine:.4f}", f"{other:.2f}", f"{other / mine:,.0f}"])
    columns = ["CPU seconds", "ours", RIVAL, "times"]
    print_table(f"{file.name}: beside {RIVAL}", columns, rows)


def counted(
    theirs: Environment, rule: str, utility: Utility, files: list[Path]
) -> Iterator[dict[str, Any]]:
    """What the rival says of each file."""
    module = "benchmarks.rivals.pabutools_counts"
    command = [str(theirs.python), "-m", module, rule, utility.value, *map(str, files)]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    for line in told.stdout.splitlines():
        yield json.loads(line)


def compare(theirs: Environment) -> None:
    """In every file of the folder: does each rule that both have name the same winners?"""
    files = sorted(DATA.rglob("*.pb.gz"))
    polls = {str(file): poll_of(read(gzip.decompress(file.read_bytes()))) for file in files}
    rows = []
    for rule, utility, kinds in _cases():
        asked = [file for file in files if polls[str(file)].kind in kinds]
        if rule == "maximin-support":  # A linear program of theirs has a column for each stake.
            asked = [file for file in asked if stakes_in(polls[str(file)]) <= MOST_STAKES]
        same, differ = 0, []
        for told in counted(theirs, rule, utility, asked):
            poll = polls[str(told["file"])]
            if our_winners(poll, rule, utility) == told["winners"]:
                same += 1
            else:
                differ.append(Path(str(told["file"])).name)
        rows.append([f"{rule}, {utility}", str(len(asked)), str(same), " ".join(differ)])
    print_table("The same winners", ["rule and utility", "files", "same", "others"], rows)


def _cases() -> Iterator[tuple[str, Utility, tuple[Kind, ...]]]:
    approval = (Kind.APPROVAL, Kind.CHOOSE_1)
    for rule in ("equal-shares", "equal-shares-add1", "greedy"):
        yield rule, Utility.COST, tuple(Kind)
        yield rule, Utility.CARDINALITY, approval
        yield rule, Utility.POINTS, (Kind.CUMULATIVE, Kind.SCORING)
        yield rule, Utility.BORDA, (Kind.ORDINAL,)
    yield "phragmen", Utility.COST, approval
    yield "maximin-support", Utility.COST, approval


def stakes_in(poll: Poll) -> int:
    """An upper bound on who could support what."""
    return len(poll.cast) * len(poll.projects)


def our_winners(poll: Poll, rule: str, utility: Utility) -> list[str]:
    stakes = stakes_of(poll, utility)
    ranks = ranks_of(stakes)
    won = {
        "equal-shares": lambda: complete(stakes, Completion.NONE, ranks).winners,
        "equal-shares-add1": lambda: complete(stakes, Completion.ADD1, ranks).winners,
        "greedy": lambda: greedy(stakes, ranks),
        "phragmen": lambda: phragmen(stakes, ranks),
        "maximin-support": lambda: maximin_support(stakes, ranks),
    }[rule]()
    return sorted(poll.projects[project] for project in won)


if __name__ == "__main__":
    main()
