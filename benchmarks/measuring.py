"""Measuring: run things in processes of their own, several times, and print them side by side."""

import gc
import os
import statistics
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path

_TIMES = 5
_ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def in_a_process(prepare: Callable[[], Callable[[], object]]) -> Cost:
    """In a process of its own: prepare some work, then do it, and say what only the work took.

    Peak memory is that of the whole process.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            work = prepare()
            gc.freeze()  # What was prepared is not the work's to sweep through.
            start_wall_s, start_cpu_s = time.perf_counter(), time.process_time()
            work()
            took = (time.perf_counter() - start_wall_s, time.process_time() - start_cpu_s)
            os.write(writing, struct.pack("dd", *took))
            os._exit(0)
        os._exit(1)
    _, status, used = os.wait4(child, 0)
    assert status == 0, "the work failed"
    wall_s, cpu_s = struct.unpack("dd", os.read(reading, 16))
    os.close(reading)
    os.close(writing)
    return Cost(wall_s, cpu_s, used.ru_maxrss / 1024)


def of_a_command(command: Sequence[str]) -> Cost:
    """Run a command and say what it took from its process start to its end."""
    start = time.perf_counter()
    child = os.posix_spawnp(
        command[0],
        list(command),
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, used = os.wait4(child, 0)
    assert status == 0, f"{command} failed"
    wall_s = time.perf_counter() - start
    return Cost(wall_s, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


@dataclass(frozen=True, slots=True)
class Environment:
    """A rival's own environment: its packages are none of ours."""

    python: Path

    def run(self, module: str, *arguments: object) -> Cost:
        """Run a module of `benchmarks.rivals`, which tells what its work took.

        The work is measured inside its process, like ours, without what it prepares.
        """
        command = [str(self.python), "-m", f"benchmarks.rivals.{module}", *map(str, arguments)]
        told = subprocess.run(command, cwd=_ROOT, check=True, capture_output=True, text=True)
        return Cost(*map(float, told.stdout.splitlines()[-1].split()))


def environment_with(package: str, folder: Path, *also: str) -> Environment | None:
    """Make an environment below a folder with a package in it; say so where none can be made."""
    uv, made = Path(sys.executable).with_name("uv"), folder / package.partition("=")[0]
    python = made / "bin" / "python"
    steps: list[list[str | Path]] = [
        ["venv", "--quiet", "--python", sys.executable, made],
        ["pip", "install", "--quiet", "--python", python, package, *also],
    ]
    try:
        for step in steps:
            subprocess.run([uv, *step], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as failed:
        why = getattr(failed, "stderr", None) or str(failed)
        print(f"{package} could not be installed and is not measured: {why.strip()}")
        return None
    return Environment(python)


def tell(cost: Cost) -> None:
    """Print a cost for whoever runs this process as a rival."""
    print(*astuple(cost))


def side_by_side(
    works: dict[str, Callable[[], Cost]], *, times: int = _TIMES
) -> dict[str, list[Cost]]:
    """Run each in turn, again and again, so that a slow spell of the machine hits all alike."""
    costs: dict[str, list[Cost]] = {name: [] for name in works}
    for _ in range(times):
        for name, work in works.items():
            costs[name].append(work())
    return costs


def median(costs: Sequence[Cost]) -> Cost:
    """The median of each figure by itself."""
    return Cost(
        statistics.median(cost.wall_s for cost in costs),
        statistics.median(cost.cpu_s for cost in costs),
        statistics.median(cost.peak_mb for cost in costs),
    )


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A plain table; the first column to the left, figures to the right."""
    widths = [max(len(row[at]) for row in [columns, *rows]) for at in range(len(columns))]
    print(f"\n{title}")
    for row in [columns, *rows]:
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        cells[0] = row[0].ljust(widths[0])
        print("  " + "  ".join(cells))


def cost_cells(cost: Cost) -> list[str]:
    """Wall and CPU seconds and peak memory as cells."""
    return [f"{cost.wall_s:.2f}", f"{cost.cpu_s:.2f}", f"{cost.peak_mb:.0f}"]
