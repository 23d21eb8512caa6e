"""The European List of Waste: looking codes up, and finding codes by words. Works offline."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

import msgspec

from bioloom.vocabulary.materials import LowCodeUnreadable, is_hazardous, low_code
from bioloom.vocabulary.refusal import Refusal

_HEADING = re.compile(r"(\d\d)(?: ?(\d\d))?")


class LowCodeUnknown(Refusal):
    """A code of the right form that the List of Waste lacks, or has without the asterisk."""

    def __init__(self, *, code: str) -> None:
        self.code = code
        super().__init__(
            what=f"The List of Waste has no entry '{code}'.",
            why="What is hazardous, and who may take it, follows from the entry.",
            remedy="Find the entry with `bioloom format waste-code --search WORDS`.",
        )


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """A chapter (two digits) or sub-chapter (four); `de` is missing where the source has none."""

    code: str
    en: str
    de: str | None = None


class ListedWaste(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the List of Waste, with the chapter and sub-chapter that it stands in."""

    # As the record spells it: '20 01 21*', the asterisk marking hazardous waste.
    code: str
    hazardous: bool
    en: str
    de: str | None
    chapter: Heading
    sub_chapter: Heading


def listed_waste(text: str) -> ListedWaste:
    """The entry of a six-digit code, however it is spelled; the asterisk may be left out.

    Raises:
        LowCodeUnreadable: If the text is no six-digit code.
        LowCodeUnknown: If the list has no such entry, or has it without the asterisk.

    Example:
        >>> listed_waste("200121").code, listed_waste("20 01 21*").en
        ('20 01 21*', 'fluorescent tubes and other mercury-containing waste')

    Source:
        Commission Decision 2000/532/EC, as amended by 2014/955/EU; see SOURCE.txt beside this file.
    """
    code = low_code(text)
    entry = _entries().get(code.removesuffix("*"))
    if entry is None or (is_hazardous(code) and not entry.hazardous):
        raise LowCodeUnknown(code=code)
    return entry


def waste_or_none(code: str | None) -> ListedWaste | None:
    """The entry of a code that stands in a record, or none: it has no code, or the list lacks it.

    >>> waste_or_none(None) is waste_or_none("20 01 98") is None
    True
    """
    try:
        return None if code is None else listed_waste(code)
    except (LowCodeUnreadable, LowCodeUnknown):
        return None


def listed_in(heading: str) -> list[ListedWaste]:
    """The entries of a chapter or sub-chapter, in order.

    Raises:
        LowCodeUnknown: If the list has no such chapter or sub-chapter.

    Example:
        >>> [entry.code for entry in listed_in("2002")]
        ['20 02 01', '20 02 02', '20 02 03']
    """
    match = _HEADING.fullmatch(heading.strip())
    spelled = heading if match is None else " ".join(part for part in match.groups() if part)
    found = [entry for code, entry in _entries().items() if code.startswith(f"{spelled} ")]
    if match is None or not found:
        raise LowCodeUnknown(code=heading[:40])
    return found


def search(words: str) -> Iterator[ListedWaste]:
    """Entries in whose texts, or those of their headings, every word stands; in code order.

    A plain comparison of letters, in English and German alike: no meaning is guessed.

    Example:
        >>> [entry.code for entry in search("off-specification compost")]
        ['19 05 03']
    """
    wanted = words.casefold().split()
    for entry in _entries().values():
        headings = (entry.chapter, entry.sub_chapter)
        texts = " ".join(text for part in (entry, *headings) for text in (part.en, part.de or ""))
        folded = texts.casefold()
        if wanted and all(word in folded for word in wanted):
            yield entry


@cache
def _entries() -> dict[str, ListedWaste]:
    """Every entry by its code without the asterisk."""
    text = resources.files(__package__).joinpath("list_of_waste.tsv").read_text("utf-8")
    headings: dict[str, Heading] = {}
    entries: dict[str, ListedWaste] = {}
    for line in text.splitlines():
        code, en, de = line.split("\t")
        plain = code.removesuffix("*")
        if len(plain) < len("00 00 00"):
            headings[code] = Heading(code=code, en=en, de=de or None)
            continue
        entries[plain] = ListedWaste(
            code=code,
            hazardous=is_hazardous(code),
            en=en,
            de=de or None,
            chapter=headings[plain[:2]],
            sub_chapter=headings[plain[:5]],
        )
    return entries
