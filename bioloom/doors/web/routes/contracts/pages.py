"""Contracts: which there are, until when, and what each would give back.

Those between organisations and commons are public; one with a person or a household in it is shown
to its parties, and to nobody else is it there.
"""

from itertools import islice
from typing import Any

import msgspec
from litestar import Response, get

from bioloom.doors.web.asking import NotThere, named_in, read_seq
from bioloom.doors.web.guards.reading import Reader, reader_of
from bioloom.doors.web.rendering import AnyRequest, Pages
from bioloom.doors.web.visiting import Visiting
from bioloom.ledger.contracts.agreeing import AgreementUnknown
from bioloom.ledger.contracts.listing import (
    ContractListed,
    Reclaimable,
    TakeBackTold,
    contract,
    contracts_after,
)
from bioloom.ledger.contracts.terms import is_over
from bioloom.vocabulary.entries.contracts import AgreementId

PAGE_CONTRACTS = 50
# A page looks at no more of them than these, however few of them its reader may see.
_MOST_LOOKED_AT = 1_000
# Of what would go back, so many lots are named.
_NAMED = 50


class Returning(msgspec.Struct, frozen=True, kw_only=True):
    """A right to take back, with the lots that its reader may see."""

    told: TakeBackTold
    named: list[Reclaimable]
    # How many more the reader may see, and whether there are any that they may not.
    more: int
    has_hidden: bool


@get("/contracts", include_in_schema=False, sync_to_thread=True)
def contracts_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """Contracts in the order in which they were made; on each page, those over come last."""
    after = request.query_params.get("after")
    reader = reader_of(renderer, visitor)
    begin = read_seq("after", after) if after else 0
    rows, following = _some(reader, begin, renderer)
    rows.sort(key=lambda one: is_over(one.standing))
    return renderer.page(
        request,
        "contracts/list",
        renderer.desk.standing(),
        rows=rows,
        after=after,
        following=following,
    )


@get("/contracts/{agreement:path}", include_in_schema=False, sync_to_thread=True)
def contract_page(request: AnyRequest, renderer: Pages, visitor: Visiting) -> Response[str]:
    """One contract: between whom, until when, and what would go back to whom."""
    name = AgreementId(named_in(request.scope, "/contracts/"))
    reader = reader_of(renderer, visitor)
    try:
        found = contract(reader.journal, name, today=renderer.desk.city.today())
    except AgreementUnknown:
        raise NotThere(word="contract", name=name) from None
    if not _sees(reader, found):
        raise NotThere(word="contract", name=name)
    told: dict[str, Any] = {"returning": [_returning(reader, one) for one in found.take_backs]}
    standing = renderer.desk.standing()
    return renderer.page(request, "contracts/contract", standing, contract=found, **told)


def _some(reader: Reader, after: int, renderer: Pages) -> tuple[list[ContractListed], int | None]:
    """Contracts that a reader may see, and the entry after which the next page begins."""
    rows: list[ContractListed] = []
    seq = after
    found = contracts_after(reader.journal, after, today=renderer.desk.city.today())
    for looked_at, (next_seq, one) in enumerate(islice(found, _MOST_LOOKED_AT + 1)):
        if len(rows) == PAGE_CONTRACTS or looked_at == _MOST_LOOKED_AT:
            return rows, seq
        seq = next_seq
        if _sees(reader, one):
            rows.append(one)
    return rows, None


def _sees(reader: Reader, listed: ContractListed) -> bool:
    return reader.sees_what_is_between(*listed.made.parties)


def _returning(reader: Reader, told: TakeBackTold) -> Returning:
    seen = [one for one in told.returns if reader.knows_lot(one.lot)]
    return Returning(
        told=told,
        named=seen[:_NAMED],
        more=len(seen[_NAMED:]),
        has_hidden=len(seen) < len(told.returns),
    )
