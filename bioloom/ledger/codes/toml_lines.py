"""TOML as people are given it to fill in; the standard library reads it and does not write it."""

from collections.abc import Mapping
from typing import Any

import msgspec
import rfc8785


def toml_lines(told: Mapping[str, Any]) -> str:
    r"""A table of texts, numbers, and lists of these, as TOML.

    They are written alike in canonical JSON and in TOML.

    Example:
        >>> toml_lines({"code": "near", "limit_m": 3000})
        'code = "near"\nlimit_m = 3000\n'
    """
    return "".join(
        f"{name} = {rfc8785.dumps(msgspec.to_builtins(value)).decode()}\n"
        for name, value in told.items()
    )
