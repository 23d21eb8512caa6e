"""Recipes: the same words are the same recipe everywhere, open, dated, and followed."""

import json
from contextlib import suppress
from copy import deepcopy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.events.mentioning import recipe_name
from bioloom.ledger.formats.valueflows.graph import read_graph
from bioloom.ledger.formats.valueflows.recipes import recipe_of
from bioloom.ledger.formats.valueflows.writing import nodes_of, write_graph
from bioloom.ledger.recipes.following import recipe, recipes
from bioloom.ledger.recipes.publishing import LicenceNotOpen, RecipeSenseless, RecipeUnknown
from bioloom.vocabulary.entries.recipes import RecipeId, RecipePublished
from bioloom.vocabulary.refusal import Refusal
from tests.ledger.events.happenings import event, journal_with, milling, opened, record, told
from tests.ledger.recipes.felt import FELT
from tests.ledger.records import arrival


def read(nodes: object, *, licence: str = "CC-BY-4.0", **more: Any) -> RecipePublished:  # noqa: ANN401
    text = nodes if isinstance(nodes, bytes) else json.dumps({"@graph": nodes}).encode()
    return recipe_of(read_graph(text, is_yaml=False), licence=licence, **more)


def test_a_recipe_is_read_with_its_steps_and_its_exchange() -> None:
    body = read(FELT)

    assert body.name == "Felt of rags"
    assert [process.name for process in body.processes] == ["Carding", "Pressing"]
    assert [flow.amount.units for flow in body.processes[1].outputs] == [8_500_000]
    assert body.exchanges[0].reciprocal[0].material == "felt"


def test_the_same_words_are_the_same_recipe_and_other_words_another() -> None:
    other = deepcopy(FELT)
    other[0]["note"] = "Card dry."

    assert read(FELT) == read(deepcopy(FELT))
    assert len({read(FELT).recipe, read(other).recipe, read(FELT, licence="MIT").recipe}) == 3


def test_what_is_written_is_read_as_the_same_recipe() -> None:
    body = read(FELT)
    journal = journal_with(told(body, recipe_name(body.recipe)))

    assert read(write_graph(nodes_of(journal.read()))) == body


@pytest.mark.parametrize("licence", ["CC-BY-NC-4.0", "CC-BY-ND-4.0", "mine", ""])
def test_a_licence_that_is_not_open_is_refused(licence: str) -> None:
    with pytest.raises(LicenceNotOpen, match="not a licence"):
        read(FELT, licence=licence)


@pytest.mark.parametrize(
    "nodes", [FELT[:1], FELT[:2], [*FELT[:2], FELT[5]], [{"@type": "RecipeProcess"}]]
)
def test_a_recipe_that_nobody_could_follow_is_refused(nodes: list[dict[str, Any]]) -> None:
    with pytest.raises(RecipeSenseless, match="cannot be published"):
        read(nodes)


def test_what_was_made_by_a_recipe_is_found_and_its_next_version() -> None:
    body = read(FELT)
    later = read(FELT, licence="MIT", predecessor=body.recipe)
    opening = msgspec.structs.replace(opened("press").body, follows=body.recipe)
    journal = journal_with(
        arrival("rags", 10),
        milling(tolerance_per_mille=None),
        told(body, recipe_name(body.recipe)),
        told(later, recipe_name(later.recipe)),
        told(opening, "open"),
        told(event("consume", "rags", "10 mg", input_of="press"), "1"),
        told(event("produce", "felt", "9 mg", output_of="press", made="felt"), "2"),
    )

    found = recipe(journal, body.recipe[:12])

    assert [(one.lot, one.amount.units) for one in found.made] == [("felt", 9)]
    assert found.successors == (later.recipe,)
    first, second = recipes(journal)
    assert [first.recipe, second.recipe] == [body.recipe, later.recipe]
    assert list(recipes(journal, after=first.seq)) == [second]


def test_what_is_no_recipe_is_neither_followed_nor_succeeded() -> None:
    body = read(FELT)
    nowhere = read(FELT, predecessor=RecipeId("0" * 64))
    opening = msgspec.structs.replace(opened("press").body, follows=body.recipe)
    journal = journal_with(milling(tolerance_per_mille=None))

    for draft in (told(nowhere, "a"), told(opening, "b")):
        with pytest.raises(RecipeUnknown, match="no recipe"):
            record(journal, draft)
    forged = msgspec.structs.replace(body, name="Felt, mine")
    with pytest.raises(RecipeSenseless, match="its hash is not that"):
        record(journal, told(forged, "c"))


@given(
    st.sampled_from(FELT),
    st.sampled_from(["name", "note", "action", "resourceQuantity", "recipeInputOf", "hasDuration"]),
    st.none() | st.integers() | st.text(max_size=5) | st.lists(st.text(max_size=3), max_size=2),
)
def test_whatever_stands_in_a_recipe_it_is_read_or_refused(
    node: dict[str, Any], field: str, held: object
) -> None:
    nodes = [one | {field: held} if one is node else one for one in FELT]

    with suppress(Refusal):
        assert len(read(nodes).recipe) == 64
