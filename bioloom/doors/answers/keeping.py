"""Answers of the commands that keep a city: backup and restore."""

import msgspec

from bioloom.doors.keeping.manifest import Manifest


class BackupMade(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that was written, read back and compared."""

    file: str
    bytes: int
    manifest: Manifest


class CityRestored(msgspec.Struct, frozen=True, kw_only=True):
    """A city's folder that was made of a backup and verified."""

    folder: str
    manifest: Manifest
    # How the record differs from heads that others hold, in sentences.
    differing: list[str]
