"""The control room: what each site takes, what waits where, and the plan in force."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from bioloom.circuits.replanning.undertaken import undertaken
from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, open_city
from bioloom.doors.web.app import make_app
from bioloom.doors.web.views.control.plans import plan_of_today, plan_row
from bioloom.doors.web.views.control.sites import site_rows
from bioloom.doors.web.views.control.yards import view_yards
from bioloom.ledger.accounts.waiting import Waiting, waiting
from bioloom.ledger.numbering import lot_number
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.stamps import Stamp
from tests.doors.stories.made import verdiva
from tests.doors.web.conftest import Client

NOW = Instant("2025-12-31T12:00:00.001Z")


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    with open_city(verdiva()) as city:
        yield city


@pytest.fixture(scope="module")
def browser(city: City) -> Iterator[Client]:
    with Client(make_app(city)) as client:
        yield client


def test_the_room_shows_sites_yards_and_the_plan_without_scripts(browser: Client) -> None:
    page = browser.get("/control?lang=en").text

    assert "Weir bioreactors" in page
    assert "wait in the districts" in page
    assert "For 25 December 2025 to 31 December 2025" in page
    # Each part is fetched anew when the record goes on.
    for part in ("state", "yards", "in-force"):
        assert f'id="{part}" data-live="/control?lang=en"' in page
    assert not re.search(r"<[^>]+ (?:style|on\w+)=", page)


def test_it_is_told_in_spanish_too(browser: Client) -> None:
    assert "Sala de control" in browser.get("/control?lang=es").text


def test_what_waits_is_what_the_commons_hold_of_what_came_in(city: City) -> None:
    found = waiting(city.journal, NOW)

    # By adding up every movement; what fewer than ten households gave is held back.
    store = city.journal.store
    numbers = store.agents()
    held_mg = Counter[int]()
    commons = {numbers[one.commons] for one in city.journal.declared().districts.values()}
    for leg in store.all_legs():
        held_mg[leg.lot] += leg.custody_units * ((leg.receiver in commons) - (leg.giver in commons))
    arrived = {
        lot_number(entry.seq): entry.body
        for entry in city.journal.read(kinds=["LotArrived"])
        if entry.corrects is None and held_mg[lot_number(entry.seq)]
    }
    givers = {(body.place, body.material, body.owner) for body in arrived.values()}
    households = Counter(node[:2] for node in givers if node[2].startswith("household:"))
    expected = Counter[tuple[DistrictId, MaterialId]]()
    for number, body in arrived.items():
        node = body.place, body.material
        if not body.owner.startswith("household:") or households[node] >= 10:
            expected[node] += held_mg[number]

    assert {node: here.mass_mg for node, here in found.items()} == expected


def test_a_site_that_is_declared_to_take_nothing_is_out_and_comes_first(city: City) -> None:
    declared = city.journal.declared()
    site = SiteId("pulper")
    told = declared.sites[site]
    closed = tuple(msgspec.structs.replace(one, capacity_mg_per_day=0) for one in told.intakes)
    known = city.plans()
    plan = plan_of_today(known, city.today())
    assert plan is not None
    promised = undertaken(plan.plan, known, city.journal)
    before = site_rows(declared, plan, promised, city.today())
    declared.sites[site] = msgspec.structs.replace(told, intakes=closed)
    try:
        first, *_ = site_rows(declared, plan, promised, city.today())
    finally:
        declared.sites[site] = told

    assert "down" not in {row.state for row in before}
    assert (first.site, first.state, first.room_mg, first.fullness) == (site, "down", 0, 0.0)
    assert first.planned_mg > 0
    assert sum(row.planned_mg for row in before) == sum(flow.mass_mg for flow in plan.flows)
    assert all(row.taken_mg <= row.planned_mg for row in before)


def test_what_one_of_two_sites_of_an_operator_took_is_not_told_of_the_other(city: City) -> None:
    declared, known = city.journal.declared(), city.plans()
    plan = plan_of_today(known, city.today())
    assert plan is not None
    promised = undertaken(plan.plan, known, city.journal)
    took = {row.site: row.taken_mg for row in site_rows(declared, plan, promised, city.today())}
    one, other = sorted(took, key=lambda site: took[site])[-2:]
    run_by_one = replace(
        declared,
        sites={
            name: msgspec.structs.replace(told, operator=AgentId("both"))
            for name, told in declared.sites.items()
        },
    )

    rows = site_rows(run_by_one, plan, promised, city.today())

    assert took[one] != took[other]
    assert {row.site: row.taken_mg for row in rows} == took
    assert sum(took.values()) == sum(made.done_mg for made in promised)


def test_the_worst_served_is_told_of_the_plan_in_force(city: City) -> None:
    known = city.plans()
    plan = plan_of_today(known, city.today())
    assert plan is not None

    row = plan_row(plan, known, city.today())

    assert row.is_now
    assert row.worst == "14"
    assert 0.8 < row.worst_share < 1
    assert row.gap < 1e-6


def test_bars_are_drawn_against_the_fullest_yard(city: City) -> None:
    declared = city.journal.declared()
    generated: frozenset[Stamp] = frozenset(["generated"])
    paper, wood = MaterialId("paper"), MaterialId("wood")
    first, second = DistrictId("01"), DistrictId("02")
    now = {
        (first, paper): Waiting(60, generated),
        (first, wood): Waiting(20, generated),
        (second, paper): Waiting(40, generated),
    }

    view = view_yards(declared, now, {(second, paper): Waiting(10, generated)})

    assert (view.waiting_mg, view.old_mg) == (120, 10)
    fullest, other = view.districts
    assert (fullest.district, fullest.bar.share, fullest.bar.old_share) == (first, 1.0, 0.0)
    assert (other.bar.share, other.bar.old_share) == (0.5, 0.125)
    assert [(row.group, row.bar.waiting_mg) for row in view.groups] == [
        ("paper", 100),
        ("wood", 20),
    ]


def test_what_came_in_before_anybody_followed_it_is_not_said_to_wait(
    data: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "nyc"
    files = ("community_districts.geojson", "sites.csv", "dsny_monthly_tonnage_1990_2022.csv")
    assert main(["init", str(folder)]) == 0
    assert main(["import", str(folder), *(str(data / "nyc" / name) for name in files)]) == 0
    with open_city(folder) as city, Client(make_app(city)) as client:
        page = client.get("/control?lang=en").text
        everything = sum(here.mass_mg for here in waiting(city.journal, NOW).values())

    assert "Of what came in since 1 December 2022, 282,508 t wait" in page
    assert everything > 100_000_000 * 10**9
