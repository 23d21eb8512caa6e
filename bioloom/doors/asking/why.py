"""Why: a question about a city's plan, answered from the record, in sentences and in figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec

from bioloom.circuits.explaining.questions.answers import Change, Found
from bioloom.circuits.explaining.questions.asking import Questions
from bioloom.circuits.explaining.questions.changing import Changes
from bioloom.circuits.planning import Plan
from bioloom.circuits.posing import Cell, Node, SiteUnknown
from bioloom.doors.asking.placing import Placed, place
from bioloom.doors.asking.telling import Teller
from bioloom.doors.compose import City
from bioloom.doors.web.speaking import FALLBACK, Language, speak
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.refusal import Refusal

About = Literal["lot", "district", "site"]


class DistrictUnknown(Refusal):
    """A district that was named is not declared in this city."""

    def __init__(self, *, district: str, known: Sequence[str]) -> None:
        self.district = district
        super().__init__(
            what=f"There is no district '{district}'.",
            why="Nothing can be said of a district that the city does not have.",
            remedy=f"Name one of: {', '.join(known) or 'no district is declared yet'}.",
        )


class WhyTold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer: sentences, and the figures that they were made from.

    `what_if` says what each change alone does, and `found` why things are as they are with all of
    them together; without a change, as they are.
    """

    about: About
    name: str
    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")
    changes: list[Change]
    says: list[str]
    what_if: list[Found]
    found: list[Found]
    # Of a lot: where it goes, in the order of its site, and by which commitment.
    lot: Placed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks about, in which days, and what is to be otherwise."""

    about: About
    name: str
    period: Period | None = None
    changes: tuple[Change, ...] = ()


def why(
    city: City,
    asked: Question,
    plan: Plan | None = None,
    offered: dict[Node, int] | None = None,
) -> WhyTold:
    """Answer a question.

    Args:
        city: Whose record.
        asked: The question.
        plan: The plan of its days without any change, if it has been made already.
        offered: What that plan was made of.

    Raises:
        DistrictUnknown, SiteUnknown, LotUnknown: If the record has nothing of that name.
        NothingToPlan: If no period is given and the record has no lots.
        WhatIfUnread: If something is to be sent that is not there.
    """
    _require_known(city, asked)
    placed = place(city, LotId(asked.name), asked.period) if asked.about == "lot" else None
    period = asked.period if placed is None else placed.period
    if plan is None or (period is not None and plan.period != period):
        backlog = placed is not None and placed.with_backlog
        plan, offered = city.plan(period, backlog=backlog, explain=False), None
    if asked.changes and offered is None:
        offered = city.offered_mg(plan.period, backlog=plan.with_backlog)
    if placed is not None:
        placed = placed.in_plan(city, plan)
    declared, now = city.journal.declared(), Questions(plan.trials)
    effects, then = [], plan
    for change in asked.changes:
        then = _with(city, plan, offered, (change,))
        effects.append(now.unlike(then.trials, change, _cells(now, asked, placed)))
    if len(asked.changes) > 1:
        then = _with(city, plan, offered, asked.changes)
    found = _found(Questions(then.trials), asked, placed)
    told = WhyTold(
        about=asked.about,
        name=asked.name,
        first=plan.period.first,
        last=plan.period.last,
        changes=list(asked.changes),
        says=[],
        what_if=effects,
        found=found,
        lot=placed,
    )
    says = sentences(told, declared, speak(FALLBACK))
    return msgspec.structs.replace(told, says=says)


def sentences(told: WhyTold, declared: Declared, language: Language) -> list[str]:
    """What an answer says: of a lot where it goes, then what changes do, then why it is so."""
    teller = Teller(declared, language)
    says = [] if told.lot is None else [*teller.place(told.lot)]
    says += [sentence for one in told.what_if for sentence in teller.say(one)]
    why_says = [sentence for one in told.found for sentence in teller.say(one)]
    if told.changes and why_says:
        why_says[0] = teller.then(why_says[0])
    return says + why_says


def _require_known(city: City, asked: Question) -> None:
    declared = city.journal.declared()
    if asked.about == "district" and asked.name not in declared.districts:
        raise DistrictUnknown(
            district=asked.name,
            known=[f"{one.district} {one.name}" for _, one in sorted(declared.districts.items())],
        )
    if asked.about == "site" and asked.name not in declared.sites:
        raise SiteUnknown(site=asked.name, known=declared.sites)


def _with(
    city: City, plan: Plan, offered: dict[Node, int] | None, changes: tuple[Change, ...]
) -> Plan:
    """The plan with some changes, of the same days and figures."""
    return city.plan(
        plan.period,
        without=plan.without,
        backlog=plan.with_backlog,
        explain=False,
        offered=offered,
        changes=Changes(changes),
    )


def _cells(questions: Questions, asked: Question, placed: Placed | None) -> list[Cell]:
    """The groups that a question is about; none where it is about all."""
    if placed is not None:
        return [] if placed.group is None else [(placed.district, placed.group)]
    return questions.cells_of(DistrictId(asked.name)) if asked.about == "district" else []


def _found(questions: Questions, asked: Question, placed: Placed | None) -> list[Found]:
    if asked.about == "site":
        return [questions.about_site(SiteId(asked.name))]
    if placed is None:
        return [questions.about_district(DistrictId(asked.name))]
    if placed.group is None:
        return []
    return [
        questions.about_group(placed.district, placed.group, goes.site)
        for goes in placed.goes
        if goes.site is None or questions.brings(placed.district, placed.group, goes.site)
    ]
