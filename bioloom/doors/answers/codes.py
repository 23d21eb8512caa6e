"""Answers about Codes: what `codes --json` prints."""

from datetime import date

import msgspec

from bioloom.vocabulary.entries.codes import CodeEnacted, CodeRepealed


class CodeTold(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a Code, and whether it is in force on a day.

    `until` is the last day on which it can be: its own last day or that of its repeal.
    """

    terms: CodeEnacted
    seq: int
    in_force: bool
    until: date | None
    repealed: CodeRepealed | None


class CodeDecided(msgspec.Struct, frozen=True, kw_only=True):
    """The entry by which a Code was enacted or repealed."""

    kind: str
    seq: int
    id: str
    code: str
