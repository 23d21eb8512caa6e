"""Two neighbours with a phone each, their city, and the line between."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from bioloom.doors.compose import now, open_city
from bioloom.doors.register.opening import open_register
from bioloom.vocabulary.agents import AgentId
from tests.browser.conftest import served
from tests.browser.line import Line
from tests.doors.giving.neighbours import STEWARD, town_of_neighbours

ISLAND = resources.files("bioloom.doors.web").joinpath("static", "islands", "queue.js")
needs_islands = pytest.mark.skipif(
    not ISLAND.is_file(), reason="the islands are not built (make setup)"
)


@dataclass
class Town:
    """A city that is served, and what its record says."""

    folder: Path
    port: int

    def session_of(self, agent: AgentId) -> str:
        """The secret of a new session, as if a link had been opened (few may be tried)."""
        with open_city(self.folder) as city, open_register(city) as register:
            link = register.sessions.issue_link(agent, by=STEWARD, at=now())
            return register.sessions.redeem_link(link, at=now()).secret

    def kinds(self, kind: str) -> int:
        """How many entries of a kind the record has."""
        with open_city(self.folder) as city:
            return sum(1 for entry in city.journal.read() if entry.kind == kind)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("towns") / "town"
    town_of_neighbours(folder).close()
    for address in served(folder):
        yield Town(folder, int(address.rsplit(":", 1)[1]))


@pytest.fixture
def line(town: Town) -> Iterator[Line]:
    line = Line(town.port)
    yield line
    line.close()


@dataclass
class Phone:
    """A browser of its own, that somebody is signed in on."""

    context: BrowserContext
    page: Page
    town: Town
    line: Line

    def open(self, path: str) -> Page:
        """Go to a page."""
        self.page.goto(self.line.address + path)
        return self.page

    def sign_in(self, agent: AgentId) -> None:
        """Take a session in place of the one there was."""
        self.context.clear_cookies()
        secret = self.town.session_of(agent)
        self.context.add_cookies([{"name": "bioloom", "value": secret, "url": self.line.address}])

    def has_kept_the_pages(self) -> None:
        """Wait until the worker is in charge and has all that it keeps."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.page.wait_for_function(
            "caches.match('/queue').then((page) => page !== undefined)", timeout=10_000
        )
        self.page.wait_for_function("navigator.serviceWorker.controller !== null")


Owned = Callable[..., Phone]


def send_now(page: Page) -> None:
    """Press "Send now", even if it went from under the finger as the background was faster."""
    page.locator("[data-send-now]").evaluate("(button) => button.click()")


@pytest.fixture
def phone_of(browser: Browser, town: Town, line: Line) -> Iterator[Owned]:
    """Hands somebody a phone on which they have signed in."""
    contexts: list[BrowserContext] = []

    def phone_of(agent: AgentId, *, scripts: bool = True) -> Phone:
        context = browser.new_context(
            viewport={"width": 360, "height": 740},
            locale="en-GB",
            java_script_enabled=scripts,
            # A page that glides under a measurement cannot be measured.
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        phone = Phone(context, context.new_page(), town, line)
        phone.sign_in(agent)
        return phone

    yield phone_of
    for context in contexts:
        context.close()
