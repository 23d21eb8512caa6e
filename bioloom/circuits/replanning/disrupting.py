"""Disrupting: who may say that something stands in the way, and whether it can be as they say."""

from collections.abc import Iterator
from datetime import date
from typing import TypeVar

import msgspec

from bioloom.ledger.declared import Declared
from bioloom.ledger.disruptions.disrupted import Disrupted
from bioloom.ledger.people.deciding import Deed
from bioloom.ledger.people.permitting import THE_CITY, About, may
from bioloom.vocabulary.entries.disruptions import (
    DisruptionEnded,
    DisruptionId,
    DisruptionReported,
)
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.refusal import Refusal

LONGEST_REASON = 500
_LONGEST_NAME = 200
# A surge of more than this is a slip of the pen.
_LARGEST_PER_MILLE = 1_000_000
B = TypeVar("B", bound=msgspec.Struct)


class DisruptionSenseless(Refusal):
    """A disruption that contradicts itself, or what the city has."""

    def __init__(self, *, disruption: str, found: str) -> None:
        self.disruption, self.found = disruption, found
        super().__init__(
            what=f"This cannot be said of the disruption '{disruption[:80]}': {found}.",
            why="Every plan of those days would be made from it.",
            remedy="See docs/how-to/replan-when-something-happens.md for what each kind needs.",
        )


class DisruptionUnknown(Refusal):
    """A disruption that nobody reported."""

    def __init__(self, *, disruption: str) -> None:
        self.disruption = disruption
        super().__init__(
            what=f"No disruption '{disruption[:80]}' was reported.",
            why="Only what began can end.",
            remedy="See `bioloom circuits disruptions DIR`.",
        )


class SaidOtherwise(Refusal):
    """The record says something else under this name."""

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__(
            what=f"The record says something else of '{name[:80]}'.",
            why="A name stands for one thing, and nothing recorded is changed in passing.",
            remedy="End that one, and report what is so now under another name.",
        )


def report(
    body: DisruptionReported, *, declared: Declared, deed: Deed
) -> Draft[DisruptionReported]:
    """Decide that something stands in the way. Said twice alike, it is the same until it ended.

    Raises:
        NotPermitted: If who decides may neither for the city nor for the operator of the site.
        DisruptionSenseless: If it contradicts itself, or names what is not declared.
        SaidOtherwise: If another of this name was reported, or it has ended.
    """
    _may(deed, declared, body)
    require_sense(body, declared)
    before = declared.disruptions.reported.get(body.disruption)
    # Whoever reports again what has ended means that it is so now, and would be told nothing.
    if before is not None and (before.reported != body or before.ended is not None):
        raise SaidOtherwise(name=body.disruption)
    return draft_of(body, f"disruption:{body.disruption}", deed)


def end(
    disruption: str, last_day: date | None, *, reason: str, declared: Declared, deed: Deed
) -> Draft[DisruptionEnded]:
    """Decide that a disruption had its last day; without one, that it never was.

    Raises:
        NotPermitted: As for `report`.
        DisruptionUnknown: If nobody reported it.
        DisruptionSenseless: If it would end before it began, or the reason cannot be kept.
        SaidOtherwise: If it ended otherwise.
    """
    known = declared.disruptions.reported.get(DisruptionId(disruption))
    if known is None:
        raise DisruptionUnknown(disruption=disruption)
    _may(deed, declared, known.reported)
    body = DisruptionEnded(disruption=known.reported.disruption, last_day=last_day, reason=reason)
    found = next(_found_in_end(body, known), None)
    if found is not None:
        raise DisruptionSenseless(disruption=disruption, found=found)
    if known.ended is not None and known.ended != body:
        raise SaidOtherwise(name=disruption)
    return draft_of(body, f"disruption:{disruption}:ended", deed)


def draft_of(body: B, key: str, deed: Deed) -> Draft[B]:
    """The draft of what somebody decided now."""
    return Draft(body=body, occurred_at=deed.when, author=deed.by, idempotency_key=key)


