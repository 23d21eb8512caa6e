"""Showing heads to people who do not keep the city: signed, or not, or forked."""

from bioloom.doors.compose import City
from bioloom.doors.keys.keeping import KeyFileMissing, KeyFileUnusable
from bioloom.doors.keys.signing import Signer
from bioloom.ledger.proofs.heads import HeadSigned, KeyUnreadable, NoEntries
from bioloom.ledger.proofs.keyring import NoKeyInForce
from bioloom.ledger.proofs.proving import Forked
from bioloom.vocabulary.refusal import Refusal

# What is the keeper's to mend; whoever reads a page is not told where keys lie.
_UNSIGNED = (NoEntries, NoKeyInForce, KeyFileMissing, KeyFileUnusable, KeyUnreadable)


class HeadUnsigned(Refusal):
    """The heads of this record are not signed, or not at the moment."""

    def __init__(self) -> None:
        super().__init__(
            what="The heads of this record are not signed at the moment.",
            why="A proof is worth something under a signed head only.",
            remedy="Ask whoever keeps the city: `bioloom head` says what is missing.",
        )


def signed_head(city: City) -> HeadSigned:
    """The head of the record, signed.

    Raises:
        HeadUnsigned: If the city has no key for it here.
        Forked: If the record does not go on from what was signed before.
    """
    try:
        return Signer(city).head()
    except _UNSIGNED as unsigned:
        raise HeadUnsigned from unsigned


def head_or_none(city: City) -> tuple[HeadSigned | None, bool]:
    """The head of the record where it can be signed, and whether the record was forked."""
    try:
        return signed_head(city), False
    except HeadUnsigned:
        return None, False
    except Forked:
        return None, True
