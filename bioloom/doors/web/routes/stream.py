"""The stream: every open page is told when the record goes on, as server-sent events.

One reader looks at the record for all pages, and sees what any program on this machine recorded. An
event says where the record ends now, and how many entries of which kind came since the one before:
nothing of what they say, and nobody's name.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from time import monotonic

import msgspec
from litestar import get
from litestar.response import Stream

from bioloom.doors.web.asking import read_seq
from bioloom.doors.web.rendering import AnyRequest
from bioloom.ledger.record.journal import Head, Journal
from bioloom.ledger.stores.protocol import StoreFailed
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

LOG = logging.getLogger("bioloom.stream")
PAUSE_S = 0.1
# Proxies close what is silent for a minute.
BEAT_S = 20.0
RETRY_MS = 3_000
# How long to leave a record alone that cannot be read.
REST_S = 5.0
MOST_PAGES = 5_000
# A page that is so far behind is cut off; its browser comes back, and is told the sum.
MOST_BEHIND = 16
# Of so many newest entries the kinds are known by heart.
MOST_COUNTED = 10_000
# Where an app keeps its news, for its pages and for the server, which ends them when it stops.
NEWS = "bioloom_news"
_BEAT = b": still here\n\n"


class TooManyPages(Refusal):
    """More pages are open than this server tells of news."""

    def __init__(self) -> None:
        super().__init__(
            what=f"{MOST_PAGES} pages wait for news already.",
            why="Each keeps a connection open.",
            remedy="The page is complete without: load it again to see what is new.",
        )


class HeadMoved(msgspec.Struct, frozen=True, kw_only=True):
    """The data of an event: where the record ends, and what came after entry `since`."""

    seq: int
    hash: str
    recorded_at: Instant | None
    since: int
    # Entries by kind; none where there are too many to count.
    kinds: dict[str, int] | None


class News:
    """What the pages wait for. All of it runs on the server's one event loop."""

    def __init__(self, journal: Journal) -> None:
        """Wait for pages; the record is looked at only while there are any.

        Args:
            journal: The record to watch.
        """
        self._journal = journal
        self._pages: set[asyncio.Queue[bytes | None]] = set()
        self._kinds: deque[tuple[int, str]] = deque(maxlen=MOST_COUNTED)
        self._head: Head | None = None
        self._has_looked = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None
        # A thread of its own, as each thread has its own connection to the file.
        self._eyes = ThreadPoolExecutor(1, thread_name_prefix="news")

    def open(self) -> "asyncio.Queue[bytes | None]":
        """A place for one page's messages; None ends them.

        Raises:
            TooManyPages: If there is no room for another.
        """
        if len(self._pages) >= MOST_PAGES:
            raise TooManyPages
        page: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._pages.add(page)
        if self._reading is None or self._reading.done():
            self._reading = asyncio.get_running_loop().create_task(self._read())
        return page

    def leave(self, page: "asyncio.Queue[bytes | None]") -> None:
        """Forget a page. The reader rests once there is none."""
        self._pages.discard(page)
        if not self._pages and self._reading is not None:
            self._reading.cancel()
            self._reading = None

    async def since(self, seq: int | None) -> bytes | None:
        """What a page that knows the record up to an entry has missed; nothing if nothing."""
        await self._has_looked.wait()
        head = self._head
        if head is None or head.seq == seq:
            return None
        return _event(head, head.seq if seq is None else seq, self._counts(seq))

    def close(self) -> None:
        """End all pages' messages, so that their connections end."""
        for page in self._pages:
            page.put_nowait(None)
        self._pages.clear()
        if self._reading is not None:
            self._reading.cancel()
        self._eyes.shutdown()

    async def _read(self) -> None:
        """Look at the record again and again; nobody else does."""
        told_s = monotonic()
        while True:
            before = self._head
            head = await self._look()
            if head is not None and before is not None and head.hash != before.hash:
                self._tell(_event(head, before.seq, self._counts(before.seq)))
                told_s = monotonic()
            elif monotonic() - told_s >= BEAT_S:
                self._tell(_BEAT)
                told_s = monotonic()
            await asyncio.sleep(REST_S if head is None else PAUSE_S)

    async def _look(self) -> Head | None:
        """See where the record ends, and the kinds of what is new; none if it cannot be read."""
        loop = asyncio.get_running_loop()
        try:
            head, kinds = await loop.run_in_executor(
                self._eyes, _look_at, self._journal, self._head
            )
        except StoreFailed as failed:
            LOG.warning("%s", failed)
            return None
        self._kinds.extend(kinds)
        self._head = head
        self._has_looked.set()
        return head

    def _tell(self, message: bytes) -> None:
        for page in list(self._pages):
            if page.qsize() < MOST_BEHIND:
                page.put_nowait(message)
            else:
                self._pages.discard(page)
                page.put_nowait(None)

    def _counts(self, seq: int | None) -> dict[str, int] | None:
        if seq is None:
            return {}
        new = [kind for at, kind in self._kinds if at > seq]
        is_whole = self._head is not None and len(new) == max(0, self._head.seq - seq)
        return dict(Counter(new)) if is_whole else None


def _look_at(journal: Journal, known: Head | None) -> tuple[Head, list[tuple[int, str]]]:
    """Where the record ends, and number and kind of each entry since, unless they are many."""
    row = journal.store.last()
    if known is not None and (0 if row is None else row.seq) == known.seq:
        return known, []
    head = journal.head()
    if known is None or head.seq - known.seq > MOST_COUNTED:
        return head, []
    rows = journal.store.rows(after=known.seq, before=head.seq + 1)
    return head, [(row.seq, row.kind) for row in islice(rows, MOST_COUNTED)]


def _event(head: Head, since: int, kinds: dict[str, int] | None) -> bytes:
    """One server-sent event.

    Example:
        >>> _event(Head(seq=2, hash="ab", recorded_at=None), 1, {"LotArrived": 1}).splitlines()[1]
        b'id: 2'

    Source:
        WHATWG HTML, section 9.2, Server-sent events.
    """
    moved = HeadMoved(
        seq=head.seq, hash=head.hash, recorded_at=head.recorded_at, since=since, kinds=kinds
    )
    return b"event: head\nid: %d\ndata: %b\n\n" % (head.seq, msgspec.json.encode(moved))


@get("/stream", include_in_schema=False)
async def stream(request: AnyRequest) -> Stream:
    """Where the record ends, again and again, for as long as the page is open."""
    shown = request.headers.get("last-event-id") or request.query_params.get("after")
    known = None if shown is None else read_seq("after", shown)
    news: News = request.app.state[NEWS]
    page = news.open()
    return Stream(
        _messages(news, page, known),
        media_type="text/event-stream",
        # A proxy that gathers answers would keep the news to itself.
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _messages(
    news: News, page: "asyncio.Queue[bytes | None]", known: int | None
) -> AsyncIterator[bytes]:
    try:
        yield b"retry: %d\n\n" % RETRY_MS
        missed = await news.since(known)
        if missed is not None:
            yield missed
        while (message := await page.get()) is not None:
            yield message
    finally:
        with suppress(RuntimeError):  # The server's loop may be gone already.
            news.leave(page)
