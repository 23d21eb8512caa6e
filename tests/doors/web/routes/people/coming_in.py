"""Browsers that come in, for tests: what a person does on the page to be signed in."""

import re

from bioloom.doors.compose import now
from bioloom.doors.register.register import Register
from bioloom.vocabulary.agents import AgentId
from tests.doors.web.conftest import Client

STEWARD, NORTH, SOUTH = map(AgentId, ("steward", "north", "south"))


def sign_in(browser: Client, register: Register, agent: AgentId = STEWARD) -> None:
    """Come in by a link."""
    link = register.sessions.issue_link(agent, by=STEWARD, at=now())
    told = {"link": link, "seal": seal(browser)}
    answer = browser.post("/sign-in/link", data=told, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")


def seal(browser: Client) -> str:
    """A seal for this browser's forms."""
    found: str = browser.get("/visit").json()["seal"]
    return found


def who(browser: Client) -> str | None:
    """Who is signed in here."""
    found: str | None = browser.get("/visit").json()["agent"]
    return found


def post(browser: Client, address: str, **fields: str) -> str:
    """Send a form as its page would, and read what comes of it."""
    answer = browser.post(address, data={"seal": seal(browser), **fields})
    assert answer.status_code == 200, answer.text
    return answer.text


def shown_once(page: str) -> list[str]:
    """The secrets on a page that shows them once."""
    found = re.search(r'class="command secret"[^>]*><code>([^<]*)</code>', page)
    assert found is not None
    return found[1].split("\n")
