"""My lots, and my account: what somebody, or a group of theirs, has, took and gave."""

import csv
from collections.abc import Sequence
from datetime import timedelta
from io import StringIO

import msgspec
from litestar import Response, get

from bioloom.doors.giving.standing import accounts_open_to
from bioloom.doors.web.asking import NotThere, read_date, read_seq
from bioloom.doors.web.guards.reading import Reader, reader_of
from bioloom.doors.web.rendering import AnyRequest
from bioloom.doors.web.routes.people.errands import Errand, Errands
from bioloom.ledger.accounts.owing import OwedRow
from bioloom.ledger.accounts.own import AccountLine, OwnAccount, own_account, totals
from bioloom.ledger.accounts.returning import AwayLot, away
from bioloom.ledger.inventory import LotFilter
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import Period

_PAGE_LOTS = 50
# Without a wish, so many days are shown; a file has them all.
_DAYS = 92


@get("/me/lots", include_in_schema=False, sync_to_thread=True)
def my_lots_page(errand: Errands) -> Response[str]:
    """What is one's own or in one's hands, what is due back, and what was promised."""
    names, agent = _whose(errand)
    reader = reader_of(errand.renderer, errand.visitor)
    after = errand.request.query_params.get("after")
    which = LotFilter(having=agent, after=read_seq("after", after) if after else 0)
    rows, following = reader.lots(which, _PAGE_LOTS)
    living = errand.renderer.desk.living(errand.city.today())
    return errand.page(
        "people/lots",
        names=names,
        agent=agent,
        rows=rows,
        following=following,
        after=after,
        due_back=_due_back(errand, reader, agent),
        covenants=errand.renderer.desk.covenants().by_id,
        promised=_open(living.owed, provider=agent),
        awaited=_open(living.owed, receiver=agent),
    )


@get("/me/account", include_in_schema=False, sync_to_thread=True)
def own_account_page(errand: Errands) -> Response[str]:
    """What one took and gave in a period, with the running balance."""
    names, agent = _whose(errand)
    period = _asked_period(errand.request) or _newest_days(errand)
    account = _account(errand, agent, period)
    return errand.page(
        "people/holding",
        names=names,
        agent=agent,
        period=period,
        account=account,
        totals=totals(account.lines),
    )


@get("/me/account.json", include_in_schema=False, sync_to_thread=True)
def own_account_json(errand: Errands) -> Response[OwnAccount]:
    """The same for a program; all of the record unless a period is asked for."""
    _, agent = _whose(errand)
    account = _account(errand, agent, _asked_period(errand.request))
    return Response(account, headers=_as_file("json"))


@get("/me/account.csv", include_in_schema=False, sync_to_thread=True)
def own_account_csv(errand: Errands) -> Response[str]:
    """The lines as a table; all of the record unless a period is asked for."""
    _, agent = _whose(errand)
    account = _account(errand, agent, _asked_period(errand.request))
    table = StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(AccountLine.__struct_fields__)
    writer.writerows(msgspec.structs.astuple(line) for line in account.lines)
    return Response(table.getvalue(), media_type="text/csv; charset=utf-8", headers=_as_file("csv"))


def _due_back(errand: Errand, reader: Reader, agent: AgentId) -> list[AwayLot]:
    """What an agent holds and is to return under a covenant, or what is out of their commons."""
    covenants = errand.renderer.desk.covenants().by_id
    found = [
        one
        for one in away(reader.journal, errand.city.settings.zone, at=reader.at)
        if agent in (one.holder, covenants[one.covenant].terms.commons)
        and reader.knows_lot(one.lot)
    ]
    return sorted(found, key=lambda one: (one.due, one.since))


def _whose(errand: Errand) -> tuple[list[AgentId], AgentId]:
    """Whose account may be looked at, and whose is asked for.

    Raises:
        NotThere: If it is nobody's that the visitor may look at.
    """
    people, at = errand.renderer.desk.people(), errand.city.clock()
    names = accounts_open_to(errand.agent, people, at=at)
    asked = AgentId(errand.request.query_params.get("of", errand.agent))
    if asked not in names:
        raise NotThere(word="account", name=asked)
    return names, asked


def _account(errand: Errand, agent: AgentId, period: Period | None) -> OwnAccount:
    return own_account(errand.city.journal, [agent], errand.city.settings.zone, period)


def _asked_period(request: AnyRequest) -> Period | None:
    first, last = request.query_params.get("from"), request.query_params.get("to")
    if not first or not last:
        return None
    return Period(first=read_date("from", first), last=read_date("to", last))


def _newest_days(errand: Errand) -> Period:
    today = errand.city.today()
    return Period(first=today - timedelta(days=_DAYS - 1), last=today)


def _as_file(ending: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="account.{ending}"'}


def _open(
    owed: Sequence[OwedRow], *, provider: AgentId | None = None, receiver: AgentId | None = None
) -> list[OwedRow]:
    """What is promised by somebody or to them, and not done, the earliest due first."""
    found = [
        row
        for row in owed
        if row.owed.standing != "done"
        and (provider is None or row.owed.provider == provider)
        and (receiver is None or row.owed.receiver == receiver)
    ]
    return sorted(found, key=lambda row: (row.owed.due is None, str(row.owed.due), row.said_by))
