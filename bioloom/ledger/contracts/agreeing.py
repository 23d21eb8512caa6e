"""Agreeing: whether an agreement, or its end, can be as it is told."""

from datetime import date, timedelta

from bioloom.ledger.contracts.terms import term_on
from bioloom.ledger.events.facts import Facts
from bioloom.ledger.events.mentioning import agreement_name, commitment_name
from bioloom.vocabulary.entries.circuits import CommitmentMade
from bioloom.vocabulary.entries.contracts import AgreementEnded, AgreementId, AgreementMade
from bioloom.vocabulary.entries.events import PromiseMade
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

# A century of months, and of days: a typing error more likely than a contract.
_MOST_MONTHS, _MOST_DAYS = 1_200, 36_500


class AgreementAmiss(Refusal):
    """An agreement whose parts contradict each other or the record."""

    def __init__(self, *, agreement: AgreementId, found: str) -> None:
        self.agreement, self.found = agreement, found
        super().__init__(
            what=f"Agreement '{agreement}' cannot be as it is told: {found}.",
            why="Later it will be asked who may do what, and until when.",
            remedy="Correct that part of it; docs/how-to/keep-contracts.md has an example.",
        )


class AgreementUnknown(Refusal):
    """An end of an agreement that nobody made."""

    def __init__(self, *, agreement: AgreementId) -> None:
        self.agreement = agreement
        super().__init__(
            what=f"Agreement '{agreement}' is not in the record.",
            why="Only what was agreed can end.",
            remedy="Record the agreement first, or correct its name; see `bioloom contracts list`.",
        )


def judge_agreement(body: AgreementMade, facts: Facts) -> None:
    """Hold an agreement against itself, and against what its parties promised.

    Raises:
        AgreementAmiss: If it cannot be so.
    """
    known = facts.introducing(agreement_name(body.agreement))
    parties = set(body.parties)
    checks = (
        (any(isinstance(one.body, AgreementMade) for one in known), "there is one of that name"),
        (len(parties) < 2 or len(parties) < len(body.parties), "it has not two different parties"),
        (body.last_day is not None and body.last_day < body.first_day, "it ends before it begins"),
        (body.last_day is None and body.renews_months > 0, "it renews itself, but has no end"),
        (not 0 <= body.renews_months <= _MOST_MONTHS, "its renewal is out of range"),
        (
            not all(0 <= days <= _MOST_DAYS for days in (body.notice_days, body.remind_days)),
            "its days of notice are out of range",
        ),
        (
            any({one.by, one.of} - parties or one.by == one.of for one in body.take_backs),
            "something goes back between others than its parties",
        ),
    )
    found = next((found for is_so, found in checks if is_so), None)
    for commitment in body.commitments:
        promises = [one.body for one in facts.introducing(commitment_name(commitment))]
        promised = next((p for p in promises if isinstance(p, PromiseMade | CommitmentMade)), None)
        if promised is None or {promised.provider, promised.receiver} - parties:
            found = found or f"nobody of them promised '{commitment}' to another"
    if found is not None:
        raise AgreementAmiss(agreement=body.agreement, found=found)


def judge_ended(body: AgreementEnded, facts: Facts, *, at: Instant) -> None:
    """Hold the end of an agreement against it. Days are those of UTC.

    Raises:
        AgreementUnknown: If there is no such agreement.
        AgreementAmiss: If it ended before, or cannot end so.
    """
    known = [one.body for one in facts.introducing(agreement_name(body.agreement))]
    made = next((one for one in known if isinstance(one, AgreementMade)), None)
    if made is None:
        raise AgreementUnknown(agreement=body.agreement)
    told_on = date.fromisoformat(at[:10])
    found = None
    if any(isinstance(one, AgreementEnded) for one in known):
        found = "it was ended before"
    elif body.by not in made.parties:
        found = f"'{body.by}' is no party of it"
    elif body.last_day < made.first_day:
        found = "it would end before it begins"
    elif body.ground == "notice":
        found = _against_notice(body, made, told_on)
    if found is not None:
        raise AgreementAmiss(agreement=body.agreement, found=found)


def _against_notice(body: AgreementEnded, made: AgreementMade, told_on: date) -> str | None:
    term = term_on(made, body.last_day)
    if term is not None and term.last_day != body.last_day:
        return f"its term ends on {term.last_day}, not on {body.last_day}"
    if told_on > body.last_day - timedelta(days=made.notice_days):
        return f"notice is given {made.notice_days} days before"
    return None
