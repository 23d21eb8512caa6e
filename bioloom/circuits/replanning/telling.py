"""Telling: why mass moves, in a sentence with its numbers, and only what a plan has shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from bioloom.circuits.explaining.wording import amount, percent
from bioloom.circuits.replanning.moving import Moved, Placed
from bioloom.circuits.replanning.trying import Event
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.disruptions import DisruptionReported, MoveVetoed
from bioloom.vocabulary.places import DistrictId, SiteId, great_circle_km


@dataclass(frozen=True, slots=True)
class Trial:
    """What happened, and where a plan without it brings everything."""

    event: Event
    placed: Placed


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All that was tried for a revision: without each event, and without any."""

    now: Placed
    trials: Sequence[Trial]
    together: Placed


def tell(moved: Moved, shown: Shown, declared: Declared) -> str:
    """Say what moves and why; nothing is named without which the same would move."""
    stays = [(_stays_mg(moved, shown.now, trial.placed), trial.event) for trial in shown.trials]
    stay_mg, event = max(stays, key=lambda one: one[0], default=(0, None))
    head = _head(moved, declared)
    if stay_mg and event is not None:
        return f"{head}: {_event(event, declared)}; {_without(moved, stay_mg, declared)}."
    stay_mg = _stays_mg(moved, shown.now, shown.together)
    if stay_mg and len(shown.trials) > 1:
        return (
            f"{head}: no single cause, but {len(shown.trials)} together; without any of them, "
            f"{_would(moved, stay_mg, declared)}."
        )
    return f"{head}: no single cause is shown for it."


def _stays_mg(moved: Moved, now: Placed, then: Placed) -> int:
    """How much of what moves would not have."""
    more_mg = _mass(then, moved, moved.origin) - _mass(now, moved, moved.origin)
    if moved.origin is None:
        # What was not placed would not be; what is new would not be there to be placed.
        more_mg = max(more_mg, _mass(now, moved, moved.site) - _mass(then, moved, moved.site))
    return max(0, min(moved.mass_mg, more_mg))


def _mass(plan: Placed, moved: Moved, site: SiteId | None) -> int:
    return plan.get(moved.node, {}).get(site, 0)


def _head(moved: Moved, declared: Declared) -> str:
    district, material = moved.node
    name = declared.materials[material].name
    what = f"{amount(moved.mass_mg)} of {name} of {declared.districts[district].name}"
    if moved.site is None:
        return f"{what} go nowhere instead of to {_site(moved, moved.origin, declared)}"
    if moved.origin is None:
        return f"{what}, placed nowhere before, go to {_site(moved, moved.site, declared)}"
    return (
        f"{what} go to {_site(moved, moved.site, declared)} instead of "
        f"{_site(moved, moved.origin, declared)}"
    )


def _site(moved: Moved, site: SiteId | None, declared: Declared) -> str:
    assert site is not None, "what goes from nowhere to nowhere is no move"
    told = declared.sites[site]
    km = great_circle_km(declared.districts[moved.node[0]].point, told.point)
    return f"{told.name} ({km:.1f} km)"


def _without(moved: Moved, stay_mg: int, declared: Declared) -> str:
    return f"without that, {_would(moved, stay_mg, declared)}"


def _would(moved: Moved, stay_mg: int, declared: Declared) -> str:
    some = "they" if stay_mg == moved.mass_mg else f"{amount(stay_mg)} of them"
    if moved.origin is None:
        return f"{some} would not"
    return f"{some} would go to {declared.sites[moved.origin].name}"


def _event(event: Event, declared: Declared) -> str:
    match event.what:
        case DisruptionReported() as body if event.ended is not None:
            last = event.ended.last_day
            ended = "it never was" if last is None else f"it ended on {last}"
            return f"{ended} that {_disruption(body, declared)}"
        case DisruptionReported() as body:
            return _disruption(body, declared)
        case MoveVetoed() as veto:
            district, site = declared.districts[veto.district], declared.sites[veto.site]
            material = declared.materials[veto.material]
            return (
                f"a veto keeps {material.name} of {district.name} beyond {amount(veto.most_mg)} "
                f"from {site.name} ({veto.reason})"
            )
        case None if event.covenants:
            names = ", ".join(f"'{name}'" for name in event.covenants)
            return f"covenants ({names}) keep lots of it among those who belong"
        case None:
            return "other mass is offered than when the plan in force was made"


def _disruption(body: DisruptionReported, declared: Declared) -> str:
    site = "all sites" if body.site is None else declared.sites[body.site].name
    areas = ", ".join(_area(name, declared) for name in body.areas)
    match body.kind:
        case "site_down":
            what = f"{site} is down"
        case "capacity_cut":
            what = f"{site} has {percent(body.per_mille / 1000)} of its room"
        case "road_cut":
            what = f"the roads from {areas} to {site} are cut"
        case "blockade" if body.agent is not None:
            what = f"{declared.agents[body.agent]} is not sent anything"
        case "blockade":
            what = f"{areas} cannot be left"
        case "surge":
            what = f"{areas or 'all districts'} offer {percent(body.per_mille / 1000)} of the usual"
    until = "" if body.last_day is None else f" to {body.last_day}"
    return f"{what} from {body.first_day}{until} ({body.reason})"


def _area(name: str, declared: Declared) -> str:
    told = declared.districts.get(DistrictId(name))
    return name if told is None else told.name
