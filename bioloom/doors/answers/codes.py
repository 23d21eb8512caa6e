"""Answers about Codes: what `codes --json` prints."""

from datetime import date

import msgspec

from bioloom.assembly.codes.trying import PeriodTried
from bioloom.vocabulary.entries.codes import CodeEnacted, CodeId, CodeRepealed
from bioloom.vocabulary.entries.packs import CodeDrafted
from bioloom.vocabulary.periods import Period


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


class RefusedTold(msgspec.Struct, frozen=True, kw_only=True):
    """Something in the record that a Code would have refused: rule `rule` of it, from 1.

    `kind` is `EventHappened`, or `PlanProposed` for a flow of a plan that was proposed. A site
    that nobody told is empty; a mass [mg] is none where something else is counted.
    """

    seq: int
    kind: str
    rule: int
    action: str
    material: str
    site: str
    mass_mg: int | None
    day: date


class KindTried(msgspec.Struct, frozen=True, kw_only=True):
    """How much a Code would have refused of one kind of entry: events, or flows of proposals.

    `acts` were looked at, `refused` of them are against the Code, of `refused_mg` together [mg].
    """

    kind: str
    acts: int
    refused: int
    refused_mg: int


class CodeTried(msgspec.Struct, frozen=True, kw_only=True):
    """What a Code would have done to the past. It is a replay, and writes nothing.

    `kinds` counts all that it would have refused, of which `refused` lists the first of each kind.
    `periods` are planned as the Codes were and with this one. `assumed` says what the replay takes
    as given.
    """

    code: CodeId
    period: Period
    kinds: list[KindTried]
    refused: list[RefusedTold]
    periods: list[PeriodTried]
    assumed: list[str]
