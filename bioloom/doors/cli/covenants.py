"""`bioloom covenants`: what a commons has bound, who lets go of it, and what was refused."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.markup import escape

from bioloom.doors.acting import acting_as
from bioloom.doors.answers.covenants import (
    BindingTold,
    CovenantTold,
    DecidedTold,
    MessageTold,
    RefusalOnRecord,
    SignedTold,
    TemplateTold,
)
from bioloom.doors.cli.printing import AsAgent, AsJson, amount, out, print_json, table
from bioloom.doors.compose import now, open_city
from bioloom.doors.keys.covenants import (
    CovenantUnknown,
    binding_of,
    drafts_of,
    known_covenant,
    read_decision,
    record_decision,
    sign,
    standing,
    to_sign,
)
from bioloom.ledger.accounts.returning import away as away_lots
from bioloom.ledger.covenants.drafting import toml_of
from bioloom.ledger.covenants.exchanging import odrl
from bioloom.ledger.covenants.sharing import shared_lots
from bioloom.ledger.covenants.standing import Covenant, Covenants
from bioloom.ledger.covenants.wording import TEMPLATES
from bioloom.vocabulary.entries.covenants import ActRefused, CovenantEnacted
from bioloom.vocabulary.periods import epoch_ms


def template(*, language: Literal["en", "es"] = "en", as_json: AsJson = False) -> None:
    """Print a covenant to begin with: a text that people can read and sign, and its terms.

    Example: bioloom covenants template --language es > covenant.toml

    Parameters
    ----------
    language
        The language of its text.
    as_json
        Print it as JSON.
    """
    told = TemplateTold(language=language, toml=TEMPLATES[language])
    if as_json:
        print_json(told)
        return
    out().print(told.toml, markup=False, soft_wrap=True)


def enact(folder: Path, file: Path, *, as_: AsAgent = None, as_json: AsJson = False) -> None:
    """Enact a covenant: it binds what the commons and all who belong to it own, and will.

    Example: bioloom covenants enact carnival covenant.toml --as person:4nq7u2k6ivx3k2ab

    Parameters
    ----------
    folder
        The city's folder.
    file
        The covenant in TOML, or the signed file where it replaces another.
    as_
        Which agent enacts it, a steward of the commons; the city's steward unless given.
    as_json
        Print the entry as JSON.
    """
    _decide(folder, file, as_, as_json)


def release(folder: Path, file: Path, *, as_: AsAgent = None, as_json: AsJson = False) -> None:
    """Record a release that a quorum has signed; an event that names it then moves the portion.

    Example: bioloom covenants release carnival release.json

    Parameters
    ----------
    folder
        The city's folder.
    file
        The signed file.
    as_
        Which agent brings it; the steward unless given.
    as_json
        Print the entry as JSON.
    """
    _decide(folder, file, as_, as_json)


def end(folder: Path, file: Path, *, as_: AsAgent = None, as_json: AsJson = False) -> None:
    """End a covenant, as a quorum has signed.

    Example: bioloom covenants end carnival ending.json

    Parameters
    ----------
    folder
        The city's folder.
    file
        The signed file.
    as_
        Which agent brings it; the steward unless given.
    as_json
        Print the entry as JSON.
    """
    _decide(folder, file, as_, as_json)


def message(
    folder: Path,
    file: Path,
    *,
    to: Annotated[Path, Parameter(name="--out")],
    as_json: AsJson = False,
) -> None:
    """Print what signers of a release, an ending or a replacement sign, and write it for them.

    Example: bioloom covenants message carnival release.toml --out release.json

    Parameters
    ----------
    folder
        The city's folder.
    file
        The decision in TOML: `act = "release"` or `act = "end"`, and what it says.
    to
        A new file, which goes from signer to signer.
    as_json
        Print it as JSON.
    """
    with open_city(folder) as city:
        told = MessageTold(message=to_sign(city, read_decision(file), to), file=str(to))
    if as_json:
        print_json(told)
        return
    out().print(told.message, markup=False, soft_wrap=True)
    out().print(f"Each signer: bioloom covenants sign {escape(told.file)} --key THEIR.key")


def sign_decision(file: Path, *, key: Path, as_json: AsJson = False) -> None:
    """Sign a decision with your own key. No city is needed, and no network.

    Example: bioloom covenants sign release.json --key ana.key

    Parameters
    ----------
    file
        The file that `bioloom covenants message` wrote.
    key
        The file of your private key, as `bioloom people rotate-key` made it.
    as_json
        Print the signature as JSON.
    """
    told = SignedTold(signed=sign(file, key), file=str(file))
    if as_json:
        print_json(told)
        return
    out().print(f"Signed with {told.signed.public_key}", soft_wrap=True)


def list_(folder: Path, *, as_json: AsJson = False) -> None:
    """List a city's covenants.

    Example: bioloom covenants list carnival

    Parameters
    ----------
    folder
        The city's folder.
    as_json
        Print them as JSON.
    """
    with open_city(folder) as city:
        covenants = standing(city)
        told = [_told(covenant, covenants) for covenant in covenants.by_number.values()]
    if as_json:
        print_json(told)
        return
    rows = [
        [
            one.terms.covenant,
            one.terms.title,
            one.terms.commons,
            f"{one.terms.quorum} of {len(one.terms.signers)}",
            "in force" if one.in_force else "ended",
        ]
        for one in told
    ]
    names = ["covenant", "title", "commons", "quorum", "state"]
    out().print(table(f"{len(rows)} covenants", names, rows))


def show(
    folder: Path,
    covenant: str,
    *,
    as_odrl: Annotated[bool, Parameter(name="--odrl", negative="")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what a covenant says, and who belongs.

    Example: bioloom covenants show carnival ours --odrl

    Parameters
    ----------
    folder
        The city's folder.
    covenant
        Its name.
    as_odrl
        Print it as ODRL 2.2 in JSON-LD, for lawyers and other programs.
    as_json
        Print it as JSON.
    """
    with open_city(folder) as city:
        told = _told(known_covenant(city, covenant), standing(city))
    if as_odrl:
        print_json(odrl(told.terms))
    elif as_json:
        print_json(told)
    else:
        terms = told.terms
        state = "in force" if told.in_force else "ended"
        out().print(f"{escape(terms.title)} ({escape(terms.covenant)}), {state}")
        out().print(terms.text, markup=False, soft_wrap=True)
        out().print(f"Belonging: {escape(', '.join(told.members))}", soft_wrap=True)
        if told.cooling_off:
            out().print(f"Not yet: {escape(', '.join(told.cooling_off))}", soft_wrap=True)
        _print_without_word(told.without_word)
        who = escape(", ".join(terms.signers))
        out().print(f"Released by {terms.quorum} of {who}", soft_wrap=True)


