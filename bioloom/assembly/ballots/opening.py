"""Opening: who may have their people vote, and on what."""

import re

from bioloom.assembly.ballots.filling import QUESTIONS, answers
from bioloom.ledger.people.deciding import Deed
from bioloom.ledger.people.permitting import About, may
from bioloom.vocabulary.entries.ballots import BallotOpened
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.refusal import Refusal

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_LONGEST_TITLE, _LONGEST_TEXT, MOST_OPTIONS = 200, 20_000, 500
# One spare credential for so many people, and one at least, in the place of stolen ones.
_PEOPLE_PER_SPARE = 20


class BallotAmiss(Refusal):
    """A ballot that contradicts itself or the record."""

    def __init__(self, *, ballot: str, found: str) -> None:
        self.ballot, self.found = ballot, found
        super().__init__(
            what=f"The ballot '{ballot[:80]}' cannot be opened: {found}.",
            why="What is frozen before a vote must leave no question open after it.",
            remedy="Correct it and open it again; see docs/how-to/hold-a-ballot.md.",
        )


def slips_for(people: int) -> int:
    """How many credentials a ballot of so many people has, with the spare ones.

    >>> slips_for(3), slips_for(100)
    (4, 105)
    """
    return people + max(1, people // _PEOPLE_PER_SPARE)


def open_ballot(body: BallotOpened, *, deed: Deed) -> Draft[BallotOpened]:
    """Decide that the people of a commons vote.

    Raises:
        NotPermitted: If the one who decides may hold no ballot of that commons.
        BallotAmiss: If it cannot be held as it is told.
    """
    may(deed.by, "hold_ballot", About(sides=(body.assembly,)), deed.people, at=deed.at)
    found = _against(body, deed)
    if found is not None:
        raise BallotAmiss(ballot=body.ballot, found=found)
    key = f"ballot:{body.ballot}"
    return Draft(body=body, occurred_at=deed.when, author=deed.by, idempotency_key=key)


def _against(body: BallotOpened, deed: Deed) -> str | None:
    names = [option.option for option in body.options]
    checks = (
        (not _NAME.fullmatch(body.ballot), "its name is not of small letters, digits and '-'"),
        (deed.people.agents.get(body.assembly) != "commons", "it is of no commons"),
        (not body.electorate, "nobody may vote in it"),
        (not 0 < len(body.title.strip()) <= _LONGEST_TITLE, "it has no short title"),
        (len(body.text) > _LONGEST_TEXT, f"its text has more than {_LONGEST_TEXT} signs"),
        (body.closes_at <= deed.when, "it would be closed before it begins"),
        (not 0 <= body.quorum_per_mille <= 1000, "its quorum is no share"),
        (not 500 <= body.majority_per_mille <= 999, "its majority is none"),
        (len(set(names)) < len(names), "an option stands on it twice"),
        (not all(map(_NAME.fullmatch, names)), "an option has no short plain name"),
        (any(_is_long(option.title) for option in body.options), "an option has no short title"),
    )
    found = next((found for is_so, found in checks if is_so), None)
    return found or _against_options(body)


def _is_long(title: str) -> bool:
    return not 0 < len(title.strip()) <= _LONGEST_TITLE


def _against_options(body: BallotOpened) -> str | None:
    if body.rule in QUESTIONS:
        is_so = body.options == answers(body.rule)
        return None if is_so else "a question has the answers of its rule, and no others"
    if not 2 <= len(body.options) <= MOST_OPTIONS:
        return f"it needs 2 to {MOST_OPTIONS} options"
    if not 1 <= body.seats < len(body.options):
        return "not fewer would win than stand on it"
    return None
