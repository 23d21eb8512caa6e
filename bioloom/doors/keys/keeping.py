"""Keeping private keys in files that only their owner can read, and the newest head beside them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bioloom.ledger.proofs.heads import SigningKey, read_signing_key
from bioloom.vocabulary.refusal import Refusal

_FOR_OTHERS = 0o077


class KeyFileMissing(Refusal):
    """The private half of a key is not where it should be."""

    def __init__(self, *, public_key: str) -> None:
        self.public_key = public_key
        super().__init__(
            what=f"The private half of the key {public_key[:16]} is not in the city's keys/.",
            why="Without it no head can be signed that others will accept.",
            remedy="Bring the folder keys/ back; if it is lost, "
            "`bioloom keys withdraw DIR --reason lost`, then `bioloom keys make DIR`.",
        )


class KeyFileUnusable(Refusal):
    """A file with a private key cannot be used: unreadable, open to others, or in the way."""

    def __init__(self, *, file: Path, found: str) -> None:
        self.file, self.found = file, found
        super().__init__(
            what=f"The key in '{file}' cannot be used: {found}.",
            why="Whoever has a private key can sign in its owner's name.",
            remedy=f"See that the file is there, is yours, and is read by nobody else: "
            f"`chmod 600 {file}`.",
        )


def new_key(name: str, kind: int) -> SigningKey:
    """A key that nobody ever had."""
    return SigningKey(name, kind, Ed25519PrivateKey.generate())


def write_key(file: Path, key: SigningKey) -> None:
    """Write a private key into a new file that only its owner can read.

    Raises:
        KeyFileUnusable: If there is a file already, or none can be written.
    """
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as writing:
            writing.write(key.written())
            writing.flush()
            os.fsync(opened)
    except OSError as unusable:
        raise KeyFileUnusable(file=file, found=str(unusable.strerror)) from unusable


def read_key(file: Path) -> SigningKey:
    """Read a private key.

    Raises:
        KeyFileUnusable: If the file cannot be read, or others can read it too.
        KeyUnreadable: If it holds something else.
    """
    try:
        if file.stat().st_mode & _FOR_OTHERS:
            raise KeyFileUnusable(file=file, found="others can read it")
        return read_signing_key(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as unusable:
        raise KeyFileUnusable(file=file, found=str(unusable)) from unusable


class KeyFolder:
    """The folder keys/ of a city: its private keys, and the newest head that it signed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, key: SigningKey) -> None:
        """Keep a new key; it counts when the record declares it.

        Raises:
            KeyFileUnusable: If it cannot be kept.
        """
        write_key(self._file(key.public.key.hex()), key)

    def key(self, public_key: str) -> SigningKey:
        """The key of a public half.

        Raises:
            KeyFileMissing: If it is not there.
            KeyFileUnusable: If it cannot be used.
        """
        file = self._file(public_key)
        if not file.exists():
            raise KeyFileMissing(public_key=public_key)
        return read_key(file)

    def forget(self, public_key: str) -> None:
        """Delete a private half that counts no longer."""
        self._file(public_key).unlink(missing_ok=True)

    @contextmanager
    def signing(self) -> Iterator[None]:
        """Hold the pen: no other process signs a head meanwhile.

        Raises:
            KeyFileUnusable: If the folder cannot be written.
        """
        file = self._folder / "heads.lock"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
        except OSError as unusable:
            raise KeyFileUnusable(file=file, found=str(unusable.strerror)) from unusable
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def newest_head(self) -> str | None:
        """The newest head that was signed here; none before the first."""
        try:
            return self._newest.read_text("utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as unusable:
            raise KeyFileUnusable(file=self._newest, found=str(unusable)) from unusable

    def keep_head(self, note: str) -> None:
        """Remember a head, durably, before anybody is given it.

        Raises:
            KeyFileUnusable: If it cannot be written.
        """
        beside = self._newest.with_suffix(".new")
        try:
            with beside.open("w", encoding="utf-8") as writing:
                writing.write(note)
                writing.flush()
                os.fsync(writing.fileno())
            beside.replace(self._newest)
        except OSError as unusable:
            raise KeyFileUnusable(file=beside, found=str(unusable.strerror)) from unusable

    @property
    def _newest(self) -> Path:
        return self._folder / "newest.head"

    def _file(self, public_key: str) -> Path:
        return self._folder / f"heads-{public_key[:16]}.key"
