"""Proposing rounds and putting them in force: by the day, on figures that still hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

import msgspec

from bioloom.circuits.rounds.planning import RoundsMade
from bioloom.circuits.rounds.posing import Due, RoundsProblem
from bioloom.circuits.rounds.ways import Ways
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.rounds import RoundsAdopted, RoundsPlanned
from bioloom.vocabulary.refusal import Refusal

ROUNDS_KINDS = ("RoundsPlanned", "RoundsAdopted")


class RoundsUnsound(Refusal):
    """The checker found a fault in rounds."""

    def __init__(self, *, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__(
            what=f"The checker does not vouch for these rounds: {'; '.join(faults[:5])}.",
            why="Nobody should be sent on a round that cannot be driven.",
            remedy="This is a mistake of Bioloom's; please report it with the figures.",
        )


class RoundsUnknown(Refusal):
    """Rounds that nobody planned."""

    def __init__(self, *, rounds: str) -> None:
        self.rounds = rounds
        super().__init__(
            what=f"There are no rounds '{rounds}' in the record.",
            why="Only planned rounds can be put in force, or become work orders.",
            remedy="Plan some with `bioloom circuits rounds DIR --propose`, and use the id.",
        )


class RoundsThere(Refusal):
    """Rounds that are in force already, or were."""

    def __init__(self, *, rounds: str) -> None:
        self.rounds = rounds
        super().__init__(
            what=f"Rounds '{rounds}' were put in force before.",
            why="Doing it again would send the same vehicles twice.",
            remedy="Plan the day anew, if it is to be driven otherwise.",
        )


class RoundsOutdated(Refusal):
    """What rounds follow from is no longer so."""

    def __init__(self, *, rounds: str) -> None:
        self.rounds = rounds
        super().__init__(
            what=f"What rounds '{rounds}' were planned for has changed since.",
            why="They would fetch what is not there, or with vehicles that are not.",
            remedy="Plan the day anew, and put those rounds in force.",
        )


@dataclass(slots=True, kw_only=True)
class RoundsKnown:
    """The rounds planned and adopted so far: a fold over the record."""

    planned: dict[str, RoundsPlanned] = field(default_factory=dict)
    # By day.
    in_force: dict[date, str] = field(default_factory=dict)
    adopted: set[str] = field(default_factory=set)

    def fold(self, entry: Entry[Any]) -> None:
        """Take one entry in; entries of other kinds say nothing about rounds."""
        match entry.body:
            case RoundsPlanned() as planned:
                self.planned[planned.rounds] = planned
            case RoundsAdopted() as adopted:
                self.adopted.add(adopted.rounds)
                self.in_force[self.planned[adopted.rounds].day] = adopted.rounds

    def named(self, rounds: str) -> RoundsPlanned:
        """The rounds of this id.

        Raises:
            RoundsUnknown: If there are none.
        """
        if rounds not in self.planned:
            raise RoundsUnknown(rounds=rounds)
        return self.planned[rounds]

    def in_force_on(self, day: date) -> RoundsPlanned | None:
        """The rounds that are driven on a day."""
        name = self.in_force.get(day)
        return None if name is None else self.planned[name]

    def to_begin_with(self, day: date) -> RoundsPlanned | None:
        """The rounds in force on a day, or on the last day before it that has some."""
        days = [known for known in self.in_force if known <= day]
        return self.in_force_on(max(days)) if days else None


def inputs_sha256(problem: RoundsProblem, due_mg: Mapping[Due, int]) -> str:
    """The hash that names what rounds serve: what is due, vehicles and hours."""
    windows = {visit.place: (visit.window, visit.handling_s) for visit in problem.visits}
    return _sha256(
        (
            sorted(due_mg.items()),
            problem.vehicles,
            sorted(problem.gates.items()),
            sorted(windows.items()),
        )
    )


def ways_sha256(ways: Ways) -> str:
    """The hash that names the places and the ways between them."""
    seconds = None if ways.seconds is None else ways.seconds.tolist()
    return _sha256((ways.places, ways.metres.tolist(), seconds))


def _sha256(figures: object) -> str:
    return sha256(msgspec.json.encode(figures)).hexdigest()


def propose_rounds(
    made: RoundsMade, problem: RoundsProblem, due_mg: Mapping[Due, int], *, plan: str, day: date
) -> RoundsPlanned:
    """Put rounds before the city, named by what they say.

    Raises:
        RoundsUnsound: If the checker found a fault in them.
    """
    if not made.checked:
        raise RoundsUnsound(faults=made.faults)
    planned = RoundsPlanned(
        rounds="",
        plan=plan,
        day=day,
        inputs_sha256=inputs_sha256(problem, due_mg),
        ways_sha256=ways_sha256(problem.ways),
        routes=made.routes,
        not_fetched=made.not_fetched,
        ways=problem.ways.stamp,
        detour_per_mille=problem.ways.detour_per_mille,
        way_m=made.way_m,
        cost=made.cost,
    )
    digest = _sha256(planned)[:10]
    return msgspec.structs.replace(planned, rounds=f"rounds_{day}_{digest}")


def adopt_rounds(rounds: str, known: RoundsKnown, *, current_inputs_sha256: str) -> RoundsAdopted:
    """Put planned rounds in force for their day, in place of those before.

    Raises:
        RoundsUnknown, RoundsThere, RoundsOutdated.
    """
    planned = known.named(rounds)
    if rounds in known.adopted:
        raise RoundsThere(rounds=rounds)
    if planned.inputs_sha256 != current_inputs_sha256:
        raise RoundsOutdated(rounds=rounds)
    before = known.in_force_on(planned.day)
    return RoundsAdopted(rounds=rounds, supersedes=before.rounds if before else None)
