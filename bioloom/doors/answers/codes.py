"""Answers about Codes: what `codes --json` prints."""

from datetime import date

import msgspec

from bioloom.vocabulary.entries.codes import CodeEnacted, CodeId, CodeRepealed
from bioloom.vocabulary.entries.packs import CodeDrafted


class CodeTold(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a Code, and whether it is in force on a day.

    `until` is the last day on which it can be: its own last day or that of its repeal.
    """

    terms: CodeEnacted
    seq: int
    in_force: bool
    until: date | None
    repealed: CodeRepealed | None


class CodeDraftTold(msgspec.Struct, frozen=True, kw_only=True):
    """A Code of another city as a draft here, and what of it this city has.

    `unknown` names what its rules name and this city has not declared; `enacted_as` is the Code
    here that gives the same reasons, if there is one.
    """

    draft: CodeDrafted
    # The city that it was enacted in first.
    city: str
    seq: int
    unknown: list[str]
    enacted_as: CodeId | None


class CodeDecided(msgspec.Struct, frozen=True, kw_only=True):
    """The entry by which a Code was enacted or repealed."""

    kind: str
    seq: int
    id: str
    code: str
