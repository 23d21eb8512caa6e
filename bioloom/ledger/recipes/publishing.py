"""Publishing a recipe: what it says has a hash, an open licence, and a date in the record."""

from hashlib import sha256

import msgspec
import rfc8785

from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.mentioning import recipe_name
from bioloom.vocabulary.entries.recipes import (
    RecipeExchange,
    RecipeId,
    RecipeProcess,
    RecipePublished,
)
from bioloom.vocabulary.refusal import Refusal

# SPDX identifiers of licences that let anybody use, change and share for any purpose.
OPEN_LICENCES = (
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC-BY-3.0",
    "CC-BY-4.0",
    "CC-BY-SA-3.0",
    "CC-BY-SA-4.0",
    "CC0-1.0",
    "CERN-OHL-P-2.0",
    "CERN-OHL-S-2.0",
    "CERN-OHL-W-2.0",
    "FSFAP",
    "GFDL-1.3-or-later",
    "GPL-2.0-or-later",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "ISC",
    "LGPL-3.0-or-later",
    "MIT",
    "MPL-2.0",
    "ODbL-1.0",
    "OGL-UK-3.0",
    "PDDL-1.0",
    "Unlicense",
)
LONGEST_TEXT = 100_000


class LicenceNotOpen(Refusal):
    """A recipe under a licence that is not known to be open."""

    def __init__(self, *, licence: str) -> None:
        self.licence = licence
        super().__init__(
            what=f"'{licence[:60]}' is not a licence under which a recipe can be published.",
            why="An open recipe may be used, changed and shared by anybody, for any purpose.",
            remedy=f"Choose one by its SPDX identifier: {', '.join(OPEN_LICENCES)}.",
        )


class RecipeSenseless(Refusal):
    """A recipe that says nothing that could be done."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"The recipe cannot be published: {found}.",
            why="Prior art shows how something is made, so that others can make it.",
            remedy="Give it a name, and steps with what goes in and what comes out.",
        )


class RecipeUnknown(Refusal):
    """A recipe that is not in the record."""

    def __init__(self, *, recipe: str) -> None:
        self.recipe = recipe
        super().__init__(
            what=f"There is no recipe '{recipe[:80]}' in the record, or more than one begins so.",
            why="A process, a version and a page belong to one recipe.",
            remedy="See them all with `bioloom recipes list`, and name one by its hash.",
        )


def publish(
    *,
    name: str,
    licence: str,
    text: str,
    processes: tuple[RecipeProcess, ...],
    exchanges: tuple[RecipeExchange, ...] = (),
    predecessor: RecipeId | None = None,
) -> RecipePublished:
    """Judge a recipe by itself and return the body to record; its name is the hash of what it says.

    Raises:
        LicenceNotOpen: If others could not use it.
        RecipeSenseless: If it has no name or no steps, or is too long.
    """
    body = RecipePublished(
        recipe=RecipeId(""),
        name=name.strip(),
        licence=licence,
        text=text,
        processes=processes,
        exchanges=exchanges,
        predecessor=predecessor,
    )
    named = msgspec.structs.replace(body, recipe=content_sha256(body))
    _judge_content(named)
    return named


def content_sha256(body: RecipePublished) -> RecipeId:
    """The SHA-256 of the RFC 8785 JSON of all that a recipe says, without where it came from."""
    told = msgspec.to_builtins(body)
    content = {name: value for name, value in told.items() if name not in ("recipe", "origin")}
    return RecipeId(sha256(rfc8785.dumps(content)).hexdigest())


def judge_recipe(body: RecipePublished, facts: Facts) -> None:
    """Hold a recipe against the record before it is sealed.

    Raises:
        LicenceNotOpen, RecipeSenseless: If it cannot be published.
        RecipeUnknown: If it is the next version of one that is not in the record.
    """
    _judge_content(body)
    # An adopted version may stand without those before it; its origin has them.
    if body.predecessor is not None and body.origin is None:
        known_recipe(body.predecessor, facts)


def known_recipe(recipe: RecipeId, facts: Facts) -> RecipePublished:
    """A recipe by its name.

    Raises:
        RecipeUnknown: If it is not in the record.
    """
    for entry in facts.about(recipe_name(recipe)):
        if isinstance(entry.body, RecipePublished) and entry.body.recipe == recipe:
            return entry.body
    raise RecipeUnknown(recipe=recipe)


def _judge_content(body: RecipePublished) -> None:
    if body.licence not in OPEN_LICENCES:
        raise LicenceNotOpen(licence=body.licence)
    flows = [flow for one in body.processes for flow in (*one.inputs, *one.outputs)]
    checks = (
        (not body.name, "it has no name"),
        (not body.processes or not flows, "it has no step with anything going in or coming out"),
        (len(body.text) > LONGEST_TEXT, f"its text has more than {LONGEST_TEXT} characters"),
        (content_sha256(body) != body.recipe, "its hash is not that of what it says"),
    )
    found = next((found for is_so, found in checks if is_so), None)
    if found is not None:
        raise RecipeSenseless(found=found)
