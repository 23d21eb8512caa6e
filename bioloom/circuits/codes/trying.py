"""Trying: the Codes that a plan keeps: those in force, or others to see what follows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bioloom.ledger.codes.enacting import see_that_can_be, see_that_superseded_are
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.codes.standing import Version
from bioloom.ledger.declared import Declared
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.entries.codes import CodeEnacted, CodeId
from bioloom.vocabulary.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Codes that are tried as if they were in force, and such as are left out."""

    drafts: Sequence[CodeEnacted] = ()
    without: Collection[CodeId] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The Codes that a plan keeps, and which are tried, or left out, to see what follows."""

    versions: Sequence[Version] = ()
    tried: Collection[CodeId] = ()


NO_TRIAL, NO_CODES = Trial(), Rulebook()


def rulebook(
    journal: Journal, declared: Declared, period: Period, trial: Trial = NO_TRIAL
) -> Rulebook:
    """The Codes in force over a period, or as they are tried.

    Raises:
        CodeAmiss, CodeNamesUnknown: If a draft cannot be.
        CodeUnknown: If nobody enacted a Code to leave out.
        PeriodCutByCode: If other Codes are in force on some of its days than on others.
    """
    known, drafted = codes_of(journal), {draft.code for draft in trial.drafts}
    for draft in trial.drafts:
        see_that_can_be(draft, declared)
        see_that_superseded_are(draft, known.by_id.keys() | drafted)
    return Rulebook(
        versions=known.trying(period, trial.drafts, trial.without),
        tried=[*trial.without, *(draft.code for draft in trial.drafts)],
    )
