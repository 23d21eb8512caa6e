"""Facts: what the record says already about the things that a new entry names."""

from collections.abc import Iterable
from typing import Any, Protocol

from bioloom.ledger.events.mentioning import mentions_of
from bioloom.vocabulary.amounts import BaseUnit
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventReversed
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId


class Facts(Protocol):
    """What may be asked while an entry is judged. The record does not move meanwhile."""

    def about(self, name: str) -> list[Entry[Any]]:
        """Entries that mention a name, in order; what was corrected or reversed is left out."""

    def entry(self, entry_id: str) -> Entry[Any] | None:
        """An entry by its id."""

    def is_undone(self, entry: Entry[Any]) -> bool:
        """Whether an entry was corrected or taken back."""

    def kind_of(self, lot: LotId) -> tuple[MaterialId, BaseUnit] | None:
        """What a lot is made of and what it is counted in; none if there is no such lot."""

    def owner_units(self, lot: LotId) -> dict[str, int]:
        """Who owns how much of a lot, in its base unit."""


def in_force(name: str, entries: Iterable[Entry[Any]]) -> list[Entry[Any]]:
    """Of the entries about a name, those that still stand and still are about it."""
    known = list(entries)
    gone = {entry.corrects for entry in known}
    gone |= {entry.body.entry for entry in known if isinstance(entry.body, EventReversed)}
    return [
        entry
        for entry in known
        if entry.id not in gone
        and not isinstance(entry.body, EventReversed)
        # Only a correction can be about less than what it is found under.
        and (entry.corrects is None or name in mentions_of(entry.body))
    ]
