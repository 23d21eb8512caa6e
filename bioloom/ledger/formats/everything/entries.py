"""Tables of what was recorded: entries, and by their kinds events, claims, promises and more."""

from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from bioloom.ledger.formats.everything.columns import (
    IS_STANDING,
    SEQ,
    Column,
    Reading,
    Row,
    Table,
    moment,
    text,
    whole,
)
from bioloom.vocabulary.amounts import MILLIGRAM, Amount, base_of
from bioloom.vocabulary.entries.circuits import CommitmentMade
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import (
    ClaimMade,
    EventHappened,
    ProcessClosed,
    ProcessOpened,
    PromiseMade,
)
from bioloom.vocabulary.entries.ledger import AgentDeclared, LotArrived, LotTransferred
from bioloom.vocabulary.lots import Side

_HAPPENED = ("EventHappened", "LotArrived", "LotTransferred")
_TRANSFERS: dict[tuple[Side, ...], str] = {
    ("rights",): "transferAllRights",
    ("custody",): "transferCustody",
}
_AMOUNT = (
    whole("quantity_base_units", "How much, in whole base units."),
    text("base_unit", "The base unit: mg, ml, s, piece, or minor: and a currency."),
    text("reported_quantity", "The figure as somebody reported it."),
    text("reported_unit", "The unit in which it was reported."),
)


def _seen(
    reading: Reading, kinds: Collection[str] | None = None
) -> Iterator[tuple[Entry[Any], bool]]:
    """Entries that may be seen, each with whether it stands."""
    for entry in reading.journal.read(kinds=kinds):
        if reading.eyes.sees_entry(entry):
            yield entry, entry.id not in reading.gone


def _entries(reading: Reading) -> Iterator[Row]:
    for entry, stands in _seen(reading):
        yield (
            entry.seq,
            entry.id,
            entry.kind,
            entry.version,
            entry.occurred_at,
            entry.recorded_at,
            entry.author,
            entry.idempotency_key,
            entry.corrects,
            entry.cause,
            msgspec.json.encode(entry.body).decode(),
            entry.hash,
            stands,
        )


def _events(reading: Reading) -> Iterator[Row]:
    for entry, stands in _seen(reading, _HAPPENED):
        yield (entry.seq, entry.id, entry.occurred_at, *_event(entry.body), stands)


def _event(body: LotArrived | LotTransferred | EventHappened) -> Row:
    match body:
        case LotArrived():
            amount = (body.mass_mg, MILLIGRAM, body.reported, body.unit)
            moved = ("arrive", "outside", body.owner, body.lot, None, body.material)
            return (*moved, *amount, None, None, None, None, body.place, None, None, body.stamp)
        case LotTransferred():
            sides: dict[tuple[Side, ...], str] = {
                ("rights",): "transferAllRights",
                ("custody",): "transferCustody",
            }
            action = sides.get(body.sides, "transfer")
            amount = (body.mass_mg, MILLIGRAM, str(body.mass_mg), "mg")
            passed = (action, body.giver, body.receiver, body.lot, None, None)
            return (*passed, *amount, None, None, None, None, None, None, None, None)
    return (
        body.action,
        body.provider,
        body.receiver,
        body.lot,
        body.to_lot,
        body.material if body.made is None else body.made.material,
        *_amount(body.quantity),
        None if body.effort is None else body.effort.units,
        body.input_of,
        body.output_of,
        body.container,
        body.to_place,
        body.stage,
        body.state,
        body.stamp,
    )


def _amount(amount: Amount | None) -> Row:
    if amount is None:
        return (None, None, None, None)
    return (amount.units, base_of(amount.unit)[0], amount.reported, amount.unit)


def _claims(reading: Reading) -> Iterator[Row]:
    for entry, stands in _seen(reading, ("ClaimMade",)):
        body: ClaimMade = entry.body
        yield (
            entry.seq,
            entry.occurred_at,
            body.claim,
            body.action,
            body.provider,
            body.receiver,
            body.material,
            body.lot,
            *_amount(body.amount),
            body.due,
            body.triggered_by,
            stands,
        )


def _commitments(reading: Reading) -> Iterator[Row]:
    for entry, stands in _seen(reading, ("PromiseMade", "CommitmentMade")):
        yield (entry.seq, entry.occurred_at, *_commitment(entry.body), stands)


def _commitment(body: PromiseMade | CommitmentMade) -> Row:
    parties = (body.commitment, body.provider, body.receiver, body.material)
    if isinstance(body, PromiseMade):
        return (*parties, body.action, body.lot, None, *_amount(body.amount), body.due)
    amount = (body.mass_mg, MILLIGRAM, str(body.mass_mg), "mg")
    return (*parties, "transfer", None, body.plan, *amount, body.due)


