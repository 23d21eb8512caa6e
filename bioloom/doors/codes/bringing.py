"""Bringing a Code: a file of rules in TOML, enacted, tried or repealed; drafts from elsewhere."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from bioloom.circuits.codes.trying import Trial
from bioloom.doors.answers.codes import CodeDraftTold
from bioloom.doors.capturing.handwriting import read_file, toml_in
from bioloom.doors.compose import City, now
from bioloom.doors.register.deciding import decide_once
from bioloom.ledger.codes.drafting import unknown_in
from bioloom.ledger.codes.enacting import enact_code, repeal_code
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.codes.standing import Codes
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.codes import CodeEnacted, CodeId, CodeRepealed
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.entries.packs import CodeDrafted
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal


class CodeUnreadable(Refusal):
    """A file is not a Code."""

    def __init__(self, *, file: Path, found: str) -> None:
        self.file, self.found = file, found
        super().__init__(
            what=f"'{file}' cannot be read as a Code: {found}.",
            why="What all plans keep is taken word for word, or not at all.",
            remedy="Begin with the example in docs/how-to/write-a-code.md.",
        )


def read_code(file: Path, known: Codes) -> CodeEnacted:
    """A Code in TOML as people write it; without a version it is the next one.

    Of a file that was enacted already it is the version that there is, unless that was repealed.

    Args:
        file: Its file.
        known: The Codes of the record.

    Raises:
        CodeUnreadable: If it is none.
    """

    def amiss(found: str) -> Refusal:
        return CodeUnreadable(file=file, found=found)

    said = toml_in(read_file(file, amiss), amiss)
    versions = known.by_id.get(CodeId(str(said.get("code"))), [])
    newest = versions[-1] if versions else None
    try:
        body = msgspec.convert({"version": 1, **said}, CodeEnacted)
    except msgspec.ValidationError as unfit:
        raise CodeUnreadable(file=file, found=str(unfit)) from unfit
    if "version" in said or newest is None:
        return body
    again = msgspec.structs.replace(body, version=newest.terms.version)
    if again == newest.terms and newest.repealed is None:
        return again
    return msgspec.structs.replace(body, version=newest.terms.version + 1)


def code_drafts_of(city: City) -> list[CodeDraftTold]:
    """The Codes that were taken over from other cities as drafts, in the order of adoption."""
    declared, known = city.journal.declared(), codes_of(city.journal).by_id
    by_words = {one.terms.rationale: name for name, all_ in known.items() for one in all_}
    keys = [entry.idempotency_key for entry in city.journal.read(kinds=[CodeDrafted.__name__])]
    return [
        CodeDraftTold(
            draft=entry.body,
            city=entry.body.origin.city if entry.body.origin else city.settings.name,
            seq=entry.seq,
            unknown=[*dict.fromkeys(unknown_in(entry.body, declared))],
            enacted_as=by_words.get(entry.body.rationale),
        )
        for entry in city.journal.current(keys).values()
    ]


def read_trial(city: City, files: Iterable[Path], without: Iterable[str]) -> Trial:
    """Codes of files to try as if they were in force, and such as to leave out.

    Raises:
        CodeUnreadable: If a file is none.
    """
    known = codes_of(city.journal)
    drafts = [read_code(file, known) for file in files]
    return Trial(drafts=drafts, without=[CodeId(code) for code in without])


def enact(
    city: City,
    body: CodeEnacted,
    *,
    author: AgentId,
    occurred_at: Instant | None = None,
    clock: Callable[[], Instant] = now,
) -> Entry[Any]:
    """Record a version of a Code; its entry.

    Args:
        city: An open city.
        body: The version.
        author: Who enacts it.
        occurred_at: When it was decided; now unless given.
        clock: What time it is.

    Raises:
        NotPermitted: If the author may not enact Codes.
        CodeAmiss, CodeNamesUnknown: If it cannot be.
    """
    return decide_once(
        city,
        author,
        lambda deed: enact_code(body, city.journal.declared(), deed=deed),
        occurred_at=occurred_at,
        clock=clock,
    )


def repeal(
    city: City,
    code: str,
    *,
    last_day: date,
    reason: str,
    author: AgentId,
    occurred_at: Instant | None = None,
    clock: Callable[[], Instant] = now,
) -> Entry[Any]:
    """Record that a Code is in force no longer after a day; the entry.

    Args:
        city: An open city.
        code: Its name.
        last_day: The last day on which it may be in force.
        reason: Why, in words for everybody.
        author: Who repeals it.
        occurred_at: When it was decided; now unless given.
        clock: What time it is.

    Raises:
        NotPermitted: If the author may not enact Codes.
        CodeUnknown: If nobody enacted it.
        CodeAmiss: If no reason is given.
    """
    body = CodeRepealed(code=CodeId(code), last_day=last_day, reason=reason)
    return decide_once(
        city,
        author,
        lambda deed: repeal_code(body, codes_of(city.journal), deed=deed),
        occurred_at=occurred_at,
        clock=clock,
    )
