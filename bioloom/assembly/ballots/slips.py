"""Slips: the hashes of one-time credentials, and the trees over them and over what was cast.

A slip is in the list before the ballot begins; cast, it is the nullifier, by which anybody sees
that it counts once. Which person drew which credential is written nowhere.
"""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256

from bioloom.ledger.proofs.tree import Frontier
from bioloom.vocabulary.entries.ballots import BallotId
from bioloom.vocabulary.refusal import Refusal

# 32 bytes in URL-safe base64 without padding.
_CREDENTIAL = re.compile(r"[A-Za-z0-9_-]{43}")


class CredentialUnreadable(Refusal):
    """A text that should be a credential is none."""

    def __init__(self) -> None:
        super().__init__(
            what="This is no credential of a ballot.",
            why="A credential has 43 letters, digits, '-' and '_'; some of it is missing or wrong.",
            remedy="Give it as it was shown when it was drawn.",
        )


def slip_of(ballot: BallotId, credential: str) -> str:
    """The hash of a credential for one ballot, in hexadecimal.

    Raises:
        CredentialUnreadable: If it is no credential.

    Example:
        >>> slip_of(BallotId("park"), "A" * 43)[:16]
        '29468ce319406973'
    """
    if not _CREDENTIAL.fullmatch(credential):
        raise CredentialUnreadable
    return sha256(f"bioloom-slip/1\n{ballot}\n{credential}".encode()).hexdigest()


def slips_root(slips: Iterable[str]) -> str:
    """The root of the tree over slips, sorted: in that order nothing of who drew them is left.

    Example:
        >>> slips_root([])[:16]
        'e3b0c44298fc1c14'
    """
    tree = Frontier()
    for slip in sorted(slips):
        tree.add(bytes.fromhex(slip))
    return tree.root().hex()


def used_root(casts: Mapping[str, str], voided: Mapping[str, str]) -> str:
    """The root of the tree over used credentials, by nullifier, and what each was used for.

    Args:
        casts: Commitments by nullifier.
        voided: Why a credential was given up, by nullifier.
    """
    uses = {nullifier: bytes.fromhex(commitment) for nullifier, commitment in casts.items()}
    uses |= {nullifier: sha256(why.encode()).digest() for nullifier, why in voided.items()}
    tree = Frontier()
    for nullifier in sorted(uses):
        tree.add(sha256(bytes.fromhex(nullifier) + uses[nullifier]).digest())
    return tree.root().hex()