def _processes(reading: Reading) -> Iterator[Row]:
    for entry, stands in _seen(reading, ("ProcessOpened", "ProcessClosed")):
        body: ProcessOpened | ProcessClosed = entry.body
        if isinstance(body, ProcessOpened):
            told: Row = ("opened", body.specification, body.operator, body.place, None, None)
        else:
            lost_mg = sum(loss.mass_mg for loss in body.losses)
            told = ("closed", None, None, None, lost_mg, body.residual_mg)
        yield (entry.seq, entry.occurred_at, body.process, *told, stands)


def _agents(reading: Reading) -> Iterator[Row]:
    for entry, stands in _seen(reading, ("AgentDeclared",)):
        body: AgentDeclared = entry.body
        if reading.eyes.sees_agent(body.agent):
            yield (entry.seq, body.agent, body.name, body.sort, stands)


_HAPPENED_AT = moment("occurred_at", "When it happened.")
_PROVIDER = text("provider", "Who gives.")
_RECEIVER = text("receiver", "Who receives.")
_MATERIAL = text("material", "The material, where the entry names one.")
_DUE = Column("due", "date", "The day by which it is due.")

RECORDED = (
    Table(
        "entries",
        "Every entry of the record, with its whole body as JSON.",
        (
            SEQ,
            text("id", "The entry's id."),
            text("kind", "What kind of fact it is."),
            whole("version", "The version of the shape of its body."),
            _HAPPENED_AT,
            moment("recorded_at", "When it was recorded."),
            text("author", "Who recorded it."),
            text("idempotency_key", "Source and natural key."),
            text("corrects", "The id of the entry that it corrects."),
            text("cause", "The id of the entry that it came from."),
            text("body_json", "What it says."),
            text("hash_sha256", "The hash over this entry and all before it."),
            IS_STANDING,
        ),
        _entries,
    ),
    Table(
        "events",
        "What happened to lots: arrivals, transfers, and events with the actions of Valueflows.",
        (
            SEQ,
            text("id", "The entry's id."),
            _HAPPENED_AT,
            text("action", "An action of Valueflows, or `arrive`: it came from outside."),
            _PROVIDER,
            _RECEIVER,
            text("lot", "The lot."),
            text("to_lot", "The lot that it goes into, where that is another."),
            _MATERIAL,
            *_AMOUNT,
            whole("effort_s", "How long somebody worked, in seconds."),
            text("input_of", "The process that it goes into."),
            text("output_of", "The process that it comes out of."),
            text("container", "The lot that it is put into or taken out of."),
            text("to_place", "Where it is from then on."),
            text("stage", "The stage it is in from then on."),
            text("state", "The state it is in from then on."),
            text("stamp", "What the figure stands on."),
            IS_STANDING,
        ),
        _events,
    ),
    Table(
        "claims",
        "What somebody is owed.",
        (
            SEQ,
            _HAPPENED_AT,
            text("claim", "The claim."),
            text("action", "What would settle it."),
            _PROVIDER,
            _RECEIVER,
            _MATERIAL,
            text("lot", "The lot, for a claim on part of a heap."),
            *_AMOUNT,
            _DUE,
            text("triggered_by", "The id of the entry that it is owed for."),
            IS_STANDING,
        ),
        _claims,
    ),
    Table(
        "commitments",
        "What somebody undertook to do, by themselves or by a plan that was adopted.",
        (
            SEQ,
            _HAPPENED_AT,
            text("commitment", "The commitment."),
            _PROVIDER,
            _RECEIVER,
            _MATERIAL,
            text("action", "What would fulfil it."),
            text("lot", "The lot, where it names one."),
            text("plan", "The plan that it belongs to."),
            *_AMOUNT,
            _DUE,
            IS_STANDING,
        ),
        _commitments,
    ),
    Table(
        "processes",
        "Processes as they began and as they ended.",
        (
            SEQ,
            _HAPPENED_AT,
            text("process", "The process."),
            text("what", "opened, or closed."),
            text("specification", "What kind of process it is."),
            text("operator", "Who runs it."),
            text("place", "Where."),
            whole("lost_mg", "What left it without becoming a lot, in milligrams."),
            whole("residual_mg", "What is unaccounted for [mg]; below zero: from nowhere."),
            IS_STANDING,
        ),
        _processes,
    ),
    Table(
        "agents",
        "Who owns and holds; persons and households by a pseudonym.",
        (
            SEQ,
            text("agent", "The agent."),
            text("name", "What it is called in the record."),
            text("sort", "person, household, organisation, commons or programme."),
            IS_STANDING,
        ),
        _agents,
    ),
)
