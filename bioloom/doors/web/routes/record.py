"""Pages of the record: the newest entries, an entry."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from bioloom.doors.keys.showing import head_or_none
from bioloom.doors.web.asking import read_seq
from bioloom.doors.web.guards.reading import reader_of
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.visiting import Visiting

PAGE_ENTRIES = 50


@get("/record", include_in_schema=False, sync_to_thread=True)
def record_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """Where the record ends, how to check it, and its newest entries."""
    standing = renderer.desk.standing()
    before = request.query_params.get("before")
    end = read_seq("before", before) if before else standing.head.seq + 1
    end = min(end, standing.head.seq + 1)
    start = max(0, end - 1 - PAGE_ENTRIES)
    reader = reader_of(renderer, visitor)
    entries = list(reader.journal.read(after=start, before=end))
    signed, forked = head_or_none(renderer.desk.city)
    return renderer.page(
        request,
        "record",
        standing,
        signed=signed,
        forked=forked,
        entries=entries[::-1],
        seen={entry.seq for entry in entries if reader.sees_entry(entry)},
        older=start + 1 if start else None,
    )


@get("/record/{seq:str}", include_in_schema=False, sync_to_thread=True)
def entry_page(
    request: AnyRequest, renderer: Pages, visitor: Visiting, seq: FromPath[str]
) -> Response[str]:
    """One entry: what it says, in words and as JSON."""
    reader = reader_of(renderer, visitor)
    entry = reader.entry(read_seq("record", seq))
    corrects, cause = (
        reader.journal.by_id(one) if one else None for one in (entry.corrects, entry.cause)
    )
    plain = msgspec.to_builtins(entry)
    text = msgspec.json.format(msgspec.json.encode(plain, order="deterministic"), indent=2)
    return renderer.page(
        request,
        "entry",
        renderer.desk.standing(),
        entry=entry,
        body=_short(plain["body"]),
        text=text.decode(),
        provable=head_or_none(renderer.desk.city)[0] is not None,
        corrects=corrects,
        cause=cause if cause is not None and reader.sees_entry(cause) else None,
        before=reader.first_seen(range(entry.seq - 1, max(0, entry.seq - PAGE_ENTRIES), -1)),
        after=reader.first_seen(range(entry.seq + 1, entry.seq + PAGE_ENTRIES)),
    )


def _short(body: dict[str, Any]) -> dict[str, str]:
    """What an entry says, field by field; an outline is too long to be read."""
    texts = {
        name: value if isinstance(value, str) else msgspec.json.encode(value).decode()
        for name, value in body.items()
        if value is not None
    }
    return {
        name: text if len(text) <= 200 else f"{text[:160]} … ({len(text)})"
        for name, text in texts.items()
    }
