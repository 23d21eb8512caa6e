"""The shapes of the API's answers, from which its description under /schema is made."""

from datetime import date
from typing import Any, Literal

import msgspec

from bioloom.ledger.inventory import LotRow
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.stamps import Stamp


class HeadAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Where the record ends. Root, signed note and public key are null where it is not signed."""

    city: str
    seq: int
    hash: str
    recorded_at: Instant | None
    generated: bool
    root: str | None
    note: str | None
    key: str | None


class HealthAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the record can be read, and where it ends."""

    ok: bool
    seq: int
    hash: str


class BalanceLine(msgspec.Struct, frozen=True, kw_only=True):
    """One material of a balance."""

    material: MaterialId
    name: str
    low_code: str | None
    offered_mg: int
    placed_mg: int
    unmet_mg: int
    offered_stamps: list[Stamp]
    planned_stamp: Stamp


class BalanceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The balance of a period."""

    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")
    materials: list[BalanceLine]


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """A GeoJSON feature (RFC 7946)."""

    id: str
    geometry: dict[str, Any]
    properties: dict[str, Any]
    type: Literal["Feature"] = "Feature"


class FeatureCollection(msgspec.Struct, frozen=True, kw_only=True):
    """A GeoJSON feature collection (RFC 7946)."""

    features: list[Feature]
    type: Literal["FeatureCollection"] = "FeatureCollection"


class LotsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Some lots, and the value of `after` that gives the next ones, if there are any."""

    lots: list[LotRow]
    next: int | None
