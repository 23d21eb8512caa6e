"""Entries that the live loop writes. Every room may read them."""

from typing import Literal

import msgspec

from bioloom.vocabulary.periods import Instant

Failing = Literal["too many causes", "refused", "bug"]


class TimerFired(msgspec.Struct, frozen=True, kw_only=True):
    """The instant came that a reaction was waiting for. Time enters the record in no other way."""

    reaction: str
    due: Instant


class ReactionFailed(msgspec.Struct, frozen=True, kw_only=True):
    """An incident: what a reaction makes of an entry, its cause, could not be recorded.

    `refused_as` is the kind of the refusal or of the mistake. Its words may name somebody, so they
    stand in the server's log and not here. No reaction answers to an incident.
    """

    reaction: str
    failing: Failing
    refused_as: str | None = None
