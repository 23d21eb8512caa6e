"""Entries about heads of the record. Which keys sign them stands in `entries/people.py`."""

import msgspec


class HeadWitnessed(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody outside holds a head of this record, and signed that they saw it (C2SP cosignature).

    From then on nobody can change an entry below that head without contradicting the witness.
    """

    # The name of the witness's key, and the key itself in hexadecimal.
    witness: str
    public_key: str
    # The head: how many entries, and the root of the tree over them in hexadecimal.
    size: int
    root: str
    # When they signed it [s since 1970], and their signature in hexadecimal.
    signed_s: int
    signature: str
