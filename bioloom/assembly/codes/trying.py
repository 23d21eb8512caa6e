"""Trying a Code on the past: what it would have refused, and what each plan would have been.

A replay, and no forecast: what people offered, handed over and decided stays as it was, and only
the Code is another. Nothing is written.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from bioloom.circuits.codes.conflicting import CodesConflict
from bioloom.circuits.codes.costing import unplaced_mg, way_t_km
from bioloom.circuits.planning import Plan, plan
from bioloom.circuits.replanning.trying import Figures
from bioloom.ledger.codes.breaking import broken_by
from bioloom.ledger.codes.handling import Handling
from bioloom.vocabulary.entries.codes import CodeEnacted
from bioloom.vocabulary.materials import GroupId, MaterialId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId

# So that nobody takes a replay for a forecast.
ASSUMED = (
    "others' behaviour held fixed: what was offered, handed over and decided stays as recorded",
    "the record as it is known now, corrections included; places, rooms and materials as declared "
    "now",
    "each plan made anew from what was offered, with nothing under way",
    "the Code in force on all these days, whatever its own days are",
)


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Something in the record that the Code would have refused.

    Attributes:
        kind: `EventHappened`, or `PlanProposed` for a flow of a plan that was proposed.
        rule: Which of its rules, from 1.
    """

    seq: int
    kind: str
    rule: int
    handling: Handling


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan comes to.

    Attributes:
        placed_mg: What goes to sites; `unplaced_mg` what is placed nowhere, stored or not [mg].
        way_t_km: Tonnes times kilometres, as the crow flies [t km].
        least_served: The district and group that is served least, and `least_share` how much of
            what it offered [0 to 1]; none where nothing was offered.
        checked: Whether the checker vouches for it.
    """

    placed_mg: int
    unplaced_mg: int
    way_t_km: float
    least_served: tuple[DistrictId, GroupId] | None
    least_share: float | None
    checked: bool


class PeriodTried(msgspec.Struct, frozen=True, kw_only=True):
    """Days planned as the Codes were, and as if the Code had been in force.

    `conflict` tells, in the place of a plan, why there is none that keeps all Codes; a period in
    which nothing was offered has neither. `moved_mg` is what goes elsewhere than it would [mg].
    """

    period: Period
    offered_mg: int
    as_it_was: Outcome | None = None
    as_tried: Outcome | None = None
    moved_mg: int | None = None
    conflict_as_it_was: str | None = None
    conflict_as_tried: str | None = None


@dataclass(slots=True)
class Refusing:
    """What a Code would have refused of one kind of entry, counted as it is looked at."""

    acts: int = 0
    refused: int = 0
    refused_mg: int = 0
    # The first of them.
    listed: list[Refused] = field(default_factory=list)


def refused_of(
    code: CodeEnacted, handled: Iterable[tuple[int, str, Handling]], *, most_listed: int
) -> dict[str, Refusing]:
    """What a Code would have refused of what was done or proposed, by kind of entry.

    Args:
        code: The Code.
        handled: By entry: its number, its kind, and what it does.
        most_listed: How many of each kind are listed; all are counted.
    """
    kinds: defaultdict[str, Refusing] = defaultdict(Refusing)
    for seq, kind, handling in handled:
        counted = kinds[kind]
        counted.acts += 1
        rule = broken_by(handling, code.rules)
        if rule is None:
            continue
        counted.refused += 1
        counted.refused_mg += handling.mass_mg or 0
        if len(counted.listed) < most_listed:
            counted.listed.append(Refused(seq=seq, kind=kind, rule=rule, handling=handling))
    return dict(kinds)


def tried_on(was: Figures, tried: Figures) -> PeriodTried:
    """Plan one period twice.

    Args:
        was: What its plan is made from, under the Codes that were in force.
        tried: The same under those and the one that is tried.
    """
    offered_mg = sum(was.offered_mg.values())
    if offered_mg == 0:
        return PeriodTried(period=was.period, offered_mg=0)
    before, conflict_before = _planned(was)
    after, conflict_after = _planned(tried)
    return PeriodTried(
        period=was.period,
        offered_mg=offered_mg,
        as_it_was=None if before is None else _outcome(before),
        as_tried=None if after is None else _outcome(after),
        moved_mg=None if before is None or after is None else _moved_mg(before, after),
        conflict_as_it_was=conflict_before,
        conflict_as_tried=conflict_after,
    )


def _planned(figures: Figures) -> tuple[Plan | None, str | None]:
    try:
        made = plan(
            figures.declared,
            figures.offered_mg,
            figures.period,
            explain=False,
            codes=figures.codes,
            bound=figures.bonds.heaps,
        )
    except CodesConflict as conflict:
        return None, f"{conflict.what} {conflict.remedy}"
    return made, None


def _outcome(made: Plan) -> Outcome:
    shares = [
        (share, district, group)
        for district, by_group in made.service_by_group.items()
        for group, share in by_group.items()
    ]
    least = min(shares, default=None)
    return Outcome(
        placed_mg=sum(flow.mass_mg for flow in made.flows),
        unplaced_mg=unplaced_mg(made.parts),
        way_t_km=way_t_km(made.parts),
        least_served=None if least is None else (least[1], least[2]),
        least_share=None if least is None else least[0],
        checked=made.checked,
    )


def _flows(made: Plan) -> dict[tuple[DistrictId, MaterialId, str], int]:
    flows = {(one.district, one.material, str(one.site)): one.mass_mg for one in made.flows}
    return flows | {(one.district, one.material, ""): one.mass_mg for one in made.short}


def _moved_mg(before: Plan, after: Plan) -> int:
    """What goes elsewhere, or nowhere: half of all differences, as each milligram is in two."""
    was, now = _flows(before), _flows(after)
    ways: Sequence[tuple[DistrictId, MaterialId, str]] = [*dict.fromkeys([*was, *now])]
    return sum(abs(was.get(way, 0) - now.get(way, 0)) for way in ways) // 2
