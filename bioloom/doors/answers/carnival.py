"""Answers of `bioloom play carnival`: its scenes, each told from the record, and what held."""

from datetime import date
from typing import Literal

import msgspec

Door = Literal["form", "table", "events", "people", "covenants", "recipes"]


class ActTold(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody did or tried in a scene, and what became of it.

    Attributes:
        who: Who did it, by the name that the record has of them.
        did: What, in plain words.
        door: By which door: a form, a table of a file, events told by a program, a decision about
            people, a decision under a covenant, a recipe.
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


class CarnivalPlayed(msgspec.Struct, frozen=True, kw_only=True):
    """The Carnival as its record tells it. All its figures are generated."""

    city: str
    entries: int
    hash: str
    # Whether all of `held` holds.
    holds: bool
    scenes: list[SceneTold]
    held: list[Held]
