"""Who acts in an assembly on the command line, and how what they did is told."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cyclopts import Parameter

from bioloom.doors.acting import acting_as
from bioloom.doors.assembly.deliberations import Speaker
from bioloom.doors.cli.people.deciding import tell_decided
from bioloom.doors.cli.printing import AsAgent, AsJson
from bioloom.doors.compose import City, open_city
from bioloom.doors.register.opening import open_register
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Entry


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """Who acts, and how it is told.

    Parameters
    ----------
    as_
        Which agent acts; the steward unless given.
    as_json
        Print the entry as JSON.
    """

    as_: AsAgent = None
    as_json: AsJson = False


BY_STEWARD = How()


def acts(folder: Path, how: How, acting: Callable[[City, AgentId], Entry[Any]]) -> None:
    """Let somebody act in a city, and tell the entry."""
    with open_city(folder) as city:
        entry = acting(city, acting_as(city, how.as_))
    tell_decided(entry, as_json=how.as_json)


def speaks(folder: Path, how: How, speaking: Callable[[Speaker], Entry[Any]]) -> None:
    """Let somebody act whose words or pseudonym the register keeps, and tell the entry."""
    with open_city(folder) as city, open_register(city) as register:
        entry = speaking(Speaker(city, register, acting_as(city, how.as_)))
    tell_decided(entry, as_json=how.as_json)