def drafts(folder: Path, covenant: str | None = None, *, as_json: AsJson = False) -> None:
    """List the covenants taken over from other cities, which bind nothing; or print one to enact.

    Fill in the commons and the signers of one that is printed, and give it to `covenants enact`.

    Example: bioloom covenants drafts harbour ours > covenant.toml

    Parameters
    ----------
    folder
        The city's folder.
    covenant
        The name of one.
    as_json
        Print them as JSON.
    """
    with open_city(folder) as city:
        told = drafts_of(city)
    if covenant is not None:
        told = [one for one in told if one.draft.covenant == covenant]
        if not told:
            raise CovenantUnknown(covenant=covenant)
    if as_json:
        print_json(told)
    elif covenant is not None:
        for one in told:
            out().print(toml_of(one.draft), markup=False, soft_wrap=True)
    else:
        rows = [
            [one.draft.covenant, one.draft.title, one.city, str(one.seq), one.enacted_as or "no"]
            for one in told
        ]
        names = ["draft", "title", "of", "#entry", "enacted here"]
        out().print(table(f"{len(rows)} drafts", names, rows))


def refusals(folder: Path, *, as_json: AsJson = False) -> None:
    """List what covenants forbade: who tried what, and when.

    Example: bioloom covenants refusals carnival

    Parameters
    ----------
    folder
        The city's folder.
    as_json
        Print them as JSON.
    """
    with open_city(folder) as city:
        entries = [*city.journal.read(kinds=["ActRefused"])]
    told = [
        RefusalOnRecord(
            seq=entry.seq,
            recorded_at=entry.recorded_at,
            author=entry.author,
            reason=entry.body.reason,
            covenants=list(entry.body.covenants),
            act=entry.body.act,
            what=entry.body.what,
        )
        for entry in entries
        if isinstance(entry.body, ActRefused)
    ]
    if as_json:
        print_json(told)
        return
    rows = [[str(one.seq), one.recorded_at, one.author, one.reason, one.what] for one in told]
    names = ["#entry", "recorded", "who", "law", "what"]
    out().print(table(f"{len(rows)} refusals", names, rows))


