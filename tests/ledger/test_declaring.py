"""Declaring a material: its code is one that the List of Waste has, spelled as it has it."""

import msgspec
import pytest

from bioloom.ledger.declaring import declare
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.ledger import MaterialDeclared
from bioloom.vocabulary.materials import GroupId, LowCodeUnreadable, MaterialId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.wastes.listing import LowCodeUnknown

TUBES = MaterialDeclared(material=MaterialId("tubes"), name="Tubes", group=GroupId("tubes"))


def declared_with(code: str) -> str | None:
    draft = declare(
        msgspec.structs.replace(TUBES, low_code=code),
        key="tubes",
        author=AgentId("steward"),
        at=Instant("2026-03-04T12:00:00.000Z"),
    )
    return draft.body.low_code


@pytest.mark.parametrize("code", ["200121", "20 01 21", "20 01 21*"])
def test_hazardous_waste_gets_its_asterisk_however_the_code_is_spelled(code: str) -> None:
    assert declared_with(code) == "20 01 21*"


def test_a_code_that_the_list_has_not_is_refused() -> None:
    with pytest.raises(LowCodeUnknown, match="no entry '20 01 98'"):
        declared_with("20 01 98")
    with pytest.raises(LowCodeUnreadable, match="is not a List-of-Waste code"):
        declared_with("tubes")
