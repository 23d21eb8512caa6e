"""Entries of recipes: how something is made, published for anybody under an open licence.

The words are those of Valueflows: RecipeProcess, RecipeFlow, RecipeExchange.
"""

from typing import NewType

import msgspec

from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.entries.events import SpecificationId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant

# The hexadecimal SHA-256 of what a recipe says: the same recipe has the same name everywhere.
RecipeId = NewType("RecipeId", str)


class RecipeFlow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So much of a material that goes in, comes out, or is agreed on (vf:RecipeFlow)."""

    action: Action
    amount: Amount
    # Of work and services it may be left out.
    material: MaterialId | None = None
    note: str = ""


class RecipeProcess(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a recipe, in the order of the work (vf:RecipeProcess)."""

    name: str
    inputs: tuple[RecipeFlow, ...] = ()
    outputs: tuple[RecipeFlow, ...] = ()
    # vf:processConformsTo and vf:hasDuration.
    specification: SpecificationId | None = None
    duration: Amount | None = None
    note: str = ""


class RecipeExchange(msgspec.Struct, frozen=True, kw_only=True):
    """What is given for what, where a recipe has an exchange in it (vf:RecipeExchange)."""

    name: str
    stipulates: tuple[RecipeFlow, ...] = ()
    reciprocal: tuple[RecipeFlow, ...] = ()
    note: str = ""


class RecipeOrigin(msgspec.Struct, frozen=True, kw_only=True):
    """Where an adopted recipe was published first, and the proof that it stands in that record.

    The proof is a file of `bioloom prove`, which `bioloom check` checks with the city's public key.
    """

    city: str
    seq: int
    recorded_at: Instant
    key: str
    proof: str


class RecipePublished(msgspec.Struct, frozen=True, kw_only=True):
    """A recipe is public from now on, under a licence that lets anybody use it: it is prior art."""

    recipe: RecipeId
    name: str
    # An identifier of the SPDX licence list.
    licence: str
    text: str
    processes: tuple[RecipeProcess, ...]
    exchanges: tuple[RecipeExchange, ...] = ()
    # The recipe of which this is the next version.
    predecessor: RecipeId | None = None
    # Where it was adopted from, if it was.
    origin: RecipeOrigin | None = None
