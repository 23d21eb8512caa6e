"""`bioloom receipts`: what a site still has to report of the waste that it received."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.markup import escape

from bioloom.doors.acting import acting_as
from bioloom.doors.cli.printing import (
    DONE,
    WANTING,
    AsAgent,
    AsJson,
    out,
    print_json,
    table,
)
from bioloom.doors.compose import now, open_city
from bioloom.doors.recording import Became
from bioloom.doors.register.deciding import see_that_may
from bioloom.ledger.events.receiving import ReceiptUnknown
from bioloom.ledger.formats.defra.deadlines import receipts_due
from bioloom.ledger.formats.defra.numbers import NumberInvalid, is_tracking_id
from bioloom.ledger.formats.defra.receiving import reported_key
from bioloom.ledger.formats.defra.writing import receipts_of
from bioloom.ledger.people.permitting import About
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.receipts import ReceiptReported
from bioloom.vocabulary.periods import day_of, epoch_ms


def due(
    folder: Path,
    *,
    holiday: Annotated[list[date] | None, Parameter(consume_multiple=True)] = None,
    as_json: AsJson = False,
) -> int:
    """List the receipts of waste that are still to be reported, and by when; 1 if one is overdue.

    Digital Waste Tracking gives two working days, beginning with the day after the waste came. Bank
    holidays differ from nation to nation: name yours, or a day may come out too early.

    Example: bioloom receipts due yard --holiday 2026-12-25 2026-12-28

    Parameters
    ----------
    folder
        The city's folder.
    holiday
        Days that are no working days, besides Saturdays and Sundays.
    as_json
        Print a JSON list.
    """
    with open_city(folder) as city:
        zone = city.settings.zone
        today = day_of(epoch_ms(city.clock()), zone)
        receipts = receipts_of(city.journal.standing())
        found = list(receipts_due(receipts, zone=zone, today=today, holidays=holiday or ()))
    if as_json:
        print_json(found)
    else:
        rows = [
            [one.movement, str(one.received), str(one.due), "yes" if one.overdue else "", one.want]
            for one in sorted(found, key=lambda one: one.due)
        ]
        columns = ["movement", "received", "due", "overdue", "what is wanting"]
        out().print(table(f"{len(found)} receipts to report", columns, rows))
    return WANTING if any(one.overdue for one in found) else DONE


def reported(
    folder: Path,
    movement: str,
    tracking_id: str,
    *,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """Record that a receipt was reported as it stands, and the waste tracking id it was given.

    Example: bioloom receipts reported yard defra:EAWML123456:4711 26HRA0B2

    Parameters
    ----------
    folder
        The city's folder.
    movement
        The movement, as `bioloom receipts due` lists it.
    tracking_id
        What the service answered.
    as_
        The agent who says so; the steward unless given.
    as_json
        Print what became of it as JSON.
    """
    if not is_tracking_id(tracking_id):
        raise NumberInvalid(what="waste tracking id", found=tracking_id, form="25HRA0B2")
    with open_city(folder) as city:
        author = acting_as(city, as_)
        receipts = receipts_of(city.journal.standing())
        if movement not in receipts.received:
            raise ReceiptUnknown(movement=movement)
        entry = receipts.received[movement]
        told = ReceiptReported(
            movement=movement,
            receiver=entry.body.receiver,
            entry=entry.id,
            tracking_id=tracking_id,
        )
        see_that_may(city, author, "record_event", About(sides=(told.receiver,)))
        key = reported_key(movement, receipts.newest_seq(movement))
        known = city.journal.current([key]).get(key)
        at = city.clock() if known is None else known.occurred_at
        draft = Draft(body=told, occurred_at=at, author=author, idempotency_key=key)
        (recorded,) = city.journal.record([draft], recorded_at=now())
    outcome: Literal["recorded", "same"] = "recorded" if known is None else "same"
    if as_json:
        print_json(Became(key=key, outcome=outcome, seq=recorded.seq, id=recorded.id))
    else:
        out().print(escape(f"{movement} is {tracking_id}: {outcome}."), soft_wrap=True)
