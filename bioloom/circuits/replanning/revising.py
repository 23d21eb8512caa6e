"""Revising: the plan in force made again for what is so now, with what moves and why.

What a move is for is shown, not guessed: each disruption and each veto is taken away in a plan of
its own, and is named only where the mass would then not move.
"""

from dataclasses import dataclass

import msgspec

from bioloom.circuits.planning import Plan
from bioloom.circuits.proposing import inputs_sha256, propose
from bioloom.circuits.replanning.keeping import Kept
from bioloom.circuits.replanning.moving import Moved, Placed, moves_between, placed
from bioloom.circuits.replanning.telling import Shown, Trial, tell
from bioloom.circuits.replanning.trying import Before, Figures, Trials, events, undisturbed
from bioloom.vocabulary.entries.circuits import Move, PlanProposed


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A plan that changes as little as can be of another, and what it changes."""

    plan: Plan
    before: Before
    moves: tuple[Move, ...]
    # Names the figures, whatever is under way.
    inputs_sha256: str
    # How many of its parts nothing touched, so that they were not solved.
    untouched: int

    @property
    def moved_mg(self) -> int:
        """All that moves [mg]."""
        return sum(move.mass_mg for move in self.moves)


def revise(figures: Figures, before: Before, *, kept: Kept | None = None) -> Revision:
    """Make a plan again: as fair as can be, then as near, then with the least change.

    What is under way stays. Parts that nothing touched keep their flows and are not solved.

    Args:
        figures: What is so now.
        before: The plan in force.
        kept: Parts settled before; those that are alike are not solved again.

    Raises:
        OfferUndeclared, YieldUndeclared, YieldsInCircle: As `posing.pose`.
        CodesConflict: If the Codes in force cannot be kept together.
        CommittedTooMuch, PlanUnsolved: As `settling.settle`.
    """
    trials = Trials(before, figures.period, kept or Kept())
    made = trials.plan(figures)
    untouched = trials.carried.carried
    now = placed(made.flows, made.unmet)
    moved = tuple(moves_between(before.placed, now))
    return Revision(
        plan=made,
        before=before,
        moves=_told(moved, now, figures, trials),
        inputs_sha256=inputs_sha256(made.plain(), figures.period),
        untouched=untouched,
    )


def propose_revision(revision: Revision, *, plan: str) -> PlanProposed:
    """Put a revision of the plan in force before the city under an id.

    Raises:
        PlanUnproven: If the checker found a fault in it.
    """
    assert revision.before.proposed is not None, "only a plan in force is revised"
    return msgspec.structs.replace(
        propose(revision.plan, plan=plan),
        inputs_sha256=revision.inputs_sha256,
        revises=revision.before.proposed.plan,
        moves=revision.moves,
    )


def _told(
    moved: tuple[Moved, ...], now: Placed, figures: Figures, trials: Trials
) -> tuple[Move, ...]:
    if not moved:
        return ()
    before = trials.before
    tried = [Trial(event, _placed(trials, event.figures)) for event in events(figures, before)]
    together = _placed(trials, undisturbed(figures, before)) if len(tried) > 1 else {}
    shown = Shown(now=now, trials=tried, together=together)
    return tuple(
        Move(
            district=one.node[0],
            material=one.node[1],
            origin=one.origin,
            site=one.site,
            mass_mg=one.mass_mg,
            reason=tell(one, shown, figures.declared),
        )
        for one in moved
    )


def _placed(trials: Trials, figures: Figures) -> Placed:
    made = trials.plan(figures)
    return placed(made.flows, made.unmet)
