"""`bioloom codes`: the rules of the city as data, enacted, listed, shown and repealed."""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from rich.markup import escape

from bioloom.doors.acting import acting_as
from bioloom.doors.answers.codes import CodeDecided, CodeTold
from bioloom.doors.cli.printing import AsAgent, AsJson, out, print_json, table
from bioloom.doors.codes.bringing import code_drafts_of, read_code
from bioloom.doors.codes.bringing import enact as enact_code
from bioloom.doors.codes.bringing import repeal as repeal_code
from bioloom.doors.compose import open_city
from bioloom.ledger.codes.drafting import code_toml_of
from bioloom.ledger.codes.policies.asking import left_out_of_plans
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.codes.standing import Codes, CodeUnknown, Version
from bioloom.vocabulary.entries.codes import CodeEnacted, CodeRepealed, PoliciesSet, Rule
from bioloom.vocabulary.entries.envelope import Entry


def enact(folder: Path, file: Path, *, as_: AsAgent = None, as_json: AsJson = False) -> None:
    """Enact a Code: from its first day on every plan keeps its rules.

    Example: bioloom codes enact verdiva near.toml

    Parameters
    ----------
    folder
        The city's folder.
    file
        The Code in TOML.
    as_
        Which agent enacts it, a steward of the city; that is its own unless given.
    as_json
        Print the entry as JSON.
    """
    with open_city(folder) as city:
        body = read_code(file, codes_of(city.journal))
        entry = enact_code(city, body, author=acting_as(city, as_))
    _tell(entry, as_json=as_json)


def repeal(
    folder: Path,
    code: str,
    *,
    last_day: date,
    reason: str,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """Repeal a Code: after a day, no version of it is in force.

    Example: bioloom codes repeal verdiva near --last-day 2026-12-31 --reason "Quiet lorries."

    Parameters
    ----------
    folder
        The city's folder.
    code
        Its name.
    last_day
        The last day on which it is in force.
    reason
        Why, in words for everybody.
    as_
        Which agent repeals it, a steward of the city; that is its own unless given.
    as_json
        Print the entry as JSON.
    """
    with open_city(folder) as city:
        author = acting_as(city, as_)
        entry = repeal_code(city, code, last_day=last_day, reason=reason, author=author)
    _tell(entry, as_json=as_json)


def list_(folder: Path, *, on: date | None = None, as_json: AsJson = False) -> None:
    """List all versions of all Codes, and which are in force.

    Example: bioloom codes list verdiva --on 2026-03-01

    Parameters
    ----------
    folder
        The city's folder.
    on
        The day on which they are looked at; today unless given.
    as_json
        Print them as JSON.
    """
    with open_city(folder) as city:
        codes, day = codes_of(city.journal), on or city.today()
    told = [_told(version, codes, day) for known in codes.by_id.values() for version in known]
    if as_json:
        print_json(told)
        return
    rows = [
        [
            one.terms.code,
            str(one.terms.version),
            one.terms.title,
            str(one.terms.first_day),
            "" if one.until is None else str(one.until),
            _state(one),
        ]
        for one in told
    ]
    columns = ["code", "#version", "title", "from", "until", f"on {day}"]
    out().print(table(f"{len(rows)} versions of Codes", columns, rows))


def show(folder: Path, code: str, *, on: date | None = None, as_json: AsJson = False) -> None:
    """Show a Code: its versions with their rules and reasons, the oldest first.

    Example: bioloom codes show verdiva near

    Parameters
    ----------
    folder
        The city's folder.
    code
        Its name.
    on
        The day on which it is looked at; today unless given.
    as_json
        Print them as JSON.
    """
    with open_city(folder) as city:
        codes, day = codes_of(city.journal), on or city.today()
    told = [_told(version, codes, day) for version in codes.versions(code)]
    if as_json:
        print_json(told)
        return
    for one in told:
        terms = one.terms
        head = f"{terms.title} ({terms.code}, version {terms.version}), {_state(one)} on {day}"
        out().print(f"[bold]{escape(head)}[/]", soft_wrap=True)
        until = "" if one.until is None else f" until {one.until}"
        out().print(f"From {terms.first_day}{until}. {escape(terms.rationale)}", soft_wrap=True)
        for number, rule in enumerate(terms.rules, start=1):
            out().print(f"  {number}. {escape(said(rule))}", soft_wrap=True)
        if one.repealed is not None:
            out().print(f"Repealed: {escape(one.repealed.reason)}", soft_wrap=True)


def drafts(folder: Path, code: str | None = None, *, as_json: AsJson = False) -> None:
    """List the Codes taken over from other cities, which no plan keeps; or print one to enact.

    Fill in the first day of one that is printed, and the places here, and give it to `codes enact`.

    Example: bioloom codes drafts harbour near > near.toml

    Parameters
    ----------
    folder
        The city's folder.
    code
        The name of one.
    as_json
        Print them as JSON.
    """
    with open_city(folder) as city:
        told = code_drafts_of(city)
    if code is not None:
        told = [one for one in told if one.draft.code == code]
        if not told:
            raise CodeUnknown(code=code)
    if as_json:
        print_json(told)
    elif code is not None:
        for one in told:
            out().print(code_toml_of(one.draft), markup=False, soft_wrap=True)
    else:
        rows = [
            [
                one.draft.code,
                one.draft.title,
                one.city,
                str(one.seq),
                ", ".join(one.unknown),
                one.enacted_as or "no",
            ]
            for one in told
        ]
        names = ["draft", "title", "of", "#entry", "not declared here", "enacted here"]
        out().print(table(f"{len(rows)} drafts", names, rows))


def said(rule: Rule) -> str:
    """A rule in one line: its kind, and what it names. Policies are told as they were written."""
    if isinstance(rule, PoliciesSet):
        beyond = ", ".join(left_out_of_plans(rule))
        rows = "".join(f"\n{one.name} = {one.value} from {one.first_day}" for one in rule.limits)
        told = f"\nNo plan can know what these read, only the record: {beyond}" if beyond else ""
        return f"policies, which {len(rule.cases)} cases show:\n{rule.cedar.strip()}{rows}{told}"
    parts: dict[str, Any] = msgspec.to_builtins(rule)
    kind = str(parts.pop("rule")).replace("_", " ")
    named = [
        f"{name.replace('_', ' ')} {_listed(value)}"
        for name, value in parts.items()
        if value not in ([], ())
    ]
    return f"{kind}: {'; '.join(named)}"


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _told(version: Version, codes: Codes, day: date) -> CodeTold:
    return CodeTold(
        terms=version.terms,
        seq=version.seq,
        in_force=version in codes.in_force(day),
        until=version.last_day,
        repealed=version.repealed,
    )


def _state(one: CodeTold) -> str:
    return "in force" if one.in_force else "not in force"


def _tell(entry: Entry[Any], *, as_json: bool) -> None:
    body: CodeEnacted | CodeRepealed = entry.body
    told = CodeDecided(kind=entry.kind, seq=entry.seq, id=entry.id, code=body.code)
    if as_json:
        print_json(told)
        return
    out().print(f"Entry {told.seq}: {told.kind}, '{escape(told.code)}'.")
