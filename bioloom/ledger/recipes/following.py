"""Following recipes: which there are, in the order of their dates, and what was made by each."""

from collections.abc import Iterator
from typing import Any

import msgspec

from bioloom.ledger.events.mentioning import process_name, recipe_name
from bioloom.ledger.recipes.publishing import RecipeUnknown
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.remembering import Memory, recall
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.events import EventHappened, ProcessId, ProcessOpened
from bioloom.vocabulary.entries.recipes import RecipeId, RecipePublished
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant

# By fewer letters of its hash than these, no recipe is looked for.
_FEWEST_LETTERS = 6


class RecipeListed(msgspec.Struct, frozen=True, kw_only=True):
    """A recipe with its date: since when it has been public in this record, and by whom."""

    recipe: RecipeId
    name: str
    licence: str
    author: AgentId
    recorded_at: Instant
    seq: int
    # The city it was adopted from, and since when it has been public there.
    origin: str | None
    published_at: Instant


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What a process that follows a recipe gave."""

    process: ProcessId
    lot: LotId
    amount: Amount
    seq: int


class RecipeTold(msgspec.Struct, frozen=True, kw_only=True):
    """A recipe, its next versions, the processes that follow it, and what they made."""

    listed: RecipeListed
    body: RecipePublished
    successors: tuple[RecipeId, ...]
    processes: tuple[ProcessId, ...]
    made: tuple[Made, ...]


def recipes(journal: Journal, *, after: int = 0) -> Iterator[RecipeListed]:
    """Recipes, the oldest first, one by one; those published after an entry."""
    return (_listed(entry) for entry in journal.read(after=after, kinds=["RecipePublished"]))


def recipe(journal: Journal, name: str) -> RecipeTold:
    """One recipe, by its hash or how that begins.

    Raises:
        RecipeUnknown: If there is none, or more than one begins so.
    """
    facts = recall(journal.store)
    entry = _named(journal, facts, name)
    body: RecipePublished = entry.body
    about = facts.about(recipe_name(body.recipe))
    followers = [one.body.process for one in about if isinstance(one.body, ProcessOpened)]
    made = [
        Made(process=process, lot=event.lot, amount=event.quantity, seq=seq)
        for process in followers
        for seq, event in _events(facts.about(process_name(process)))
        if event.output_of == process and event.lot is not None and event.quantity is not None
    ]
    successors = [
        one.body.recipe
        for one in about
        if isinstance(one.body, RecipePublished) and one.body.predecessor == body.recipe
    ]
    return RecipeTold(
        listed=_listed(entry),
        body=body,
        successors=tuple(successors),
        processes=tuple(followers),
        made=tuple(made),
    )


def _named(journal: Journal, facts: Memory, name: str) -> Entry[Any]:
    """Where a recipe was published; only the beginning of a hash is looked for among all."""
    whole = facts.introducing(recipe_name(RecipeId(name)))
    entries = [entry for entry in whole if isinstance(entry.body, RecipePublished)]
    if not entries and len(name) >= _FEWEST_LETTERS:
        published = journal.read(kinds=["RecipePublished"])
        entries = [entry for entry in published if entry.body.recipe.startswith(name)]
    if len(entries) != 1:
        raise RecipeUnknown(recipe=name)
    return entries[0]


def _events(entries: list[Entry[Any]]) -> list[tuple[int, EventHappened]]:
    return [(one.seq, one.body) for one in entries if isinstance(one.body, EventHappened)]


def _listed(entry: Entry[Any]) -> RecipeListed:
    body: RecipePublished = entry.body
    return RecipeListed(
        recipe=body.recipe,
        name=body.name,
        licence=body.licence,
        author=entry.author,
        recorded_at=entry.recorded_at,
        seq=entry.seq,
        origin=None if body.origin is None else body.origin.city,
        published_at=entry.recorded_at if body.origin is None else body.origin.recorded_at,
    )
