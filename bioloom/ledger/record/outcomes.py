"""What became of a draft that was offered to the journal."""

from dataclasses import dataclass
from typing import Any

from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Recorded:
    """It is in the record now, durably. `entry.corrects` is set where it replaced another."""

    entry: Entry[Any]


@dataclass(frozen=True, slots=True)
class Same:
    """The record already said exactly this; nothing was added."""

    draft: Draft[Any]
    current: Entry[Any]


@dataclass(frozen=True, slots=True)
class Conflict:
    """The record says something else under the same key; nothing was added."""

    draft: Draft[Any]
    current: Entry[Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """It breaks a law of the ledger; nothing was added."""

    draft: Draft[Any]
    refusal: Refusal


Outcome = Recorded | Same | Conflict | Refused
