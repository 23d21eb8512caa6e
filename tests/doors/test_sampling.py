"""The practice city: marked as made up, the same every time, and with something to decide."""

from pathlib import Path

from bioloom.doors.compose import found_city, open_city
from bioloom.doors.sampling import fill_with_sample
from bioloom.ledger.inventory import lots
from bioloom.ledger.record.verifying import verify
from tests.doors.sample_city import sample_city


def test_everything_in_it_is_marked_as_generated(tmp_path: Path) -> None:
    with open_city(sample_city(tmp_path / "city")) as city:
        declared = city.journal.declared()

        assert declared.founded is not None
        assert declared.founded.stamp == "generated"
        assert {row.stamp for row in lots(city.journal)} == {"generated"}
        assert {district.stamp for district in declared.districts.values()} == {"generated"}
        assert {site.stamp for site in declared.sites.values()} == {"generated"}


def test_it_has_24_districts_and_a_year_that_verifies(tmp_path: Path) -> None:
    with open_city(sample_city(tmp_path / "city")) as city:
        assert len(city.journal.declared().districts) == 24
        assert len(list(lots(city.journal))) == 24 * 5 * 12
        assert verify(city.journal.store).holds


def test_it_is_the_same_city_every_time(tmp_path: Path) -> None:
    with found_city(tmp_path / "again", stamp="generated", token="u") as again:
        fill_with_sample(again)
        made_again = {row.lot: row.mass_mg for row in lots(again.journal)}

    with open_city(sample_city(tmp_path / "city")) as city:
        assert {row.lot: row.mass_mg for row in lots(city.journal)} == made_again


def test_not_everything_finds_a_place_so_that_there_is_something_to_decide(tmp_path: Path) -> None:
    with open_city(sample_city(tmp_path / "city")) as city:
        made = city.plan(explain=False)

        assert made.checked
        assert made.unmet
