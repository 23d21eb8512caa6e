"""Making: what is made of bound lots is bound, and so may go only where they may.

A portion split off or mixed in is bound by what binds its lot; what a process puts out, by all that
went in; what is in a container goes with it.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bioloom.ledger.covenants.laws.acts import Act
from bioloom.ledger.covenants.laws.looking import Lookup
from bioloom.ledger.covenants.refusing import CovenantForbids, Reason
from bioloom.ledger.covenants.standing import Covenant, Covenants
from bioloom.ledger.events.containing import contents
from bioloom.ledger.events.mentioning import losses_of, release_name
from bioloom.ledger.numbering import first_seq_of
from bioloom.vocabulary.agents import BOUNDARY, OUTSIDE, AgentId
from bioloom.vocabulary.amounts import said
from bioloom.vocabulary.entries.events import EventHappened, ProcessClosed, ProcessId, ReleaseId
from bioloom.vocabulary.lots import Leg, LotId

# What goes in for a while is used up, where it does not come out again.
_INPUTS = ("consume", "accept", "pickup")


class Made(NamedTuple):
    """A lot that an act makes of bound lots, or adds to, with what binds it from now on."""

    lot: LotId
    number: int
    covenants: tuple[Covenant, ...]


class Making:
    """What one act makes of bound lots. Made anew for each act."""

    def __init__(self, act: Act, covenants: Covenants, lookup: Lookup) -> None:
        self._act, self._covenants, self._lookup = act, covenants, lookup

    def made(self) -> list[Made]:
        """The lots that the act makes of bound lots, each with what binds it.

        Raises:
            CovenantForbids: If somebody outside has rights in one, or it is out of reach.
        """
        body = self._act.body
        if isinstance(body, ProcessClosed):
            return self._losses(body)
        if not isinstance(body, EventHappened) or body.lot is None:
            return []
        if body.to_lot not in (None, body.lot):
            assert body.to_lot is not None, "it is another lot"
            remaining = self._not_released(body, self._binding(body.lot))
            return self._into(body.to_lot, remaining)
        if body.action == "produce" and body.output_of is not None:
            return self._into(body.lot, self._binding_process(body.output_of))
        if body.action in _INPUTS and body.input_of is not None:
            return self._after(body, body.input_of)
        return []

    def _into(self, lot: LotId, covenants: Iterable[Covenant]) -> list[Made]:
        """What goes into a lot binds it; what is in it already must be of those who belong."""
        number = self._number(lot)
        if number is None:
            return []
        already = self._lookup.bound(number)
        fresh = [one for one in covenants if one.number not in already]
        for covenant in fresh:
            self._see_that_inside(lot, number, covenant)
        return [Made(lot, number, tuple(fresh))] if fresh else []

    def _see_that_inside(self, lot: LotId, number: int, covenant: Covenant) -> None:
        for leg, row in self._act.legs:
            if row.lot != number or not leg.rights_units or leg.receiver in BOUNDARY:
                continue
            if not covenant.counts(leg.receiver, row.occurred_ms):
                raise self._forbidden(
                    "rights_leave",
                    covenant,
                    f"'{leg.receiver}', who does not belong, would own what is made of bound lots.",
                    lot,
                    leg=leg,
                )
        if self._outsiders(number, covenant):
            raise self._forbidden(
                "mixed",
                covenant,
                f"A bound lot would be mixed into '{lot}', in which somebody else has rights.",
                lot,
                remedy="Put it into a lot of its own.",
            )

    def _after(self, body: EventHappened, process: ProcessId) -> list[Made]:
        """An input binds what its process put out before; it must be where it can be bound."""
        assert body.lot is not None, "an input is of a lot"
        covenants = self._binding(body.lot)
        if not covenants:
            return []
        opened = self._lookup.opening_of(process)
        for covenant in covenants:
            if opened is not None and opened.specification in covenant.terms.forbidden:
                raise self._forbidden(
                    "process_forbidden",
                    covenant,
                    f"Lot '{body.lot}' would go into '{process}', a '{opened.specification}'.",
                    body.lot,
                )
        made: list[Made] = []
        for lot in self._outputs(process):
            made += self._reached(lot, covenants, process)
        return made

    def _reached(self, lot: LotId, covenants: Iterable[Covenant], process: ProcessId) -> list[Made]:
        number = self._number(lot)
        if number is None:
            return []
        already = self._lookup.bound(number)
        fresh = tuple(one for one in covenants if one.number not in already)
        for covenant in fresh:
            if self._outsiders(number, covenant) or self._lookup.was_used(number):
                raise self._forbidden(
                    "made_before",
                    covenant,
                    f"'{process}' has made '{lot}' already, which has gone on.",
                    lot,
                    remedy="Open another process for what is bound.",
                )
        return [Made(lot, number, fresh)] if fresh else []

    def _losses(self, body: ProcessClosed) -> list[Made]:
        covenants = self._binding_process(body.process)
        lost = next((loss for loss in body.losses if loss.to == OUTSIDE and loss.mass_mg), None)
        if covenants and lost is not None:
            raise self._forbidden(
                "rights_leave",
                covenants[0],
                f"{lost.mass_mg:,} mg of '{body.process}' would be lost to outside.",
                losses_of(body.process),
            )
        number = self._number(losses_of(body.process))
        if number is None or not covenants:
            return []
        already = self._lookup.bound(number)
        fresh = tuple(one for one in covenants if one.number not in already)
        return [Made(losses_of(body.process), number, fresh)] if fresh else []

    def _binding(self, lot: LotId) -> list[Covenant]:
        number = self._number(lot)
        return [] if number is None else self._active(self._lookup.bound(number))

    def _active(self, numbers: Iterable[int]) -> list[Covenant]:
        found = (self._covenants.by_number[number] for number in sorted(numbers))
        return [one for one in found if one.binds(self._act.recorded_ms)]

    def _binding_process(self, process: ProcessId) -> list[Covenant]:
        """What binds the outputs of a process: what bound its inputs when they went in."""
        numbers: set[int] = set()
        for entry in self._lookup.events_of(process):
            event = entry.body
            if event.action in _INPUTS and event.input_of == process and event.lot is not None:
                number = self._number(event.lot)
                if number is not None:
                    bound = self._lookup.bound(number).values()
                    numbers |= {row.covenant for row in bound if row.seq < entry.seq}
        return self._active(numbers)

    def _outputs(self, process: ProcessId) -> Iterator[LotId]:
        events = [entry.body for entry in self._lookup.events_of(process)]
        made = [one.lot for one in events if one.action == "produce" and one.output_of == process]
        yield from dict.fromkeys(lot for lot in made if lot is not None)

    def _not_released(self, body: EventHappened, covenants: list[Covenant]) -> list[Covenant]:
        """Those covenants of a split lot by which the portion is not released; each is checked."""
        released = {self._judge_release(name, body) for name in body.releases}
        return [one for one in covenants if one.number not in released]

    def _judge_release(self, name: ReleaseId, body: EventHappened) -> int:
        release = self._covenants.releases.get(name)
        found = None
        if release is None:
            found = f"There is no release '{name}'."
            raise CovenantForbids(reason="releases_wrongly", terms=[], what=found)
        terms, covenant = release.terms, self._covenants.by_id[release.terms.covenant]
        units = 0 if body.quantity is None else body.quantity.units
        used = sum(
            entry.body.quantity.units
            for entry in self._lookup.memory.about(release_name(name))
            if isinstance(entry.body, EventHappened) and entry.body.quantity is not None
        )
        left = terms.units - used
        checks = (
            (terms.lot == body.lot, f"It is of lot '{terms.lot}'."),
            (terms.to == body.receiver, f"It is to '{terms.to}'."),
            (body.made is not None and body.made.lot == body.to_lot, "It needs a lot of its own."),
            (units <= left, f"{said(left, terms.base_unit) if left else 'Nothing'} of it is left."),
            (self._act.recorded_ms < release.until_ms, f"It ended with {terms.until}."),
            (body.made is None or body.made.base_unit == terms.base_unit, "It is of other units."),
        )
        found = next((what for holds, what in checks if not holds), None)
        if found is not None:
            raise self._forbidden(
                "releases_wrongly",
                covenant,
                f"Release '{name}' is not for this. {found}",
                terms.lot,
            )
        return covenant.number

    def _outsiders(self, number: int, covenant: Covenant) -> list[AgentId]:
        """Who owns some of a lot and does not belong."""
        names = self._lookup.names(self._lookup.owners(number))
        return [one for one in names if not covenant.counts(one, self._act.recorded_ms)]

    def _number(self, lot: LotId) -> int | None:
        """The number of a lot, one that the act itself makes among them."""
        own = next((row.lot for leg, row in self._act.legs if leg.lot == lot), None)
        return self._lookup.number_of(lot) if own is None else own

    def _forbidden(
        self,
        reason: Reason,
        covenant: Covenant,
        what: str,
        lot: LotId,
        *,
        remedy: str | None = None,
        leg: Leg | None = None,
    ) -> CovenantForbids:
        terms = [covenant.terms]
        return CovenantForbids(
            reason=reason, terms=terms, what=what, remedy=remedy, lot=lot, leg=leg
        )


def judge_contents(act: Act, covenants: Covenants, lookup: Lookup) -> None:
    """See that no container leaves with a bound lot in it, however deep.

    Raises:
        CovenantForbids: If one would.
    """
    known = covenants.by_number.values()
    for leg, row in act.legs:
        if leg.receiver in BOUNDARY or first_seq_of(row.lot) == act.seq:
            continue  # What is made now has nothing in it yet.
        # Nearly all that moves stays among those who belong: nobody need look inside.
        if all(one.counts(leg.receiver, row.occurred_ms) for one in known):
            continue
        for lot in _inside(leg.lot, lookup):
            number = lookup.number_of(lot)
            if number is None:
                continue
            for name in lookup.bound(number):
                covenant = covenants.by_number[name]
                is_open = leg.rights_units == 0 and covenant.terms.custody_days is not None
                if (
                    covenant.binds(min(row.occurred_ms, act.recorded_ms))
                    and not covenant.counts(leg.receiver, row.occurred_ms)
                    and not is_open
                ):
                    raise CovenantForbids(
                        reason="hidden",
                        terms=[covenant.terms],
                        what=f"'{leg.lot}', with lot '{lot}' in it, would go to '{leg.receiver}', "
                        "who does not belong.",
                        remedy="Take it out of the container first.",
                        leg=leg,
                    )


def _inside(container: LotId, lookup: Lookup) -> list[LotId]:
    """All lots in a container, those in containers in it among them."""
    found: dict[LotId, None] = {}
    waiting = [container]
    while waiting:
        inside = [lot for lot in contents(waiting.pop(), lookup.memory) if lot not in found]
        found |= dict.fromkeys(inside)
        waiting += inside
    return list(found)
