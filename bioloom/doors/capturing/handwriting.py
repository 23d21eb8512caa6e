"""Handwriting: files that people write by hand, in TOML."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bioloom.vocabulary.refusal import Refusal

LARGEST_FILE = 1_000_000
TOO_LARGE = f"it is larger than {LARGEST_FILE} bytes"

# The refusal of a file, by what was found of it.
Amiss = Callable[[str], Refusal]


def read_file(file: Path, amiss: Amiss, *, too_large: str = TOO_LARGE) -> bytes:
    """All of a file, as no such file is ever large.

    Args:
        file: Which.
        amiss: How it is refused where it cannot be read.
        too_large: What is said of a larger one.

    Raises:
        Refusal: What `amiss` says.
    """
    try:
        with file.open("rb") as reading:
            content = reading.read(LARGEST_FILE + 1)
    except OSError as unusable:
        raise amiss(str(unusable.strerror)) from unusable
    if len(content) > LARGEST_FILE:
        raise amiss(too_large)
    return content


def toml_in(text: bytes, amiss: Amiss) -> dict[str, Any]:
    """What a text in TOML says.

    Raises:
        Refusal: What `amiss` says, if it is none.
    """
    try:
        return tomllib.loads(text.decode())
    except RecursionError as nested:
        raise amiss("it is nested too deeply") from nested
    except ValueError as unreadable:  # No TOML, no UTF-8, or a number of thousands of digits.
        raise amiss(str(unreadable)) from unreadable
