"""A city whose journal is in a database: every command works on it as on any other."""

import json
import sys
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from bioloom.doors.cli.main import main
from bioloom.doors.compose import found_city, now, open_city
from bioloom.doors.keeping.backing_up import back_up
from bioloom.doors.keeping.restoring import restore
from bioloom.doors.stores import databases
from bioloom.doors.stores.databases import DriverNotInstalled
from bioloom.doors.stores.settings import Where, read_settings
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.postgres.connecting import ServerFailed
from bioloom.ledger.stores.postgres.laying_out import JournalThere, NotAJournalThere
from bioloom.ledger.stores.protocol import LAYOUT
from tests.doors.keeping.kept_city import a_load, take
from tests.doors.monthly_city import fill_with_months
from tests.postgres_server import Server


@pytest.fixture
def address(postgres: Server) -> str:
    return postgres.new_database()


@pytest.fixture
def city(tmp_path: Path, address: str) -> Path:
    """A practice city of monthly tons in a database."""
    folder = tmp_path / "city"
    with found_city(
        folder, name="Sample city", stamp="generated", token="t", where=Where(journal=address)
    ) as made:
        fill_with_months(made)
    return folder


def told_by(capsys: pytest.CaptureFixture[str], *command: object, code: int = 0) -> str:
    """What a command says, which ends with a code."""
    capsys.readouterr()
    assert main([str(word) for word in command]) == code
    said = capsys.readouterr()
    return said.out + said.err


def head_of(folder: Path) -> str:
    with open_city(folder) as city:
        return city.journal.head().hash


