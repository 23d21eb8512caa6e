"""A city with two commons and a register."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bioloom.doors.compose import City, found_city, now
from bioloom.doors.register.deciding import decide
from bioloom.doors.register.opening import open_register
from bioloom.doors.register.register import Register
from bioloom.ledger.people.deciding import declare_agent
from tests.doors.register.guests import NORTH, SOUTH, STEWARD


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with found_city(tmp_path / "city", token="t") as made:
        decide(
            made,
            STEWARD,
            lambda deed: [
                declare_agent(commons, name=commons, sort="commons", deed=deed)
                for commons in (NORTH, SOUTH)
            ],
        )
        yield made


@pytest.fixture
def register(city: City) -> Iterator[Register]:
    with open_register(city) as opened:
        yield opened


@pytest.fixture
def city_files(city: City, register: Register) -> list[Path]:
    """Every file of the city's folder, its registers' logs too."""
    register.sessions.sweep(at=now())
    return [file for file in city.folder.rglob("*") if file.is_file()]
