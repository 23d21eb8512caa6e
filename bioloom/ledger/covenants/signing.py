"""Signing: what signers of a covenant sign, and whether enough of them did.

A message names the city by the hash of its record's first entry, the covenant, and all that is
decided: no signature counts for another city, covenant, lot, amount, receiver or day.
"""

from collections.abc import Sequence

import msgspec
import rfc8785

from bioloom.ledger.covenants.refusing import CovenantForbids
from bioloom.ledger.people.people import People
from bioloom.ledger.proofs.notes import verifies
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.covenants import (
    CovenantEnacted,
    CovenantEnded,
    LotReleased,
    Signed,
)
from bioloom.vocabulary.periods import Instant

# What is said before the message, so that it is no message of anything else.
DOMAIN = b"bioloom-covenant/v1\n"
Decision = LotReleased | CovenantEnded | CovenantEnacted


def message(decision: Decision, *, city: str) -> bytes:
    """What each signer signs with Ed25519.

    Args:
        decision: A release, an ending, or the covenant that replaces another; its signatures do
            not count.
        city: The hash of the first entry of the city's record, in hexadecimal.

    Returns:
        A first line, and the RFC 8785 JSON of the decision, the city and the decision's kind.
    """
    unsigned = msgspec.structs.replace(decision, signatures=())
    said = {"act": type(decision).__name__, "city": city, **msgspec.to_builtins(unsigned)}
    return DOMAIN + rfc8785.dumps(said)


def signers_of(
    decision: Decision, terms: CovenantEnacted, people: People, *, city: str, at: Instant
) -> frozenset[AgentId]:
    """Who of a covenant's signers has signed a decision with a key of theirs that is in force.

    Args:
        decision: What they decided.
        terms: The covenant whose signers count.
        people: Whose key is whose.
        city: See `message`.
        at: When it is recorded.
    """
    text = message(decision, city=city)
    keys = {
        key: signer for signer in terms.signers for key in people.keys_of(signer, "signing", on=at)
    }
    return frozenset(
        keys[signed.public_key]
        for signed in decision.signatures
        if signed.public_key in keys and _is_good(signed, text)
    )


def judge_signed(
    decision: Decision, terms: CovenantEnacted, people: People, *, city: str, at: Instant
) -> None:
    """See that a quorum has signed.

    Raises:
        CovenantForbids: If too few have.
    """
    signed = signers_of(decision, terms, people, city=city, at=at)
    if len(signed) < terms.quorum:
        raise CovenantForbids(
            reason="not_signed",
            terms=[terms],
            what=f"{len(signed)} of {terms.quorum} needed signatures are there.",
            why="Only a quorum of its signers lets go of what a covenant binds.",
            remedy=f"{terms.quorum} of {', '.join(terms.signers)} must sign what "
            "`bioloom covenants message` prints, each with their own key in force.",
        )


def _is_good(signed: Signed, text: bytes) -> bool:
    try:
        key, signature = bytes.fromhex(signed.public_key), bytes.fromhex(signed.signature)
    except ValueError:
        return False
    return verifies(key, signature, text)


def with_signatures(decision: Decision, signatures: Sequence[Signed]) -> Decision:
    """The same decision with signatures, in one order and each once."""
    by_key = {signed.public_key: signed for signed in [*decision.signatures, *signatures]}
    ordered = tuple(by_key[key] for key in sorted(by_key))
    return msgspec.structs.replace(decision, signatures=ordered)
