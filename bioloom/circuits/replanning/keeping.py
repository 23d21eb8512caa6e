"""Keeping: parts that an event does not touch are not solved again."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from hashlib import sha256
from typing import cast

import msgspec
import numpy as np

from bioloom.circuits.checking import Aim, Proof, Verdict
from bioloom.circuits.layout.arrays import no_ints
from bioloom.circuits.layout.masses import plain_masses
from bioloom.circuits.posing import Problem
from bioloom.circuits.proposing import inputs_sha256
from bioloom.circuits.proving.possible import impossible
from bioloom.circuits.settling import Settled, settle
from bioloom.vocabulary.entries.circuits import PlanProposed, Stage
from bioloom.vocabulary.periods import Period

# Parts remembered; the oldest goes first.
MOST_KEPT = 256


class Kept:
    """Parts settled before, by all their figures; anybody who plans may share one."""

    def __init__(self) -> None:
        self._settled: OrderedDict[str, Settled] = OrderedDict()
        # How many parts were solved; the others were known.
        self.solved = 0

    def settle(self, part: Problem) -> Settled:
        """A part as it was settled before, or solved now.

        Raises:
            As `settling.settle`.
        """
        key = _figures(part)
        if key not in self._settled:
            self._settled[key] = settle(part)
            self.solved += 1
            if len(self._settled) > MOST_KEPT:
                self._settled.popitem(last=False)
        return self._settled[key]


class Carried:
    """The parts of a plan in force whose figures are still those that it was made from.

    They keep their flows. That these are a plan is checked anew; that no plan is better was proven
    when it was proposed, and that proof is passed on.
    """

    def __init__(self, proposed: PlanProposed | None, period: Period, kept: Kept) -> None:
        self._period, self._kept = period, kept
        self._stages: Mapping[str, Sequence[Stage]] = (
            {} if proposed is None else _stages_by_part(proposed)
        )
        # How many parts kept their flows.
        self.carried = 0

    def settle(self, part: Problem) -> Settled:
        """A part with the flows in force if nothing touched it, or solved.

        Raises:
            As `settling.settle`.
        """
        stages = self._proven(part)
        # What waits in stores, and what sites make, the flows in force do not tell.
        is_plain = not part.stores.giver.size and not part.yields.products
        if stages is None or not is_plain:
            return self._kept.settle(part)
        unmet_mg = part.supply_mg.copy()
        np.subtract.at(unmet_mg, part.arc_node, part.in_force_mg)
        masses = plain_masses(part.in_force_mg, unmet_mg)
        if impossible(part, masses):
            return self._kept.settle(part)
        self.carried += 1
        proofs = tuple(map(_proof, stages))
        return Settled(problem=part, masses=masses, verdict=Verdict(proofs=proofs, faults=()))

    def _proven(self, part: Problem) -> Sequence[Stage] | None:
        """The proof of the part as if nothing were under way, or else with just what is.

        Where more is under way than then, no plan can be better either; where less is, one may.
        """
        bare = replace(part, floor_mg=no_ints())
        proven = self._stages.get(inputs_sha256(bare, self._period))
        return proven or self._stages.get(inputs_sha256(part, self._period))


def _stages_by_part(proposed: PlanProposed) -> dict[str, tuple[Stage, ...]]:
    found: dict[str, tuple[Stage, ...]] = {}
    begin = 0
    for part in proposed.parts:
        found[part.inputs_sha256] = proposed.stages[begin : begin + part.stages]
        begin += part.stages
    return found


def _proof(stage: Stage) -> Proof:
    # A stage is named "groups: aim number".
    aim = stage.name.rsplit(": ", 1)[1].split(" ", 1)[0]
    return Proof(
        aim=cast("Aim", aim), value=stage.value, bound=stage.bound, gap=stage.gap, rounding=0.0
    )


def _figures(part: Problem) -> str:
    """The hash of all that a part is solved from."""
    digest = sha256()
    _take_in(part, digest.update)
    return digest.hexdigest()


def _take_in(some: object, update: Callable[[bytes], None]) -> None:
    assert is_dataclass(some), "a problem is made of dataclasses"
    for field in fields(some):
        value = getattr(some, field.name)
        if isinstance(value, np.ndarray):
            update(f"{field.name} {value.dtype} {value.shape}".encode())
            update(value.tobytes())
        elif is_dataclass(value):
            _take_in(value, update)
        else:
            update(msgspec.json.encode((field.name, value)))
