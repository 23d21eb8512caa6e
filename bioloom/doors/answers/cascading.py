"""Answers about cascades: what `circuits cascade --json` prints."""

from datetime import date

import msgspec

from bioloom.circuits.cascading.cascading import Cascade
from bioloom.circuits.cascading.courses import Course, Down
from bioloom.circuits.cascading.null_model import NullModel
from bioloom.circuits.cascading.reinforcing import Tried
from bioloom.doors.answers.plans import Days
from bioloom.vocabulary.entries.codes import CodeId
from bioloom.vocabulary.entries.disruptions import DisruptionId


class CascadeTold(msgspec.Struct, frozen=True, kw_only=True):
    """A city followed hour by hour while sites fail: planned anew, left alone, and as a network.

    `day` is the one whose Codes and disruptions, named here, are in force in every hour.
    """

    period: Days
    day: date
    codes: tuple[CodeId, ...]
    disruptions: tuple[DisruptionId, ...]
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
        day=found.day,
        codes=found.codes,
        disruptions=found.disruptions,
        down=found.down,
        tolerance_per_mille=found.tolerance_per_mille,
        undisturbed=found.undisturbed,
        rerouted=found.rerouted,
        overflowed=found.overflowed,
        null_model=found.null_model,
        tried=found.tried,
        checked=found.checked,
    )
