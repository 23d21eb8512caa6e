"""The List of Waste: every code is found however it is spelled, and nothing else is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.vocabulary.materials import LowCodeUnreadable
from bioloom.vocabulary.wastes.listing import (
    ListedWaste,
    LowCodeUnknown,
    listed_in,
    listed_waste,
    search,
    waste_or_none,
)
from tools.list_of_waste import TABLE, table_of

ALL: list[ListedWaste] = [entry for chapter in range(1, 21) for entry in listed_in(f"{chapter:02}")]


def test_the_list_has_its_842_entries_in_20_chapters() -> None:
    assert len({entry.code for entry in ALL}) == 842
    assert len({entry.chapter.code for entry in ALL}) == 20
    assert all(entry.en and entry.chapter.en and entry.sub_chapter.en for entry in ALL)
    assert sum(entry.de is None for entry in ALL) == 3


@given(st.sampled_from(ALL), st.booleans(), st.booleans())
def test_a_code_is_found_with_and_without_spaces_and_its_asterisk(
    entry: ListedWaste, spaced: bool, starred: bool
) -> None:
    code = entry.code if starred else entry.code.removesuffix("*")

    assert listed_waste(code if spaced else code.replace(" ", "")) == entry


@pytest.mark.parametrize(
    ("code", "hazardous"),
    [("20 01 08", False), ("20 01 21", True), ("15 01 10", True), ("16 06 01", True)],
)
def test_what_is_hazardous_carries_the_asterisk(code: str, hazardous: bool) -> None:
    found = listed_waste(code)

    assert found.hazardous == hazardous
    assert found.code.endswith("*") == hazardous


@pytest.mark.parametrize("code", ["20 01 98", "20 01 08*", "010102*", "20 05 01"])
def test_a_code_that_the_list_has_not_or_has_without_the_asterisk_is_refused(code: str) -> None:
    with pytest.raises(LowCodeUnknown, match="has no entry"):
        listed_waste(code)
    assert waste_or_none(code) is None


@given(st.text(max_size=12))
def test_any_text_is_an_entry_or_refused(text: str) -> None:
    try:
        found = listed_waste(text)
    except (LowCodeUnreadable, LowCodeUnknown):
        return
    assert found in ALL


@pytest.mark.parametrize("heading", ["", "2", "21", "20 09", "200", "20 01 08", "٢٠"])
def test_a_heading_that_the_list_has_not_is_refused(heading: str) -> None:
    with pytest.raises(LowCodeUnknown, match="has no entry"):
        listed_in(heading)


def test_every_word_must_stand_in_an_entry_in_one_language_or_its_headings() -> None:
    assert [entry.code for entry in search("COMPOST off-specification")] == ["19 05 03"]
    assert "20 01 08" in {entry.code for entry in search("küchen")}
    assert list(search("")) == list(search("no such words together")) == []


def test_the_table_is_what_its_script_makes_of_the_ontology(data: Path) -> None:
    ontology = data / "ledger" / "ewc" / "ewc-onto.ttl"

    assert table_of(ontology.read_text("utf-8")) == TABLE.read_text("utf-8")
