"""A page that is open hears of what is recorded: it shows it, or says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bioloom.doors.acting import acting_as, adopt_plan, propose_plan
from bioloom.doors.compose import City, open_city
from bioloom.ledger.inventory import lots
from bioloom.ledger.record.outcomes import Recorded
from bioloom.vocabulary.entries.envelope import Draft
from tests.browser.conftest import Open, served
from tests.doors.sample_city import sample_city
from tests.ledger.records import arrival, weighing


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with open_city(sample_city(tmp_path / "city")) as city:
        yield city


@pytest.fixture
def live(city: City) -> Iterator[str]:
    yield from served(city.folder)


def test_the_record_is_shown_as_it_grows(open_page: Open, city: City, live: str) -> None:
    watched = open_page(f"{live}/record")

    city.commit([arrival("a new lot", 1, owner="steward")])

    entry = watched.page.get_by_role("cell", name="a new lot")
    expect(entry).to_be_visible(timeout=5_000)
    assert watched.page.locator("#news").is_hidden()
    city.commit([arrival("another new lot", 1, owner="steward")])
    expect(watched.page.get_by_role("cell", name="another new lot")).to_be_visible(timeout=10_000)
    assert watched.complaints == []


def test_the_living_page_shows_what_just_happened_and_solves_no_plan_for_it(
    open_page: Open, city: City, live: str
) -> None:
    watched = open_page(f"{live}/")

    [lot] = city.commit([arrival("a new lot", 1_000, owner="steward")])

    assert isinstance(lot, Recorded)
    link = watched.page.locator(f'#lately a[href="/record/{lot.entry.seq}"]')
    expect(link).to_be_visible(timeout=5_000)
    assert {a.url.removeprefix(live) for a in watched.answers if "/static/" not in a.url} == {
        "/",
        f"/stream?after={lot.entry.seq - 1}",
        "/now",
    }
    assert watched.complaints == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_page_that_marks_nothing_says_that_there_is_something_new(
    open_page: Open, city: City, live: str, colours: str
) -> None:
    watched = open_page(f"{live}/lots", width_px=360, colours=colours)
    assert watched.page.locator("#as-of").inner_text().startswith("This page was made as of entry")

    city.commit([arrival("a", 1), arrival("b", 1)])

    news = watched.page.get_by_role("status")
    expect(news).to_contain_text("There are 2 new entries in the record.", timeout=5_000)
    width_px = watched.page.evaluate("document.documentElement.scrollWidth")
    assert width_px == 360
    found = Axe().run(watched.page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    watched.page.get_by_role("button", name="Show it").click()
    expect(news).to_be_hidden()
    assert watched.complaints == []


def test_a_plan_that_is_out_of_date_says_so_on_its_page(
    open_page: Open, city: City, live: str
) -> None:
    steward = acting_as(city, None)
    proposed = propose_plan(city, city.plan(), author=steward)
    adopt_plan(city, proposed.plan, author=steward)
    watched = open_page(f"{live}/plan")
    words = "rests on figures that have changed"
    expect(watched.page.locator("main")).not_to_contain_text(words)

    newest = list(lots(city.journal))[-1].lot
    said = city.journal.current([newest])[newest]
    heavier = weighing(said.body, said.body.mass_mg + 1)
    corrected = Draft(
        body=heavier,
        occurred_at=said.occurred_at,
        author=said.author,
        idempotency_key=newest,
    )
    city.commit([corrected], correct=True)
    expect(watched.page.get_by_role("status")).to_contain_text("new entries", timeout=5_000)
    watched.page.reload()

    expect(watched.page.locator("main")).to_contain_text(words)
