"""Comparing: what differs between a plan and one with something changed."""

from collections.abc import Mapping, Sequence

import numpy as np

from bioloom.circuits.explaining.questions.answers import Change, Figures, Loser, Trial
from bioloom.circuits.layout.masses import short_of
from bioloom.circuits.posing import Cell
from bioloom.circuits.settling import Settled
from bioloom.vocabulary.quantities import MG_PER_TONNE

_Past = tuple[int | None, int | None]
_NO_PAST: _Past = (None, None)
# A service that differs by less than this does not: it is within the checker's tolerance.
A_RISE = 1e-6


class Compared:
    """Parts of a plan before and after a change; parts of neither are alike."""

    def __init__(self, before: Sequence[Settled], then: Sequence[Settled]) -> None:
        self._before, self._then = before, then

    def trial(
        self,
        change: Change,
        cell: Cell | None,
        past_mg: tuple[int | None, int | None] = (None, None),
    ) -> Trial:
        """What the change does.

        Args:
            change: What is otherwise.
            cell: The district and group asked about; of the least served unless given.
            past_mg: What of it goes past the site asked about, before and then [mg].
        """
        served, served_then = services(self._before), services(self._then)
        proofs = [proof for part in self._then for proof in part.verdict.proofs]
        return Trial(
            change=change,
            before=_figures(self._before, served, cell, past_mg[0]),
            then=_figures(self._then, served_then, cell, past_mg[1]),
            loses=_loser(served, served_then, cell),
            checked=all(part.verdict.checked for part in self._then),
            gap=max((proof.gap for proof in proofs), default=0.0),
        )


def services(parts: Sequence[Settled]) -> dict[Cell, float]:
    """The share placed of every district and group."""
    return {cell: share for part in parts for cell, share in part.service().items()}


def more_placed_mg(trial: Trial) -> int:
    """How much more is placed then, below zero if less; 0 within what is proven [mg]."""
    more_mg = trial.before.unmet_mg - trial.then.unmet_mg
    return more_mg if abs(more_mg) > A_RISE * max(trial.before.unmet_mg, MG_PER_TONNE) else 0


def longer_t_km(trial: Trial) -> float:
    """How much longer all ways are then, below zero if shorter; 0 within what is proven [t km]."""
    longer = trial.then.way_t_km - trial.before.way_t_km
    return longer if abs(longer) > A_RISE * max(1.0, trial.before.way_t_km) else 0.0


def changes_nothing(trial: Trial) -> bool:
    """Whether nobody is served otherwise, and all ways together are as long."""
    moved = abs(trial.then.service - trial.before.service) > A_RISE
    return not (moved or trial.loses or more_placed_mg(trial) or longer_t_km(trial))


def _figures(
    parts: Sequence[Settled], served: Mapping[Cell, float], cell: Cell | None, past_mg: int | None
) -> Figures:
    least = min(served.values(), default=1.0)
    return Figures(
        service=least if cell is None else served.get(cell, 1.0),
        past_mg=past_mg,
        unmet_mg=sum(_short_mg(part) for part in parts),
        way_t_km=sum(float(p.flows_mg @ p.problem.arc_km) for p in parts) / MG_PER_TONNE,
    )


def _short_mg(part: Settled) -> int:
    return int(short_of(part.problem, part.unmet_mg, part.masses.stored_mg).sum())


def _loser(
    served: Mapping[Cell, float], served_then: Mapping[Cell, float], asked: Cell | None
) -> Loser | None:
    others = sorted(cell for cell in served if cell != asked and cell in served_then)
    drops = np.array([served[cell] - served_then[cell] for cell in others])
    if not drops.size or drops.max() <= A_RISE:
        return None
    # The first of those that lose as much, to what is proven.
    district, group = cell = others[int(np.argmax(drops >= drops.max() - A_RISE))]
    return Loser(
        district=district, group=group, service=served[cell], service_then=served_then[cell]
    )
