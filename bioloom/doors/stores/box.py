"""The ballot box: who may draw, credentials to draw, and what was cast, in one SQLite file.

No table says when, and none is kept in the order in which things happened: a drawn credential is
overwritten, and who has drawn stands beside no slip. Whoever runs the server while people vote
could still keep a list of their own; no file of Bioloom has it.
"""

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bioloom.assembly.ballots.tallying import Sealed
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.ballots import BallotId
from bioloom.vocabulary.refusal import Refusal

BOX_FILE = "ballots.db"
# "Blbx" in the file's header tells a box from any other SQLite file.
_APPLICATION_ID = 0x426C6278
_LAYOUT = 1
_ONLY_THE_OWNER = 0o600
_TABLES = (
    "CREATE TABLE slips (ballot TEXT, slip TEXT, credential TEXT, PRIMARY KEY (ballot, slip)) "
    "STRICT, WITHOUT ROWID",
    "CREATE INDEX undrawn ON slips (ballot, slip) WHERE credential IS NOT NULL",
    "CREATE TABLE voters (ballot TEXT, agent TEXT, has_drawn INTEGER, "
    "PRIMARY KEY (ballot, agent)) STRICT, WITHOUT ROWID",
    "CREATE TABLE cast_ballots (ballot TEXT, commitment TEXT, salt BLOB, filled BLOB, "
    "PRIMARY KEY (ballot, commitment)) STRICT, WITHOUT ROWID",
)


class BoxUnusable(Refusal):
    """The ballot box cannot be read or written."""

    def __init__(self, *, name: str, found: str) -> None:
        self.name, self.found = name, found
        super().__init__(
            what=f"The ballot box '{name}' cannot be used: {found}.",
            why="A ballot is cast only once it is safe there.",
            remedy="See that the disk has room; a damaged box is restored from a backup.",
        )


class DrawnBefore(Refusal):
    """Somebody would draw a second credential."""

    def __init__(self, *, who: AgentId, ballot: BallotId) -> None:
        self.who, self.ballot = who, ballot
        super().__init__(
            what=f"'{who}' has drawn a credential of '{ballot}' before.",
            why="One person has one ballot, and nobody can look up which one was theirs.",
            remedy="Use that one. If somebody else may have seen it, exchange it: "
            "`bioloom assembly ballot exchange`.",
        )


class NoneLeft(Refusal):
    """There is no credential left to draw."""

    def __init__(self, *, ballot: BallotId) -> None:
        self.ballot = ballot
        super().__init__(
            what=f"There is no credential of '{ballot}' left.",
            why="They were made when it was opened: one for each, and a few spare ones.",
            remedy="Tell whoever holds the ballot; a ballot that fails is held anew.",
        )


