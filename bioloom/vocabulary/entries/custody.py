"""Entries of chain-of-custody claims. The words are those of ISO 22095. They move nothing.

A specified characteristic, such as "from the allotments", is declared of lots where they come in.
By which model it may be claimed of what a site makes of them is declared for that site.
"""

from datetime import date
from typing import Literal, NewType

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, Amount, BaseUnit
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId

CustodyId = NewType("CustodyId", str)
CertificatesId = NewType("CertificatesId", str)
Characteristic = NewType("Characteristic", str)

# ISO 22095 has a fifth, controlled blending, which is not offered.
CustodyModel = Literal["identity_preserved", "segregated", "mass_balance", "book_and_claim"]


class CustodyModelDeclared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """By which model a site's operator may claim a characteristic, of what, and from which day."""

    declaration: CustodyId
    characteristic: Characteristic
    # In words: what has it and what has not, or the scheme that says so.
    definition: str
    model: CustodyModel
    operator: AgentId
    # The place of its processes.
    site: str
    # What it may be claimed of.
    materials: tuple[MaterialId, ...]
    first_day: date
    base_unit: BaseUnit = MILLIGRAM
    # Of mass balance: how long credits last, and how much output a thousand of input may claim.
    period_days: int | None = None
    conversion_per_mille: int = 1000


class CharacteristicDeclared(msgspec.Struct, frozen=True, kw_only=True):
    """A lot had a characteristic as it came in, by the word of whose it was then."""

    lot: LotId
    characteristic: Characteristic
    declarer: AgentId
    # In words: the delivery note, the certificate, who saw it.
    evidence: str


class CustodyInputBooked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a process consumed of a lot with the characteristic is a credit of its site's account.

    What is booked is spent: what was made of it has the characteristic by credits only.
    """

    declaration: CustodyId
    characteristic: Characteristic
    operator: AgentId
    lot: LotId
    quantity: Amount
    # The idempotency key of the consumption.
    event: str
    # Worked out as it is recorded: the period that it falls into, whether the lot has the
    # characteristic by mass balance claims on it, and what of the record it rests on.
    period: int | None = None
    by_balance: bool = False
    stands_on: tuple[str, ...] = ()


class CustodyClaimed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """So much of a lot is claimed to have the characteristic, by a declared model."""

    declaration: CustodyId
    characteristic: Characteristic
    operator: AgentId
    lot: LotId
    quantity: Amount
    # Worked out as it is recorded; a period only by mass balance.
    period: int | None = None
    stands_on: tuple[str, ...] = ()


class CertificatesIssued(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """So much production with the characteristic can be claimed apart from the material."""

    certificates: CertificatesId
    declaration: CustodyId
    characteristic: Characteristic
    operator: AgentId
    lot: LotId
    quantity: Amount
    # Worked out as it is recorded.
    stands_on: tuple[str, ...] = ()


class CertificatesTransferred(msgspec.Struct, frozen=True, kw_only=True):
    """Some certificates pass from one agent to another; the material stays where it is."""

    certificates: CertificatesId
    giver: AgentId
    receiver: AgentId
    quantity: Amount


class CertificatesRetired(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody claims the characteristic by certificates, for good: nobody has them any more."""

    certificates: CertificatesId
    holder: AgentId
    quantity: Amount
    # In words: what it is claimed of.
    purpose: str


# What uses up or rests on a characteristic that lots brought in.
CustodyUse = CustodyInputBooked | CustodyClaimed | CertificatesIssued
CustodyBody = (
    CustodyModelDeclared
    | CharacteristicDeclared
    | CustodyInputBooked
    | CustodyClaimed
    | CertificatesIssued
    | CertificatesTransferred
    | CertificatesRetired
)
