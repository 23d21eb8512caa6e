"""Answers of `bioloom play`: what happened in a story, read from its record."""

from datetime import date
from typing import Literal

import msgspec

from bioloom.vocabulary.materials import GroupId

Door = Literal[
    "form", "table", "events", "people", "covenants", "recipes", "circuits", "codes", "work"
]


class ActTold(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody did or tried in a scene, and what became of it.

    Attributes:
        who: Who did it, by the name that the record has of them.
        did: What, in plain words.
        door: By which door: a form, a table of a file, events told by a program, a decision about
            people, a decision under a covenant, a recipe, a plan or what stands in its way, a Code,
            a work order.
        outcome: What became of it.
        entry: What was recorded: of something refused, the entry that says that it was tried.
        why: Of something refused: what was said to whoever tried.
        page: The page of the city that shows it.
    """

    who: str
    did: str
    door: Door
    outcome: Literal["recorded", "refused"]
    entry: int | None = None
    why: str | None = None
    page: str | None = None


class SceneTold(msgspec.Struct, frozen=True, kw_only=True):
    """A scene: on which day, what is told of it, and what was done."""

    name: str
    title: str
    day: date
    told: list[str]
    acts: list[ActTold]


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Something that must hold in the end, and whether it does."""

    what: str
    holds: bool


class EveningTold(msgspec.Struct, frozen=True, kw_only=True):
    """What waited in all districts' yards on an evening, by group of materials [mg]."""

    day: date
    waiting_mg: dict[GroupId, int]


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """The storm of Verdiva as its record tells it. All its figures are generated."""

    city: str
    entries: int
    hash: str
    # Whether all of `held` holds.
    holds: bool
    scenes: list[SceneTold]
    held: list[Held]
    # Wednesday by Wednesday, from before the storm to the last one of the record.
    evenings: list[EveningTold]
    peak: EveningTold
    # The first of them after the peak on which a fiftieth of it, or less, still waits.
    recovered_on: date | None
