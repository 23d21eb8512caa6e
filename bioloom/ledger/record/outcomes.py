"""What became of a draft that was offered to the journal."""

from typing import Any

import msgspec

from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.refusal import Refusal


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """It is in the record now, durably. `entry.corrects` is set where it replaced another."""

    entry: Entry[Any]


class Same(msgspec.Struct, frozen=True, gc=False):
    """The record already said exactly this; nothing was added."""

    draft: Draft[Any]
    current: Entry[Any]


class Conflict(msgspec.Struct, frozen=True, gc=False):
    """The record says something else under the same key; nothing was added."""

    draft: Draft[Any]
    current: Entry[Any]


class Refused(msgspec.Struct, frozen=True):
    """It breaks a law of the ledger; nothing was added."""

    draft: Draft[Any]
    refusal: Refusal


Outcome = Recorded | Same | Conflict | Refused
