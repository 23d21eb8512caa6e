"""What is disrupted, and what is vetoed: the fold of what people say of it."""

from dataclasses import dataclass, field
from datetime import date

import msgspec

from bioloom.vocabulary.entries.disruptions import (
    DisruptionEnded,
    DisruptionId,
    DisruptionReported,
    MoveVetoed,
    VetoId,
    VetoLifted,
)
from bioloom.vocabulary.periods import Period

DISRUPTING = ("DisruptionReported", "DisruptionEnded", "MoveVetoed", "VetoLifted")


class Disrupted(msgspec.Struct, frozen=True, kw_only=True):
    """A disruption as it was reported, and how it ended, if it has."""

    reported: DisruptionReported
    ended: DisruptionEnded | None = None

    @property
    def last_day(self) -> date | None:
        """The last of its days; none while nobody knows it."""
        return self.reported.last_day if self.ended is None else self.ended.last_day

    def is_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        if self.ended is not None and self.ended.last_day is None:
            return False
        last = self.last_day
        return self.reported.first_day <= day and (last is None or day <= last)

    def touches(self, period: Period) -> bool:
        """Whether it is in force on some day of a period."""
        return self.is_on(max(period.first, self.reported.first_day)) and (
            self.reported.first_day <= period.last
        )


@dataclass(slots=True, kw_only=True)
class Disruptions:
    """All disruptions, those that ended too, and the vetoes that stand."""

    reported: dict[DisruptionId, Disrupted] = field(default_factory=dict)
    vetoes: dict[VetoId, MoveVetoed] = field(default_factory=dict)
    # Of vetoes that were lifted; a name is given once.
    lifted: dict[VetoId, VetoLifted] = field(default_factory=dict)

    def fold(self, body: object) -> None:
        """Take in what somebody said; what is about something else says nothing here."""
        match body:
            case DisruptionReported(disruption=name):
                before = self.reported.get(name)
                ended = None if before is None else before.ended
                self.reported[name] = Disrupted(reported=body, ended=ended)
            case DisruptionEnded(disruption=name) if name in self.reported:
                self.reported[name] = msgspec.structs.replace(self.reported[name], ended=body)
            case MoveVetoed():
                self.vetoes[body.veto] = body
            case VetoLifted():
                self.vetoes.pop(body.veto, None)
                self.lifted[body.veto] = body

    def touching(self, period: Period) -> list[DisruptionReported]:
        """The disruptions in force on some day of a period, with the last day known of each."""
        return [
            msgspec.structs.replace(one.reported, last_day=one.last_day)
            for one in self.reported.values()
            if one.touches(period)
        ]
