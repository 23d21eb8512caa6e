"""Answers about proposed facilities: what `circuits siting --json` prints."""

import msgspec

from bioloom.circuits.siting.comparing import Option, Siting
from bioloom.doors.answers.plans import Days


class SitingTold(msgspec.Struct, frozen=True, kw_only=True):
    """Proposed facilities, each compared with the city as it is."""

    period: Days
    options: tuple[Option, ...]
    checked: bool


def tell_siting(found: Siting) -> SitingTold:
    """A comparison as it is printed."""
    return SitingTold(
        period=Days(first=found.period.first, last=found.period.last),
        options=found.options,
        checked=found.checked and all(option.checked for option in found.options),
    )
