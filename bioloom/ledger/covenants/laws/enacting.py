"""Enacting: how a covenant begins and ends, and how a lot is released: by a quorum only."""

from hashlib import sha256

from bioloom.ledger.covenants.laws.acts import Act
from bioloom.ledger.covenants.refusing import CovenantForbids
from bioloom.ledger.covenants.signing import judge_signed
from bioloom.ledger.covenants.standing import Covenants
from bioloom.vocabulary.agents import BOUNDARY
from bioloom.vocabulary.entries.covenants import (
    CovenantEnacted,
    CovenantEnded,
    CovenantId,
    LotReleased,
)
from bioloom.vocabulary.quantities import LARGEST_MG

_MOST_DAYS = 36_500
_WHY = "A covenant is what people signed; it changes only as they agreed."


def judge_decision(act: Act, covenants: Covenants, *, city: str) -> None:
    """Hold a covenant, an ending or a release against the record and the signatures it bears.

    Args:
        act: The act.
        covenants: All covenants before it.
        city: The hash of the record's first entry, in hexadecimal.

    Raises:
        CovenantForbids: If it cannot be, or too few have signed.
    """
    match act.body:
        case CovenantEnacted() as terms:
            _judge_terms(act, terms, covenants)
            if terms.replaces is not None:
                _judge_quorum(act, terms.replaces, covenants, city=city)
        case CovenantEnded(covenant=name):
            _judge_quorum(act, name, covenants, city=city)
        case LotReleased() as release:
            _judge_release(act, release, covenants)
            _judge_quorum(act, release.covenant, covenants, city=city)


def _judge_quorum(act: Act, name: CovenantId, covenants: Covenants, *, city: str) -> None:
    covenant = covenants.by_id.get(name)
    if covenant is None or covenant.ended_seq is not None:
        raise _senseless(f"There is no covenant '{name}' in force.")
    judge_signed(act.body, covenant.terms, covenants.people, city=city, at=act.recorded_at)


def _judge_terms(act: Act, terms: CovenantEnacted, covenants: Covenants) -> None:
    agents = covenants.people.agents
    unknown = [one for one in (terms.commons, *terms.signers) if one not in agents]
    days = (terms.cooling_off_days, terms.custody_days or 0)
    checks = (
        (act.replaced is None, "it would change a covenant in passing"),
        (terms.covenant not in covenants.by_id, "there was one of that name before"),
        (not unknown, f"'{unknown[0] if unknown else ''}' is not in the record"),
        (terms.commons not in BOUNDARY, "it is of nobody"),
        (len(set(terms.signers)) == len(terms.signers), "a signer is named twice"),
        (1 <= terms.quorum <= len(terms.signers), _quorum_amiss(terms)),
        (all(0 <= number <= _MOST_DAYS for number in days), "its days are out of range"),
        (0 <= terms.shrinkage_per_mille <= 1000, "its shrinkage is out of range"),
        (act.recorded_ms < covenants.last_ms_of(terms), "its last day is past"),
        (
            sha256(terms.text.encode()).hexdigest() == terms.text_sha256,
            "the hash of its text is another",
        ),
    )
    found = next((what for holds, what in checks if not holds), None)
    if found is not None:
        raise _senseless(f"The covenant '{terms.title}' cannot be enacted: {found}.")


def _quorum_amiss(terms: CovenantEnacted) -> str:
    return f"its quorum is {terms.quorum}, and it names {len(terms.signers)} signers"


def _judge_release(act: Act, release: LotReleased, covenants: Covenants) -> None:
    checks = (
        (act.replaced is None, "it would change a release in passing"),
        (release.release not in covenants.releases, "a release counts once"),
        (0 < release.units <= LARGEST_MG, "its amount is out of range"),
        (act.recorded_ms < covenants.last_ms_of(release), "its last day is past"),
    )
    found = next((what for holds, what in checks if not holds), None)
    if found is not None:
        raise _senseless(f"Release '{release.release}' cannot be: {found}.")


def _senseless(what: str) -> CovenantForbids:
    return CovenantForbids(
        reason="not_enacted_so",
        terms=[],
        what=what,
        why=_WHY,
        remedy="Correct it; `bioloom covenants list` shows those that stand.",
    )
