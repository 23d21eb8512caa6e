"""`bioloom format waste-code`: the European List of Waste, looked up without a network."""

from itertools import islice
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from bioloom.doors.cli.printing import DONE, WANTING, AsJson, out, print_json
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.wastes.listing import ListedWaste, listed_in, listed_waste, search

_DIGITS_OF_AN_ENTRY = 6
_SHOWN = 40


class NothingAsked(Refusal):
    """Neither a code nor words to look for."""

    def __init__(self) -> None:
        super().__init__(
            what="Neither a code nor words were given.",
            why="The whole list has 842 entries.",
            remedy="Name a code, such as 20 01 08, a chapter, such as 20, or --search WORDS.",
        )


def waste_code(
    code: list[str] | None = None,
    *,
    search_: Annotated[str | None, Parameter(name="--search")] = None,
    as_json: AsJson = False,
) -> int:
    """Look up the European List of Waste: a code, all of a chapter, or entries with some words.

    Its asterisk marks hazardous waste. Texts are English and German.

    Example: bioloom format waste-code 20 01 08

    Parameters
    ----------
    code
        A code, a sub-chapter or a chapter: 20 01 08, 20 01 or 20; spaces may be left out.
    search_
        Words, all of which must stand in an entry or its headings, in English or German.
    as_json
        Print a JSON list of the entries.
    """
    found = _found("".join(code or []), search_)
    if as_json:
        print_json(found)
    else:
        _print(found)
    return DONE if found else WANTING


def _found(code: str, words: str | None) -> list[ListedWaste]:
    if words is not None:
        wanted = {one.code for one in _found(code, None)} if code else None
        return [one for one in search(words) if wanted is None or one.code in wanted]
    if not code:
        raise NothingAsked
    digits = code.replace(" ", "").removesuffix("*")
    if len(digits) < _DIGITS_OF_AN_ENTRY and digits.isdecimal():
        return listed_in(digits)
    return [listed_waste(code)]


def _print(found: list[ListedWaste]) -> None:
    console = out()
    heading = None
    for one in islice(found, _SHOWN if console.is_terminal else None):
        if heading != one.sub_chapter.code:
            heading = one.sub_chapter.code
            console.print(escape(f"{one.chapter.code} {one.chapter.en}"), soft_wrap=True)
            console.print(escape(f"{heading} {one.sub_chapter.en}"), soft_wrap=True)
        mark = " (hazardous)" if one.hazardous else ""
        german = f" | {one.de}" if one.de else ""
        console.print(escape(f"  {one.code}{mark} {one.en}{german}"), soft_wrap=True)
    if not found:
        console.print("No entry has all of these words.")
    elif console.is_terminal and len(found) > _SHOWN:
        console.print(f"… and {len(found) - _SHOWN} more; --json lists them.")
