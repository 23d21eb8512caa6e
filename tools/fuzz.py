"""Throw spoiled documents at a parser, steered by what of its code they reach.

    python tools/fuzz.py TARGET [--seconds N] [--seeds FOLDER] [--again FILE]

Whatever comes must be judged or refused: another error, more than 10 s for one document, or more
than 1 GB of memory is a finding, and its document is kept in `.fuzz/TARGET/`. What was learned is
kept there, too, and the next run goes on from it. Needs the package registry once: atheris, with
its libFuzzer, is put into an environment of its own on top of this one.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_KEPT = Path(".fuzz")
_FUZZER = "atheris==3.0.0"
_LONGEST_SEED_BYTES = 50_000
# What a document is put together of: names and values between quotes, or in XML between signs.
_WORD = re.compile(rb"[\"'<>/ ]([A-Za-z@#$][\w:.@#-]{1,40})(?=[\"'<>= ])")


def main(arguments: argparse.Namespace) -> None:
    """Start the fuzzer, in its own environment."""
    if find_spec("atheris") is None:
        # Only what is installed here is put below it, so that what runs is what was tested.
        uv = Path(sys.executable).with_name("uv")
        here = [uv, "run", "--quiet", "--no-project", "--python", sys.executable]
        os.execv(uv, [*map(str, here), "--with", _FUZZER, "python", *sys.argv])
    sys.path.insert(0, str(Path.cwd()))
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=["bioloom", "tomllib"]):
        target = import_module("tools.fuzzed").TARGETS[arguments.target]
    _fuzz(atheris, target.take, _folder_with(target.seeds, arguments), arguments)


def _fuzz(
    atheris: Any,  # noqa: ANN401  A module that is there in its own environment only.
    take: Callable[[bytes], None],
    folder: Path,
    arguments: argparse.Namespace,
) -> None:
    options = [
        f"-max_total_time={arguments.seconds}",
        f"-artifact_prefix={folder}/found-",
        "-timeout=10",
        "-rss_limit_mb=1024",
        "-max_len=20000",
        "-print_final_stats=1",
    ]
    words = folder / "words"
    if words.stat().st_size:  # libFuzzer refuses an empty one.
        options.append(f"-dict={words}")
    which = arguments.again or folder / "corpus"
    atheris.Setup([sys.argv[0], *options, str(which)], take)
    atheris.Fuzz()


def _folder_with(seeds: tuple[bytes, ...], arguments: argparse.Namespace) -> Path:
    """The folder of a target, with good documents to begin with and the words that they have."""
    folder = _KEPT / str(arguments.target)
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    given = [] if arguments.seeds is None else sorted(arguments.seeds.rglob("*"))
    files = [one for one in given if one.is_file() and one.stat().st_size <= _LONGEST_SEED_BYTES]
    begun = [*seeds, *(one.read_bytes() for one in files)]
    for number, seed in enumerate(begun):
        (corpus / f"seed-{number}").write_bytes(seed)
    found = sorted({word for seed in begun for word in _WORD.findall(seed)})
    (folder / "words").write_text(
        "".join(f'"{word.decode("ascii", "ignore")}"\n' for word in found)
    )
    return folder


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Throw spoiled documents at a parser.")
    parser.add_argument("target", help="see TARGETS in tools/fuzzed.py")
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--seeds", type=Path, help="a folder of more good documents")
    parser.add_argument("--again", type=Path, help="only try this document, which was found before")
    return parser.parse_args()


if __name__ == "__main__":
    main(_arguments())
