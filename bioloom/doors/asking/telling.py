"""Telling: an answer as one or two plain sentences. Nothing is said that the answer does not hold.

A claim about what would be is said only of a plan that was made and that its checker vouches for.
"""

from collections.abc import Sequence
from decimal import Decimal

from bioloom.circuits.explaining.questions.answers import Change, Found, Trial
from bioloom.circuits.explaining.questions.comparing import (
    changes_nothing,
    longer_t_km,
    more_placed_mg,
)
from bioloom.doors.asking.placing import Placed
from bioloom.doors.web.speaking import Language
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.codes import CodeId
from bioloom.vocabulary.materials import GroupId
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.quantities import MG_PER_TONNE

# Limits of which a city has no name; the catalogue says them.
_LIMITS = ("vehicles", "residue", "under_way", "promised")


class Teller:
    """Says answers in a language, by the names that a city has for its districts and sites."""

    def __init__(self, declared: Declared, language: Language) -> None:
        self._declared, self._language = declared, language

    def say(self, found: Found) -> tuple[str, ...]:
        """An answer in sentences."""
        match found.reason:
            case "nothing" | "unproven":
                return (self._text(found.reason),)
            case "changed" | "unchanged":
                return self._what_if(found)
        if found.district is None:
            return self._site(found)
        if found.goes_to is None:
            return (self._short(found),)
        return self._way(found)

    def place(self, placed: Placed) -> tuple[str, ...]:
        """Where a lot goes, in a sentence."""
        if not placed.goes:
            return (self._text("lot_nowhere", lot=placed.lot, period=self._days(placed)),)
        ways = [
            self._text("lot_way", mass=self._mass(goes.mass_mg), site=self._name(goes.site))
            for goes in placed.goes
        ]
        key = "lot_committed" if placed.plan else "lot_planned"
        return (self._text(key, lot=placed.lot, ways=", ".join(ways)),)

    def then(self, sentence: str) -> str:
        """A sentence about what would be, after those about what that takes."""
        return self._text("then", sentence=sentence)

    def _short(self, found: Found) -> str:
        """Why not all of a group is placed."""
        share = found.trials[0].before.service if found.trials else 0.0
        others = ", ".join(map(_words, found.also_short))
        return self._text(
            "short",
            mass=self._mass(found.mass_mg),
            group=_words(found.group),
            place=self._place(found.district),
            share=self._share(share),
            why=self._why_short(found),
            also=self._text("also", groups=others) if others else "",
        )

    def _why_short(self, found: Found) -> str:
        if found.reason in ("nowhere", "bound"):
            names = ", ".join(f"'{name}'" for name in found.covenants)
            return self._text(found.reason, covenants=names)
        trial, site = found.trials[0], self._name(found.site)
        share, room = self._share(trial.then.service), self._room(trial)
        then = self._text("then_all" if trial.then.service == 1.0 else "then_share", share=share)
        match found.reason:
            case "banned" if found.codes:
                return self._text(_by_codes("banned", found), codes=_named(found.codes), then=then)
            case "left_out":
                return self._text("left_out", site=site, then=then)
            case "full":
                key = "full_only" if found.sites_in_reach == 1 else "full"
                return self._text(key, site=site, room=room, then=then)
            case "no_single":
                return self._text("no_single", site=site, room=room, share=share)
            case _:
                return self._text("hindered", cause=self._cause(found), then=then)

    def _way(self, found: Found) -> tuple[str, ...]:
        """Why a group that is placed goes where it goes."""
        ends = {
            "what": _words(found.group).capitalize(),
            "place": self._place(found.district),
            "goes": self._end(found.goes_to, found.goes_km),
        }
        if found.reason == "nearest":
            return self._text("nearest", **ends), *self._effects(found.trials)
        ends["near"] = self._end(found.site, found.site_km)
        if not found.trials:
            return (self._text("not_there", **ends),)
        first, *rest = found.trials
        if first.change.lifted:
            return (self._hindered(found, first, ends),)
        match found.reason:
            case "full":
                why = self._text("past_full", room=self._room(first))
            case "equal":
                why = self._text("past_equal")
            case "no_single":
                why = self._text("past_no_single", room=self._room(first))
            case _:
                why = self._text("past_limit", limit=self._limit(found))
        return self._text("past", why=why, **ends), *self._effects(rest)

    def _hindered(self, found: Found, trial: Trial, ends: dict[str, str]) -> str:
        """What people decided or reported keeps a group from a nearer site."""
        then_mg = trial.then.past_mg or 0
        less = self._text("less_past", mass=self._mass((trial.before.past_mg or 0) - then_mg))
        return self._text(
            "past_hindered",
            cause=self._cause(found),
            then=less if then_mg else self._text("none_past"),
            **ends,
        )

    def _cause(self, found: Found) -> str:
        """What people decided or reported, in its words; or a limit that has none."""
        lifted = found.trials[0].change.lifted
        if lifted is None:
            return self._limit(found)
        is_here = found.site is not None or lifted.kind in ("guaranteed", "prioritised")
        key = f"cause_{lifted.kind}" if is_here else "cause_elsewhere"
        return self._text(key, said=lifted.said.rstrip("."), site=self._name(found.site))

    def _site(self, found: Found) -> tuple[str, ...]:
        """Why a site takes what it takes."""
        site = self._name(found.site)
        if found.reason in ("left_out", "nowhere"):
            return (self._text(f"site_{found.reason}", site=site),)
        first, *rest = found.trials
        if found.codes:
            key, codes = _by_codes("site_banned", found), _named(found.codes)
            return (self._text(key, site=site, codes=codes, then=self._then(first)),)
        has = self._text(
            "site_takes",
            site=site,
            mass=self._mass(found.mass_mg),
            room=self._mass(found.capacity_mg),
        )
        if found.reason in ("full", "enough"):
            why = self._effect(first)
        else:
            key = "site_hindered" if found.mass_mg else "site_bare"
            why = self._text(key, site=site, cause=self._cause(found), then=self._then(first))
            has = has if found.mass_mg else ""
        return f"{has} {why}".strip(), *self._effects(rest)

    def _what_if(self, found: Found) -> tuple[str, ...]:
        """What a change does."""
        [trial] = found.trials
        if found.district is None or trial.before.service == trial.then.service:
            return (self._effect(trial),)
        return (
            self._text(
                "group_then",
                change=self._if(trial.change),
                then=self._share(trial.then.service),
                now=self._share(trial.before.service),
                group=_words(found.group),
                place=self._place(found.district),
            ),
            self._text("city_then", then=self._then(trial)),
        )

    def _effect(self, trial: Trial) -> str:
        return self._text("effect", change=self._if(trial.change), then=self._then(trial))

    def _effects(self, trials: tuple[Trial, ...] | list[Trial]) -> tuple[str, ...]:
        return tuple(map(self._effect, trials))

    def _if(self, change: Change) -> str:
        return self._text(
            f"if_{change.kind}",
            site=self._name(change.site),
            mass=self._mass(change.mass_mg),
            what=_words(change.material or change.group),
            place=self._place(change.district),
        )

    def _then(self, trial: Trial) -> str:
        """What follows, all that differs."""
        if changes_nothing(trial):
            # What is sent elsewhere goes elsewhere, however little that matters.
            sent = trial.change.kind == "sent"
            return self._text("then_as_good" if sent else "then_nothing")
        parts: list[str] = []
        more_mg, longer = more_placed_mg(trial), longer_t_km(trial)
        if more_mg:
            key = "then_more" if more_mg > 0 else "then_less"
            parts.append(self._text(key, mass=self._mass(abs(more_mg))))
        if loses := trial.loses:
            parts.append(
                self._text(
                    "then_loses",
                    group=_words(loses.group),
                    place=self._place(loses.district),
                    now=self._share(loses.service),
                    then=self._share(loses.service_then),
                )
            )
        if longer:
            key = "then_longer" if longer > 0 else "then_shorter"
            parts.append(self._text(key, way=self._language.figure(abs(longer))))
        if not parts:
            parts.append(self._text("then_share", share=self._share(trial.then.service)))
        *before, last = parts
        return self._text("and", before=", ".join(before), last=last) if before else last

    def _limit(self, found: Found) -> str:
        assert found.reason in _LIMITS, found.reason
        return self._text("limit", limit=self._text(f"limit_{found.reason}"))

    def _text(self, key: str, **values: object) -> str:
        return self._language.say(f"why.{key}", **values)

    def _mass(self, mass_mg: int) -> str:
        return self._text("mass", tonnes=self._language.figure(Decimal(mass_mg) / MG_PER_TONNE))

    def _share(self, share: float) -> str:
        return self._language.percent(share)

    def _room(self, trial: Trial) -> str:
        return self._text("room", mass=self._mass(trial.change.mass_mg))

    def _end(self, site: SiteId | None, km: float) -> str:
        return self._text("end", site=self._name(site), km=self._language.figure(km))

    def _days(self, placed: Placed) -> str:
        return self._language.span(placed.period.first, placed.period.last)

    def _name(self, site: SiteId | None) -> str:
        return self._text("no_site") if site is None else self._declared.sites[site].name

    def _place(self, district: DistrictId | None) -> str:
        return "" if district is None else self._declared.districts[district].name


def _by_codes(key: str, found: Found) -> str:
    """What is said of one Code, or of several together."""
    return key if len(found.codes) == 1 else f"{key}_together"


def _named(codes: Sequence[CodeId]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


def _words(name: str | GroupId | None) -> str:
    return (name or "").replace("_", " ")
