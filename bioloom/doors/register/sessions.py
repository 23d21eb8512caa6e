"""Sessions, and the links by which they begin: who is asking, until when."""

from typing import NamedTuple

from bioloom.doors.register.secrets import (
    DAY_MS,
    MINUTE_MS,
    Chance,
    kept,
    later,
    new_id,
    new_secret,
)
from bioloom.doors.register.stores.rows import Link, Session, SignedInBy
from bioloom.doors.register.stores.sqlite import SqliteRegister
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

LINK_MS = DAY_MS
# A session ends when nobody used it for so long, and at the latest so long after it began.
IDLE_MS = 7 * DAY_MS
ABSOLUTE_MS = 30 * DAY_MS
# Its last use is written down only so often: each writing waits for the disk.
_SEEN_EVERY_MS = 10 * MINUTE_MS


class LinkRefused(Refusal):
    """A sign-in link that is not, or no longer, good."""

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            what=f"This link {found}.",
            why="A link signs somebody in once, for a day, and a newer one replaces it.",
            remedy="Ask for a new one: `bioloom people link DIR`.",
        )


class SignedIn(NamedTuple):
    """A session that has just begun, and its secret, which nobody can look up again."""

    session: Session
    secret: str


class Sessions:
    """The sessions and sign-in links of a register."""

    def __init__(self, store: SqliteRegister, chance: Chance) -> None:
        self._store, self._chance = store, chance

    def issue_link(
        self, agent: AgentId, *, by: AgentId, at: Instant, valid_ms: int = LINK_MS
    ) -> str:
        """Make the one link that signs an agent in, in place of any older; return its secret."""
        secret = new_secret(self._chance)
        with self._store.writing():
            self._store.remove(Link, agent=agent)
            self._store.add(Link(kept(secret), agent, by, later(at, valid_ms)))
        return secret

    def link_of(self, secret: str, *, at: Instant) -> Link:
        """Look at a link without using it.

        Raises:
            LinkRefused: If there is none, or it is too old.
        """
        link = self._store.row(Link, secret_sha256=kept(secret))
        if link is None:
            raise LinkRefused(found="is not known here, or was used or replaced")
        if link.expires_at <= at:
            raise LinkRefused(found=f"was good until {link.expires_at}")
        return link

    def redeem_link(self, secret: str, *, at: Instant) -> SignedIn:
        """Use a link up, and begin a session.

        Raises:
            LinkRefused: If there is none, or it is too old.
        """
        with self._store.writing():
            link = self.link_of(secret, at=at)
            self._store.remove(Link, secret_sha256=link.secret_sha256)
            return self.begin(link.agent, "link", at=at)

    def begin(self, agent: AgentId, how: SignedInBy, *, at: Instant) -> SignedIn:
        """Begin a session inside the caller's `writing`: whoever calls has seen who it is."""
        secret = new_secret(self._chance)
        session = Session(kept(secret), new_id(self._chance), agent, how, at, at)
        self._store.add(session)
        return SignedIn(session, secret)

    def session_of(self, secret: str, *, at: Instant) -> Session | None:
        """The session of a secret, if it is not over."""
        session = self._store.row(Session, secret_sha256=kept(secret))
        if session is None or not is_going_on(session, at):
            return None
        if later(session.seen_at, _SEEN_EVERY_MS) <= at:
            session = session._replace(seen_at=at)
            with self._store.writing():
                # Somebody may have ended it in the meantime: then it stays ended.
                if self._store.remove(Session, id=session.id):
                    self._store.add(session)
        return session

    def sessions_of(self, agent: AgentId, *, at: Instant) -> list[Session]:
        """An agent's sessions that are not over, the newest first."""
        rows = self._store.rows(Session, agent=agent)
        going_on = [session for session in rows if is_going_on(session, at)]
        return sorted(going_on, key=lambda session: session.begun_at, reverse=True)

    def end_session(self, session_id: str, *, agent: AgentId) -> bool:
        """End one of an agent's sessions; say whether there was one."""
        with self._store.writing():
            return bool(self._store.remove(Session, id=session_id, agent=agent))

    def end_all(self, agent: AgentId) -> int:
        """End all of an agent's sessions, and the link that waits; say how many sessions."""
        with self._store.writing():
            self._store.remove(Link, agent=agent)
            return self._store.remove(Session, agent=agent)

    def sweep(self, *, at: Instant) -> int:
        """Delete the sessions that are over; say how many."""
        over = [row for row in self._store.rows(Session) if not is_going_on(row, at)]
        with self._store.writing():
            return sum(self._store.remove(Session, id=session.id) for session in over)


def is_going_on(session: Session, at: Instant) -> bool:
    """Whether a session is not over."""
    return at < later(session.seen_at, IDLE_MS) and at < later(session.begun_at, ABSOLUTE_MS)
