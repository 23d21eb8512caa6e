"""Answering why on a page: in the reader's language, with a form to ask what if."""

import msgspec
from litestar.datastructures import MultiDict

from bioloom.circuits.codes.conflicting import CodesConflict
from bioloom.circuits.explaining.questions.answers import Change
from bioloom.circuits.explaining.questions.changing import read_change
from bioloom.circuits.planning import Plan
from bioloom.doors.asking.telling import Teller
from bioloom.doors.asking.why import About, sentences
from bioloom.doors.web.asking import Wish
from bioloom.doors.web.rendering import AnyRequest, Renderer
from bioloom.doors.web.speaking import Language
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import DistrictId


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a page says to why, of which days, and what of it is otherwise than it is."""

    says: list[str]
    period: Period | None
    is_what_if: bool
    # Why what if leaves no plan at all, in English.
    conflict: CodesConflict | None = None


def answer(request: AnyRequest, renderer: Renderer, about: About, name: str, wish: Wish) -> Answer:
    """Say why something is as it is, or would be as an address asks.

    What leaves no plan that keeps the Codes is told as such.

    Args:
        request: What is asked, in the fields that `read_what_if` reads.
        renderer: Makes the page.
        about: Of what kind it is.
        name: Its id.
        wish: The plan that the page shows; of a lot that of its days is taken.

    Raises:
        WhatIfUnread, SiteUnknown: If what is to be otherwise cannot be read, or cannot be.
        CodesConflict: If nothing is to be otherwise, and there is no plan.
        TooManyPlans: If too many others wait for a plan already.
    """
    desk = renderer.desk
    standing = desk.standing()
    changes = read_what_if(request.query_params, standing.declared)
    try:
        told = desk.why(standing, about, name, wish, changes)
    except CodesConflict as conflict:
        if not changes:
            raise
        return Answer(says=[], period=wish.period, is_what_if=True, conflict=conflict)
    return Answer(
        says=sentences(told, standing.declared, renderer.language(request)),
        period=Period(first=told.first, last=told.last),
        is_what_if=bool(changes),
    )


def hindered(plan: Plan, declared: Declared, language: Language) -> dict[DistrictId, str]:
    """What people decided or reported that binds districts of a plan, in the reader's language."""
    teller = Teller(declared, language)
    return {
        district: " ".join(teller.say(found)) for district, found in plan.binds.hindered.items()
    }


def read_what_if(query: "MultiDict[str]", declared: Declared) -> tuple[Change, ...]:
    """What an address asks to be otherwise; nothing where it does not.

    Fields: `what_if` is "down", "room" or "offer", with the site in `at`, the district in `by`, the
    material in `of` and `tonnes`; or all that is written as after --what-if.

    Raises:
        WhatIfUnread: If it cannot be read.
        SiteUnknown: If it names a site that is not there.
    """
    said = str(query.get("what_if", ""))
    at, by, of, tonnes = (str(query.get(name, "")) for name in ("at", "by", "of", "tonnes"))
    whole = {
        "down": f"down={at}",
        "room": f"room={at}:{tonnes}",
        "offer": f"offer={by}/{of}:{tonnes}",
    }
    return (read_change(whole.get(said, said), declared),) if said else ()
