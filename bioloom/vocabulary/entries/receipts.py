"""Entries of receipts of waste: what the law asks a site to tell of a movement that arrived.

The lots of a movement are in the record by their own entries, with their weights; a receipt names
them and says what besides is asked. Email addresses and telephone numbers are not in the record.

Source:
    Digital Waste Tracking Receipt API 1.0 (Defra, Open Government Licence v3.0).
"""

from typing import Literal

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.places import SiteId
from bioloom.vocabulary.stamps import Stamp

Means = Literal["Road", "Rail", "Air", "Sea", "Inland Waterway", "Piped", "Other"]
PhysicalForm = Literal["Gas", "Liquid", "Solid", "Powder", "Sludge", "Mixed"]
ComponentSource = Literal["NOT_PROVIDED", "PROVIDED_WITH_WASTE", "GUIDANCE", "OWN_TESTING"]


class Part(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    gc=False,
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """Part of a receipt."""


class PostalAddress(Part, frozen=True, kw_only=True):
    """Where an organisation is."""

    postcode: str
    full: str | None = None


class Carrier(Part, frozen=True, kw_only=True):
    """Who brought a movement, by which register or why by none, and in what."""

    agent: AgentId
    name: str
    means: Means
    registration: str | None = None
    reason_for_no_registration: str | None = None
    vehicle: str | None = None
    address: PostalAddress | None = None


class Broker(Part, frozen=True, kw_only=True):
    """A broker or dealer who arranged a movement."""

    agent: AgentId
    name: str
    registration: str | None = None
    address: PostalAddress | None = None


class Component(Part, frozen=True, kw_only=True):
    """A pollutant by its code, or a hazardous component by its name, and how much of it."""

    name: str
    # The text of a decimal number, so that it stays exact.
    concentration_mg_per_kg: str | None = None


class Contents(Part, frozen=True, kw_only=True):
    """Persistent organic pollutants or hazards in a waste, and who says so.

    `codes` are the hazardous properties HP_1 to HP_15; pollutants have none.
    """

    contained: bool
    source: ComponentSource | None = None
    components: tuple[Component, ...] = ()
    codes: tuple[str, ...] = ()


class Treatment(Part, frozen=True, kw_only=True):
    """How much of a waste is recovered (R1 to R13) or disposed of (D1 to D15)."""

    code: str
    # The text of a decimal number, and the unit in which it was reported.
    reported: str
    unit: str
    stamp: Stamp


class ReceivedItem(Part, frozen=True, kw_only=True):
    """A waste of a movement: the lot that it became, and what the record has not of it."""

    lot: LotId
    # As the List of Waste spells them: '20 01 21*'.
    ewc_codes: tuple[str, ...]
    description: str
    form: PhysicalForm
    containers: int
    container_type: str
    pops: Contents
    hazards: Contents
    treatments: tuple[Treatment, ...] = ()


class Reference(Part, frozen=True, kw_only=True):
    """Another number of a movement, and whose or what it is."""

    label: str
    reference: str


class WasteReceived(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A movement of waste was received at a site; it happened when it arrived.

    `movement` is its name in the record. A receipt that was wrong is corrected by another.
    """

    movement: str
    receiver: AgentId
    site_name: str
    authorisation: str
    address: PostalAddress
    carrier: Carrier
    items: tuple[ReceivedItem, ...]
    site: SiteId | None = None
    broker: Broker | None = None
    regulatory_position_statements: tuple[int, ...] = ()
    consignment_code: str | None = None
    reason_for_no_consignment_code: str | None = None
    reference: str | None = None
    other_references: tuple[Reference, ...] = ()
    special_handling: str | None = None
    # The movement of which this is what was turned away, or the rest.
    follows: str | None = None


class ReceiptReported(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt was reported to the authority, which gave it a waste tracking id.

    `entry` is the id of the receipt as it was reported: one that corrects it is to be reported too.
    """

    movement: str
    receiver: AgentId
    entry: str
    tracking_id: str
