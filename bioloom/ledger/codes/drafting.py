"""Drafting: a Code without its days, which another city may make its own."""

from collections.abc import Iterator
from typing import Any

import msgspec

from bioloom.ledger.codes.enacting import CodeAmiss, against_words, named_in
from bioloom.ledger.codes.toml_lines import toml_lines
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.codes import CodeEnacted
from bioloom.vocabulary.entries.packs import CodeDrafted


def code_draft_of(terms: CodeEnacted) -> CodeDrafted:
    """What of a Code can be another city's: no days, no version, and no Code that it supersedes."""
    return CodeDrafted(
        code=terms.code, title=terms.title, rationale=terms.rationale, rules=terms.rules
    )


def judge_code_draft(body: CodeDrafted) -> None:
    """Hold a draft against itself, before it is recorded.

    What it names need not be here: its places are those of the other city.

    Raises:
        CodeAmiss: If it says nothing, or what could never be enacted.
    """
    found = against_words(body)
    if found is not None:
        raise CodeAmiss(code=body.code, found=found)


def unknown_in(draft: CodeDrafted, declared: Declared) -> Iterator[str]:
    """What a draft names that this city has not declared, as 'site mill', in the order of rules."""
    for rule in draft.rules:
        for word, name, known in named_in(rule, declared):
            if name not in known:
                yield f"{word} {name}"


def code_toml_of(draft: CodeDrafted) -> str:
    """A draft as TOML for `bioloom codes enact`, with a gap where its first day is to be."""
    head = {
        "code": draft.code,
        "title": draft.title,
        "rationale": draft.rationale,
        "first_day": "YEAR-MONTH-DAY",
    }
    rules: list[dict[str, Any]] = msgspec.to_builtins(draft.rules)
    tables = (
        {name: value for name, value in rule.items() if value not in ((), [])} for rule in rules
    )
    return toml_lines(head) + "".join(f"\n[[rules]]\n{toml_lines(rule)}" for rule in tables)
