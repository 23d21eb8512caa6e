"""A proposed facility as its page shows it: what changes for whom, worst first."""

import json
from collections import Counter

import msgspec

from bioloom.circuits.siting.comparing import Change, Option
from bioloom.ledger.declared import Declared

MOST_DISTRICTS = 30
# What is not seen in the figures of a table is no change.
_SAME_SHARE, _SAME_KM = 1e-6, 1e-3


class OptionView(msgspec.Struct, frozen=True, kw_only=True):
    """A facility with the districts for which it changes something."""

    option: Option
    # What more of all is placed [mg].
    placed_more_mg: int
    changed: tuple[Change, ...]
    # How many more districts change than stand in the table.
    more_changed: int
    checked: bool


def view_option(option: Option) -> OptionView:
    """What the page of siting shows of a facility."""
    changed = [change for change in option.changes if _is_change(change)]
    changed.sort(key=lambda one: (round(one.service - one.service_then, 6), one.district))
    return OptionView(
        option=option,
        placed_more_mg=option.unmet_mg - option.unmet_then_mg,
        changed=tuple(changed[:MOST_DISTRICTS]),
        more_changed=len(changed[MOST_DISTRICTS:]),
        checked=option.checked,
    )


def _is_change(one: Change) -> bool:
    return (
        abs(one.service_then - one.service) > _SAME_SHARE
        or abs((one.km_then or 0) - (one.km or 0)) > _SAME_KM
    )


def example_map(declared: Declared) -> str:
    """A map to begin with: two places for what most sites here take; empty without any."""
    accepted = [
        group for site in declared.sites.values() for one in site.intakes for group in one.accepts
    ]
    groups = Counter({material.group: 0 for material in declared.materials.values()})
    groups.update(group for group in accepted if group in groups)
    places = list(declared.districts.values())
    if not groups or not places:
        return ""
    [(usual, _)] = groups.most_common(1)
    features = [
        {
            "type": "Feature",
            "properties": {
                "name": place.name,
                "accepts": [usual],
                "capacity_t_per_day": 10,
                "radius_m": 300,
            },
            "geometry": {
                "type": "Point",
                "coordinates": [place.point.longitude_deg, place.point.latitude_deg],
            },
        }
        for place in (places[0], places[-1])
    ]
    told = {"type": "FeatureCollection", "features": features}
    return json.dumps(told, indent=1, ensure_ascii=False)
