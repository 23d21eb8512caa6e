"""Materials: what a lot is made of, named by the European List of Waste where it has a code."""

import re
from typing import NewType

from bioloom.vocabulary.refusal import Refusal

MaterialId = NewType("MaterialId", str)
# Materials of one group may stand in for each other at a site; fairness is counted per group.
GroupId = NewType("GroupId", str)

_LOW_CODE = re.compile(r"(0[1-9]|1\d|20) ?(\d\d) ?(\d\d) ?(\*?)")


class LowCodeUnreadable(Refusal):
    """A text is not a six-digit code of the European List of Waste."""

    def __init__(self, *, code: str) -> None:
        self.code = code
        super().__init__(
            what=f"'{code}' is not a List-of-Waste code.",
            why="A code has a chapter from 01 to 20 and two more pairs of digits.",
            remedy="Write it like '20 01 08', with '*' at the end if it is hazardous.",
        )


def low_code(text: str) -> str:
    """Spell a List-of-Waste code in the one way the record uses.

    Only the form is checked, not whether the list has the entry.

    Raises:
        LowCodeUnreadable: If the text has another form.

    Example:
        >>> low_code("200121*")
        '20 01 21*'

    Source:
        Commission Decision 2000/532/EC, as amended.
    """
    match = _LOW_CODE.fullmatch(text.strip())
    if match is None:
        raise LowCodeUnreadable(code=text)
    chapter, group, entry, star = match.groups()
    return f"{chapter} {group} {entry}{star}"


def is_hazardous(code: str | None) -> bool:
    """Whether a List-of-Waste code carries the asterisk of hazardous waste."""
    return code is not None and code.endswith("*")
