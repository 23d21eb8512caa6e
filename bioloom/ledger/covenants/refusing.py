"""Refusing: what a covenant forbids, in words, and with a way to go on."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Literal

import msgspec

from bioloom.vocabulary.entries.covenants import ActRefused, CovenantEnacted
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.lots import Leg, LotId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

# Which law an act would have broken. The record has these words in `ActRefused.reason`.
Reason = Literal[
    "rights_leave",  # Rights of a bound lot would go to somebody who does not belong.
    "custody_leaves",  # Custody would, under a covenant that keeps it inside.
    "return_overdue",  # They have not given back in time what they hold already.
    "taken_away",  # Somebody who does not belong would write a bound lot down.
    "shrinks",  # More would be unaccounted for than the covenant allows.
    "dated_ahead",  # It is dated in the future.
    "mixed",  # A bound lot would be mixed into one in which somebody outside has rights.
    "made_before",  # Something not bound was made by the process already, and is out of reach.
    "process_forbidden",  # The covenant forbids this kind of process.
    "hidden",  # A container with a bound lot in it would leave.
    "leaves_owning",  # Somebody would leave, and take bound lots along.
    "releases_wrongly",  # A release would be used otherwise than it says.
    "not_signed",  # Not so many signers have signed as the quorum asks for.
    "not_enacted_so",  # A covenant that cannot be, or one that would change in passing.
]
RESERVED = "refused:"
_WHY = "It binds these materials, and all that is made of them, to those who belong."


class CovenantForbids(Refusal):
    """An act that a covenant forbids; the attempt is recorded as `ActRefused`.

    Attributes:
        reason: Which law it would break.
        terms: The covenants that forbid it.
        leg: The movement that they forbid, where it is one; `lot` is its lot, or the one it is
            about.
    """

    def __init__(
        self,
        *,
        reason: Reason,
        terms: Sequence[CovenantEnacted],
        what: str,
        why: str = _WHY,
        remedy: str | None = None,
        leg: Leg | None = None,
        lot: LotId | None = None,
    ) -> None:
        self.reason, self.terms, self.leg = reason, tuple(terms), leg
        self.lot = lot if leg is None else leg.lot
        titles = " and ".join(f"'{one.title}'" for one in terms)
        super().__init__(
            what=f"{what} The covenant {titles} forbids it." if titles else what,
            why=why,
            remedy=by_release(terms) if remedy is None else remedy,
        )


class KeyReserved(Refusal):
    """An entry under a key that only the record of a refused attempt has."""

    def __init__(self, *, key: str) -> None:
        self.key = key
        super().__init__(
            what=f"No entry can have the key '{key[:60]}'.",
            why="Under such a key the record keeps what a covenant forbade; taken, it would hide "
            "the attempt.",
            remedy=f"Choose a key that does not begin with '{RESERVED}'.",
        )


def by_release(terms: Sequence[CovenantEnacted]) -> str:
    """How a bound lot may leave: who must sign."""
    if not terms:
        return "See `bioloom covenants list`."
    who = "; ".join(
        f"{one.quorum} of {', '.join(one.signers)} for '{one.covenant}'" for one in terms
    )
    return f"Let it be released: {who} must sign (`bioloom covenants message`, `release`)."


def refused_key(draft: Draft[Any]) -> str:
    """The idempotency key of what is recorded of a refused draft: the same for the same draft."""
    return f"{RESERVED}{_digest(draft)}"


def refused(draft: Draft[Any], refusal: CovenantForbids, *, at: Instant) -> Draft[ActRefused]:
    """What is recorded of an attempt, in the name of who tried.

    Args:
        draft: What they tried.
        refusal: Why it was not done.
        at: Now.
    """
    act, leg = type(draft.body).__name__, refusal.leg
    action = getattr(draft.body, "action", None)
    body = ActRefused(
        reason=refusal.reason,
        covenants=tuple(one.covenant for one in refusal.terms),
        act=act if action is None else f"{act}:{action}",
        draft_sha256=_digest(draft),
        what=refusal.what,
        lot=refusal.lot,
        units=None if leg is None else leg.rights_units or leg.custody_units,
        giver=None if leg is None else leg.giver,
        receiver=None if leg is None else leg.receiver,
    )
    return Draft(body=body, occurred_at=at, author=draft.author, idempotency_key=refused_key(draft))


def _digest(draft: Draft[Any]) -> str:
    text = msgspec.json.encode([type(draft.body).__name__, draft], order="sorted")
    return sha256(text).hexdigest()