def require_sense(body: DisruptionReported, declared: Declared) -> None:
    """See that a disruption is one, and is about what the city has.

    Raises:
        DisruptionSenseless: If not.
    """
    found = next(_found(body, declared), None)
    if found is not None:
        raise DisruptionSenseless(disruption=body.disruption, found=found)


def amiss_in_reason(reason: str) -> Iterator[str]:
    """What keeps a reason from being kept."""
    if not reason.strip():
        yield "it has no reason"
    if len(reason) > LONGEST_REASON:
        yield f"its reason is longer than {LONGEST_REASON} characters"


def _may(deed: Deed, declared: Declared, body: DisruptionReported) -> None:
    """Whoever runs the city's circuits may; of what is at one site, whoever runs that."""
    offices = deed.people.offices_of(deed.by, on=deed.at)
    site = None if body.site is None or body.areas else declared.sites.get(body.site)
    if site is None or any(office.scope is None for office in offices):
        may(deed.by, "report_disruption", THE_CITY, deed.people, at=deed.at)
    else:
        about = About(sides=(site.operator,))
        may(deed.by, "report_disruption", about, deed.people, at=deed.at)


def _found_in_end(body: DisruptionEnded, known: Disrupted) -> Iterator[str]:
    yield from amiss_in_reason(body.reason)
    last = known.reported.last_day
    if body.last_day is None:
        return
    if body.last_day < known.reported.first_day:
        yield f"it began on {known.reported.first_day}; without a last day it never was"
    if last is not None and body.last_day > last:
        yield f"it was to end on {last} already"


def _found(body: DisruptionReported, declared: Declared) -> Iterator[str]:
    if not body.disruption.strip() or len(body.disruption) > _LONGEST_NAME:
        yield "it has no name, or one that is too long"
    yield from amiss_in_reason(body.reason)
    if body.last_day is not None and body.last_day < body.first_day:
        yield "it ends before it begins"
    yield from _found_of_kind(body)
    yield from _unknown(body, declared)


def _found_of_kind(body: DisruptionReported) -> Iterator[str]:
    has = {
        "a site": body.site is not None,
        "areas": bool(body.areas),
        "an agent": body.agent is not None,
        "a group": body.group is not None,
        "a share": body.per_mille != 0,
    }
    needs, may_have = {
        "site_down": ({"a site"}, set()),
        "capacity_cut": ({"a site"}, {"a group", "a share"}),
        "road_cut": ({"areas"}, {"a site"}),
        "blockade": (set(), {"areas", "an agent", "a site"}),
        "surge": ({"a share"}, {"areas", "a group"}),
    }[body.kind]
    word = body.kind.replace("_", " ")
    for thing, is_there in has.items():
        if thing in needs and not is_there:
            yield f"a {word} needs {thing}"
        if is_there and thing not in needs | may_have:
            yield f"a {word} has not {thing}"
    if body.kind == "blockade" and not (body.areas or body.agent):
        yield "a blockade is by an agent or around areas"
    if body.kind == "blockade" and body.site is not None and not body.areas:
        yield "a blockade has a site only where it keeps areas from it"
    if body.kind == "capacity_cut" and not 0 <= body.per_mille < 1000:
        yield "what is left of a cut is from 0 to 999 in a thousand"
    if body.kind == "surge" and not 1000 < body.per_mille <= _LARGEST_PER_MILLE:
        yield "a surge is of more than 1000 in a thousand, and at most a thousandfold"


def _unknown(body: DisruptionReported, declared: Declared) -> Iterator[str]:
    if body.site is not None and body.site not in declared.sites:
        yield f"there is no site '{body.site}' among {', '.join(sorted(declared.sites))}"
    known = {part for one in declared.districts.values() for part in (one.district, one.part_of)}
    for area in body.areas:
        if area not in known:
            yield f"there is no district, and no part of the city, '{area}'"
    if body.agent is not None and body.agent not in declared.agents:
        yield f"there is no agent '{body.agent}'"
    groups = {material.group for material in declared.materials.values()}
    if body.group is not None and body.group not in groups:
        yield f"there is no group '{body.group}'"
