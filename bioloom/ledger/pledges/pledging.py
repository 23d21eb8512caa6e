"""Pledging: who may make, renew, join and leave a pledge, and whether it can be as it is told."""

from datetime import date
from typing import Any, TypeVar

import msgspec

from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.mentioning import pledge_name
from bioloom.ledger.people.deciding import AheadOfTime, Deed
from bioloom.ledger.people.permitting import About, may
from bioloom.ledger.pledges.seasons import Pledge, PledgeUnknown, pledges_in
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.pledges import (
    PledgeJoined,
    PledgeLeft,
    PledgeMade,
    PledgeRenewed,
)
from bioloom.vocabulary.periods import Instant, Period
from bioloom.vocabulary.quantities import LARGEST_MG
from bioloom.vocabulary.refusal import Refusal

LONGEST_DAYS = 400
_LONGEST_TITLE, _LONGEST_TEXT = 200, 20_000

Pledging = PledgeMade | PledgeRenewed | PledgeJoined | PledgeLeft
P = TypeVar("P", bound=msgspec.Struct)


class PledgeAmiss(Refusal):
    """A pledge, or a word given for one, that contradicts itself or the record."""

    def __init__(self, *, pledge: str, found: str) -> None:
        self.pledge, self.found = pledge, found
        super().__init__(
            what=f"This cannot be said of the pledge '{pledge[:80]}': {found}.",
            why="People give their word for what it says, for one season, and never silently.",
            remedy="See `bioloom pledges show DIR PLEDGE`, and docs/how-to/make-a-pledge.md.",
        )


class NotOfTheCommons(Refusal):
    """Somebody would join the pledge of a commons that they do not belong to."""

    def __init__(self, *, who: AgentId, commons: AgentId) -> None:
        self.who, self.commons = who, commons
        super().__init__(
            what=f"'{who}' does not belong to '{commons}'.",
            why="A pledge is kept by the people of its commons.",
            remedy=f"Ask a steward of '{commons}' to let them in: `bioloom people join`.",
        )


def make_pledge(body: PledgeMade, *, deed: Deed) -> Draft[PledgeMade]:
    """Decide that a commons makes a pledge.

    Raises:
        NotPermitted: If the one who decides may not promise anything for that commons.
        PledgeAmiss: If it is no commons.
        AheadOfTime: If it is dated in the future.
    """
    may(deed.by, "promise", About(sides=(body.commons,)), deed.people, at=deed.at)
    if deed.people.agents.get(body.commons) != "commons":
        raise PledgeAmiss(pledge=body.pledge, found=f"'{body.commons}' is no commons")
    return _draft(body, f"pledge:{body.pledge}", deed)


def renew_pledge(pledge: Pledge, period: Period, *, deed: Deed) -> Draft[PledgeRenewed]:
    """Decide that a pledge has a further season, in which nobody is yet.

    Raises:
        NotPermitted: If the one who decides may not promise anything for its commons.
        AheadOfTime: If it is dated in the future.
    """
    made = pledge.made
    may(deed.by, "promise", About(sides=(made.commons,)), deed.people, at=deed.at)
    body = PledgeRenewed(
        pledge=made.pledge,
        season=pledge.newest.number + 1,
        first_day=period.first,
        last_day=period.last,
    )
    return _draft(body, f"pledge:{made.pledge}:season:{body.season}", deed)


def join_pledge(pledge: Pledge, who: AgentId, *, deed: Deed) -> Draft[PledgeJoined]:
    """Decide that somebody is in the newest season of a pledge.

    Raises:
        NotPermitted: If the one who decides may not promise anything for them.
        NotOfTheCommons: If they do not belong to its commons.
        AheadOfTime: If it is dated in the future.
    """
    may(deed.by, "promise", About(sides=(who,)), deed.people, at=deed.at)
    commons = pledge.made.commons
    if commons not in deed.people.groups_of(who, on=deed.when):
        raise NotOfTheCommons(who=who, commons=commons)
    body = PledgeJoined(pledge=pledge.made.pledge, season=pledge.newest.number, who=who)
    return _draft(body, _key("joined", body, deed), deed)


