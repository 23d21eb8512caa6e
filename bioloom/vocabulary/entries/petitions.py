"""Entries of petitions: what somebody asks of an assembly, and who stands behind it."""

from typing import NewType

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.assemblies import AssemblyId

PetitionId = NewType("PetitionId", str)


class PetitionStarted(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of an assembly asks it to deliberate.

    Attributes:
        language: The language of its text, such as "en".
        electorate: How many could sign when it started.
        needed: How many must; what joins or leaves the assembly later does not change it.
    """

    petition: PetitionId
    assembly: AssemblyId
    title: str
    text: str
    language: str
    electorate: int
    needed: int


class PetitionSigned(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody stands behind a petition by their own word."""

    petition: PetitionId
    who: AgentId


class PetitionUnsigned(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody takes their word for a petition back."""

    petition: PetitionId
    who: AgentId
