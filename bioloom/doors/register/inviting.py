"""Inviting: somebody is let in, and says their name to the register alone."""

from collections.abc import Callable
from copy import copy
from typing import Any, NamedTuple

from bioloom.doors.compose import City, now
from bioloom.doors.register.deciding import decide
from bioloom.doors.register.register import Register, usable_name
from bioloom.doors.register.secrets import DAY_MS, kept, later, new_id, new_secret
from bioloom.doors.register.sessions import SignedIn
from bioloom.doors.register.stores.rows import Invitation, Person
from bioloom.ledger.people.deciding import Deed, grant, join, newcomer, own_word, there
from bioloom.ledger.people.people import Office, people_of
from bioloom.ledger.people.permitting import may
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

INVITATION_MS = 7 * DAY_MS


class InvitationRefused(Refusal):
    """An invitation that is not, or no longer, good."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"This invitation {found}.",
            why="An invitation lets one person into one city, within its time.",
            remedy="Ask whoever invited you for a new one.",
        )


class Invited(NamedTuple):
    """An invitation, and its secret, which nobody can look up again."""

    invitation: Invitation
    secret: str


def invite(
    register: Register,
    city: City,
    office: Office,
    *,
    by: AgentId,
    valid_ms: int = INVITATION_MS,
    clock: Callable[[], Instant] = now,
) -> Invited:
    """Invite somebody into a role: as member, operator or steward of a group, or of the city.

    Args:
        register: The city's register.
        city: The city.
        office: What they are to be. A member of the whole city belongs to no group yet.
        by: Who invites.
        valid_ms: How long the invitation is good.
        clock: What time it is.

    Raises:
        NotPermitted: If whoever invites may not let people in there, or not into that role.
        AgentSenseless: If the role means nothing there.
    """
    at = clock()
    pseudonym = AgentId(f"person:{new_id(register.chance)}")
    # Judged now as it will be when it is accepted, so that no empty promise is made.
    _drafts(office, pseudonym, Deed(by=by, people=people_of(city.journal), at=at))
    secret = new_secret(register.chance)
    invitation = Invitation(
        kept(secret),
        new_id(register.chance),
        by,
        pseudonym,
        office.role,
        office.scope,
        at,
        later(at, valid_ms),
    )
    with register.store.writing():
        register.store.add(invitation)
    return Invited(invitation, secret)


def invitation_of(register: Register, secret: str, *, at: Instant) -> Invitation:
    """Look at an invitation without accepting it.

    Raises:
        InvitationRefused: If there is none, or it is too old.
    """
    invitation = register.store.row(Invitation, secret_sha256=kept(secret))
    if invitation is None:
        raise InvitationRefused(found="is not known in this city, or was accepted or taken back")
    if invitation.expires_at <= at:
        raise InvitationRefused(found=f"was good until {invitation.expires_at}")
    return invitation


def open_invitations(register: Register, *, at: Instant) -> list[Invitation]:
    """The invitations that somebody could still accept, the oldest first."""
    found = [row for row in register.store.rows(Invitation) if at < row.expires_at]
    return sorted(found, key=lambda invitation: invitation.issued_at)


def accept_invitation(
    register: Register,
    city: City,
    secret: str,
    *,
    name: str = "",
    agent: AgentId | None = None,
    clock: Callable[[], Instant] = now,
) -> SignedIn:
    """Accept an invitation: a pseudonym, its membership and its role enter the record in one go.

    It is judged again as the one who invited: if they have lost the right to, it is worth nothing.
    Broken off at any moment, it can be accepted again.

    Args:
        register: The city's register.
        city: The city.
        secret: The invitation's.
        name: What the newcomer is called; it goes to the register.
        agent: Who accepts, if they are in the record and signed in already.
        clock: What time it is.

    Returns:
        A session that has just begun.

    Raises:
        InvitationRefused: If there is none, or it is too old.
        NameUnusable: If a newcomer gives no name that can be shown.
        NotPermitted: If whoever invited may do so no longer.
        Refusal: If the record has it so already, or the role would be one's own gift.
    """
    name = usable_name(name) if agent is None else ""
    # Held to the end, so that of two who accept at one moment the second finds it accepted.
    with register.store.writing():
        invitation = invitation_of(register, secret, at=clock())
        who = invitation.pseudonym if agent is None else agent
        office = Office(invitation.role, invitation.scope)
        if agent is not None or who not in people_of(city.journal).agents:
            decide(
                city, invitation.invited_by, lambda deed: _drafts(office, who, deed), clock=clock
            )
        register.store.remove(Invitation, id=invitation.id)
        if agent is None:
            register.store.put(Person(who, name))
        return register.sessions.begin(who, "invitation", at=clock())


def withdraw_invitation(register: Register, city: City, invitation_id: str, *, by: AgentId) -> bool:
    """Take an invitation back; say whether there was one.

    Raises:
        NotPermitted: If it is neither one's own nor to a group one invites into.
    """
    invitation = register.store.row(Invitation, id=invitation_id)
    if invitation is not None and invitation.invited_by != by:
        about = there(Office(invitation.role, invitation.scope))
        may(by, "invite", about, people_of(city.journal), at=now())
    with register.store.writing():
        return bool(register.store.remove(Invitation, id=invitation_id))


def _drafts(office: Office, who: AgentId, deed: Deed) -> list[Draft[Any]]:
    """What the record says once the invited is in, by their own word: they accept."""
    may(deed.by, "invite", there(office), deed.people, at=deed.at)
    drafts: list[Draft[Any]] = []
    with_them = copy(deed.people)
    if who not in with_them.agents:
        drafts.append(newcomer(who, name=who, sort="person", deed=deed))
        with_them.agents[who] = "person"
    deed = Deed(by=deed.by, people=with_them, at=deed.at)
    if office.scope is not None and not with_them.belongs(who, office.scope, on=deed.at):
        drafts.append(join(who, office.scope, deed=deed))
    if office.scope is not None and not with_them.gave_word(who, office.scope, on=deed.at):
        own = Deed(by=who, people=with_them, at=deed.at)
        drafts.append(own_word(who, office.scope, deed=own))
    if office.role != "member":
        drafts.append(grant(who, office, deed=deed))
    return drafts
