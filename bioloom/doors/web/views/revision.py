"""A revision as people read it: what each site takes before and after, and what moves, with why."""

from collections import Counter

import msgspec

from bioloom.circuits.proposing import PlansKnown, period_of
from bioloom.vocabulary.entries.circuits import Move, PlanProposed
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import SiteId


class SiteChange(msgspec.Struct, frozen=True, kw_only=True):
    """What comes to a site by the plan in force, and by its revision; to none is not placed."""

    site: SiteId | None
    before_mg: int
    after_mg: int


class RevisionView(msgspec.Struct, frozen=True, kw_only=True):
    """All that the page of a revision shows. `is_open`: it may still be accepted."""

    plan: str
    revises: str
    period: Period
    sites: tuple[SiteChange, ...]
    moves: tuple[Move, ...]
    moved_mg: int
    gap: float
    stages: int
    is_open: bool
    in_force: bool


def view_revision(plan: str, known: PlansKnown) -> RevisionView | None:
    """Arrange a revision for reading, the largest moves first; none if it is not one.

    Args:
        plan: The id of a proposal.
        known: All plans so far.
    """
    proposed = known.proposed.get(plan)
    if proposed is None or proposed.revises is None:
        return None
    was, now = _by_site(known.named(proposed.revises)), _by_site(proposed)
    names = sorted({*was, *now}, key=lambda site: (site is not None, site or ""))
    return RevisionView(
        plan=plan,
        revises=proposed.revises,
        period=period_of(proposed),
        sites=tuple(
            SiteChange(site=site, before_mg=was[site], after_mg=now[site])
            for site in names
            if was[site] != now[site]
        ),
        moves=tuple(sorted(proposed.moves, key=lambda move: -move.mass_mg)),
        moved_mg=sum(move.mass_mg for move in proposed.moves),
        gap=max((stage.gap for stage in proposed.stages), default=0.0),
        stages=len(proposed.stages),
        is_open=plan not in known.adopted and proposed.revises in known.in_force,
        in_force=plan in known.in_force,
    )


def _by_site(proposed: PlanProposed) -> Counter[SiteId | None]:
    found: Counter[SiteId | None] = Counter()
    for flow in proposed.flows:
        found[flow.site] += flow.mass_mg
    for rest in proposed.unmet:
        found[None] += rest.mass_mg
    return found
