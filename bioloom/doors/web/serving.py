"""Serving: one process, one open city, on this machine only unless told otherwise."""

import asyncio
import errno
import logging
import resource
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar

from bioloom.doors.compose import City, open_city
from bioloom.doors.loop import run as run_loop
from bioloom.doors.stores.answering import noted
from bioloom.doors.web.app import make_app
from bioloom.doors.web.guards.crossing import read_address
from bioloom.doors.web.routes.stream import MOST_PAGES, NEWS, News
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

# How long the loop may take to end by itself.
_LEAVE_S = 2.0


class PortTaken(Refusal):
    """The page cannot be served at this address."""

    def __init__(self, *, host: str, port: int, found: str) -> None:
        self.host, self.port = host, port
        super().__init__(
            what=f"Nothing can be served at {host}:{port}: {found}.",
            why="One address answers for one city.",
            remedy=f"Stop what runs there, or take another port: `--port {port % 65535 + 1}`.",
        )


class Story(Protocol):
    """Something that is played in a city while its page is open."""

    def now(self) -> Instant:
        """Where it stands."""

    def play(self, until: threading.Event) -> None:
        """Play it, in a thread of its own, until it ends or is told to stop."""


def serve(
    folder: str | Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    url: str | None = None,
    open_browser: bool = False,
    say: Callable[[str], None] = print,
    story: Story | None = None,
    page: str = "",
) -> None:
    """Serve a city's page until the process is told to stop (Ctrl-C or SIGTERM).

    Args:
        folder: The city's folder.
        host: Whom to listen to; 127.0.0.1 is this machine alone.
        port: Where; 0 takes any free port.
        url: Where people reach it, if a web server in front of it passes requests on.
        open_browser: Whether to open the page in the user's browser.
        say: Told the address once it answers.
        story: What is played in the city meanwhile, instead of what the city does by itself.
        page: Which page to open, without its first slash.

    Raises:
        CityMissing: If there is no city in the folder.
        PortTaken: If the address is in use or not ours to take.
        UrlUnusable: If `url` is no address of a server.
    """
    address = read_address(url)
    port = _free_port(host, port)
    with open_city(folder) as city:
        logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
        if story is not None:
            city = replace(city, told_time=story.now)  # noqa: PLW2901  Its time, not ours.
        app = make_app(city, address=address)
        here = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        beside = _looping(city) if story is None else _playing(story)
        with beside, noted(city.folder, address.origin or here.rstrip("/")):
            running = _run(
                _server(app, host, port),
                app.state[NEWS],
                here + page,
                open_browser=open_browser,
                say=say,
            )
            asyncio.run(running)


def _server(app: Litestar, host: str, port: int) -> Server:
    """A server with room for a connection of every open page, which waits there for news."""
    connections = MOST_PAGES + 1_024
    files, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files < connections:  # Often a thousand, as it comes.
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(connections, most_files), most_files))
    return Server(
        app,
        host,
        port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_enabled=False,
        backlog=1_024,
        backpressure=connections,
    )


@contextmanager
def _playing(story: Story) -> Iterator[None]:
    """Play a story beside the server; it ends where the server does."""
    until = threading.Event()
    playing = threading.Thread(target=story.play, args=(until,), name="story")
    playing.start()
    try:
        yield
    finally:
        until.set()
        playing.join()


@contextmanager
def _looping(city: City) -> Iterator[None]:
    """Run the city's live loop beside the server."""
    until = threading.Event()
    looping = threading.Thread(target=run_loop, args=(city, city.clock, until), name="loop")
    looping.start()
    try:
        yield
    finally:
        until.set()
        looping.join(_LEAVE_S)
        # A reaction may read a large record for minutes; what it has not recorded follows later.
        while looping.is_alive():
            city.journal.store.interrupt()
            looping.join(0.1)


async def _run(
    server: Server, news: News, url: str, *, open_browser: bool, say: Callable[[str], None]
) -> None:
    loop = asyncio.get_running_loop()

    for asked in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(asked, _stop, server, news)
    serving = loop.create_task(server.serve())
    await _answering(server.bind_addr, server.bind_port, serving)
    if not serving.done():
        say(f"The page is at {url} (Ctrl-C stops it)")
        if open_browser:
            # A browser that starts slowly, or not at all, must not keep the page waiting.
            loop.run_in_executor(None, webbrowser.open, url)
    await serving


def _stop(server: Server, news: News) -> None:
    news.close()  # Or its pages would keep their connections, and the server wait for them.
    stop: Callable[[], None] = server.stop
    stop()


async def _answering(host: str, port: int, serving: asyncio.Task[None]) -> None:
    """Wait until the server can be reached, or has ended."""
    while not serving.done():
        try:
            _, knocking = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            knocking.close()
            return


def _free_port(host: str, port: int) -> int:
    """The port, once it is sure that nobody has it: granian would quietly share it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # A port in TIME_WAIT from the run before is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            free: int = probe.getsockname()[1]
            return free
    except OSError as taken:
        found = "it is in use" if taken.errno == errno.EADDRINUSE else str(taken)
        raise PortTaken(host=host, port=port, found=found) from taken
