"""How long `make run` takes on a fresh clone with empty caches, and which step takes it.

    python benchmarks/by_hand/fresh_clone.py [REPOSITORY]

By hand, and no part of `make bench`: it fetches about 300 MB and needs port 8000. What is cloned is
what is committed. The clone, the home and every cache lie in a folder that is removed afterwards;
only the settings of pip, uv and npm are the machine's own, for they may say where packages are.

Each step is a target of the Makefile, in its order. What a step fetches is what the machine's
network cards receive meanwhile, so nothing else should be fetching (read on Linux only).
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.measuring import print_table

REPOSITORY = Path(__file__).resolve().parents[2]
CARDS = Path("/proc/net/dev")
ANNOUNCED = "The page is at "
SETUP = {
    "a virtual environment and uv": ".venv/.uv",
    "packages": ".venv/.packages",
    "node packages and islands": "setup",
}


@dataclass(frozen=True, slots=True)
class Step:
    """What one step took; what it fetched is not known everywhere."""

    name: str
    wall_s: float
    fetched_mb: float | None
    disk_mb: float


def main() -> None:
    """Clone, set up step by step, wait for the page, and print what each step took."""
    repository = sys.argv[1] if len(sys.argv) > 1 else str(REPOSITORY)
    with tempfile.TemporaryDirectory(prefix="fresh-clone-") as place:
        clone = Path(place) / "clone"
        world = _fresh_world(Path(place))

        def run(*command: str) -> None:
            subprocess.run(command, check=True, env=world, stdout=subprocess.DEVNULL)

        # A local clone would only link the files of the repository.
        cloning = ("git", "clone", "--quiet", "--no-local", repository, str(clone))
        steps = [_step("git clone", place, partial(run, *cloning))]
        for name, target in SETUP.items():
            make = ("make", "--directory", str(clone), target)
            steps.append(_step(f"make setup: {name}", place, partial(run, *make)))
        with _running(clone, world) as wait:
            steps.append(_step("make run: a city, until its page answers", place, wait))
    _show(steps)


def _fresh_world(place: Path) -> dict[str, str]:
    """The environment of a person who never ran anything: a home and caches with nothing in them.

    An active virtual environment is left behind; a browser is not opened.
    """
    home = Path.home()
    settings = {
        "XDG_CONFIG_HOME": os.environ.get("XDG_CONFIG_HOME") or str(home / ".config"),
        "npm_config_userconfig": str(home / ".npmrc"),
    }
    empty = {
        "HOME": place / "home",
        "XDG_CACHE_HOME": place / "cache",
        "XDG_DATA_HOME": place / "data",
        "PIP_CACHE_DIR": place / "cache" / "pip",
        "UV_CACHE_DIR": place / "cache" / "uv",
        "npm_config_cache": place / "cache" / "npm",
    }
    for folder in empty.values():
        folder.mkdir(parents=True)
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL", "UV_PYTHON"}
    }
    return kept | settings | {name: str(path) for name, path in empty.items()} | {"BROWSER": "true"}


def _step(name: str, place: str, work: Callable[[], None]) -> Step:
    disk_mb, fetched_mb, start_s = _disk_mb(place), _fetched_mb(), time.perf_counter()
    work()
    wall_s = time.perf_counter() - start_s
    now_mb = _fetched_mb()
    fetched = None if now_mb is None or fetched_mb is None else now_mb - fetched_mb
    return Step(name, wall_s, fetched, _disk_mb(place) - disk_mb)


@contextmanager
def _running(clone: Path, world: dict[str, str]) -> Iterator[Callable[[], None]]:
    """`make run`, to be started and waited for; whatever it started is ended on the way out."""
    started: list[subprocess.Popen[str]] = []

    def until_it_answers() -> None:
        making = subprocess.Popen(
            ["make", "--directory", str(clone), "run"],
            env=world,
            stdout=subprocess.PIPE,
            text=True,
            # A group of its own, so that make, its shell and the server can be ended together.
            start_new_session=True,
        )
        started.append(making)
        assert making.stdout is not None
        line = next((line for line in making.stdout if line.startswith(ANNOUNCED)), None)
        assert line is not None, "`make run` ended without a page; is its port taken?"
        with urllib.request.urlopen(line.removeprefix(ANNOUNCED).split()[0]) as answer:
            assert answer.status == 200, answer.status
            answer.read()

    try:
        yield until_it_answers
    finally:
        for making in started:
            if making.poll() is None:
                os.killpg(making.pid, signal.SIGINT)
            making.wait(timeout=30)


def _disk_mb(place: str) -> float:
    """What a folder takes on the disk; a file with two names is there once [MB of 10^6 bytes]."""
    blocks: dict[tuple[int, int], int] = {}
    for folder, _, files in os.walk(place):
        for name in files:
            seen = os.lstat(f"{folder}/{name}")
            blocks[seen.st_dev, seen.st_ino] = seen.st_blocks
    return sum(blocks.values()) * 512 / 1e6


def _fetched_mb() -> float | None:
    """What the machine's network cards have received so far [MB of 10^6 bytes]."""
    if not CARDS.is_file():
        return None
    cards = [line.split(":") for line in CARDS.read_text(encoding="ascii").splitlines()[2:]]
    return sum(int(counts.split()[0]) for name, counts in cards if name.strip() != "lo") / 1e6


def _show(steps: list[Step]) -> None:
    rows = [
        [
            step.name,
            f"{step.wall_s:.1f}",
            "?" if step.fetched_mb is None else f"{step.fetched_mb:.0f}",
            f"{step.disk_mb:.0f}",
        ]
        for step in steps
    ]
    total_s, disk_mb = sum(step.wall_s for step in steps), sum(step.disk_mb for step in steps)
    fetched = [step.fetched_mb for step in steps if step.fetched_mb is not None]
    all_fetched = f"{sum(fetched):.0f}" if fetched else "?"
    rows.append(["all", f"{total_s:.1f}", all_fetched, f"{disk_mb:.0f}"])
    columns = ["", "wall s", "fetched MB", "on disk MB"]
    print_table("From a fresh clone to a page, every cache empty (one run)", columns, rows)


if __name__ == "__main__":
    main()