def leave_pledge(pledge: Pledge, who: AgentId, *, deed: Deed) -> Draft[PledgeLeft]:
    """Decide that somebody takes their word for the newest season back.

    Raises:
        NotPermitted: If the one who decides may not promise anything for them.
        AheadOfTime: If it is dated in the future.
    """
    may(deed.by, "promise", About(sides=(who,)), deed.people, at=deed.at)
    body = PledgeLeft(pledge=pledge.made.pledge, season=pledge.newest.number, who=who)
    return _draft(body, _key("left", body, deed), deed)


def judge_pledge(
    body: Pledging, corrected: Entry[Any] | None, facts: Facts, *, at: Instant
) -> None:
    """Hold what is said of a pledge against the record. Days are those of UTC.

    Args:
        body: What is said.
        corrected: The entry that it would replace.
        facts: The record.
        at: When it happened.

    Raises:
        PledgeAmiss: If it cannot be so.
        PledgeUnknown: If it is of a pledge that nobody made.
    """
    if corrected is not None:
        changed = "it would change what people gave their word for"
        raise PledgeAmiss(pledge=body.pledge, found=changed)
    known = pledges_in(facts.introducing(pledge_name(body.pledge)))
    pledge = known.get(body.pledge)
    if isinstance(body, PledgeMade):
        found = "there is one of that name" if pledge is not None else _against_terms(body)
    elif pledge is None:
        raise PledgeUnknown(pledge=body.pledge)
    elif isinstance(body, PledgeRenewed):
        found = _against_renewal(body, pledge)
    else:
        found = _against_word(body, pledge, date.fromisoformat(at[:10]))
    if found is not None:
        raise PledgeAmiss(pledge=body.pledge, found=found)


def _against_terms(body: PledgeMade) -> str | None:
    materials = (*body.counted, *body.against)
    aims = [aim for aim in (body.share_per_mille, body.more_mg) if aim is not None]
    checks = (
        (not body.pledge.strip() or len(body.pledge) > _LONGEST_TITLE, "it has no short name"),
        (not body.title.strip() or len(body.title) > _LONGEST_TITLE, "it has no short title"),
        (not body.text.strip() or len(body.text) > _LONGEST_TEXT, "its text is none, or too long"),
        (not body.counted, "nothing counts for it"),
        (len(set(materials)) < len(materials), "a material counts twice"),
        (len(aims) != 1, "it has not one aim: a share, or so much more"),
        (
            _is_beyond(body.share_per_mille, 1000),
            "its share is out of range",
        ),
        (
            body.share_per_mille is not None and not body.against,
            "it would be kept whatever happens, as nothing counts against it",
        ),
        (
            _is_beyond(body.more_mg, LARGEST_MG),
            "its aim is out of range",
        ),
    )
    found = next((found for is_so, found in checks if is_so), None)
    return found or _against_days(body.first_day, body.last_day)


def _is_beyond(aim: int | None, most: int) -> bool:
    return aim is not None and not 1 <= aim <= most


def _against_days(first: date, last: date) -> str | None:
    if last < first:
        return "its season ends before it begins"
    if (last - first).days >= LONGEST_DAYS:
        return f"a season has at most {LONGEST_DAYS} days, so that it is renewed by people's word"
    return None


def _against_renewal(body: PledgeRenewed, pledge: Pledge) -> str | None:
    if body.season != pledge.newest.number + 1:
        return f"its next season is {pledge.newest.number + 1}"
    if body.first_day <= pledge.newest.period.last:
        return f"its season runs until {pledge.newest.period.last}"
    return _against_days(body.first_day, body.last_day)


def _against_word(body: PledgeJoined | PledgeLeft, pledge: Pledge, day: date) -> str | None:
    season = pledge.newest
    if body.season != season.number:
        return f"its newest season is {season.number}"
    if day > season.period.last:
        return f"its season ended on {season.period.last}, and was not renewed"
    if isinstance(body, PledgeJoined) and season.has(body.who):
        return f"'{body.who}' is in it already"
    if isinstance(body, PledgeLeft) and not season.has(body.who):
        return f"'{body.who}' is not in it"
    return None


def _key(what: str, body: PledgeJoined | PledgeLeft, deed: Deed) -> str:
    return f"pledge:{body.pledge}:season:{body.season}:{what}:{body.who}:{deed.when}"


def _draft(body: P, key: str, deed: Deed) -> Draft[P]:
    if deed.when > deed.at:
        raise AheadOfTime(occurred_at=deed.when, at=deed.at)
    return Draft(body=body, occurred_at=deed.when, author=deed.by, idempotency_key=key)
