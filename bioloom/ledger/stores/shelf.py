"""A shelf: bytes by name that may be gone the next time, kept in a folder's files or in memory."""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

_DIGEST_BYTES = 32


class Shelf(Protocol):
    """Where things are put that can be made again."""

    def take(self, name: str) -> bytes | None:
        """What was put there under a name, unless it is gone or damaged."""

    def put(self, name: str, content: bytes) -> None:
        """Put something there in place of what had the name; it may be gone the next time."""


class MemoryShelf:
    """A shelf that is gone with its owner."""

    def __init__(self) -> None:
        self._things: dict[str, bytes] = {}

    def take(self, name: str) -> bytes | None:
        """See `Shelf.take`."""
        return self._things.get(name)

    def put(self, name: str, content: bytes) -> None:
        """See `Shelf.put`."""
        self._things[name] = content


class FolderShelf:
    """A shelf in a folder, one file for each thing, with a digest at its beginning."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, name: str) -> bytes | None:
        """See `Shelf.take`."""
        try:
            kept = (self._folder / name).read_bytes()
        except OSError:
            return None
        digest, content = kept[:_DIGEST_BYTES], kept[_DIGEST_BYTES:]
        return content if sha256(content).digest() == digest else None

    def put(self, name: str, content: bytes) -> None:
        """See `Shelf.put`. Where nothing can be written, nothing is: it can be made again."""
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            with NamedTemporaryFile(dir=self._folder, prefix=f".{name}.", delete=False) as file:
                try:
                    file.write(sha256(content).digest())
                    file.write(content)
                    file.close()
                    Path(file.name).replace(self._folder / name)
                except OSError:
                    Path(file.name).unlink()
                    raise
