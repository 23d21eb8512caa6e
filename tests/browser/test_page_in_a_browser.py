"""The page in a real browser: on a phone and a desk, by keyboard, with and without scripts."""

import json
import re
from importlib import resources
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Open, Watched

LOT = "/lots/sample:2025-12:01:organics"
PAGES = ["/", "/plan", "/control", "/codes", "/fairness", "/plan?without=digester", "/districts/01",
         "/cascade?site=digester&hours=6", "/siting", "/sites/digester",
         "/sites/digester?what_if=room&at=digester&tonnes=5", "/lots",
         "/record", "/record/3", "/schema", "/?lang=es",
         "/plan?from=2025-12-01"]  # fmt: skip
WIDTHS_PX = [360, 1280]
MOST_SCRIPT_BYTES = 30_000
ISLAND = resources.files("bioloom.doors.web").joinpath("static", "islands", "map.js")


def overflow_px(watched: Watched) -> int:
    """How much wider the page is than its window; measured without the page's own scripts."""
    wide: int = watched.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide


@pytest.mark.parametrize("width_px", WIDTHS_PX)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_its_window_complains_of_nothing_and_stays_at_home(
    open_page: Open, address: str, page: str, width_px: int
) -> None:
    watched = open_page(page, width_px=width_px)

    assert overflow_px(watched) == 0
    expected = 1 if page == "/plan?from=2025-12-01" else 0
    # A refused page is itself the one answer that a browser remarks upon.
    assert len(watched.complaints) == expected, watched.complaints
    assert watched.answers
    assert all(answer.url.startswith(f"{address}/") for answer in watched.answers)


@pytest.mark.parametrize("width_px", WIDTHS_PX)
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_serious_or_critical(
    open_page: Open, page: str, colours: str, width_px: int
) -> None:
    watched = open_page(page, width_px=width_px, colours=colours)
    watched.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")

    found: list[dict[str, Any]] = Axe().run(watched.page).response["violations"]

    grave = [f for f in found if f["impact"] in ("serious", "critical")]
    assert not grave, json.dumps(
        [(f["id"], [node["html"][:120] for node in f["nodes"][:3]]) for f in grave], indent=1
    )


@pytest.mark.parametrize("width_px", WIDTHS_PX)
@pytest.mark.parametrize("page", ["/", "/plan", "/lots", "/record"])
def test_a_page_is_complete_without_scripts(open_page: Open, page: str, width_px: int) -> None:
    with_scripts = open_page(page, width_px=width_px).page.inner_text("main")
    watched = open_page(page, width_px=width_px, scripts=False)

    without = watched.page.inner_text("main")
    # All that scripts add is a button.
    assert without.split() == re.sub(r"Open the moving map", "", with_scripts).split()
    assert watched.script_bytes() == 0


def test_the_drawing_and_the_figures_are_there_without_scripts(open_page: Open) -> None:
    page = open_page("/", scripts=False).page

    assert page.locator(".districts path").count() == 24
    assert page.locator("#map .drawing").is_visible()
    assert page.locator("table").count() == 2
    assert not page.get_by_role("button").is_visible()


def test_light_and_dark_are_different_and_both_keep_the_ink_off_the_paper(open_page: Open) -> None:
    papers = []
    for colours in ("light", "dark"):
        page = open_page("/", colours=colours).page
        style = "getComputedStyle(document.body)"
        paper, ink = page.evaluate(f"[{style}.backgroundColor, {style}.color]")
        assert paper != ink
        papers.append(paper)

    assert papers[0] != papers[1]


def test_a_keyboard_reaches_the_content_and_its_links(open_page: Open) -> None:
    page = open_page("/").page

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    box = page.locator(".skip").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("Sign in with")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in")


def test_a_trial_is_asked_for_by_keyboard_alone(open_page: Open) -> None:
    page = open_page("/plan", scripts=False).page

    page.locator(".ask summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Weir digester").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**without=digester**")
    assert "This is a trial: it leaves out Weir digester." in page.inner_text("main")


def test_an_empty_city_tells_a_newcomer_what_to_type(open_page: Open, empty_address: str) -> None:
    watched = open_page(f"{empty_address}/", width_px=360)

    assert "bioloom import empty districts.geojson" in watched.page.inner_text("main")
    assert overflow_px(watched) == 0
    assert watched.complaints == []


def test_the_first_page_needs_little_script_before_the_island(open_page: Open) -> None:
    watched = open_page("/")

    assert 0 < watched.script_bytes() <= MOST_SCRIPT_BYTES
    assert not any("islands" in answer.url for answer in watched.answers)


@pytest.mark.skipif(not ISLAND.is_file(), reason="the islands are not built (make setup)")
def test_the_moving_map_loads_when_asked_for_and_draws(open_page: Open, address: str) -> None:
    watched = open_page("/")
    watched.page.get_by_role("button", name="Open the moving map").click()

    canvas = watched.page.locator("#map canvas")
    canvas.wait_for(timeout=30_000)
    watched.page.locator("#map .drawing").wait_for(state="detached", timeout=30_000)
    box = canvas.bounding_box()
    assert box is not None
    assert box["width"] > 600
    assert watched.complaints == []
    assert all(answer.url.startswith(f"{address}/") for answer in watched.answers)
    picture = watched.page.locator("#map").screenshot()
    # A blank canvas compresses to almost nothing; 24 coloured districts do not.
    assert len(picture) > 10_000
    assert watched.page.evaluate("document.activeElement.tagName") == "CANVAS"


@pytest.mark.skipif(not ISLAND.is_file(), reason="the islands are not built (make setup)")
def test_the_drawing_stays_where_the_moving_map_cannot_load(open_page: Open) -> None:
    page = open_page("/").page
    page.route("**/islands/**", lambda route: route.abort())
    page.get_by_role("button", name="Open the moving map").click()

    page.get_by_text("The moving map cannot be drawn here").wait_for()
    assert page.locator("#map .drawing").is_visible()


def test_a_hue_is_told_by_a_pattern_too(open_page: Open) -> None:
    page = open_page("/").page
    fills = page.eval_on_selector_all(
        ".districts path", "paths => [...new Set(paths.map((p) => p.getAttribute('fill')))]"
    )

    assert {"url(#p-middle)", "url(#p-high)"} <= set(fills)
