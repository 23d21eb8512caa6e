"""TOML as people are given it to fill in; the standard library reads it and does not write it."""

from collections.abc import Mapping
from typing import Any

import msgspec
import rfc8785


def toml_lines(told: Mapping[str, Any]) -> str:
    r"""A table of texts, numbers, and lists and tables of these, as TOML.

    Texts and numbers are written alike in canonical JSON and in TOML.

    Example:
        >>> toml_lines({"code": "near", "limit_m": 3000})
        'code = "near"\nlimit_m = 3000\n'
    """
    return "".join(
        f"{name} = {_toml(value)}\n" for name, value in msgspec.to_builtins(told).items()
    )


def _toml(value: Any) -> str:  # noqa: ANN401  What JSON holds.
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {_toml(one)}' for name, one in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return rfc8785.dumps(value).decode()
