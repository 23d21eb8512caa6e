"""Answers of the commands about heads, proofs and keys: what `--json` prints."""

import msgspec


class KeyTold(msgspec.Struct, frozen=True, kw_only=True):
    """A key that signs heads, and the entries between which it counts."""

    key: str
    first_seq: int
    withdrawn_seq: int | None
    reason: str | None


class KeysTold(msgspec.Struct, frozen=True, kw_only=True):
    """All keys that ever signed heads, the oldest first."""

    origin: str
    keys: list[KeyTold]


class PublicKeyTold(msgspec.Struct, frozen=True, kw_only=True):
    """The public half of a key that was made, replaced or withdrawn."""

    key: str


class CheckedTold(msgspec.Struct, frozen=True, kw_only=True):
    """What checking a head or a proof found; `entry` is the text that is proven."""

    proven: bool
    said: list[str]
    origin: str | None
    size: int | None
    root: str | None
    entry: str | None
