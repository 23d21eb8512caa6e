"""Answering: under which address a city's page is served just now, for links that others print."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bioloom.ledger.stores.shelf import FolderShelf

# Where a page is served unless somebody says otherwise.
USUAL = "http://127.0.0.1:8000"
_NAME = "address"


def address_of(folder: Path) -> str:
    """Where a city's page is served, as far as this folder knows; the usual address otherwise."""
    return (_shelf(folder).take(_NAME) or b"").decode() or USUAL


@contextmanager
def noted(folder: Path, address: str) -> Iterator[None]:
    """Let others know where the page is served, for as long as it is."""
    _shelf(folder).put(_NAME, address.encode())
    try:
        yield
    finally:
        # Another server of the same city may have noted its own meanwhile.
        if address_of(folder) == address:
            _shelf(folder).put(_NAME, b"")


def _shelf(folder: Path) -> FolderShelf:
    return FolderShelf(folder / "snapshots")
