"""The stream: a page hears of every change within moments, and of nobody's affairs."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from bioloom.doors.compose import City, found_city
from bioloom.doors.web.routes import stream
from bioloom.doors.web.routes.stream import News, TooManyPages
from bioloom.ledger.record.journal import Journal
from tests.ledger.records import arrival, journal_of

PROGRAM = "import sys; from bioloom.doors.web.serving import serve; serve(sys.argv[1], port=0)"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with found_city(tmp_path / "verdiva", token="t") as city:
        yield city


@contextmanager
def served(city: City) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Where a city is served, and by what process."""
    with subprocess.Popen(
        [sys.executable, "-u", "-c", PROGRAM, str(city.folder)], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().split("//")[1].split("/")[0], server
        finally:
            server.kill()


def opened(host: str, path: str = "/stream", **headers: str) -> HTTPResponse:
    connection = HTTPConnection(host, timeout=10)
    connection.request("GET", path, headers={"accept-encoding": "gzip", **headers})
    return connection.getresponse()


def told(answer: HTTPResponse) -> dict[str, Any]:
    """The next event, with its id."""
    fields: dict[str, str] = {}
    while "data" not in fields or answer.readline().strip():
        line = answer.readline().decode().rstrip("\n")
        assert line or fields.get("retry"), "the stream ended"
        name, _, value = line.partition(": ")
        fields[name] = value
    return {**json.loads(fields["data"]), "id": int(fields["id"]), "event": fields["event"]}


def test_a_page_hears_what_another_program_recorded(city: City) -> None:
    with served(city) as (host, _):
        page = opened(host)
        first = told(page)
        city.commit([arrival("peel", 5), arrival("leaves", 5)])
        second = told(page)

    head = city.journal.head()
    assert page.headers["content-type"].startswith("text/event-stream")
    assert page.headers["content-encoding"] is None
    assert (first["seq"], first["kinds"]) == (2, {})
    assert second == {
        "event": "head",
        "id": 4,
        "seq": 4,
        "hash": head.hash,
        "recorded_at": head.recorded_at,
        "since": 2,
        "kinds": {"LotArrived": 2},
    }


def test_a_page_that_comes_back_hears_what_it_missed(city: City) -> None:
    with served(city) as (host, _):
        watching = opened(host)
        told(watching)
        city.commit([arrival("peel", 5)])
        told(watching)

        missed = told(opened(host, **{"last-event-id": "2"}))
        shown = told(opened(host, "/stream?after=2"))
        long_ago = told(opened(host, "/stream?after=1"))

    assert (missed["since"], missed["kinds"]) == (2, {"LotArrived": 1})
    assert shown == missed
    assert (long_ago["seq"], long_ago["kinds"]) == (3, None)


def test_what_is_no_entry_is_refused(city: City) -> None:
    with served(city) as (host, _):
        answer = opened(host, **{"last-event-id": "x"})
        text = answer.read().decode(errors="replace")

    assert answer.status == 400
    assert "Traceback" not in text


def test_a_server_that_is_told_to_stop_ends_the_streams_and_stops(city: City) -> None:
    with served(city) as (host, server):
        pages = [opened(host) for _ in range(20)]
        for page in pages:
            told(page)
        server.send_signal(signal.SIGTERM)

        assert server.wait(10) == 0
        assert [page.read() for page in pages] == [b""] * 20


def watched(work: Any) -> None:  # noqa: ANN401  A coroutine function of any signature.
    # In a thread of its own: a browser's test may have left a running loop in this one.
    ThreadPoolExecutor(1).submit(asyncio.run, work()).result()


@pytest.fixture
def journal() -> Journal:
    return journal_of(arrival("first", 1))


def test_a_page_that_does_not_read_is_cut_off_and_the_others_go_on(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BEAT_S", 0)
    monkeypatch.setattr(stream, "PAUSE_S", 0.001)

    async def work() -> None:
        news = News(journal)
        slow, quick = news.open(), news.open()
        for _ in range(3 * stream.MOST_BEHIND):
            assert await asyncio.wait_for(quick.get(), 10) is not None
        messages = [slow.get_nowait() for _ in range(slow.qsize())]
        assert messages[-1] is None
        assert len(messages) == stream.MOST_BEHIND + 1
        news.leave(quick)
        news.close()

    watched(work)


def test_there_is_room_for_so_many_pages_and_for_another_once_one_left(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "MOST_PAGES", 2)

    async def work() -> None:
        news = News(journal)
        first, _ = news.open(), news.open()
        with pytest.raises(TooManyPages, match="2 pages wait"):
            news.open()
        news.leave(first)
        news.open()
        news.close()

    watched(work)
