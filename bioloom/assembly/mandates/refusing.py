"""Refusals of assemblies: what is not there, who may not, and what contradicts the record."""

from collections.abc import Mapping
from typing import Any, TypeVar

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.mandates import Duty
from bioloom.vocabulary.refusal import Refusal

T = TypeVar("T")
LONGEST_NAME, LONGEST_TEXT, LONGEST_LANGUAGE = 200, 20_000, 12


class NotInAssembly(Refusal):
    """Something of an assembly that the record does not have."""

    def __init__(self, *, word: str, name: str) -> None:
        self.word, self.name = word, name
        super().__init__(
            what=f"There is no {word} '{name[:80]}' in the record.",
            why="Only what is there can be spoken about, signed or decided.",
            remedy="See what there is with `bioloom assembly list DIR`.",
        )


class AssemblyAmiss(Refusal):
    """Something said in an assembly that contradicts itself, its rules or the record."""

    def __init__(self, *, about: str, found: str) -> None:
        self.about, self.found = about, found
        super().__init__(
            what=f"This cannot be recorded of '{about[:80]}': {found}.",
            why="What an assembly decides rests on each step before it.",
            remedy="See how it stands with `bioloom assembly show DIR NAME`, and "
            "docs/how-to/decide-together.md.",
        )


class NotElector(Refusal):
    """Somebody who does not belong to an assembly would take part in it."""

    def __init__(self, *, who: AgentId, commons: AgentId) -> None:
        self.who, self.commons = who, commons
        super().__init__(
            what=f"'{who}' is no person who belongs to '{commons}' by their own word.",
            why="An assembly is its people: each has one voice, and nobody is counted in silence.",
            remedy=f"Ask a steward of '{commons}' to be let in, and accept: `bioloom people join`.",
        )


class NotMandated(Refusal):
    """Somebody would do what an assembly has not trusted them with."""

    def __init__(self, *, who: AgentId, assembly: str, duty: Duty) -> None:
        self.who, self.assembly, self.duty = who, assembly, duty
        super().__init__(
            what=f"'{who}' has no mandate of '{assembly}' to {duty.replace('_', ' ')}.",
            why="Such a duty is given by a decision, for some time, and can be recalled.",
            remedy="Ask somebody who has one, or propose to give it: `bioloom assembly propose`.",
        )


def known_as(word: str, name: str, things: Mapping[Any, T]) -> T:
    """One of some things by its name.

    Args:
        word: What they are, for the refusal.
        name: Which.
        things: All of them, by name.

    Raises:
        NotInAssembly: If there is none of that name.
    """
    if name not in things:
        raise NotInAssembly(word=word, name=name)
    return things[name]


def see_text(about: str, text: str, *, longest: int = LONGEST_TEXT, what: str = "its text") -> None:
    """Return if a text says something and is not too long.

    Args:
        about: What it belongs to.
        text: The text.
        longest: How many characters it may have.
        what: What it is, for the refusal.

    Raises:
        AssemblyAmiss: If it is empty or too long.
    """
    if not text.strip():
        raise AssemblyAmiss(about=about, found=f"{what} is empty")
    if len(text) > longest:
        found = f"{what} has {len(text)} characters, and {longest} are the most"
        raise AssemblyAmiss(about=about, found=found)
