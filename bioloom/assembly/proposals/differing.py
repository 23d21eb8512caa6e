"""Differing: what one version of a proposal says that another does not, line by line."""

from difflib import SequenceMatcher
from typing import Literal

import msgspec

from bioloom.vocabulary.entries.proposals import Draught

# The search takes the product of lines; beyond so many, one version stands after the other.
_MOST_LINES = 2_000


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line that both versions have, or that is new, or gone."""

    sign: Literal["same", "new", "gone"]
    text: str


def difference(before: Draught, after: Draught) -> list[Line]:
    """The lines of two versions, those that only one has marked so.

    Example:
        >>> old = Draught(title="Trees", text="Ten trees.", language="en", cost_minor=5)
        >>> new = msgspec.structs.replace(old, text="Nine trees.")
        >>> [(line.sign, line.text) for line in difference(old, new)]
        [('same', 'Trees'), ('gone', 'Ten trees.'), ('new', 'Nine trees.'), ('same', 'cost: 5')]
    """
    old, new = _lines(before), _lines(after)
    if max(len(old), len(new)) > _MOST_LINES:
        return [Line(sign="gone", text=one) for one in old] + [
            Line(sign="new", text=one) for one in new
        ]
    found: list[Line] = []
    for tag, i, j, k, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Line(sign="same", text=one) for one in old[i:j]]
        else:
            found += [Line(sign="gone", text=one) for one in old[i:j]]
            found += [Line(sign="new", text=one) for one in new[k:n]]
    return found


def _lines(draught: Draught) -> list[str]:
    """A version as lines: its title and text, and each thing that it does or touches."""
    measures = [msgspec.json.encode(one).decode() for one in draught.measures]
    touched = (
        *(f"place: {one}" for one in draught.places),
        *(f"code: {one}" for one in draught.codes),
        *(f"lot: {one}" for one in draught.lots),
    )
    cost = f"cost: {draught.cost_minor}"
    return [draught.title, *draught.text.splitlines(), cost, *measures, *touched]
