"""Whatever happens to a database server or to who writes to it, nothing acknowledged is lost."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from bioloom.doors.compose import found_city
from bioloom.doors.stores.settings import Where
from bioloom.doors.web.app import make_app
from bioloom.ledger.record.committing import Committer
from bioloom.ledger.record.outcomes import Recorded, Same
from bioloom.ledger.record.sealing import Sealing
from bioloom.ledger.record.verifying import verify
from bioloom.ledger.stores.postgres.connecting import OutcomeUnknown, ServerFailed
from bioloom.ledger.stores.postgres.making import make_journal
from bioloom.ledger.stores.postgres.store import PostgresStore
from tests.doors.web.conftest import Client
from tests.faults.cutting_proxy import Cut, CuttingProxy, cutting
from tests.faults.many_writers import WRITERS
from tests.faults.test_many_writers import assert_kept, disturbed
from tests.ledger.records import LATER, arrival, gift, journal_of
from tests.postgres_server import Server, running


@pytest.fixture(scope="module")
def server(postgres_programs: Path) -> Iterator[Server]:
    """A server that waits for the disk, and may be stopped: nobody else uses it."""
    with running(postgres_programs) as started:
        yield started


@pytest.fixture
def address(server: Server) -> str:
    """A database with an empty journal."""
    address = server.new_database()
    make_journal(address).close()
    return address


@pytest.mark.parametrize("kill_after", [1, 70, 301])
def test_nothing_acknowledged_is_lost_when_64_writers_are_killed(
    address: str, kill_after: int
) -> None:
    told = disturbed(address, "steady", kill_after=kill_after)

    assert told.code == -signal.SIGKILL
    assert len(told.recorded) >= kill_after
    entries = assert_kept(address, told)
    assert len(entries) / 2 - len(told.recorded) <= WRITERS


def test_two_processes_that_write_the_same_at_once_record_it_once(address: str) -> None:
    with ThreadPoolExecutor() as both:
        first, second = both.map(
            lambda kill_after: disturbed(address, "steady", kill_after=kill_after), [400, 600]
        )

    assert_kept(address, first)
    entries = assert_kept(address, second)
    shared = first.recorded.keys() & second.recorded.keys()
    assert shared
    assert all(first.recorded[name] == second.recorded[name] for name in shared)
    assert len({entry.idempotency_key for entry in entries}) == len(entries)


def test_a_batch_whose_connection_is_ended_in_its_middle_is_gone(
    address: str, server: Server
) -> None:
    with closing(PostgresStore(address)) as store:
        journal = journal_of(arrival("peel", 5), store=store)

        with pytest.raises(ServerFailed, match="terminating connection"):
            write_and_be_ended(store, server, address)

        assert journal.head().seq == 1
        assert verify(store).holds


def write_and_be_ended(store: PostgresStore, server: Server, address: str) -> None:
    name = address.rpartition("/")[2]
    everybody = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    with store.writing():
        Sealing(store, recorded_at=LATER, correct=False).take([arrival("leaves", 5)])
        server.run_sql(everybody)
        store.last()


@pytest.mark.parametrize("how", ["stopped", "killed"])
def test_a_server_that_goes_away_is_refused_in_words_and_gone_on_with_when_it_is_back(
    address: str, server: Server, how: str
) -> None:
    with closing(PostgresStore(address)) as store:
        journal = journal_of(arrival("peel", 5), store=store)
        committer = Committer(journal, clock=lambda: LATER)
        try:
            (server.stop if how == "stopped" else server.kill)()
            for _ in range(3):
                with pytest.raises(ServerFailed, match=r"cannot be read or written: .+"):
                    committer.commit([arrival("leaves", 5)])
        finally:
            server.start()

        (outcome,) = committer.commit([arrival("leaves", 5)])

        assert isinstance(outcome, Recorded)
        assert [entry.idempotency_key for entry in journal.read()] == ["peel", "leaves"]
        assert verify(store).holds
        committer.close()


def test_a_server_that_was_away_while_nobody_asked_costs_one_refusal_at_most(
    address: str, server: Server
) -> None:
    with closing(PostgresStore(address)) as store:
        journal = journal_of(arrival("peel", 5), store=store)
        server.stop()
        server.start()

        with pytest.raises(ServerFailed, match=r"terminating connection|closed"):
            journal.head()

        assert journal.head().seq == 1


@pytest.fixture
def proxy(server: Server) -> Iterator[CuttingProxy]:
    with cutting(server.port) as one:
        yield one


def through(proxy: CuttingProxy, server: Server, address: str) -> str:
    return address.replace(f":{server.port}/", f":{proxy.port}/")


@pytest.mark.parametrize("whole", [True, False])
def test_a_commit_whose_answer_was_lost_is_found_in_the_record(
    address: str, server: Server, proxy: CuttingProxy, whole: bool
) -> None:
    with closing(PostgresStore(through(proxy, server, address))) as store:
        journal = journal_of(arrival("peel", 5), store=store)
        committer = Committer(journal, clock=lambda: LATER)
        proxy.cut = "before its answer"

        outcomes = committer.commit(
            [arrival("leaves", 5), gift("g", "leaves", 1, "ana", "ben")], whole=whole
        )

        assert all(isinstance(outcome, Recorded) for outcome in outcomes)
        assert journal.head().seq == 3
        assert verify(store).holds
        committer.close()


def test_a_commit_that_never_arrived_is_refused_and_can_be_done_again(
    address: str, server: Server, proxy: CuttingProxy
) -> None:
    with closing(PostgresStore(through(proxy, server, address))) as store:
        journal = journal_of(arrival("peel", 5), store=store)
        proxy.cut = "before it arrives"

        with pytest.raises(ServerFailed, match="nothing was recorded now"):
            journal.record([arrival("leaves", 5)], recorded_at=LATER)

        assert journal.head().seq == 1
        journal.record([arrival("leaves", 5)], recorded_at=LATER)
        assert journal.head().seq == 2
        assert verify(store).holds


def test_an_outcome_that_stays_unknown_is_said_to_be_and_resolved_by_its_key(
    address: str, server: Server, proxy: CuttingProxy
) -> None:
    cut: Cut = "and nobody comes through again"
    with closing(PostgresStore(through(proxy, server, address))) as store:
        journal = journal_of(arrival("peel", 5), store=store)
        proxy.cut = cut

        with pytest.raises(OutcomeUnknown, match="did not say whether") as refusal:
            journal.record([arrival("leaves", 5)], recorded_at=LATER)
        proxy.is_closed_for_all = False
        (outcome,) = journal.append([arrival("leaves", 5)], recorded_at=LATER)

        assert "Submit the same again" in refusal.value.remedy
        assert isinstance(outcome, Same)
        assert journal.head().seq == 2
        assert verify(store).holds


def test_pages_say_that_the_record_is_away_and_are_there_when_it_is_back(
    tmp_path: Path, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    address = server.new_database()
    with found_city(tmp_path / "city", token="t", where=Where(journal=address)) as city:
        client = Client(make_app(city), raise_server_exceptions=False)
        server.stop()
        try:
            page, health = client.get("/lots"), client.get("/health")
        finally:
            server.start()

        assert page.status_code == health.status_code == 503
        assert "The record cannot be read or written now." in page.text
        assert str(server.port) not in page.text + health.text
        assert f":{server.port}/" in caplog.text
        client.get("/health")  # The first one after it may find a connection that is gone.
        assert client.get("/lots").status_code == 200
        assert client.get("/health").status_code == 200
