"""Entries of work orders: what is to be brought where, who takes it on, and how it ends.

People act for teams; a team stands in the record as an organisation or a commons.
"""

from datetime import date
from typing import Literal, NewType

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.events import CommitmentId
from bioloom.vocabulary.lots import Portion
from bioloom.vocabulary.materials import MaterialId

OrderId = NewType("OrderId", str)

# What an order comes out of: a plan's commitment, a vehicle's round, or a disruption.
OrderOrigin = Literal["plan", "rounds", "disruption"]
ReturnReason = Literal["no_time", "no_vehicle", "not_there", "unsafe", "other"]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One commitment, or part of one, that an order is to fulfil: these lots, oldest first."""

    commitment: CommitmentId
    provider: AgentId
    material: MaterialId
    # Where it is to be fetched: a district or a site.
    place: str
    lots: tuple[Portion, ...]
    mass_mg: int


class WorkOrderIssued(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Work is there to be taken on: bring these lots to their receiver by a day."""

    order: OrderId
    origin: OrderOrigin
    # The plan, the rounds or the disruption.
    source: str
    receiver: AgentId
    tasks: tuple[Task, ...]
    due: date
    # The only team it is meant for; any may take it where none is named.
    team: AgentId | None = None


class WorkOrderTaken(msgspec.Struct, frozen=True, kw_only=True):
    """A team takes an order on, by its own word."""

    order: OrderId
    team: AgentId


class WorkOrderDelivered(msgspec.Struct, frozen=True, kw_only=True):
    """The team that took an order says that all of it was brought; its receiver has yet to say."""

    order: OrderId
    team: AgentId


class WorkOrderReturned(msgspec.Struct, frozen=True, kw_only=True):
    """An order is free again: its team gives it back, or whoever issues work takes it back."""

    order: OrderId
    team: AgentId
    reason: ReturnReason


class WorkOrderClosed(msgspec.Struct, frozen=True, kw_only=True):
    """The receiver confirms what came; the events that fulfil its commitments stand beside it.

    `events` are their idempotency keys, in the order of the tasks and their lots.
    """

    order: OrderId
    team: AgentId
    mass_mg: int
    events: tuple[str, ...]


class WorkOrderWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """An order that nobody took is no longer to be done."""

    order: OrderId