def test_init_makes_a_city_in_a_database_and_says_so_in_its_settings(
    tmp_path: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told_by(capsys, "init", tmp_path / "nyc", "--journal", address)

    assert read_settings(tmp_path / "nyc").journal == address
    assert not (tmp_path / "nyc" / "journal.db").exists()
    assert (tmp_path / "nyc" / "city.toml").stat().st_mode & 0o077 == 0
    assert "The record holds" in told_by(capsys, "verify", tmp_path / "nyc")


def test_every_command_that_reads_answers_as_for_a_file(
    tmp_path: Path, city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    back_up(city, tmp_path / "kept", at=now())
    restore(tmp_path / "kept", tmp_path / "as a file")
    commands = (
        ("lots", "--json"),
        ("plan", "--json"),
        ("totals", "--recount", "--json"),
        ("verify", "--json"),
        ("circuits plans", "--json"),
        ("people list", "--json"),
    )
    for name, *options in commands:
        ours, theirs = (
            told_by(capsys, *name.split(), folder, *options)
            for folder in (city, tmp_path / "as a file")
        )
        assert ours == theirs, name


def test_a_story_is_told_into_a_database(
    tmp_path: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "verdiva"
    init = ("init", folder, "--story", "verdiva", "--days", 2, "--journal", address)
    told_by(capsys, *init)
    told_by(capsys, "init", tmp_path / "file", "--story", "verdiva", "--days", 2)

    with open_city(folder) as here, open_city(tmp_path / "file") as there:
        # The last entry declares a key that is made by chance.
        before = here.journal.head().seq - 1
        assert here.journal.at([before])[before].hash == there.journal.at([before])[before].hash
        assert verify(here.journal.store).holds


def test_a_backup_is_a_file_that_needs_no_server_and_goes_back_into_one(
    tmp_path: Path, city: Path, postgres: Server
) -> None:
    made = back_up(city, tmp_path / "kept", at=now())

    restore(tmp_path / "kept", tmp_path / "as a file")
    other = postgres.new_database()
    restore(tmp_path / "kept", tmp_path / "moved", journal=other)

    assert made.manifest.journal == "journal.db"
    assert "postgresql" not in (tmp_path / "as a file" / "city.toml").read_text()
    assert head_of(city) == head_of(tmp_path / "as a file") == head_of(tmp_path / "moved")
    assert sorted(path.name for path in (tmp_path / "moved").iterdir()) == ["city.toml"]
    with open_city(tmp_path / "moved") as moved:
        take(moved, [a_load("after")])
        assert verify(moved.journal.store).holds


def test_a_restore_into_a_database_that_has_a_journal_leaves_it_as_it_is(
    tmp_path: Path, city: Path, address: str
) -> None:
    back_up(city, tmp_path / "kept", at=now())
    before = head_of(city)

    with pytest.raises(JournalThere, match=r"a journal in .* already"):
        restore(tmp_path / "kept", tmp_path / "again", journal=address)

    assert not (tmp_path / "again").exists()
    assert head_of(city) == before


def test_a_database_has_one_city(tmp_path: Path, city: Path, address: str) -> None:
    with pytest.raises(JournalThere, match="two cities cannot share"):
        found_city(tmp_path / "other", token="o", where=Where(journal=address))

    assert head_of(city)


def test_what_is_damaged_beside_the_entries_is_mended_while_others_read(
    city: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_city(city) as reader:
        head = reader.journal.head()
        damage(
            address,
            "UPDATE bioloom.holdings SET custody_units = 1 WHERE account = 7",
            "DELETE FROM bioloom.keys WHERE first = 3",
            "DROP TRIGGER legs_are_never_changed ON bioloom.legs",
        )
        assert "lacks 'legs_are_never_changed'" in told_by(capsys, "verify", city, code=1)

        said = json.loads(told_by(capsys, "rebuild", city, "--json"))

        assert (said["entries"], said["hash"]) == (head.seq, head.hash)
        assert said["kept"] == f"bioloom_layout_{LAYOUT}"
        assert reader.journal.head() == head
        take(reader, [a_load("after")])
        assert verify(reader.journal.store).problems == []
    told_by(capsys, "rebuild", city)  # A second one keeps the first one's, too.
    kept = f"bioloom_layout_{LAYOUT}"
    assert schemas_in(address) == ["bioloom", kept, f"{kept}_2"]


def test_a_rebuilding_of_entries_that_do_not_hold_changes_nothing(
    city: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(address, "UPDATE bioloom.entries SET hash = '' WHERE seq = 3")

    assert "its hash does not follow" in told_by(capsys, "rebuild", city, code=2)
    assert schemas_in(address) == ["bioloom"]


def test_a_newer_journal_is_refused_and_an_older_one_is_brought_up_to_date(
    city: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    head = head_of(city)
    damage(address, "INSERT INTO bioloom.layouts VALUES (99)")
    for command in ("verify", "rebuild", "lots"):
        assert "has layout 99; this Bioloom knows" in told_by(capsys, command, city, code=2)

    damage(address, "DELETE FROM bioloom.layouts", "INSERT INTO bioloom.layouts VALUES (1)")
    assert "bioloom rebuild" in told_by(capsys, "lots", city, code=2)

    said = json.loads(told_by(capsys, "rebuild", city, "--json"))
    assert (said["layout_before"], said["lots_mended"]) == (1, 0)
    assert head_of(city) == head
    recorded = psycopg.connect(address).execute("SELECT number FROM bioloom.layouts ORDER BY 1")
    assert recorded.fetchall() == [(1,), (LAYOUT,)]


def test_a_journal_from_before_covenants_is_brought_up_to_date(
    city: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    head = head_of(city)
    damage(
        address,
        "DROP TABLE bioloom.covenants, bioloom.covenant_members, bioloom.bound, bioloom.away,"
        " bioloom.covenant_balances",
        "DROP FUNCTION bioloom.bound_lots_stay, bioloom.lots_come_in_bound CASCADE",
        "UPDATE bioloom.layouts SET number = 2",
    )
    assert "has layout 2, of an older Bioloom" in told_by(capsys, "lots", city, code=2)

    said = json.loads(told_by(capsys, "rebuild", city, "--json"))

    assert (said["layout_before"], said["lots_mended"]) == (2, 0)
    assert head_of(city) == head
    assert "The record holds" in told_by(capsys, "verify", city)


def test_whoever_writes_needs_no_right_to_change_or_to_make_anything(
    tmp_path: Path, postgres: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    owner, writer = f"owner_{uuid4().hex}", f"writer_{uuid4().hex}"
    owning = postgres.new_database(role=owner)
    writing = owning.replace(owner, writer)
    database = owning.rpartition("/")[2]
    postgres.run_sql(
        f"CREATE ROLE {owner} LOGIN", f"CREATE ROLE {writer} LOGIN",
        f"GRANT CREATE ON DATABASE {database} TO {owner}",
    )  # fmt: skip
    folder = tmp_path / "city"
    refused = told_by(capsys, "init", tmp_path / "no", "--journal", writing, code=2)
    assert "permission denied for database" in refused

    told_by(capsys, "init", folder, "--journal", writing, "--journal-owner", owning)
    with open_city(folder) as city:
        take(city, [a_load("peel")])
    assert "The record holds" in told_by(capsys, "verify", folder)
    check_denied(writing)

    assert "permission denied" in told_by(capsys, "rebuild", folder, code=2)
    told_by(capsys, "rebuild", folder, "--journal-owner", owning)
    with open_city(folder) as city:
        take(city, [a_load("leaves")])
    assert "The record holds" in told_by(capsys, "verify", folder)
    damage(owning, f"GRANT DELETE ON bioloom.entries TO {writer}")
    found = told_by(capsys, "verify", folder, code=1)
    assert f"'{writer}' has the right to delete 'entries'" in found


def check_denied(writing: str) -> None:
    for statement, denied in (
        ("UPDATE bioloom.entries SET kind = 'x'", "permission denied"),
        ("DELETE FROM bioloom.legs", "permission denied"),
        ("TRUNCATE bioloom.keys", "permission denied"),
        ("UPDATE bioloom.holdings SET rights_units = 1", "permission denied"),
        ("INSERT INTO bioloom.holdings VALUES (1, 7, 1, 1)", "permission denied"),
        ("UPDATE bioloom.keys SET key = 'x'", "permission denied"),
        ("DROP TRIGGER holdings_follow ON bioloom.legs", "must be owner"),
        ("ALTER TABLE bioloom.legs DISABLE TRIGGER ALL", "must be owner"),
        ("CREATE TABLE bioloom.more (x int)", "permission denied"),
        ("SET session_replication_role = replica", "permission denied"),
    ):
        with psycopg.connect(writing) as raw, pytest.raises(psycopg.Error, match=denied):
            raw.execute(statement.encode())


def test_a_server_that_is_not_there_and_a_database_without_a_journal_are_told_apart(
    city: Path, postgres: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = (city / "city.toml").read_text()
    address = read_settings(city).journal
    nowhere = "postgresql://ana:secret@127.0.0.1:1/nyc"

    (city / "city.toml").write_text(settings.replace(address, nowhere))
    with pytest.raises(ServerFailed, match="cannot be read or written"):
        open_city(city)
    assert "secret" not in told_by(capsys, "lots", city, code=2)

    (city / "city.toml").write_text(settings.replace(address, postgres.new_database()))
    with pytest.raises(NotAJournalThere, match="There is no journal in"):
        open_city(city)


@pytest.mark.parametrize("journal", ["mysql://db/nyc", "../other.db"])
def test_only_the_address_of_a_postgresql_database_is_taken(
    tmp_path: Path, journal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = told_by(capsys, "init", tmp_path / "nyc", "--journal", journal, code=2)

    assert "is not the address of a database" in said
    assert not (tmp_path / "nyc").exists()


def test_without_its_driver_a_database_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "bioloom.ledger.stores.postgres.store", None)

    with pytest.raises(DriverNotInstalled, match=r"pip install bioloom\[postgresql\]"):
        databases.open_in_database("postgresql://db/nyc")


def damage(address: str, *statements: str) -> None:
    """Run statements as somebody who owns the journal, with no guard in the way."""
    with psycopg.connect(address) as raw:
        if address.startswith("postgresql://postgres@"):
            raw.execute("SET session_replication_role = replica")
        for statement in statements:
            raw.execute(statement.encode())


def schemas_in(address: str) -> list[str]:
    query = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'bioloom%' ORDER BY 1"
    with psycopg.connect(address) as raw:
        return [name for (name,) in raw.execute(query)]
