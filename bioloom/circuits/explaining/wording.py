"""Explaining: what binds a district, as one plain sentence with its numbers."""

from bioloom.circuits.explaining.causing import Cause
from bioloom.circuits.explaining.questions.answers import Lifted, LiftedKind
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.amounts import MILLIGRAM, said
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE

_HINDRANCES: dict[LiftedKind, str] = {
    "banned": "the Code '{code}' bans it from {site}",
    "too_far": "the Code '{code}' does not let it go as far as {site}",
    "guaranteed": "the Code '{code}' guarantees others a share",
    "prioritised": "the Code '{code}' puts others first",
    "site_down": "{site} is down ({said})",
    "capacity_cut": "{site} has less room ({said})",
    "road_cut": "the road to {site} is cut ({said})",
    "blockade": "{site} cannot be reached for a blockade ({said})",
    "vetoed": "more of it to {site} is vetoed ({said})",
}


def sentence(cause: Cause, declared: Declared) -> str:
    """Say a cause to the people of the district; it says nothing that the cause does not hold."""
    if cause.lifted is not None:
        return _hindered(cause, cause.lifted, declared)
    return _plain(cause, declared)


def _plain(cause: Cause, declared: Declared) -> str:
    match cause.kind:
        case "nothing":
            return "It offered nothing in this period."
        case "unproven":
            return "The checker does not vouch for this plan, so no reason is given."
        case "nearest":
            return (
                f"All {tonnes(cause.mass_mg)} are placed, each material at the nearest site of the "
                "plan that takes it."
            )
        case "passed":
            others = ", for others pass it too" if cause.more_mg > cause.mass_mg else ""
            return (
                f"{_past(cause, declared)}; with {_room(cause)} there{others}, none would have to."
            )
        case "no_single" if cause.service == 1.0:
            return f"{_past(cause, declared)}, and no single cause decides it."
        case _:
            return f"{_share(cause)}: {_why_short(cause, declared)}{_also(cause)}."


def tonnes(mass_mg: int) -> str:
    """A mass as people read it: to a tonne from 100 t on, else to three digits.

    >>> tonnes(12_345_600_000_000), tonnes(1_234_000_000), tonnes(1_234_000)
    ('12,346 t', '1.23 t', '0.00123 t')
    """
    mass_t = mass_mg / MG_PER_TONNE
    return f"{mass_t:,.0f} t" if mass_t >= 100 else f"{mass_t:.3g} t"


def amount(mass_mg: int) -> str:
    """A mass as `tonnes` from a tonne on, and below it in kilograms, grams or milligrams.

    >>> amount(12_345_600_000_000), amount(1_234_000), amount(7)
    ('12,346 t', '1.23 kg', '7 mg')
    """
    return tonnes(mass_mg) if mass_mg >= MG_PER_TONNE else said(mass_mg, MILLIGRAM)


def percent(share: float) -> str:
    """A share to a tenth of a percent, never rounded up to all or down to nothing.

    >>> percent(0.8346), percent(0.99996), percent(0.0), percent(1.0)
    ('83.5 %', 'over 99.9 %', '0 %', '100 %')
    """
    if 0.9995 <= share < 1.0:
        return "over 99.9 %"
    if 0.0 < share < 0.0005:
        return "under 0.1 %"
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def _why_short(cause: Cause, declared: Declared) -> str:
    site = _name(cause.site, declared)
    match cause.kind:
        case "nowhere" | "bound":
            return _why_nowhere(cause)
        case "banned":
            return _why_banned(cause)
        case "left_out":
            return f"{site} is left out of this plan; with it back, {_then(cause)}"
        case "full" if cause.sites_in_reach == 1:
            return f"{site}, the only site that takes it, is full; with {_room(cause)} there, " + (
                _then(cause)
            )
        case "full":
            return f"{site} is full; with {_room(cause)} there, {_then(cause)}"
        case _:
            full = "for" if cause.is_full else "and not"
            return (
                f"no single cause, {full} all {cause.sites_in_reach} sites that take it are full; "
                f"even with {_room(cause)} at {site}, only {percent(cause.service_then)} would be"
            )


def _why_nowhere(cause: Cause) -> str:
    if not cause.covenants:
        return "no site takes it"
    named = ", ".join(f"'{name}'" for name in cause.covenants)
    return f"covenants bind it ({named}), and no site of this plan may have it"


def _why_banned(cause: Cause) -> str:
    named = " and ".join(f"'{code}'" for code in cause.codes)
    if len(cause.codes) == 1:
        return (
            f"the Code {named} keeps it from every site that takes it; without it, {_then(cause)}"
        )
    return (
        f"the Codes {named} together keep it from every site that takes it; without them, "
        f"{_then(cause)}"
    )


def _past(cause: Cause, declared: Declared) -> str:
    return (
        f"All is placed, but {tonnes(cause.mass_mg)} of {_group(cause.group)} go past "
        f"{_name(cause.site, declared)}, the nearest site that takes it"
        f"{', which is full' if cause.is_full else ''}"
    )


def _hindrance(lifted: Lifted, site: SiteId | None, declared: Declared) -> str:
    """What people decided or reported; of what is elsewhere, that others come for it."""
    said = lifted.said.rstrip(".")
    if site is None and lifted.kind not in ("guaranteed", "prioritised"):
        return f"'{said}' keeps others from where they would go, and they come here"
    named = {"code": lifted.name, "said": said, "site": _name(site, declared)}
    return _HINDRANCES[lifted.kind].format(**named)


def _hindered(cause: Cause, lifted: Lifted, declared: Declared) -> str:
    """What is short, or goes farther, for what people decided or reported."""
    hindrance = _hindrance(lifted, cause.site, declared)
    if cause.service < 1.0:
        return f"{_share(cause)}: {hindrance}; without that, {_then(cause)}{_also(cause)}."
    then = f"only {tonnes(cause.past_then_mg)}" if cause.past_then_mg else "none"
    return (
        f"All is placed, but {tonnes(cause.mass_mg)} of {_group(cause.group)} go farther than to "
        f"{_name(cause.site, declared)}: {hindrance}; without that, {then} would have to."
    )


def _share(cause: Cause) -> str:
    return (
        f"Of {tonnes(cause.mass_mg)} of {_group(cause.group)}, {percent(cause.service)} is placed"
    )


def _then(cause: Cause) -> str:
    if cause.service_then == 1.0:
        return "all of it would be placed"
    return f"{percent(cause.service_then)} would be placed"


def _room(cause: Cause) -> str:
    return f"room for {tonnes(cause.more_mg)} more"


def _also(cause: Cause) -> str:
    if not cause.also_short:
        return ""
    return f" (also short: {', '.join(map(_group, cause.also_short))})"


def _name(site: SiteId | None, declared: Declared) -> str:
    return declared.sites[site].name if site is not None else "no site"


def _group(group: GroupId | None) -> str:
    return (group or "all materials").replace("_", " ")
