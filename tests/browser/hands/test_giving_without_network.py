"""Giving without network: nothing is lost, nothing is told twice, and one label is one lot."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from bioloom.doors.compose import open_city
from bioloom.doors.giving.labels import LABEL_BITS, lot_of_label, new_label, shown
from bioloom.ledger.inventory import lot
from tests.browser.hands.conftest import Owned, Town, needs_islands, send_now
from tests.browser.line import Line
from tests.doors.giving.neighbours import ANA, BEN

pytestmark = needs_islands


def fill_in(page: Page, *, count: str = "2", measure: str = "buckets", label: str = "") -> None:
    page.get_by_role("radio", name="Kitchen and garden organics").check()
    page.get_by_label("How many?").fill(count)
    page.get_by_role("radio", name=measure).check()
    page.get_by_label("Where is it?").select_option("Alder Row")
    page.get_by_label("Whose is it?").select_option("Alder Row")
    if label:
        page.locator("details").last.evaluate("(more) => { more.open = true }")
        page.get_by_label("Number of a printed label").fill(label)


def give(page: Page) -> None:
    page.get_by_role("button", name="Give", exact=True).click()


def arrivals(town: Town) -> int:
    return town.kinds("LotArrived")


def test_a_form_that_is_filled_in_without_network_is_sent_later_and_once(
    town: Town, line: Line, phone_of: Owned
) -> None:
    ana = phone_of(ANA)
    ana.open("/give")
    ana.has_kept_the_pages()
    before = arrivals(town)

    line.set("cut")
    page = ana.open("/give")
    fill_in(page)
    give(page)
    expect(page.get_by_text("1 form waits on this phone")).to_be_visible()
    assert arrivals(town) == before

    line.set("open")
    send_now(page)
    page.get_by_role("link", name="See the lot").click()
    page.wait_for_url("**/lots/label:*")
    assert "8.00 kg" in page.inner_text("main")
    assert arrivals(town) == before + 1


def test_what_waits_survives_a_closed_page_and_is_sent_by_the_next_one(
    town: Town, line: Line, phone_of: Owned
) -> None:
    ana = phone_of(ANA)
    ana.open("/give")
    ana.has_kept_the_pages()
    before = arrivals(town)
    line.set("cut")
    page = ana.open("/give")
    fill_in(page, count="3")
    give(page)
    expect(page.get_by_text("1 form waits on this phone")).to_be_visible()
    page.close()

    ana.page = ana.context.new_page()
    page = ana.open("/queue")
    expect(page.get_by_text("1 form waits on this phone")).to_be_visible()
    page.close()
    line.set("open")
    ana.page = ana.context.new_page()

    expect(ana.open("/queue").get_by_role("link", name="See the lot")).to_be_visible()
    assert arrivals(town) == before + 1


def test_whoever_sends_while_another_is_held_up_sends_after_them_and_both_pages_show_it(
    town: Town, line: Line, phone_of: Owned
) -> None:
    ana = phone_of(ANA)
    ana.open("/give")
    ana.has_kept_the_pages()
    before = arrivals(town)
    line.set("cut")
    page = ana.open("/give")
    fill_in(page)
    give(page)
    expect(page.get_by_text("1 form waits on this phone")).to_be_visible()
    beside = ana.context.new_page()
    beside.goto(f"{line.address}/queue")
    expect(beside.get_by_text("1 form waits on this phone")).to_be_visible()

    # As when the worker tries over a dead line: it has begun, and it will not get through.
    page.evaluate(
        """() => new Promise((begun) => navigator.locks.request("bioloom-sending", () => {
            begun();
            return new Promise((over) => { window.giveUp = over; });
        }))"""
    )
    line.set("open")
    send_now(page)
    page.evaluate("giveUp()")

    for one in (page, beside):
        expect(one.get_by_role("link", name="See the lot")).to_be_visible()
    assert arrivals(town) == before + 1


def test_a_lost_acknowledgement_records_nothing_twice(
    town: Town, line: Line, phone_of: Owned
) -> None:
    ana = phone_of(ANA)
    page = ana.open("/give")
    before = arrivals(town)
    fill_in(page, count="4")

    line.set("answers lost")
    give(page)
    expect(page.get_by_text("1 form waits on this phone")).to_be_visible()
    assert line.lost > 0
    assert arrivals(town) == before + 1, "the server recorded it; only its answer was lost"

    line.set("open")
    send_now(page)
    expect(page.get_by_text("still one lot")).to_be_visible()
    assert arrivals(town) == before + 1


@pytest.mark.parametrize("bens_count", ["2", "5"])
def test_two_phones_give_the_lot_of_one_label_without_network_and_it_is_one_lot(
    town: Town, line: Line, phone_of: Owned, bens_count: str
) -> None:
    number = new_label(secrets.randbits(LABEL_BITS))
    ana, ben = phone_of(ANA), phone_of(BEN)
    for phone in (ana, ben):
        phone.open("/scan")
        phone.has_kept_the_pages()
    before = arrivals(town)

    line.set("cut")
    for phone, count in ((ana, "2"), (ben, bens_count)):
        # As the phone's own camera opens the label's code.
        page = phone.open(f"/l/{number}")
        page.get_by_role("link", name="Give a lot with this label").click()
        expect(page.get_by_label("Number of a printed label")).to_have_value(number)
        fill_in(page, count=count)
        give(page)
        expect(page.get_by_text("1 form waits on this phone")).to_be_visible()

    line.set("open")
    send_now(ana.page)
    expect(ana.page.get_by_role("link", name="See the lot")).to_be_visible()
    send_now(ben.page)
    if bens_count == "2":
        expect(ben.page.get_by_text("still one lot")).to_be_visible()
    else:
        expect(ben.page.get_by_text(f"A lot with label {shown(number)} is in")).to_be_visible()

    assert arrivals(town) == before + 1
    with open_city(town.folder) as city:
        found = lot(city.journal, lot_of_label(number))
    assert found is not None
    assert found.units == 8_000_000


def test_what_was_refused_says_why_and_can_be_mended(
    town: Town, line: Line, phone_of: Owned
) -> None:
    number = new_label(secrets.randbits(LABEL_BITS))
    ana = phone_of(ANA)
    page = ana.open(f"/give?label={number}")
    ana.has_kept_the_pages()
    fill_in(page)
    give(page)
    page.wait_for_url("**/lots/label:*")
    before = arrivals(town)
    line.set("cut")
    page = ana.open(f"/give?label={number}")
    fill_in(page, count="7")
    give(page)
    expect(page.get_by_text("1 form waits on this phone")).to_be_visible()
    line.set("open")
    send_now(page)
    expect(page.get_by_text("One label is one lot")).to_be_visible()

    page.get_by_role("link", name="Mend it").click()
    expect(page.get_by_label("How many?")).to_have_value("7")
    page.get_by_label("Number of a printed label").fill("")
    give(page)

    page.wait_for_url("**/lots/label:*")
    assert arrivals(town) == before + 1
    expect(ana.open("/queue").get_by_role("link", name="Mend it")).to_have_count(0)


def test_who_has_signed_out_meanwhile_signs_in_again_and_it_is_sent(
    town: Town, line: Line, phone_of: Owned
) -> None:
    ana = phone_of(ANA)
    ana.open("/give")
    ana.has_kept_the_pages()
    before = arrivals(town)
    line.set("cut")
    page = ana.open("/give")
    fill_in(page, count="6")
    give(page)
    expect(page.get_by_text("1 form waits on this phone")).to_be_visible()
    ana.context.clear_cookies()
    line.set("open")

    send_now(page)
    expect(page.get_by_role("link", name="Sign in to send it")).to_be_visible()
    assert arrivals(town) == before
    ana.sign_in(ANA)

    expect(ana.open("/queue").get_by_role("link", name="See the lot")).to_be_visible()
    assert arrivals(town) == before + 1


def test_nobody_sends_what_somebody_else_filled_in(town: Town, line: Line, phone_of: Owned) -> None:
    ana = phone_of(ANA)
    ana.open("/give")
    ana.has_kept_the_pages()
    before = arrivals(town)
    line.set("cut")
    page = ana.open("/give")
    fill_in(page)
    give(page)
    expect(page.get_by_text("1 form waits on this phone")).to_be_visible()
    ana.sign_in(BEN)
    line.set("open")

    expect(ana.open("/queue").get_by_text("Somebody else filled in this form")).to_be_visible()
    assert arrivals(town) == before


def test_the_phone_keeps_nothing_that_opens_anything(line: Line, phone_of: Owned) -> None:
    ana = phone_of(ANA)
    ana.open("/give")
    ana.has_kept_the_pages()
    line.set("cut")
    page = ana.open("/give")
    fill_in(page)
    give(page)
    expect(page.get_by_text("1 form waits on this phone")).to_be_visible()

    kept = page.evaluate(
        """async () => {
            const pages = [];
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const key of await cache.keys()) {
                    pages.push(await (await cache.match(key)).text());
                }
            }
            const forms = await new Promise((resolve) => {
                const opening = indexedDB.open("bioloom");
                opening.onsuccess = () => {
                    const all = opening.result.transaction("forms").objectStore("forms").getAll();
                    all.onsuccess = () => resolve(all.result);
                };
            });
            return { pages, forms };
        }"""
    )
    assert len(kept["forms"]) == 1
    assert "seal" not in kept["forms"][0]["fields"]
    assert len(kept["pages"]) > 4
    assert not any('name="seal" value="' in page for page in kept["pages"])


def test_a_form_works_without_scripts_and_a_double_tap_is_one_lot(
    town: Town, phone_of: Owned
) -> None:
    page = phone_of(ANA, scripts=False).open("/give")
    before = arrivals(town)
    page.get_by_role("radio", name="Textiles").check()
    page.get_by_label("How many?").fill("2,5")
    page.get_by_label("Where is it?").select_option("Alder Row")
    page.get_by_role("button", name="Give", exact=True).dblclick()
    page.wait_for_url("**/lots/label:*")

    assert "Given, and in the record" in page.inner_text("main")
    assert "2.50 kg" in page.inner_text("main")
    assert arrivals(town) == before + 1
