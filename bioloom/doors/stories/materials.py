"""Materials of stories: tables of them become declarations."""

from collections.abc import Iterable, Iterator

from bioloom.vocabulary.amounts import BaseUnit
from bioloom.vocabulary.entries.ledger import MaterialDeclared
from bioloom.vocabulary.materials import GroupId, MaterialId

# Material, name, group, List-of-Waste code, base unit.
Row = tuple[str, str, str, str | None, BaseUnit]


def declared(rows: Iterable[Row]) -> Iterator[MaterialDeclared]:
    """A declaration of each row."""
    for material, name, group, low_code, base_unit in rows:
        yield MaterialDeclared(
            material=MaterialId(material),
            name=name,
            group=GroupId(group),
            low_code=low_code,
            base_unit=base_unit,
        )
