"""Drafting: a covenant without its people, which another city's commons may make its own."""

from hashlib import sha256
from typing import Any

from bioloom.ledger.codes.toml_lines import toml_lines
from bioloom.ledger.covenants.refusing import CovenantForbids
from bioloom.vocabulary.entries.covenants import CovenantEnacted
from bioloom.vocabulary.entries.packs import CovenantDrafted


def draft_of(terms: CovenantEnacted) -> CovenantDrafted:
    """What of a covenant can be another city's: no agent, no lot, no signature, no last day."""
    return CovenantDrafted(
        covenant=terms.covenant,
        title=terms.title,
        text=terms.text,
        text_sha256=terms.text_sha256,
        quorum=terms.quorum,
        signers=len(terms.signers),
        materials=terms.materials,
        custody_days=terms.custody_days,
        forbidden=terms.forbidden,
        cooling_off_days=terms.cooling_off_days,
        shrinkage_per_mille=terms.shrinkage_per_mille,
    )


def judge_draft(body: CovenantDrafted) -> None:
    """Hold a draft against itself, before it is recorded.

    Raises:
        CovenantForbids: If its hash is not that of its text, or it could never be enacted.
    """
    checks = (
        (sha256(body.text.encode()).hexdigest() == body.text_sha256, "the hash of its text"),
        (1 <= body.quorum <= body.signers, "its quorum"),
        (0 <= body.shrinkage_per_mille <= 1000, "its shrinkage"),
        (min(body.cooling_off_days, body.custody_days or 0) >= 0, "its days"),
    )
    found = next((what for holds, what in checks if not holds), None)
    if found is not None:
        raise CovenantForbids(
            reason="not_enacted_so",
            terms=[],
            what=f"The draft '{body.title[:80]}' cannot be so: {found} is amiss.",
            why="A draft that nobody could enact as it stands would mislead who reads it.",
            remedy="Ask that city for its pack again.",
        )


def toml_of(draft: CovenantDrafted) -> str:
    """A draft as TOML for `bioloom covenants enact`, with gaps where people are to be named."""
    told: dict[str, Any] = {
        "covenant": draft.covenant,
        "commons": "commons:NAME",
        "title": draft.title,
        "text": draft.text,
        "quorum": draft.quorum,
        "signers": [f"person:SIGNER-{number}" for number in range(1, draft.signers + 1)],
        "materials": draft.materials,
        "custody_days": "never" if draft.custody_days is None else draft.custody_days,
        "forbidden": draft.forbidden,
        "cooling_off_days": draft.cooling_off_days,
        "shrinkage_per_mille": draft.shrinkage_per_mille,
    }
    return toml_lines(told)
