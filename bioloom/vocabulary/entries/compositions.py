"""Entries of composition: how much of a lot is dry matter, carbon, nitrogen. They move nothing."""

from typing import Literal

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.stamps import Stamp

Element = Literal["dry_matter", "carbon", "nitrogen"]
# Gases whose carbon and nitrogen follow from their formula.
Gas = Literal["CO2", "CH4", "NH3", "N2O", "H2O"]


class Share(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """A mass fraction with its standard uncertainty, both in mg per kg; 0 says it is exact."""

    ppm: int
    uncertainty_ppm: int


class Composition(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What shares of a mass are known; what is left out is not known.

    `basis` says of what mass carbon and nitrogen are shares: of the fresh mass, as it is weighed,
    or of its dry matter. Dry matter is always a share of the fresh mass.
    """

    basis: Literal["fresh", "dry"]
    dry_matter: Share | None = None
    carbon: Share | None = None
    nitrogen: Share | None = None


class Conservation(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """An element that a kind of process conserves, and how much of it may be unaccounted for."""

    element: Element
    tolerance_per_mille: int = 0


class CompositionDeclared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Evidence beside the account: what a lot is made of, by whom, how, and how surely."""

    lot: LotId
    declarer: AgentId
    # In words: the laboratory and its method, or the table that it is from.
    method: str
    stamp: Stamp
    composition: Composition
