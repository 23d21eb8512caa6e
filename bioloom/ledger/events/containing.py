"""Containing: lots inside lots. Containers form a forest: nothing is inside itself."""

from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.mentioning import contents_of, whereabouts_of
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal


class ContainerUnknown(Refusal):
    """A lot is put into a container that does not exist."""

    def __init__(self, *, container: LotId) -> None:
        self.container = container
        super().__init__(
            what=f"Container '{container}' is not in the record.",
            why="A container is a lot itself: somebody owns it and holds it.",
            remedy="Record it first, counted in pieces, or correct its name.",
        )


class ContainedInItself(Refusal):
    """A lot would be inside itself, by way of other containers."""

    def __init__(self, *, lot: LotId, container: LotId) -> None:
        self.lot, self.container = lot, container
        super().__init__(
            what=f"'{lot}' cannot go into '{container}', which is inside '{lot}'.",
            why="Nothing is inside itself.",
            remedy="Take the inner one out first.",
        )


class NotContained(Refusal):
    """More is taken out of a container than was put in."""

    def __init__(self, *, lot: LotId, container: LotId, units: int, inside_units: int) -> None:
        self.lot, self.container = lot, container
        self.units, self.inside_units = units, inside_units
        super().__init__(
            what=f"{units} of '{lot}' are taken out of '{container}', which has {inside_units}.",
            why="Only what was put in can be taken out.",
            remedy="Correct the amount or the container.",
        )


def contents(container: LotId, facts: Facts) -> dict[LotId, int]:
    """What is inside a container, in each lot's base unit."""
    inside = facts.totals(contents_of(container), "contents")
    return {LotId(lot): units for lot, units in inside.items()}


def containers_of(lot: LotId, facts: Facts) -> list[LotId]:
    """The containers that some of a lot is in now."""
    return [LotId(name) for name in facts.totals(whereabouts_of(lot), "within")]


def judge_combining(body: EventHappened, facts: Facts) -> None:
    """Hold what is put into a container against the record.

    Raises:
        ContainerUnknown: If there is no such container.
        ContainedInItself: If the container is inside what is put into it.
    """
    assert body.container is not None and body.lot is not None, "judged by its action before"
    if facts.kind_of(body.container) is None:
        raise ContainerUnknown(container=body.container)
    above, waiting = set[LotId](), [body.container]
    while waiting:
        name = waiting.pop()
        if name == body.lot:
            raise ContainedInItself(lot=body.lot, container=body.container)
        if name not in above:
            above.add(name)
            waiting += containers_of(name, facts)


def judge_separating(body: EventHappened, facts: Facts) -> None:
    """Hold what is taken out of a container against what was put in.

    Raises:
        NotContained: If it has not so much of the lot.
    """
    assert body.container is not None and body.lot is not None, "judged by its action before"
    inside_units = facts.total(contents_of(body.container), "contents", body.lot)
    units = 0 if body.quantity is None else body.quantity.units
    if units > inside_units:
        raise NotContained(
            lot=body.lot, container=body.container, units=units, inside_units=inside_units
        )
