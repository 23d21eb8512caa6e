"""Entries of estimates: what somebody thinks there is of a lot. They move nothing."""

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.lots import LotId


class EstimateMade(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Evidence beside the account: how much of a lot there is, by whom, how, and how surely.

    The account stays what it is until who is accountable raises or lowers it by an event.
    """

    lot: LotId
    estimator: AgentId
    # In words: a float scale, paced out, from photographs.
    method: str
    quantity: Amount
    # The standard uncertainty in the lot's base unit; 30 % of the quantity where nobody said.
    uncertainty_units: int | None = None
