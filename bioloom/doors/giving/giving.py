"""Giving a lot: what somebody filled in on a form becomes an arrival in the record."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from bioloom.doors.giving.labels import LabelNumber, lot_of_label, read_label
from bioloom.doors.giving.measures import Told, tell
from bioloom.ledger.arriving import DistrictUnknown, MaterialUnknown
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import (
    Instant,
    InstantUnreadable,
    day_of,
    epoch_ms,
    instant,
    read_instant,
)
from bioloom.vocabulary.places import DistrictId
from bioloom.vocabulary.refusal import Refusal

Fields = Mapping[str, str]


class NotYetHappened(Refusal):
    """A form tells of something that is still to come."""

    def __init__(self, *, at: Instant) -> None:
        self.at = at
        super().__init__(
            what=f"{at} has not come yet.",
            why="The record tells what happened, not what is meant to happen.",
            remedy="Choose 'now', or a time that has passed.",
        )


class Gift(msgspec.Struct, frozen=True, kw_only=True):
    """A lot as somebody gives it by a form."""

    number: LabelNumber
    material: MaterialId
    district: DistrictId
    owner: AgentId
    told: Told
    occurred_at: Instant


def read_gift(fields: Fields, *, declared: Declared, zone: ZoneInfo, now: Instant) -> Gift:
    """What the fields of a form say; the record is not asked whether it may be.

    Raises:
        LabelUnreadable: If the number is none.
        MaterialUnknown, DistrictUnknown: If nobody declared what it names.
        MeasureUnknown, AmountAmiss: If it cannot be said how much it is.
        InstantUnreadable, NotYetHappened: If it cannot be said when it was.
    """
    material = declared.materials.get(MaterialId(fields.get("material", "")))
    if material is None or material.base_unit != MILLIGRAM:
        raise MaterialUnknown(material=fields.get("material", "")[:80])
    district = DistrictId(fields.get("district", ""))
    if district not in declared.districts:
        raise DistrictUnknown(district=district[:80])
    return Gift(
        number=read_label(fields.get("number", "")),
        material=material.material,
        district=district,
        owner=AgentId(fields.get("owner", "")),
        told=tell(
            fields.get("count", ""), fields.get("measure", ""), fields.get("uncertainty", "")
        ),
        occurred_at=read_time(fields, zone=zone, now=now),
    )


def arrival_of(
    gift: Gift, *, declared: Declared, author: AgentId, zone: ZoneInfo
) -> Draft[LotArrived]:
    """The arrival to record: whoever it belongs to holds it, until somebody takes it in.

    The figures of a city that is made up for practice are made up too, whoever types them.
    """
    day = day_of(epoch_ms(gift.occurred_at), zone)
    lot = lot_of_label(gift.number)
    is_practice = declared.founded is not None and declared.founded.stamp == "generated"
    body = LotArrived(
        lot=lot,
        material=gift.material,
        place=gift.district,
        owner=gift.owner,
        holder=gift.owner,
        mass_mg=gift.told.mass_mg,
        reported=gift.told.reported,
        unit=gift.told.unit,
        stamp="generated" if is_practice else gift.told.stamp,
        first_day=day,
        last_day=day,
        uncertainty_mg=gift.told.uncertainty_mg,
    )
    return Draft(body=body, occurred_at=gift.occurred_at, author=author, idempotency_key=lot)


def is_told_again(known: LotArrived, told: LotArrived) -> bool:
    """Whether two forms tell of the same lot alike; their clocks may differ.

    The label in the hand says that it is the same heap, so the minute does not matter.
    """
    same_days = msgspec.structs.replace(told, first_day=known.first_day, last_day=known.last_day)
    return same_days == known


def read_time(fields: Fields, *, zone: ZoneInfo, now: Instant) -> Instant:
    """When it happened: as stated in the city's time, else when it was filled in, else now.

    A form that waited on a phone without network carries the instant at which it was filled in. A
    phone whose clock is ahead fills in now.

    Raises:
        InstantUnreadable: If a time is stated that is none.
        NotYetHappened: If the stated time is still to come.
    """
    if fields.get("when") == "earlier":
        stated = _local(fields.get("at", ""), zone)
        if stated > now:
            raise NotYetHappened(at=stated)
        return stated
    filled_at = fields.get("filled_at", "")
    return min(read_instant(filled_at), now) if filled_at else now


def _local(text: str, zone: ZoneInfo) -> Instant:
    try:
        local = datetime.fromisoformat(text)
        if local.tzinfo is not None or local.year < 1900:
            raise InstantUnreadable(text=text[:40])
        return instant(local.replace(tzinfo=zone))
    except (ValueError, OverflowError) as unreadable:
        raise InstantUnreadable(text=text[:40]) from unreadable