@contextmanager
def _told(name: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as failed:
        raise BoxUnusable(name=name, found=str(failed)) from failed


class BallotBox:
    """One box. Any number of threads may use it; they wait for each other."""

    def __init__(self, path: Path) -> None:
        """Open a box, or make an empty one.

        Raises:
            BoxUnusable: If the file is something else, or damaged.
        """
        self._name, self._lock = path.name, threading.RLock()
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, _ONLY_THE_OWNER))
        self._connection = sqlite3.connect(
            path, isolation_level=None, timeout=20, check_same_thread=False
        )
        try:
            with _told(self._name):
                self._examine()
        except BoxUnusable:
            self.close()
            raise

    def _examine(self) -> None:
        for pragma in ("secure_delete = ON", "temp_store = MEMORY", "synchronous = FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("PRAGMA journal_mode = WAL")
        with self._writing():
            (kind,) = self._connection.execute("PRAGMA application_id").fetchone()
            (layout,) = self._connection.execute("PRAGMA user_version").fetchone()
            if (kind, layout) == (0, 0) and not self._has_tables():
                for table in _TABLES:
                    self._connection.execute(table)
                self._connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                self._connection.execute(f"PRAGMA user_version = {_LAYOUT}")
            elif (kind, layout) != (_APPLICATION_ID, _LAYOUT):
                raise BoxUnusable(name=self._name, found="it is no ballot box of this layout")

    def _has_tables(self) -> bool:
        return bool(self._connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall())

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, _told(self._name), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            yield

    def prepare(
        self, ballot: BallotId, slips: Iterable[tuple[str, str]], voters: Iterable[AgentId]
    ) -> None:
        """Put in who may vote, and slips with their credentials, in the place of any there were.

        Only before the ballot is in the record.
        """
        rows = ((ballot, slip, credential) for slip, credential in slips)
        people = ((ballot, agent) for agent in voters)
        with self._writing():
            for table in ("slips", "voters"):
                self._connection.execute(f"DELETE FROM {table} WHERE ballot = ?", (ballot,))
            self._connection.executemany("INSERT INTO slips VALUES (?, ?, ?)", rows)
            self._connection.executemany("INSERT INTO voters VALUES (?, ?, 0)", people)

    def draw(self, ballot: BallotId, who: AgentId, near: str) -> str:
        """Give somebody a credential, once, and forget it.

        Args:
            ballot: Which ballot.
            who: Who draws, by their pseudonym.
            near: A random hash: the next slip from it is taken.

        Raises:
            DrawnBefore: If they have drawn, or may not vote: see `may_vote`.
            NoneLeft: If there is none.
        """
        with self._writing():
            query = (
                "UPDATE voters SET has_drawn = 1 WHERE ballot = ? AND agent = ? AND has_drawn = 0"
            )
            if not self._connection.execute(query, (ballot, who)).rowcount:
                raise DrawnBefore(who=who, ballot=ballot)
            return self._take(ballot, near)

    def draw_spare(self, ballot: BallotId, electorate: int, near: str) -> str:
        """Give out a credential that nobody waits for, in the place of one that was voided.

        Raises:
            NoneLeft: If all that are left are for those who have not drawn.
        """
        with self._writing():
            query = "SELECT count(*) FROM slips WHERE ballot = ? AND credential IS NOT NULL"
            (left,) = self._connection.execute(query, (ballot,)).fetchone()
            if left <= electorate - self.drawn(ballot):
                raise NoneLeft(ballot=ballot)
            return self._take(ballot, near)

    def _take(self, ballot: BallotId, near: str) -> str:
        query = (
            "SELECT slip, credential FROM slips WHERE ballot = ? AND credential IS NOT NULL "
            "AND slip >= ? ORDER BY slip LIMIT 1"
        )
        run = self._connection.execute
        found = run(query, (ballot, near)).fetchone() or run(query, (ballot, "")).fetchone()
        if found is None:
            raise NoneLeft(ballot=ballot)
        slip, credential = found
        run("UPDATE slips SET credential = NULL WHERE ballot = ? AND slip = ?", (ballot, slip))
        return str(credential)

    def may_vote(self, ballot: BallotId, who: AgentId) -> bool:
        """Whether somebody was among the people of a ballot when it was opened."""
        query = "SELECT 1 FROM voters WHERE ballot = ? AND agent = ?"
        return bool(self._rows(query, (ballot, who)))

    def has_drawn(self, ballot: BallotId, who: AgentId) -> bool:
        """Whether somebody has drawn."""
        query = "SELECT 1 FROM voters WHERE ballot = ? AND agent = ? AND has_drawn = 1"
        return bool(self._rows(query, (ballot, who)))

    def drawn(self, ballot: BallotId) -> int:
        """How many people have drawn."""
        query = "SELECT count(*) FROM voters WHERE ballot = ? AND has_drawn = 1"
        ((many,),) = self._rows(query, (ballot,))
        return int(str(many))

    def is_out(self, ballot: BallotId, slip: str) -> bool:
        """Whether a slip is in the list, and its credential was drawn."""
        query = "SELECT 1 FROM slips WHERE ballot = ? AND slip = ? AND credential IS NULL"
        return bool(self._rows(query, (ballot, slip)))

    def cast(self, ballot: BallotId) -> int:
        """How many ballots are in the box."""
        query = "SELECT count(*) FROM cast_ballots WHERE ballot = ?"
        ((many,),) = self._rows(query, (ballot,))
        return int(str(many))

    def slips(self, ballot: BallotId) -> list[str]:
        """All slips of a ballot, sorted."""
        query = "SELECT slip FROM slips WHERE ballot = ? ORDER BY slip"
        return [str(slip) for (slip,) in self._rows(query, (ballot,))]

    def put_cast(self, ballot: BallotId, cast: Sequence[tuple[str, Sealed]]) -> None:
        """Keep what was cast, durably, before the record has it."""
        rows = ((ballot, commitment, sealed.salt, sealed.text) for commitment, sealed in cast)
        with self._writing():
            self._connection.executemany("INSERT INTO cast_ballots VALUES (?, ?, ?, ?)", rows)

    def remove_cast(self, ballot: BallotId, commitments: Sequence[str]) -> None:
        """Forget what was not taken into the record after all."""
        rows = ((ballot, commitment) for commitment in commitments)
        with self._writing():
            self._connection.executemany(
                "DELETE FROM cast_ballots WHERE ballot = ? AND commitment = ?", rows
            )

    def contents(self, ballot: BallotId) -> dict[str, Sealed]:
        """All that was cast in a ballot, by commitment."""
        query = "SELECT commitment, salt, filled FROM cast_ballots WHERE ballot = ?"
        with self._lock, _told(self._name):
            found = self._connection.execute(query, (ballot,))
            return {commitment: Sealed(salt, text) for commitment, salt, text in found}

    def _rows(self, query: str, values: tuple[str, ...]) -> list[tuple[object, ...]]:
        with self._lock, _told(self._name):
            return self._connection.execute(query, values).fetchall()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> "BallotBox":
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()
