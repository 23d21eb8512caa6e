"""Cities for the pages, and clients that ask as a browser would."""

from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from bioloom.doors.compose import City, found_city
from bioloom.doors.keys.signing import Signer
from bioloom.doors.web.app import make_app
from tests.doors.web.hostile_city import make_city


class Client(TestClient[Litestar]):
    """Asks under a name that a server on this machine answers to."""

    __test__ = False

    def __init__(
        self,
        app: Litestar,
        *,
        base_url: str = "http://127.0.0.1:8000",
        raise_server_exceptions: bool = True,
    ) -> None:
        super().__init__(
            app,
            base_url=base_url,
            raise_server_exceptions=raise_server_exceptions,
        )


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with make_city(tmp_path_factory.mktemp("cities") / "verdiva") as city:
        Signer(city).make_key(author=city.settings.steward)
        yield city


@pytest.fixture(scope="session")
def client(city: City) -> Iterator[Client]:
    with _client(city) as client:
        yield client


@pytest.fixture(scope="session")
def empty_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("cities") / "empty"
    with found_city(folder, name="Empty", token="a-token") as city, _client(city) as client:
        yield client


def _client(city: City) -> Client:
    return Client(make_app(city), raise_server_exceptions=False)
