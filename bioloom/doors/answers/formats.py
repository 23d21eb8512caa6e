"""What `bioloom format …` prints with `--json`."""

import msgspec


class FileHashed(msgspec.Struct, frozen=True, kw_only=True):
    """The events of a document, in its order: their hashes, and the texts that were hashed."""

    file: str
    hashes: tuple[str, ...]
    prehashes: tuple[str, ...]