def away(folder: Path, *, as_json: AsJson = False) -> None:
    """List what others hold of bound lots, since when, and by when it is due back.

    Example: bioloom covenants away carnival

    Parameters
    ----------
    folder
        The city's folder.
    as_json
        Print it as JSON.
    """
    with open_city(folder) as city:
        told = away_lots(city.journal, city.settings.zone, at=now())
    if as_json:
        print_json(told)
        return
    rows = [
        [
            one.covenant,
            one.lot,
            one.holder,
            amount(one.units, one.base_unit),
            f"{one.since}",
            f"{one.due}{' (overdue)' if one.is_overdue else ''}",
        ]
        for one in told
    ]
    names = ["covenant", "lot", "holder", "#amount", "since", "due"]
    out().print(table(f"{len(rows)} lots out", names, rows))


def _decide(folder: Path, file: Path, as_: str | None, as_json: bool) -> None:
    decision = read_decision(file)
    with open_city(folder) as city:
        entry = record_decision(city, decision, author=acting_as(city, as_))
        binds, not_bound = None, list[str]()
        if isinstance(decision, CovenantEnacted):
            covenant = known_covenant(city, decision.covenant)
            binds = binding_of(city, covenant)
            not_bound = shared_lots(city.journal, covenant)
    told = DecidedTold(
        kind=entry.kind,
        seq=entry.seq,
        id=entry.id,
        binds=binds,
        not_bound=not_bound,
    )
    if as_json:
        print_json(told)
        return
    out().print(f"Entry {told.seq}: {told.kind}.")
    if told.binds is not None:
        _print_binding(told.binds)
    if told.not_bound:
        names = escape(", ".join(told.not_bound))
        out().print(f"Not bound, as somebody else owns some of them: {names}", soft_wrap=True)


def _print_binding(told: BindingTold) -> None:
    owners = [f"{lots:,} of {owner}" for owner, lots in told.by_owner.items()]
    if told.private_owners:
        owners.append(f"{told.private_lots:,} of {told.private_owners:,} people or households")
    listed = f": {', '.join(owners)}" if owners else ""
    out().print(escape(f"It binds {told.lots:,} lots{listed}."), soft_wrap=True)
    _print_without_word(told.without_word)


def _print_without_word(count: int) -> None:
    if count:
        told = f"Members who have not given their word, and of whom it binds nothing: {count:,}."
        out().print(f"{told} See `bioloom people accept --help`.", soft_wrap=True)


def _told(covenant: Covenant, covenants: Covenants) -> CovenantTold:
    at = now()
    at_ms = epoch_ms(at)
    members = sorted(covenant.members)
    return CovenantTold(
        terms=covenant.terms,
        seq=covenant.seq,
        in_force=covenant.binds(at_ms),
        members=[one for one in members if covenant.counts(one, at_ms)],
        cooling_off=[one for one in members if not covenant.counts(one, at_ms)],
        without_word=len(covenants.without_word(covenant, at=at)),
    )
