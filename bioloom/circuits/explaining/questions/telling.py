"""Telling: an answer as one or two plain sentences. Nothing is said that the answer does not hold.

A claim about what would be is said only of a plan that was made and that its checker vouches for.
"""

from bioloom.circuits.explaining.questions.answers import Change, Found, Trial
from bioloom.circuits.explaining.questions.comparing import (
    changes_nothing,
    longer_t_km,
    more_placed_mg,
)
from bioloom.circuits.explaining.wording import percent, tonnes
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import DistrictId, SiteId

_LIMITS = {
    "vehicles": "the vehicles that could carry it there",
    "residue": "where the residue of it can go",
    "under_way": "what is under way already",
    "promised": "what is guaranteed to others",
}


def tell(found: Found, declared: Declared) -> tuple[str, ...]:
    """An answer in sentences."""
    return _Teller(declared).say(found)


class _Teller:
    """Says answers by the names that a city has for its districts, sites and groups."""

    def __init__(self, declared: Declared) -> None:
        self._declared = declared

    def say(self, found: Found) -> tuple[str, ...]:
        """An answer of any kind."""
        match found.reason:
            case "nothing":
                return ("It offered nothing in this period.",)
            case "unproven":
                return ("The checker does not vouch for this plan, so no reason is given.",)
            case "changed" | "unchanged":
                return self._what_if(found)
        if found.district is None:
            return self._site(found)
        if found.goes_to is None:
            return (self._short(found),)
        return self._way(found)

    def _short(self, found: Found) -> str:
        """Why not all of a group is placed."""
        share = found.trials[0].before.service if found.trials else 0.0
        also = f" (also short: {', '.join(map(_words, found.also_short))})"
        return (
            f"Of {tonnes(found.mass_mg)} of {_words(found.group)} of "
            f"{self._place(found.district)}, {percent(share)} is placed: {self._why_short(found)}"
            f"{also if found.also_short else ''}."
        )

    def _why_short(self, found: Found) -> str:
        site = self._name(found.site)
        if found.reason == "nowhere":
            return "no site takes it"
        trial = found.trials[0]
        share = trial.then.service
        then = f"{'all of it' if share == 1.0 else percent(share)} would be placed"
        match found.reason:
            case "left_out":
                return f"{site} is left out of this plan; with it back, {then}"
            case "full":
                only = ", the only site that takes it," if found.sites_in_reach == 1 else ""
                return f"{site}{only} is full; with {_room(trial)} there, {then}"
            case "no_single":
                return (
                    f"no single cause was found; even with {_room(trial)} at {site}, "
                    f"only {percent(share)} would be"
                )
            case _:
                return f"what decides is {_LIMITS[found.reason]}; without that limit, {then}"

    def _way(self, found: Found) -> tuple[str, ...]:
        """Why a group that is placed goes where it goes."""
        goes = f"{self._name(found.goes_to)} ({found.goes_km:.3g} km)"
        what = f"{_words(found.group).capitalize()} of {self._place(found.district)}"
        if found.reason == "nearest":
            said = f"{what} goes to {goes}, the nearest site that takes it."
            return (said, *(f"{self._if(one.change)}, {self._then(one)}." for one in found.trials))
        near = f"{self._name(found.site)} ({found.site_km:.3g} km)"
        if not found.trials:
            return (f"{what} goes to {goes}, not to {near}; no single cause was found.",)
        first, *rest = found.trials
        match found.reason:
            case "full":
                why = f"which is full; with {_room(first)} there, none would have to go farther"
            case "equal":
                why = "which is nearer; a plan as good takes it there, so nothing decides it"
            case "no_single":
                why = f"which is nearer; even {_room(first)} there would not do: no single cause"
            case _:
                why = f"which is nearer: what decides is {_LIMITS[found.reason]}"
        said = f"{what} goes to {goes} past {near}, {why}."
        return (said, *(f"{self._if(one.change)}, {self._then(one)}." for one in rest))

    def _site(self, found: Found) -> tuple[str, ...]:
        """Why a site takes what it takes."""
        site = self._name(found.site)
        match found.reason:
            case "left_out":
                return (f"{site} is left out of this plan.",)
            case "nowhere":
                return (f"Nothing was offered that {site} takes.",)
        has = f"{site} takes {tonnes(found.mass_mg)}; it has room for {tonnes(found.capacity_mg)}"
        first, *rest = found.trials
        if found.reason in _LIMITS:
            has += f". What keeps more from coming is {_LIMITS[found.reason]}; without that limit, "
            has += self._then(first)
        else:
            has += f". {self._if(first.change)}, {self._then(first)}"
        return (f"{has}.", *(f"{self._if(one.change)}, {self._then(one)}." for one in rest))

    def _what_if(self, found: Found) -> tuple[str, ...]:
        """What a change does."""
        [trial] = found.trials
        said = f"{self._if(trial.change)}, {self._then(trial)}."
        if found.district is None or trial.before.service == trial.then.service:
            return (said,)
        return (
            f"{self._if(trial.change)}, {percent(trial.then.service)} of the {_words(found.group)} "
            f"of {self._place(found.district)} would be placed; now it is "
            f"{percent(trial.before.service)}.",
            f"In the whole city {self._then(trial)}.",
        )

    def _if(self, change: Change) -> str:
        site, mass = self._name(change.site), tonnes(change.mass_mg)
        match change.kind:
            case "closed":
                return f"Without {site}"
            case "opened":
                return f"With {site} open"
            case "more_room":
                return f"With room for {mass} more at {site}"
            case "more_offered":
                what = change.material or change.group
                return f"With {mass} more of {_words(what)} of {self._place(change.district)}"
            case "sent":
                return (
                    f"Were {mass} of the {_words(change.group)} of "
                    f"{self._place(change.district)} sent to {site} all the same"
                )
            case _:
                return "Without that limit"

    def _then(self, trial: Trial) -> str:
        """What follows, all that differs."""
        if changes_nothing(trial):
            return "nothing would change"
        parts: list[str] = []
        more_mg, longer = more_placed_mg(trial), longer_t_km(trial)
        if more_mg:
            word = "more" if more_mg > 0 else "less"
            parts.append(f"{tonnes(abs(more_mg))} {word} would be placed")
        if trial.loses:
            parts.append(
                f"the {_words(trial.loses.group)} of {self._place(trial.loses.district)} would "
                f"fall from {percent(trial.loses.service)} to {percent(trial.loses.service_then)}"
            )
        if longer:
            word = "longer" if longer > 0 else "shorter"
            parts.append(f"all ways together would be {_t_km(abs(longer))} {word}")
        if not parts:
            parts.append(f"{percent(trial.then.service)} would be placed")
        return ", ".join(parts[:-1]) + " and " * (len(parts) > 1) + "".join(parts[-1:])

    def _name(self, site: SiteId | None) -> str:
        return self._declared.sites[site].name if site is not None else "no site"

    def _place(self, district: DistrictId | None) -> str:
        return self._declared.districts[district].name if district is not None else "nowhere"


def _words(name: str | GroupId | None) -> str:
    return (name or "all materials").replace("_", " ")


def _t_km(length: float) -> str:
    """A length of ways as people read it."""
    return f"{length:,.0f} t km" if length >= 100 else f"{length:.3g} t km"


def _room(trial: Trial) -> str:
    return f"room for {tonnes(trial.change.mass_mg)} more"
