"""`bioloom people link`, `invite`, `token`, `revoke` and `forget`: ways in, and out of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NamedTuple

from cyclopts import Parameter, validators
from rich.markup import escape

from bioloom.doors.acting import acting_as
from bioloom.doors.answers.people import (
    Forgotten,
    InvitationMade,
    LinkMade,
    Revoked,
    TokenMade,
)
from bioloom.doors.cli.printing import AsAgent, AsJson, out, print_json
from bioloom.doors.compose import City, now, open_city
from bioloom.doors.register.deciding import see_that_may
from bioloom.doors.register.inviting import invite as invite_into
from bioloom.doors.register.inviting import withdraw_invitation
from bioloom.doors.register.opening import open_register
from bioloom.doors.register.register import Register
from bioloom.doors.register.secrets import DAY_MS, later
from bioloom.doors.register.sessions import LINK_MS
from bioloom.doors.register.tokens import Scope
from bioloom.doors.stores.answering import USUAL, address_of
from bioloom.ledger.people.people import Office
from bioloom.ledger.people.permitting import About
from bioloom.ledger.people.roles import Act
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.people import Role
from bioloom.vocabulary.refusal import Refusal

Days = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=3650))]
# Where `bioloom serve` listens unless told otherwise.


class NothingRevoked(Refusal):
    """An id under which there is nothing to revoke."""

    def __init__(self, *, name: str, agent: AgentId) -> None:
        self.name, self.agent = name, agent
        super().__init__(
            what=f"'{agent}' has nothing to revoke under '{name}'.",
            why="One revokes tokens, sessions, passkeys and invitations by their ids.",
            remedy="See the id that was told when it was made; --of names another agent.",
        )


class _Case(NamedTuple):
    """What somebody decides on: in which city, and about whom."""

    city: City
    register: Register
    by: AgentId
    whose: AgentId


@contextmanager
def _deciding(folder: Path, act: Act, *, as_: str | None, of: str | None) -> Iterator[_Case]:
    """Open a city for somebody who may do this for an agent; for themselves, if none is named."""
    with open_city(folder) as city, open_register(city) as register:
        by = acting_as(city, as_)
        whose = by if of is None else acting_as(city, of)
        see_that_may(city, by, act, About(sides=(whose,)))
        yield _Case(city, register, by, whose)


def link(
    folder: Path,
    agent: str | None = None,
    *,
    address: str | None = None,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """Make a link that signs somebody in, once, within a day. An older one is good no longer.

    Whoever opens it is that agent: give it to nobody else.

    Example: bioloom people link nyc

    Parameters
    ----------
    folder
        The city's folder.
    agent
        Who is to be signed in; whoever decides, unless given.
    address
        Where people reach the city's page; where it is served just now unless given.
    as_
        Which agent decides; the steward unless given.
    as_json
        Print the link as JSON.
    """
    with _deciding(folder, "issue_link", as_=as_, of=agent) as case:
        where = address or address_of(folder)
        made = make_link(case.register, case.whose, by=case.by, address=where)
    if as_json:
        print_json(made)
        return
    tell_link(made)


def make_link(register: Register, agent: AgentId, *, by: AgentId, address: str = USUAL) -> LinkMade:
    """Make a sign-in link for an agent; whoever calls has seen that it may be made."""
    at = now()
    secret = register.sessions.issue_link(agent, by=by, at=at)
    where = f"{address.rstrip('/')}/sign-in/{secret}"
    return LinkMade(agent=agent, address=where, expires_at=later(at, LINK_MS))


def tell_link(made: LinkMade) -> None:
    """Print a sign-in link, for the only time."""
    out().print(f"Sign in as {escape(made.agent)}, once, before {made.expires_at}:")
    out().print(f"  {escape(made.address)}", soft_wrap=True)


def invite(
    folder: Path,
    *,
    role: Role = "member",
    scope: str | None = None,
    days: Days = 7,
    address: str | None = None,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """Invite somebody: who opens the link says their name, and gets a pseudonym and the role.

    Example: bioloom people invite nyc --role operator --scope site:digester

    Parameters
    ----------
    folder
        The city's folder.
    role
        What they are to be there.
    scope
        The commons, organisation or household; the whole city unless given.
    days
        How long the invitation is good.
    address
        Where people reach the city's page; where it is served just now unless given.
    as_
        Which agent invites; the steward unless given.
    as_json
        Print the invitation as JSON.
    """
    office = Office(role, None if scope is None else AgentId(scope))
    with open_city(folder) as city, open_register(city) as register:
        by = acting_as(city, as_)
        made, secret = invite_into(register, city, office, by=by, valid_ms=days * DAY_MS)
    told = InvitationMade(
        id=made.id,
        role=made.role,
        scope=made.scope,
        address=f"{(address or address_of(folder)).rstrip('/')}/invitations/{secret}",
        expires_at=made.expires_at,
    )
    if as_json:
        print_json(told)
        return
    text = f"Invitation {told.id}: to be {office}, for one person, before {told.expires_at}:"
    out().print(escape(text), soft_wrap=True)
    out().print(f"  {escape(told.address)}", soft_wrap=True)


def token(
    folder: Path,
    name: str,
    *,
    scope: tuple[Scope, ...],
    of: str | None = None,
    days: Days = 90,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """Make a token by which a program acts for an agent, within its scopes.

    Example: bioloom people token nyc "Weighbridge 1" --scope record --of site:digester

    Parameters
    ----------
    folder
        The city's folder.
    name
        What it is for, to know it by later.
    scope
        What the program may do; give it several times.
    of
        Whom it acts for; whoever decides, unless given.
    days
        How long it is good.
    as_
        Which agent decides; the steward unless given.
    as_json
        Print the token as JSON.
    """
    with _deciding(folder, "issue_token", as_=as_, of=of) as case:
        at = now()
        made, secret = case.register.tokens.issue(
            case.whose, name, scope, expires_at=later(at, days * DAY_MS), at=at
        )
    if as_json:
        told = TokenMade(
            id=made.id,
            agent=made.agent,
            name=name,
            scopes=made.scopes.split(),
            token=secret,
            expires_at=made.expires_at,
        )
        print_json(told)
        return
    text = f"Token {made.id} of {made.agent}, for {made.scopes}, good until {made.expires_at}:"
    out().print(escape(text), soft_wrap=True)
    out().print(f"  {secret}", soft_wrap=True)


def revoke(
    folder: Path,
    name: str,
    *,
    of: str | None = None,
    as_: AsAgent = None,
    as_json: AsJson = False,
) -> None:
    """Revoke a token, a session, a passkey or an invitation by its id; it is good no longer.

    Example: bioloom people revoke nyc 4nq7u2k6ivx3k2ab

    Parameters
    ----------
    folder
        The city's folder.
    name
        Its id.
    of
        Whose it is; that of whoever decides, unless given.
    as_
        Which agent decides; the steward unless given.
    as_json
        Print what was revoked as JSON.
    """
    # Who may let somebody in may shut the way again.
    with _deciding(folder, "issue_link", as_=as_, of=of) as case:
        revoked = _revoke(case, name)
    if as_json:
        print_json(revoked)
    else:
        out().print(f"The {revoked.what} {escape(revoked.id)} is good no longer.")


def _revoke(case: _Case, name: str) -> Revoked:
    register, agent = case.register, case.whose
    if register.tokens.revoke(name, agent=agent):
        return Revoked(id=name, what="token")
    if register.sessions.end_session(name, agent=agent):
        return Revoked(id=name, what="session")
    if register.passkeys.remove(name, agent=agent):
        return Revoked(id=name, what="passkey")
    if withdraw_invitation(register, case.city, name, by=case.by):
        return Revoked(id=name, what="invitation")
    raise NothingRevoked(name=name, agent=agent)


def forget(folder: Path, agent: str, *, as_: AsAgent = None, as_json: AsJson = False) -> None:
    """Delete somebody's name, texts, credentials and sessions from every file of the city.

    Their lots stay in the record under the pseudonym, which nobody can undo any more; so does a
    backup that was made before.

    Example: bioloom people forget nyc person:4nq7u2k6ivx3k2ab

    Parameters
    ----------
    folder
        The city's folder.
    agent
        Who is to be forgotten.
    as_
        Which agent decides; the steward unless given.
    as_json
        Print who was forgotten as JSON.
    """
    with _deciding(folder, "forget", as_=as_, of=agent) as case:
        case.register.forget(case.whose)
    if as_json:
        print_json(Forgotten(agent=case.whose))
    else:
        out().print(f"{escape(agent)} is forgotten. The record is as it was, and still verifies.")
