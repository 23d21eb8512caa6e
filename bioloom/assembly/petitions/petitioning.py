"""Petitioning: who may start and sign a petition, and how many it needs."""

from typing import NamedTuple

from bioloom.assembly.mandates.meeting import Meeting
from bioloom.assembly.mandates.refusing import (
    LONGEST_LANGUAGE,
    LONGEST_NAME,
    AssemblyAmiss,
    see_text,
)
from bioloom.assembly.petitions.standing import Petition, Petitions
from bioloom.vocabulary.entries.assemblies import AssemblyId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.petitions import (
    PetitionId,
    PetitionSigned,
    PetitionStarted,
    PetitionUnsigned,
)


class Words(NamedTuple):
    """What somebody asks for, and in which language, such as "en"."""

    title: str
    text: str
    language: str


def needed_of(electorate: int, per_mille: int) -> int:
    """How many of an electorate are at least so many thousandths of it, and one at least.

    Example:
        >>> needed_of(101, 20), needed_of(10, 20), needed_of(100, 500)
        (3, 1, 50)
    """
    return max(1, -(-electorate * per_mille // 1000))


def start_petition(
    name: str, words: Words, known: Petitions, meeting: Meeting
) -> Draft[PetitionStarted]:
    """Decide that somebody asks an assembly to deliberate; what it needs is fixed now.

    Raises:
        NotElector: If they do not belong to the assembly.
        AssemblyAmiss: If a text is empty or too long, or the name is taken.
    """
    meeting.see_elector()
    for said, longest, what in (
        (name, LONGEST_NAME, "its name"),
        (words.title, LONGEST_NAME, "its title"),
        (words.language, LONGEST_LANGUAGE, "its language"),
    ):
        see_text(name, said, longest=longest, what=what)
    see_text(name, words.text)
    if PetitionId(name) in known.by_id:
        raise AssemblyAmiss(about=name, found="there is a petition of that name")
    electorate = len(meeting.electors())
    body = PetitionStarted(
        petition=PetitionId(name),
        assembly=AssemblyId(meeting.name),
        title=words.title,
        text=words.text,
        language=words.language,
        electorate=electorate,
        needed=needed_of(electorate, meeting.assembly.declared.petition_per_mille),
    )
    return meeting.draft(body, f"petition:{name}")


def sign(petition: Petition, meeting: Meeting) -> Draft[PetitionSigned]:
    """Decide that who acts stands behind a petition.

    Raises:
        NotElector: If they do not belong to its assembly.
        AssemblyAmiss: If they signed already.
    """
    meeting.see_elector()
    by, name = meeting.deed.by, petition.started.petition
    if petition.has_signed(by):
        raise AssemblyAmiss(about=name, found=f"'{by}' signed it already, and counts once")
    body = PetitionSigned(petition=name, who=by)
    return meeting.draft(body, _key(petition, meeting, "signed"))


def unsign(petition: Petition, meeting: Meeting) -> Draft[PetitionUnsigned]:
    """Decide that who acts takes their word for a petition back.

    Raises:
        AssemblyAmiss: If they have not signed it.
    """
    by, name = meeting.deed.by, petition.started.petition
    if not petition.has_signed(by):
        raise AssemblyAmiss(about=name, found=f"'{by}' has not signed it")
    body = PetitionUnsigned(petition=name, who=by)
    return meeting.draft(body, _key(petition, meeting, "unsigned"))


def _key(petition: Petition, meeting: Meeting, word: str) -> str:
    by = meeting.deed.by
    turn = petition.turns.get(by, 0) + 1
    return f"petition:{petition.started.petition}:{word}:{by}:{turn}"
