"""Rows about covenants: what every store keeps, answers and enforces about them.

A store refuses, whoever writes and in whatever language: rights of a bound lot to an agent who does
not belong, rights or custody to the city's edge but by a correction, a reversal or the end of a
process, custody out of a covenant that keeps it, and more shrinkage than a covenant allows.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from bioloom.ledger.numbering import LAST_EDGE
from bioloom.vocabulary.amounts import BaseUnit
from bioloom.vocabulary.refusal import Refusal


class CovenantRow(NamedTuple):
    """A covenant; `keeps_custody` is 1 where custody stays inside, too."""

    number: int
    seq: int
    id: str
    until_ms: int
    keeps_custody: int
    shrinkage_per_mille: int


class EndRow(NamedTuple):
    """A covenant that an entry ended."""

    covenant: int
    seq: int


class MemberRow(NamedTuple):
    """An account that belongs under a covenant, from when it counts, and by which entry."""

    covenant: int
    account: int
    from_ms: int
    seq: int


class LeaverRow(NamedTuple):
    """An account that belongs no longer since an entry."""

    covenant: int
    account: int
    seq: int


class BoundRow(NamedTuple):
    """A lot that a covenant binds since an entry.

    Attributes:
        is_made: 1 where it is made of bound lots; it is then bound before its entry's own legs.
        in_units: What came in by being bound: all there was of a lot that is not made of others.
    """

    lot: int
    covenant: int
    base_unit: BaseUnit
    seq: int
    is_made: int
    in_units: int


class AwayRow(NamedTuple):
    """A bound lot of which somebody got custody who does not belong."""

    covenant: int
    account: int
    lot: int
    seq: int


class BalanceRow(NamedTuple):
    """What came in of all bound lots of a covenant, and what is unaccounted for of it."""

    covenant: int
    base_unit: BaseUnit
    in_units: int
    shrunk_units: int


class Bindings(NamedTuple):
    """Rows about covenants that belong together, each list in the order of recording."""

    covenants: list[CovenantRow]
    ended: list[EndRow]
    members: list[MemberRow]
    left: list[LeaverRow]
    bound: list[BoundRow]
    away: list[AwayRow]

    @classmethod
    def empty(cls) -> "Bindings":
        """No rows."""
        return cls([], [], [], [], [], [])

    def extend(self, more: "Bindings") -> None:
        """Add others that come after."""
        pairs: Iterator[tuple[list[Any], list[Any]]] = zip(self, more, strict=True)
        for rows, some in pairs:
            if some:  # Most entries bring none.
                rows.extend(some)


class StoreForbade(Refusal):
    """A store refused rows that a covenant forbids."""

    def __init__(self) -> None:
        super().__init__(
            what="A movement would take a bound lot from those whose it is.",
            why="A covenant binds it and all that is made of it, whoever writes.",
            remedy="See `bioloom covenants list`; a quorum can release it.",
        )


def owning(units: Mapping[int, int], among: Collection[int] | None = None) -> dict[int, int]:
    """Of what legs add up to by account, what accounts own that have balances; or some of them.

    >>> owning({1: -9, 7: 4, 8: 0, 9: 5}, among=[7, 8])
    {7: 4}
    """
    known = units if among is None else units.keys() & among
    return {at: units[at] for at in known if units[at] and at > LAST_EDGE}


class BindingsKept(Protocol):
    """What a store answers about covenants."""

    def has_any(self) -> bool:
        """Whether there ever was a covenant."""

    def bound(self, lots: Sequence[int]) -> list[BoundRow]:
        """By which covenants some lots are bound."""

    def bound_by(self, covenant: int, *, after: int, most: int) -> list[int]:
        """So many of the lots that a covenant binds, in order, after one."""

    def owners(
        self, before: int | None, *, among: Collection[int] | None = None
    ) -> Iterator[tuple[int, dict[int, int]]]:
        """Every lot with the units of each account that owns some, lot by lot.

        Args:
            before: Only by entries before this one; by all of them where none is named.
            among: Only what these accounts own; what anybody owns where none are named.
        """

    def balance(self, covenant: int, base_unit: BaseUnit) -> BalanceRow:
        """What came in and shrank under a covenant, in a unit."""

    def away_with(self, account: int) -> list[AwayRow]:
        """The bound lots of which an outside account got custody, at least those it still has."""

    def all_away(self) -> list[AwayRow]:
        """All of them."""

    def content(self) -> "Content":
        """All rows but bound lots, for who compares them with the entries."""

    def count_bound(self) -> int:
        """How many rows of bound lots there are."""

    def balances_amiss(self) -> list[BalanceRow]:
        """By how much balances differ from the sum of their legs, where they do."""


class Content(NamedTuple):
    """What a store has about covenants and who belongs, in the order of their keys."""

    covenants: list[CovenantRow]
    ended: list[EndRow]
    members: list[MemberRow]
    left: list[LeaverRow]
