"""City packs: what one city has worked out and another takes over, with where it came from.

Each item is the body of an entry. A recipe carries the proof that it stands in its city's record,
so that its date there is not lost on the way. Kinds that come later are one more row of `PACKED`.
"""

import json
from collections.abc import Callable
from typing import Any

import msgspec

from bioloom.ledger.codes.drafting import code_draft_of
from bioloom.ledger.covenants.drafting import draft_of
from bioloom.ledger.events.mentioning import recipe_name, specification_name
from bioloom.ledger.formats.linked.strict import DocumentUnreadable, read_json
from bioloom.ledger.proofs.checking import check
from bioloom.ledger.proofs.merkle import NotProven
from bioloom.ledger.proofs.notes import read_key
from bioloom.vocabulary.entries.codes import CodeEnacted
from bioloom.vocabulary.entries.covenants import CovenantEnacted
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import ProcessSpecified
from bioloom.vocabulary.entries.ledger import MaterialDeclared
from bioloom.vocabulary.entries.packs import CodeDrafted, CovenantDrafted, PackOrigin
from bioloom.vocabulary.entries.recipes import RecipeOrigin, RecipePublished
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

FORMAT = "bioloom-pack/2"


def _key_of_material(body: Any) -> str:  # noqa: ANN401  A MaterialDeclared, by its row below.
    return f"material:{body.material}"


def _key_of_specification(body: Any) -> str:  # noqa: ANN401  A ProcessSpecified.
    return specification_name(body.specification)


def _key_of_recipe(body: Any) -> str:  # noqa: ANN401  A RecipePublished.
    return recipe_name(body.recipe)


def _key_of_draft(body: Any) -> str:  # noqa: ANN401  A CovenantDrafted.
    return f"covenant-draft:{body.origin.founded[:16]}:{body.covenant}"


def _key_of_code(body: Any) -> str:  # noqa: ANN401  A CodeDrafted.
    return f"code-draft:{body.origin.founded[:16]}:{body.code}"


# What a pack may hold, in the order in which it is taken over, and the key of each.
PACKED: dict[str, tuple[type[msgspec.Struct], Callable[[Any], str]]] = {
    "MaterialDeclared": (MaterialDeclared, _key_of_material),
    "ProcessSpecified": (ProcessSpecified, _key_of_specification),
    "RecipePublished": (RecipePublished, _key_of_recipe),
    "CovenantDrafted": (CovenantDrafted, _key_of_draft),
    "CodeDrafted": (CodeDrafted, _key_of_code),
}


class PackUnreadable(Refusal):
    """A file that is no city pack, or one of a later Bioloom."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"It is no city pack of the format {FORMAT}: {found}.",
            why="What is only half understood would be taken over as something else.",
            remedy="Ask that city for `bioloom export DIR --as pack`, or use a newer Bioloom.",
        )


class OriginUnproven(Refusal):
    """A recipe whose proof does not show that it stands in the record it is said to be of."""

    def __init__(self, *, recipe: str, found: str) -> None:
        self.recipe, self.found = recipe, found
        super().__init__(
            what=f"The origin of the recipe {recipe[:12]}… is not proven: {found}",
            why="Its date there would be a claim that nobody can check.",
            remedy="Ask that city for the pack again, and compare its public key.",
        )


class PackItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry of the other city; a recipe's proof is a file of `bioloom prove`, as text."""

    kind: str
    seq: int
    recorded_at: Instant
    body: dict[str, Any]
    proof: str | None = None


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """A city's pack: whose it is, of which record, its public key, and what is in it."""

    format: str
    origin: PackOrigin
    key: str | None
    items: tuple[PackItem, ...]


def item_of(entry: Entry[Any], proof: str | None) -> PackItem:
    """An entry as an item. What was adopted keeps its origin; what binds is told as a draft."""
    told = entry.body
    if isinstance(told, CovenantEnacted):
        told = draft_of(told)
    elif isinstance(told, CodeEnacted):
        told = code_draft_of(told)
    return PackItem(
        kind=type(told).__name__,
        seq=entry.seq,
        recorded_at=entry.recorded_at,
        body=msgspec.to_builtins(told),
        proof=proof,
    )


def write_pack(pack: Pack) -> bytes:
    """A pack as JSON."""
    return msgspec.json.format(msgspec.json.encode(pack), indent=2)


def read_pack(text: bytes) -> Pack:
    """A pack, as it was written.

    Raises:
        PackUnreadable: If it is none.
        DocumentTooLarge: If it would not fit in a modest memory.
    """
    try:
        pack = msgspec.convert(read_json(text), Pack)
    except DocumentUnreadable as unreadable:
        raise PackUnreadable(found=unreadable.what.removesuffix(".")[:200]) from unreadable
    except msgspec.ValidationError as unfit:
        raise PackUnreadable(found=str(unfit)[:200]) from unfit
    if pack.format != FORMAT:
        raise PackUnreadable(found=f"its format is '{pack.format[:40]}'")
    return pack


def body_of(item: PackItem, pack: Pack) -> tuple[str, msgspec.Struct]:
    """What an item is recorded as: its key, and its body with where it came from.

    Raises:
        PackUnreadable: If its kind is none that is taken over, or its body is not of it.
        OriginUnproven: If it is a recipe and its proof does not hold.
    """
    if item.kind not in PACKED:
        raise PackUnreadable(found=f"it holds a '{item.kind[:40]}'")
    shape, key_of = PACKED[item.kind]
    try:
        body = msgspec.convert(item.body, shape)
    except msgspec.ValidationError as unreadable:
        raise PackUnreadable(found=f"entry {item.seq}: {unreadable}") from unreadable
    if isinstance(body, RecipePublished):
        body = _with_origin(body, item, pack)
    if isinstance(body, CovenantDrafted | CodeDrafted) and body.origin is None:
        body = msgspec.structs.replace(body, origin=pack.origin)
    return key_of(body), body


def _with_origin(body: RecipePublished, item: PackItem, pack: Pack) -> RecipePublished:
    """A recipe with the proof of its origin, which holds."""
    origin = body.origin or RecipeOrigin(
        city=pack.origin.city,
        seq=item.seq,
        recorded_at=item.recorded_at,
        key=pack.key or "",
        proof=item.proof or "",
    )
    told = msgspec.structs.replace(body, origin=None)
    try:
        check(origin.proof, read_key(origin.key))
        proven = json.loads(json.loads(origin.proof)["text"])
    except (NotProven, ValueError, KeyError) as unproven:
        raise OriginUnproven(recipe=body.recipe, found=str(unproven)[:200]) from unproven
    stated = (origin.seq, origin.recorded_at, json.loads(msgspec.json.encode(told)))
    if (proven.get("seq"), proven.get("recorded_at"), proven.get("body")) != stated:
        raise OriginUnproven(recipe=body.recipe, found="the proof is of something else.")
    return msgspec.structs.replace(body, origin=origin)
