"""A plan for reading: what is stored is not placed, and is told beside what is."""

from bioloom.circuits.planning import plan
from bioloom.doors.web.views.plan_view import view_plan
from bioloom.ledger.declared import Declared
from tests.circuits.cities import ONE_DAY, add_district, add_material, add_site, offer_t

T = 10**9


def test_what_is_stored_is_counted_with_what_no_site_takes_and_told_apart() -> None:
    city = Declared()
    add_district(city, "north", stores_t=3)
    add_material(city, "peel")
    add_site(city, "heap", "peel", t_per_day=5)
    made = plan(city, offer_t(north_peel=10), ONE_DAY)

    view = view_plan(made, city)

    assert (view.offered_mg, view.placed_mg) == (10 * T, 5 * T)
    assert (view.unmet_mg, view.stored_mg) == (5 * T, 3 * T)
    assert [(row.site, row.mass_mg) for row in view.flows] == [(None, 5 * T), ("heap", 5 * T)]
    assert sum(rest.mass_mg for rest in made.unmet) == 2 * T
