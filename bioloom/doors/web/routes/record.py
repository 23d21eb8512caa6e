"""Pages of the record: lots, a lot's line, the newest entries, an entry."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from bioloom.doors.giving.labels import label_of_lot, short_of, shown
from bioloom.doors.keys.showing import head_or_none
from bioloom.doors.web.asking import named_in, read_date, read_seq
from bioloom.doors.web.guards.reading import reader_of
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.routes.hands.scanning import label_code
from bioloom.doors.web.visiting import Visiting
from bioloom.ledger.declared import waste_of
from bioloom.ledger.inventory import LotFilter
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.places import DistrictId

PAGE_LOTS = 50
PAGE_ENTRIES = 50


class LotQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The filters of the list of lots as an address has them; empty ones do not narrow it."""

    place: str = ""
    material: str = ""
    owner: str = ""
    first: str = ""
    last: str = ""
    after: str = ""

    def read(self) -> LotFilter:
        """What to ask the ledger for.

        Raises:
            DateUnreadable: If a day is not a date.
            NumberUnreadable: If `after` is not an entry's number.
        """
        return LotFilter(
            place=DistrictId(self.place) if self.place else None,
            material=MaterialId(self.material) if self.material else None,
            owner=AgentId(self.owner) if self.owner else None,
            first_day=read_date("from", self.first) if self.first else None,
            last_day=read_date("to", self.last) if self.last else None,
            after=read_seq("after", self.after) if self.after else 0,
        )


@get("/lots", include_in_schema=False, sync_to_thread=True)
def lots_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """Lots in the order in which they came into the record, fifty at a time."""
    query = request.query_params
    asked = LotQuery(
        place=query.get("place", ""),
        material=query.get("material", ""),
        owner=query.get("owner", ""),
        first=query.get("from", ""),
        last=query.get("to", ""),
        after=query.get("after", ""),
    )
    reader = reader_of(renderer, visitor)
    standing = renderer.desk.standing()
    rows, following = reader.lots(asked.read(), PAGE_LOTS)
    agents = standing.declared.agents
    owners = {agent: name for agent, name in agents.items() if reader.sees_agent(agent)}
    return renderer.page(
        request, "lots", standing, asked=asked, rows=rows, following=following, owners=owners
    )


@get("/lots/{lot:path}", include_in_schema=False, sync_to_thread=True)
def lot_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """A lot's line: what it is, where from, whose, who holds it, and every entry that says so."""
    name = LotId(named_in(request.scope, "/lots/"))
    standing = renderer.desk.standing()
    reader = reader_of(renderer, visitor)
    back, forward = reader.line(name, "back"), reader.line(name, "forward")
    steps = sorted([*back.steps, *forward.steps], key=lambda step: step.seq)
    corrected = {step.corrects for step in steps if step.corrects}
    return renderer.page(
        request,
        "lot",
        standing,
        lot=back.lot,
        steps=steps,
        corrected=corrected,
        origins=back.origins,
        waste=waste_of(standing.declared, back.lot.material),
        said=request.query_params.get("said", ""),
        is_by_hand=label_of_lot(name) is not None,
        short=shown(short_of(back.lot)),
        code=label_code(renderer, request, short_of(back.lot)),
    )


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
