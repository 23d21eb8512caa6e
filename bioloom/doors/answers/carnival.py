"""The answer of `bioloom play carnival`: its scenes, each told from the record, and what held."""

import msgspec

from bioloom.doors.answers.playing import Held, SceneTold


class CarnivalPlayed(msgspec.Struct, frozen=True, kw_only=True):
    """The Carnival as its record tells it. All its figures are generated."""

    city: str
    entries: int
    hash: str
    # Whether all of `held` holds.
    holds: bool
    scenes: list[SceneTold]
    held: list[Held]
