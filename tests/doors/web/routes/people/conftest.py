"""A city of its own for each test, since people write into it, with a register and a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bioloom.doors.compose import City, found_city
from bioloom.doors.register.deciding import decide
from bioloom.doors.register.opening import open_register
from bioloom.doors.register.register import Register
from bioloom.doors.web.app import make_app
from bioloom.ledger.people.deciding import declare_agent
from tests.doors.web.conftest import Client
from tests.doors.web.routes.people.coming_in import NORTH, SOUTH, STEWARD


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with found_city(
        tmp_path / "verdiva", name="Verdiva", languages=("en", "es"), token="t"
    ) as city:
        decide(
            city,
            STEWARD,
            lambda deed: [
                declare_agent(commons, name=commons.title(), sort="commons", deed=deed)
                for commons in (NORTH, SOUTH)
            ],
        )
        yield city


@pytest.fixture
def register(city: City) -> Iterator[Register]:
    with open_register(city) as register:
        yield register


@pytest.fixture
def browser(city: City) -> Iterator[Client]:
    with Client(make_app(city)) as client:
        yield client
