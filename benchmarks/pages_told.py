"""A thousand open pages: how long after a commit each has heard of it, beside a bare stream.

    python benchmarks/pages_told.py [PAGES]

Every page is a connection of its own to a real server on this machine, in another process; the
clock starts before the commit and stops when the last byte of a page's event is read. Ours is
`bioloom serve`, with its live loop, told by a program that commits into the same city. The rival is
the least that can be written: an ASGI app on the same server that looks at the size of a file and
sends a line to each connection.

Server and readers share the processors of this machine; the readers' time counts in the figures.
"""

import asyncio
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.append_and_verify import arrival
from benchmarks.measuring import print_table
from bioloom.doors.compose import found_city

_TIMES = 5
_BAR_S = 1.0
_SERVED = "import sys; from bioloom.doors.web.serving import serve; serve(sys.argv[1], port=0)"
_BARE = """
import asyncio, os, socket, sys
from granian.constants import Interfaces
from granian.server.embed import Server

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200,
                "headers": [(b"content-type", b"text/event-stream")]})
    await send({"type": "http.response.body", "body": b"data: 0\\n\\n", "more_body": True})
    seen = news["size"]
    while True:
        async with changed:
            await changed.wait_for(lambda: news["size"] != seen)
        seen = news["size"]
        body = b"id: %d\\ndata: 1\\n\\n" % seen
        await send({"type": "http.response.body", "body": body, "more_body": True})

async def watch():
    while True:
        size = os.path.getsize(sys.argv[1])
        if size != news["size"]:
            async with changed:
                news["size"] = size
                changed.notify_all()
        await asyncio.sleep(0.1)

async def main():
    global changed
    changed = asyncio.Condition()
    watching = asyncio.create_task(watch())
    print(f"at http://127.0.0.1:{port}/", flush=True)
    await Server(app, "127.0.0.1", port, interface=Interfaces.ASGINL, websockets=False,
                 log_enabled=False, backlog=1024, backpressure=8192).serve()

news = {"size": os.path.getsize(sys.argv[1])}
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
asyncio.run(main())
"""


def main(pages: int) -> None:
    """Run both, print one table, and end with 1 if a page waits too long."""
    files, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(files, min(most_files, 2 * pages)), most_files))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        rows = {
            "Bioloom": _of_bioloom(place, pages),
            "bare stream on granian": _of_bare(place, pages),
        }
    columns = ["", "median ms", "99 % ms", "slowest ms", "server CPU ms a change", "peak MB"]
    title = f"{pages:,} open pages hear of a change ({_TIMES} changes after one to warm up)"
    print_table(title, columns, [[name, *cells] for name, (cells, _) in rows.items()])
    sys.exit(0 if rows["Bioloom"][1] <= _BAR_S else 1)


def _of_bioloom(place: Path, pages: int) -> tuple[list[str], float]:
    city = found_city(place / "city", token="a-token")
    numbers = iter(range(_TIMES + 1))
    with city, _server([_SERVED, str(city.folder)]) as (port, server):
        return asyncio.run(
            _measure(port, server, pages, lambda: city.commit([arrival(next(numbers))]))
        )


def _of_bare(place: Path, pages: int) -> tuple[list[str], float]:
    file = place / "file"
    file.touch()

    def grow() -> None:
        with file.open("ab") as growing:
            growing.write(b"x")

    with _server([_BARE, str(file)]) as (port, server):
        return asyncio.run(_measure(port, server, pages, grow))


@contextmanager
def _server(arguments: list[str]) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    with subprocess.Popen(
        [sys.executable, "-u", "-c", *arguments], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline().split("127.0.0.1:")[1].split("/")[0]), server
        finally:
            server.send_signal(signal.SIGKILL)


async def _measure(
    port: int, server: "subprocess.Popen[str]", pages: int, change: Callable[[], object]
) -> tuple[list[str], float]:
    """Open all pages, make changes, and see when each page has heard of each."""
    heard: asyncio.Queue[float] = asyncio.Queue()
    readers = [asyncio.create_task(_page(port, heard)) for _ in range(pages)]
    for _ in range(pages):  # Each is told at once where the record ends.
        await asyncio.wait_for(heard.get(), 60)
    waits_s: list[float] = []
    cpu_s = 0.0
    for turn in range(_TIMES + 1):
        await asyncio.sleep(0.3)
        before_cpu_s, start_s = _cpu_s(server.pid), time.perf_counter()
        await asyncio.to_thread(change)
        heard_s = [await asyncio.wait_for(heard.get(), 60) for _ in range(pages)]
        if turn:
            waits_s += [at_s - start_s for at_s in heard_s]
            cpu_s += _cpu_s(server.pid) - before_cpu_s
    for reader in readers:
        reader.cancel()
    waits_s.sort()
    late_s = waits_s[int(len(waits_s) * 0.99)]
    figures_s = [statistics.median(waits_s), late_s, waits_s[-1], cpu_s / _TIMES]
    return [*(f"{figure_s * 1000:.0f}" for figure_s in figures_s), _peak_mb(server.pid)], late_s


async def _page(port: int, heard: "asyncio.Queue[float]") -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /stream HTTP/1.1\r\nhost: 127.0.0.1:%d\r\n\r\n" % port)
    while line := await reader.readline():
        if line.startswith(b"data:"):
            heard.put_nowait(time.perf_counter())


def _cpu_s(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mb(process: int) -> str:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return f"{int(next(line.split()[1] for line in lines if line.startswith('VmHWM'))) / 1024:.0f}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
