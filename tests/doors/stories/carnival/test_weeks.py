"""The weeks before the Carnival as a record: it holds, it closes, and the company is outside."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bioloom.doors.cli.main import main
from bioloom.doors.compose import City, open_city
from bioloom.doors.stories.carnival.calendar import GIVEN_BACK_BY, WEEKS
from bioloom.doors.stories.carnival.people import NETWORK, SIGNERS, practice_key
from bioloom.doors.stories.carnival.places import MERIDIAN, SITES
from bioloom.doors.stories.telling import STORIES, found_story
from bioloom.ledger.accounts.owing import everything_owed
from bioloom.ledger.people.people import people_of
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import commons_of, operator_of
from bioloom.vocabulary.entries.envelope import Entry
from tests.doors.stories.made import carnival


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    with open_city(carnival()) as opened:
        yield opened


@pytest.fixture(scope="module")
def entries(city: City) -> list[Entry[Any]]:
    return list(city.journal.read())


def test_the_record_holds(city: City) -> None:
    assert verify(city.journal.store).problems == []


def test_the_same_seed_gives_the_same_record(city: City, tmp_path: Path) -> None:
    found_story("carnival", tmp_path / "again")

    with open_city(tmp_path / "again") as again:
        assert again.journal.head() == city.journal.head()


def test_some_thousand_entries_and_all_that_is_stamped_is_generated(
    city: City, entries: list[Entry[Any]]
) -> None:
    stamps = Counter(entry.body.stamp for entry in entries if hasattr(entry.body, "stamp"))

    assert 2_000 < len(entries) < 10_000
    assert set(stamps) == {"generated"}
    assert city.today() == date(2025, 10, 4)


def test_every_kind_of_process_ran_and_closed(entries: list[Entry[Any]]) -> None:
    closed = {e.body.process.split(":")[-1] for e in entries if e.kind == "ProcessClosed"}

    assert closed == {site for site, *_ in SITES}


def test_neighbourhoods_sites_and_makers_are_the_network_and_the_company_is_not(
    city: City,
) -> None:
    people = people_of(city.journal)
    now = city.clock()

    members = people.members_of(NETWORK, on=now)

    assert {commons_of(f"{number:02}") for number in range(1, 7)} <= members
    assert {operator_of(site) for site, *_ in SITES} <= members
    assert MERIDIAN not in members


def test_what_the_company_holds_is_owed_back_by_name_when_the_contracts_have_ended(
    city: City,
) -> None:
    owed = everything_owed(city.journal, today=city.today())

    claims = [row.owed for row in owed if row.is_claim]

    assert len(claims) > 20
    assert {claim.provider for claim in claims} == {MERIDIAN}
    assert {claim.due for claim in claims} == {GIVEN_BACK_BY}


def test_each_signer_has_the_key_that_the_record_declares_as_theirs(city: City) -> None:
    people = people_of(city.journal)

    for signer in SIGNERS:
        key = practice_key(signer, STORIES["carnival"].seed)
        public = key.public_key().public_bytes_raw().hex()
        assert list(people.keys_of(signer, "signing", on=city.clock())) == [public]


def test_it_is_made_by_one_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "biolith"), "--story", "carnival"]) == 0

    assert "all of them generated" in capsys.readouterr().out


def test_its_days_are_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["init", str(tmp_path / "biolith"), "--story", "carnival", "--days", "3"]

    assert main(arguments) == 2
    assert "--days does not go with --story carnival" in capsys.readouterr().err
    assert WEEKS.days > 3
