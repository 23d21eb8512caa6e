"""The files that the commands about proofs read and write, and keys named on the command line."""

from pathlib import Path

from bioloom.ledger.proofs.merkle import NotProven
from bioloom.ledger.proofs.notes import PublicKey, read_key
from bioloom.vocabulary.refusal import Refusal

# More than any proof or head has.
_LARGEST_BYTES = 16_000_000


class FileUnusable(Refusal):
    """A head, a proof or a key cannot be read from its file, or written into it."""

    def __init__(self, *, file: Path, found: str) -> None:
        self.file, self.found = file, found
        super().__init__(
            what=f"'{file}' cannot be used: {found}.",
            why="Heads, proofs and public keys are small text files.",
            remedy="Name another file, or see who may read and write this one.",
        )


class KeyTextUnreadable(Refusal):
    """A text that should be a public key is none."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"The public key cannot be read. {found}",
            why="What is signed can only be checked with a whole key.",
            remedy="Give the key as `bioloom keys show` prints it, or a file that has it.",
        )


def read_text(file: Path) -> str:
    """The text of a small file.

    Raises:
        FileUnusable: If it cannot be read, or is too large to be what it should be.
    """
    try:
        if file.stat().st_size > _LARGEST_BYTES:
            raise FileUnusable(file=file, found="it is far too large")
        return file.read_text("utf-8")
    except OSError as unreadable:
        raise FileUnusable(file=file, found=str(unreadable.strerror)) from unreadable
    except UnicodeDecodeError as unreadable:
        raise FileUnusable(file=file, found="it is not UTF-8 text") from unreadable


def write_text(file: Path, text: str) -> None:
    """Write a text into a file, in place of what it had.

    Raises:
        FileUnusable: If it cannot be written.
    """
    try:
        file.write_text(text, "utf-8")
    except OSError as unwritable:
        raise FileUnusable(file=file, found=str(unwritable.strerror)) from unwritable


def named_key(key: str) -> PublicKey:
    """A public key that is given as its text, or as a file that has it.

    Raises:
        KeyTextUnreadable: If it is neither.
    """
    text = key if "+" in key and not Path(key).exists() else read_text(Path(key))
    try:
        return read_key(text)
    except NotProven as unreadable:
        raise KeyTextUnreadable(found=str(unreadable)) from unreadable
