"""Answers about cascades: what `circuits cascade --json` prints."""

import msgspec

from bioloom.circuits.cascading.cascading import Cascade
from bioloom.circuits.cascading.courses import Course, Down
from bioloom.circuits.cascading.null_model import NullModel
from bioloom.circuits.cascading.reinforcing import Tried
from bioloom.doors.answers.plans import Days


class CascadeTold(msgspec.Struct, frozen=True, kw_only=True):
    """A city followed hour by hour while sites fail: planned anew, left alone, and as a network."""

    period: Days
    down: tuple[Down, ...]
    tolerance_per_mille: int
    undisturbed: Course
    rerouted: Course
    overflowed: Course
    null_model: NullModel
    tried: Tried
    checked: bool


def tell_cascade(found: Cascade) -> CascadeTold:
    """A cascade as it is printed."""
    return CascadeTold(
        period=Days(first=found.period.first, last=found.period.last),
        down=found.down,
        tolerance_per_mille=found.tolerance_per_mille,
        undisturbed=found.undisturbed,
        rerouted=found.rerouted,
        overflowed=found.overflowed,
        null_model=found.null_model,
        tried=found.tried,
        checked=found.checked,
    )
