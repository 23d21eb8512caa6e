"""The pages for a hand and a thumb: they fit, complain of nothing, and need no mouse."""

import json
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bioloom.doors.cli.main import main
from bioloom.doors.giving.labels import new_label
from tests.browser.hands.conftest import Owned, Phone, Town, needs_islands, send_now
from tests.doors.giving.neighbours import ALDER_ROW, ANA, OLA

NUMBER = new_label(2**40 + 7)
LOT = f"label:{NUMBER}"
PAGES = ["/give", "/scan", "/take-in", "/labels", "/queue", f"/lots/{LOT}?said=given",
         f"/hand-on?lot={LOT}", f"/correct?lot={LOT}",
         "/find", f"/ask?lot={LOT}", "/me/lots", "/me/account",
         "/covenants", "/refused", "/contracts", "/recipes"]  # fmt: skip


def with_a_lot(phone: Phone) -> Phone:
    """A phone whose owner has given a lot."""
    seal = json.loads(phone.open("/visit").inner_text("body"))["seal"]
    form = {"number": NUMBER, "material": "organics", "count": "2", "measure": "bucket"}
    phone.context.request.post(
        f"{phone.line.address}/give", form={**form, "district": "01", "owner": ANA, "seal": seal}
    )
    return phone


@pytest.fixture
def anas_phone(phone_of: Owned, town: Town) -> Phone:
    if not town.kinds("PledgeMade"):
        aim = ["--counted", "organics", "--against", "refuse", "--share", "80"]
        said = ["--commons", ALDER_ROW, "--title", "Apart", "--text", "We keep organics apart."]
        days = ["--from", "2100-01-01", "--to", "2100-03-01"]
        assert main(["pledges", "make", str(town.folder), "apart", *said, *aim, *days]) == 0
    return with_a_lot(phone_of(ANA))


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_page_fits_and_axe_finds_nothing_serious(
    anas_phone: Phone, colours: Literal["light", "dark"]
) -> None:
    complaints: list[str] = []
    page = anas_phone.page
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.emulate_media(color_scheme=colours)
    for width_px in (360, 1280):
        page.set_viewport_size({"width": width_px, "height": 780})
        for path in PAGES:
            anas_phone.open(path)
            page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
            wide_px = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide_px == 0, (path, width_px)
            found = Axe().run(page).response["violations"]
            grave = [f for f in found if f["impact"] in ("serious", "critical")]
            assert not grave, (path, [(f["id"], f["nodes"][0]["html"][:160]) for f in grave])
    assert complaints == []


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.system(1)
def test_a_lot_is_given_by_keyboard_alone(phone_of: Owned) -> None:
    page = phone_of(ANA).open("/give")

    page.get_by_role("radio", name="Kitchen and garden organics").focus()
    press(page, "Space", "Tab", "4", "Tab", "ArrowRight", "Tab")
    assert page.evaluate("document.activeElement.name") == "district"
    press(page, "Tab")
    page.keyboard.type("Alder")
    press(page, "Tab", "Tab")
    assert page.evaluate("document.activeElement.textContent") == "Give"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    press(page, "Enter")

    page.wait_for_url("**/lots/label:*")
    assert "4.00 kg ± 1.20 kg estimated" in " ".join(page.inner_text("main").split())


def test_what_has_the_focus_is_never_under_the_button(phone_of: Owned) -> None:
    page = phone_of(ANA).open("/give")

    page.get_by_label("Whose is it?").focus()

    field = page.get_by_label("Whose is it?").bounding_box()
    button = page.get_by_role("button", name="Give", exact=True).bounding_box()
    assert field is not None
    assert button is not None
    assert field["y"] + field["height"] <= button["y"]


def test_who_is_not_signed_in_is_told_and_led_to_it(phone_of: Owned) -> None:
    phone = phone_of(ANA)
    phone.context.clear_cookies()
    for path in ("/give", "/take-in"):
        page = phone.open(path)
        page.get_by_role("link", name="Sign in").last.click()
        page.wait_for_url("**/sign-in?**")
        assert page.url.endswith(f"?next={path.replace('/', '%2F')}")


@needs_islands
def test_what_was_taken_in_without_network_is_judged_afterwards(phone_of: Owned) -> None:
    ola = phone_of(OLA)
    ola.open("/take-in")
    ola.has_kept_the_pages()
    ola.line.set("cut")
    page = ola.open("/take-in")
    page.get_by_label("Number on the label").fill(NUMBER)
    page.get_by_label("On the scale").fill("7,5")
    page.get_by_role("button", name="Take it in").click()
    page.get_by_text("1 form waits on this phone").wait_for()

    ola.line.set("open")
    send_now(page)

    # Nobody promised it: the server says so, and what was filled in is still here to be mended.
    page.get_by_text("No lot with this number is on its way to you").wait_for()
    page.get_by_role("link", name="Mend it").click()
    expect(page.get_by_label("On the scale")).to_have_value("7,5")
