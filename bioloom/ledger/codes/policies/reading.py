"""Reading policies: their text as words, each with where it stands."""

import re
from typing import NamedTuple

from bioloom.ledger.codes.policies.values import LARGEST_LONG
from bioloom.vocabulary.refusal import Refusal

LONGEST_TEXT = 50_000

_WORD = re.compile(
    r"""(?P<gap>\s+|//[^\n]*)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<number>[0-9]+)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign>::|==|!=|<=|>=|&&|\|\||[-<>+*!.,;:(){}\[\]@?])
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "0": "\0", "'": "'", '"': '"'}
# A star that was escaped, in a pattern: no text has this character of private use from people.
STAR = "\ue000"


class PolicyAmiss(Refusal):
    """A text that is no policy of the part of Cedar that is decided here."""

    def __init__(self, *, found: str, line: int, column: int) -> None:
        self.found, self.line, self.column = found, line, column
        super().__init__(
            what=f"In line {line}, column {column} of the policies {found}.",
            why="What everybody has to keep is read in one way only, so what is not understood "
            "whole is refused.",
            remedy="Write it in the part of Cedar that docs/how-to/write-a-code.md tells.",
        )


class Word(NamedTuple):
    """A word of a text: its sort (name, string, number, sign, end), and where it begins."""

    sort: str
    text: str
    line: int
    column: int

    def amiss(self, found: str) -> PolicyAmiss:
        """The refusal of what stands here."""
        return PolicyAmiss(found=found, line=self.line, column=self.column)


def words_of(text: str) -> list[Word]:
    """The words of a text, the last of which is its end; comments are left out.

    Raises:
        PolicyAmiss: If it is too long, or something in it is no word.
    """
    if len(text) > LONGEST_TEXT:
        raise PolicyAmiss(found=f"is more than {LONGEST_TEXT} characters", line=1, column=1)
    words: list[Word] = []
    line, begins = 1, 0
    for match in _WORD.finditer(text):
        sort = str(match.lastgroup)
        word = Word(sort, match[0], line, match.start() - begins + 1)
        if sort == "other":
            raise word.amiss(f"{match[0]!r} means nothing")
        if sort != "gap":
            words.append(word)
        if "\n" in match[0]:
            line, begins = line + match[0].count("\n"), match.start() + match[0].rindex("\n") + 1
    words.append(Word("end", "", line, len(text) - begins + 1))
    return words


def string_of(word: Word, *, is_pattern: bool = False) -> str:
    r"""What a string says.

    Args:
        word: It, in its quotes.
        is_pattern: Whether `\*` in it is a star that is meant, which is told as `STAR`.

    Raises:
        PolicyAmiss: If it escapes what is not escaped here.
    """
    inner = word.text[1:-1]
    if STAR in inner:
        raise word.amiss("a character of private use stands in a string")

    def one(match: re.Match[str]) -> str:
        if is_pattern and match[1] == "*":
            return STAR
        if match[1] not in _ESCAPES:
            raise word.amiss(f"'{match[0]}' escapes what is not escaped here")
        return _ESCAPES[match[1]]

    return re.sub(r"\\(.)", one, inner, flags=re.DOTALL)


def long_of(word: Word, *, is_negative: bool = False) -> int:
    """What a number says.

    Raises:
        PolicyAmiss: If it does not fit in 64 bits.
    """
    if len(word.text) > 19 or int(word.text) > LARGEST_LONG + is_negative:
        raise word.amiss(f"{word.text[:30]} is too large a number")
    return -int(word.text) if is_negative else int(word.text)
