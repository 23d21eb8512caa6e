"""Signing in with a real browser: by a link, then by a passkey; on a phone's width, and by axe."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from bioloom.doors.compose import found_city, now
from bioloom.doors.register.opening import open_register
from bioloom.vocabulary.agents import AgentId
from tests.browser.conftest import served
from tests.browser.test_page_in_a_browser import ISLAND

STEWARD = AgentId("steward")
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.fixture
def address_and_link(tmp_path: Path) -> Iterator[tuple[str, str]]:
    folder = tmp_path / "city"
    with (
        found_city(folder, languages=("en", "es"), token="t") as city,
        open_register(city) as register,
    ):
        link = register.sessions.issue_link(STEWARD, by=STEWARD, at=now())
    for address in served(folder):
        # Passkeys are bound to a name; a number is none.
        yield address.replace("127.0.0.1", "localhost"), link


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 800}, locale="en-GB")
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield page
    context.close()


@pytest.mark.skipif(not ISLAND.is_file(), reason="the islands are not built (make setup)")
def test_a_link_lets_one_in_and_a_passkey_ever_after(
    page: Page, address_and_link: tuple[str, str]
) -> None:
    address, link = address_and_link
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text))
    page.goto(f"{address}/sign-in/{link}")
    page.get_by_role("button", name="Sign me in").click()
    page.wait_for_url("**/me")

    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("Added").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/sign-in")
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url("**/me")

    assert complaints == []
    for path in ("/me", "/sign-in", "/people", "/invite", "/me/forget", "/me/records"):
        page.goto(address + path)
        found = Axe().run(page).response["violations"]
        assert not [f["id"] for f in found if f["impact"] in ("serious", "critical")], path
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) == 0, path


def test_whoever_is_invited_comes_in_under_the_name_they_say(
    browser: Browser, page: Page, address_and_link: tuple[str, str]
) -> None:
    address, link = address_and_link
    page.goto(f"{address}/sign-in/{link}")
    page.get_by_role("button", name="Sign me in").click()
    page.wait_for_url("**/me")
    page.goto(f"{address}/invite")
    page.locator("main form button").click()
    invitation = page.get_by_text("/invitations/").inner_text().strip()

    guest = browser.new_context(java_script_enabled=False, locale="en-GB").new_page()
    guest.goto(invitation)
    guest.get_by_label("Your name").fill("Ana")
    guest.get_by_role("button", name="Join").click()

    guest.wait_for_url("**/me")
    assert "Ana" in guest.inner_text("main")
    guest.context.close()
