"""`bioloom people rotate-key` and `withdraw-key`: keys of one's own, on one's own machine."""

from pathlib import Path
from typing import Literal
from urllib.parse import quote

from rich.markup import escape

from bioloom.doors.acting import acting_as
from bioloom.doors.answers.people import KeyTurned
from bioloom.doors.cli.people.deciding import tell_decided
from bioloom.doors.cli.printing import AsAgent, AsJson, out, print_json
from bioloom.doors.compose import open_city
from bioloom.doors.keys.keeping import new_key, read_key, write_key
from bioloom.doors.register.deciding import decide
from bioloom.ledger.people import keys
from bioloom.ledger.proofs.heads import SigningKey
from bioloom.ledger.proofs.notes import LOG_KEY, rotation_message
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.refusal import Refusal


def rotate_key(
    folder: Path,
    file: Path,
    *,
    old: Path | None = None,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """Make a key of your own and declare its public half; a key before it signs the new one.

    The private half goes into the file and nowhere else. Nobody can do this for you.

    Example: bioloom people rotate-key nyc new.key --old old.key --as person:4nq7u2k6ivx3k2ab

    Parameters
    ----------
    folder
        The city's folder.
    file
        A new file for the private half.
    old
        The file of the key in force; the first key has none before it.
    as_
        Whose key it is; the steward's unless given.
    as_json
        Print the public half as JSON.
    """
    with open_city(folder) as city:
        agent = acting_as(city, as_)
        # In the file the name stands between plus signs.
        key = new_key(quote(agent, safe=":"), LOG_KEY)
        public_key, before = key.public.key.hex(), None if old is None else read_key(old)
        signature = None if before is None else _signed(before, agent, public_key)
        write_key(file, key)
        try:
            decide(
                city,
                agent,
                lambda deed: keys.declare_key(agent, public_key, deed=deed, signature=signature),
            )
        except Refusal:
            file.unlink()  # It would pass for a key of theirs.
            raise
    told = KeyTurned(
        agent=agent,
        public_key=public_key,
        follows=None if before is None else before.public.key.hex(),
        file=str(file),
    )
    if as_json:
        print_json(told)
        return
    out().print(f"{escape(agent)} signs from now on with the key in {escape(told.file)}.")
    out().print(f"Its public half is {told.public_key}", soft_wrap=True)


def withdraw_key(
    folder: Path,
    reason: Literal["lost", "stolen"],
    *,
    of: str | None = None,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """End a key that was lost or stolen, without another. The next is declared like a first one.

    Example: bioloom people withdraw-key nyc lost --as person:4nq7u2k6ivx3k2ab

    Parameters
    ----------
    folder
        The city's folder.
    reason
        What became of it.
    of
        Whose key it is; that of whoever decides, unless given.
    as_
        Which agent decides; the steward unless given.
    as_json
        Print the entry as JSON.
    """
    with open_city(folder) as city:
        by = acting_as(city, as_)
        whose = by if of is None else acting_as(city, of)
        entries = decide(
            city, by, lambda deed: [keys.withdraw_key(whose, reason=reason, deed=deed)]
        )
    tell_decided(entries[0], as_json=as_json)


def _signed(key: SigningKey, agent: AgentId, public_key: str) -> str:
    return key.private.sign(rotation_message(agent, "signing", public_key)).hex()
