"""Filling in: what a ballot may say, and the sealed hash by which the record knows it."""

from collections.abc import Sequence
from hashlib import sha256

import msgspec

from bioloom.assembly.elections.questions import ASIDE, CONSENT, NO, OBJECT, YES
from bioloom.vocabulary.entries.ballots import BallotOpened, Option, OptionId
from bioloom.vocabulary.refusal import Refusal

# Answers whose words are those of the rule, so that nobody can open a question without a no.
QUESTIONS: dict[str, tuple[OptionId, ...]] = {
    "majority": (YES, NO),
    "consent": (CONSENT, ASIDE, OBJECT),
}
RANKED = ("instant-runoff", "schulze", "borda")
LONGEST_FILLED = 100_000
SALT_BYTES = 32


class FilledAmiss(Refusal):
    """A ballot that says something this ballot does not ask."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"This ballot cannot be cast: {found}.",
            why="Guessing what was meant would be voting in somebody's place.",
            remedy="Mark only what stands on it, each once; no mark at all is a blank ballot.",
        )


class Filled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a ballot says: of a ranked one from the best down, else what is marked."""

    marks: tuple[OptionId, ...] = ()


def read_filled(text: bytes, opened: BallotOpened) -> Filled:
    """Read a filled ballot from its JSON.

    Raises:
        FilledAmiss: If it is no ballot, or none of this one.
    """
    if len(text) > LONGEST_FILLED:
        raise FilledAmiss(found=f"it has more than {LONGEST_FILLED} bytes")
    try:
        filled = msgspec.json.decode(text, type=Filled)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as unreadable:
        raise FilledAmiss(found=f"it cannot be read ({str(unreadable)[:80]})") from unreadable
    return fill(filled.marks, opened)


def fill(marks: Sequence[str], opened: BallotOpened) -> Filled:
    """Fill in a ballot; marks without an order are put into that of the opening.

    Raises:
        FilledAmiss: If it says what this ballot does not ask.
    """
    known = [option.option for option in opened.options]
    strange = [mark for mark in marks if mark not in known]
    if strange:
        raise FilledAmiss(found=f"'{strange[0][:80]}' does not stand on it")
    if len(set(marks)) < len(marks):
        raise FilledAmiss(found="an option is marked twice")
    if opened.rule in QUESTIONS and len(marks) > 1:
        raise FilledAmiss(found="it has more than one answer")
    told = map(OptionId, marks)
    return Filled(tuple(told) if opened.rule in RANKED else tuple(sorted(told, key=known.index)))


def written(filled: Filled) -> bytes:
    """The one text of a filled ballot, over which it is sealed.

    >>> written(Filled((OptionId("well"),)))
    b'{"marks":["well"]}'
    """
    return msgspec.json.encode(filled)


def seal(opened: BallotOpened, nullifier: str, salt: bytes, text: bytes) -> str:
    """The commitment to what a ballot says, in hexadecimal: without the salt it tells nothing.

    It is for one nullifier of one ballot, so that nobody's ballot can be cast again as another's.
    """
    about = f"bioloom-ballot/1\n{opened.ballot}\n{nullifier}\n".encode()
    return sha256(about + salt + text).hexdigest()


def answers(rule: str) -> tuple[Option, ...]:
    """The options of a question, whose titles the pages say in each language."""
    return tuple(Option(option=one, title=one) for one in QUESTIONS[rule])
