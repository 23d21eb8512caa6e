"""The API against its own description: whatever is sent, a real server answers as it says it does.

/stream is left out: it has no end to wait for, and is not in the description. What it tells is
tried by tests/doors/web/routes/test_stream.py.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from bioloom.doors.compose import now, open_city
from bioloom.doors.keys.signing import Signer
from bioloom.doors.register.opening import open_register
from bioloom.doors.register.secrets import DAY_MS, later
from bioloom.doors.register.tokens import SCOPES
from bioloom.doors.web.guards.needs import NEEDS
from tests.doors.web.hostile_city import make_city

SERVE = ["-u", "-m", "bioloom.doors.cli.main", "serve", "--port", "0"]
# What is sent stays the same from run to run: tests/conftest.py derandomises.
TRIES = settings(
    max_examples=100,
    suppress_health_check=[
        HealthCheck.filter_too_much,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cities") / "verdiva"
    with make_city(folder) as city:
        Signer(city).make_key(author=city.settings.steward)
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Where a server of its own answers."""
    with subprocess.Popen(
        [sys.executable, *SERVE, str(folder)], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().split(" at ")[1].split()[0]
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def described(address: str) -> BaseSchema:
    config = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
    return schemathesis.openapi.from_url(f"{address}schema/openapi.json", config=config)


@pytest.fixture(scope="module")
def steward(folder: Path) -> dict[str, str]:
    """What a program of the steward's sends, which may do whatever a token may."""
    with open_city(folder) as city, open_register(city) as register:
        at, agent = now(), city.settings.steward
        issued = register.tokens.issue(
            agent, "t", tuple(SCOPES), expires_at=later(at, DAY_MS), at=at
        )
    return {"Authorization": f"Bearer {issued.secret}"}


@pytest.mark.parametrize("visitor", ["nobody", "steward"])
def test_whatever_is_sent_is_answered_as_described(
    described: BaseSchema, steward: dict[str, str], visitor: str
) -> None:
    headers: dict[str, str] = {"nobody": {}, "steward": steward}[visitor]
    asked = set()
    for found in described.get_all_operations():
        assert isinstance(found, Ok), found
        ask(found.ok(), headers)
        asked.add(found.ok().label)

    assert asked == {one for one in NEEDS if " /api/" in one} | {"GET /health"}


def ask(operation: APIOperation[Any, Any, Any, Any], headers: dict[str, str]) -> None:
    """Ask with what is of the described shape, and with what is not."""
    sent = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

    @TRIES
    @given(sent)
    def answered(case: schemathesis.Case[Any]) -> None:
        # A question of the right shape may still be about what is not there: 400 says so.
        # A list that is left out may be written `null`, which in an address is a text like others.
        case.call_and_validate(
            headers=headers, excluded_checks=[negative_data_rejection, positive_data_acceptance]
        )

    answered()
