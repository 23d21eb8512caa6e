"""Acts: what is about to be recorded, or was, as covenants look at it."""

from typing import Any, NamedTuple

from bioloom.ledger.legs import Movement
from bioloom.ledger.stores.protocol import LegRow
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.events import EventReversed
from bioloom.vocabulary.lots import Leg
from bioloom.vocabulary.periods import Instant, epoch_ms


class Act(NamedTuple):
    """An entry, recorded or about to be, with its movements.

    Attributes:
        replaced: The entry that it corrects.
        movements: What it moves and when, by name; `rows` are the same by number.
        legs: Both together, each movement by name and by number.
    """

    seq: int
    key: str
    body: Any
    author: AgentId
    occurred_at: Instant
    recorded_at: Instant
    replaced: Entry[Any] | None
    movements: list[Movement]
    rows: list[LegRow]
    legs: list[tuple[Leg, LegRow]]

    @classmethod
    def of(
        cls,
        entry: Entry[Any],
        replaced: Entry[Any] | None,
        movements: list[Movement],
        rows: list[LegRow],
    ) -> "Act":
        """An entry that is recorded, as it was about to be."""
        return cls(
            entry.seq,
            entry.idempotency_key,
            entry.body,
            entry.author,
            entry.occurred_at,
            entry.recorded_at,
            replaced,
            movements,
            rows,
            _paired(movements, rows),
        )

    @classmethod
    def about(
        cls,
        draft: Draft[Any],
        replaced: Entry[Any] | None,
        movements: list[Movement],
        rows: list[LegRow],
        place: tuple[int, Instant],
    ) -> "Act":
        """A draft that would be recorded as some entry (`place`: its number, and when)."""
        return cls(
            place[0],
            draft.idempotency_key,
            draft.body,
            draft.author,
            draft.occurred_at,
            place[1],
            replaced,
            movements,
            rows,
            _paired(movements, rows),
        )

    @property
    def recorded_ms(self) -> int:
        """When it is recorded [ms since 1970]."""
        return epoch_ms(self.recorded_at)

    def as_entry(self) -> Entry[Any]:
        """The entry that it is or would be, for a fold; its id is not known yet."""
        return Entry(
            seq=self.seq,
            id="",
            kind=type(self.body).__name__,
            version=1,
            occurred_at=self.occurred_at,
            recorded_at=self.recorded_at,
            author=self.author,
            idempotency_key=self.key,
            corrects=None if self.replaced is None else self.replaced.id,
            body=self.body,
        )

    @property
    def is_undoing(self) -> bool:
        """Whether it takes back, or says anew, what was recorded before."""
        return self.replaced is not None or isinstance(self.body, EventReversed)


def _paired(movements: list[Movement], rows: list[LegRow]) -> list[tuple[Leg, LegRow]]:
    return [(leg, row) for (leg, _), row in zip(movements, rows, strict=True)]
