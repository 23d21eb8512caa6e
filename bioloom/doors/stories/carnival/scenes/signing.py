"""Signing: people put their names to a release with keys of their own."""

from collections.abc import Sequence

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bioloom.doors.stories.staging import Stage
from bioloom.ledger.covenants.signing import message
from bioloom.vocabulary.entries.covenants import LotReleased, Signed


def signed(stage: Stage, release: LotReleased, keys: Sequence[Ed25519PrivateKey]) -> LotReleased:
    """A release with a signature of each key."""
    city = str(stage.city.journal.at([1])[1].hash)
    text = message(release, city=city)
    signatures = tuple(
        Signed(public_key=key.public_key().public_bytes_raw().hex(), signature=key.sign(text).hex())
        for key in keys
    )
    return msgspec.structs.replace(release, signatures=signatures)
