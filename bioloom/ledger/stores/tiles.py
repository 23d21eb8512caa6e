"""The levels of a record's tree that are kept in files: a snapshot, which may be deleted."""

import os
from collections.abc import Sequence
from pathlib import Path

_HASH_BYTES = 32


class TileFiles:
    """A folder with one file of hashes for each level that is kept.

    What stands at a place of a file follows from the record, so several processes may write it at
    once: they write the same. Where nothing can be written, nothing is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def count(self, level: int) -> int:
        """How many whole hashes of a level are kept."""
        try:
            return self._file(level).stat().st_size // _HASH_BYTES
        except FileNotFoundError:
            return 0

    def read(self, level: int, start: int, count: int) -> list[bytes]:
        """Hashes of a level; fewer where no more are kept."""
        try:
            with self._file(level).open("rb") as file:
                file.seek(start * _HASH_BYTES)
                found = file.read(count * _HASH_BYTES)
        except FileNotFoundError:
            return []
        whole = len(found) - len(found) % _HASH_BYTES
        return [found[at : at + _HASH_BYTES] for at in range(0, whole, _HASH_BYTES)]

    def append(self, level: int, start: int, roots: Sequence[bytes]) -> None:
        """Keep further hashes of a level; they are on the disk when this returns."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = os.open(self._file(level), os.O_WRONLY | os.O_CREAT, 0o644)
        except PermissionError:
            return
        try:
            os.pwrite(file, b"".join(roots), start * _HASH_BYTES)
            os.fsync(file)
        finally:
            os.close(file)

    def clear(self) -> None:
        """Forget all of them."""
        for file in self._folder.glob("level-*.hashes"):
            file.unlink(missing_ok=True)

    def _file(self, level: int) -> Path:
        return self._folder / f"level-{level:02}.hashes"
