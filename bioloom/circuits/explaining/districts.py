"""Districts: what binds each of them, first of all what people decided or reported."""

from collections.abc import Mapping, Sequence

import msgspec

from bioloom.circuits.explaining.causing import Cause, cause_of_shortage, cause_of_way
from bioloom.circuits.explaining.passing import Corner, corners_of
from bioloom.circuits.explaining.questions.answers import Found
from bioloom.circuits.explaining.questions.hindering import Hindered, most_hindered
from bioloom.circuits.explaining.trials import Trials
from bioloom.vocabulary.places import DistrictId


class DistrictsBound(msgspec.Struct, frozen=True, kw_only=True):
    """What binds districts.

    Attributes:
        causes: What binds each, of all that could the one that can be shown.
        hindered: Of those bound by what people decided or reported, the plan that shows it.
    """

    causes: Mapping[DistrictId, Cause]
    hindered: Mapping[DistrictId, Found]


NOT_ASKED = DistrictsBound(causes={}, hindered={})


def what_binds(trials: Trials, districts: Sequence[DistrictId]) -> DistrictsBound:
    """What binds each district of a plan."""
    cells: dict[DistrictId, list[Corner]] = {district: [] for district in districts}
    for index, part in enumerate(trials.parts):
        for corner in corners_of(index, part):
            cells[corner.district].append(corner)
    causes: dict[DistrictId, Cause] = {}
    hindered: dict[DistrictId, Found] = {}
    for district, corners in cells.items():
        causes[district], found = _bound(trials, district, corners)
        if found is not None:
            hindered[district] = found
    return DistrictsBound(causes=causes, hindered=hindered)


def _bound(
    trials: Trials, district: DistrictId, corners: Sequence[Corner]
) -> tuple[Cause, Found | None]:
    if not corners:
        return Cause(district=district, kind="nothing"), None
    if not all(trials.parts[corner.part].verdict.checked for corner in corners):
        return Cause(district=district, kind="unproven"), None
    short = [corner for corner in corners if corner.unmet_mg]
    if short:
        return _short(trials, short)
    found = most_hindered([Hindered(trials, corner) for corner in corners])
    if found is None:
        return cause_of_way(trials, district, corners), None
    trial = found.trials[0]
    cause = Cause(
        district=district,
        kind="site_down",
        group=found.group,
        mass_mg=trial.before.past_mg or 0,
        site=found.site,
        past_then_mg=trial.then.past_mg or 0,
    )
    return _named(cause, found), found


def _short(trials: Trials, short: Sequence[Corner]) -> tuple[Cause, Found | None]:
    """What keeps the worst served group of a district from more."""
    worst = min(short, key=lambda corner: (corner.service, -corner.unmet_mg, corner.group))
    others = tuple(sorted(corner.group for corner in short if corner is not worst))
    cause = msgspec.structs.replace(cause_of_shortage(trials, worst), also_short=others)
    # A site that is left out, and Codes or covenants that let it go nowhere, are decided too.
    known = cause.kind in ("left_out", "banned", "bound")
    found = None if known else Hindered(trials, worst).short()
    if found is None:
        return cause, None
    found = msgspec.structs.replace(found, also_short=others)
    then = found.trials[0].then.service
    cause = msgspec.structs.replace(cause, site=found.site, more_mg=0, service_then=then)
    return _named(cause, found), found


def _named(cause: Cause, found: Found) -> Cause:
    lifted = found.trials[0].change.lifted
    assert lifted is not None, "one thing is lifted"
    return msgspec.structs.replace(cause, kind=lifted.kind, lifted=lifted)
