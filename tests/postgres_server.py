"""A PostgreSQL server of a test's own: on a free port of this machine, gone afterwards.

Nothing of what it writes outlives it. It runs as another user where the tests run as root, because
PostgreSQL refuses to.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import psycopg

SUPERUSER = "postgres"
_STARTS_WITHIN_S = 60
# Debian keeps the programs of a server apart, one folder for each version.
_DEBIAN = Path("/usr/lib/postgresql")


def found_programs() -> Path | None:
    """The folder with `initdb` and `postgres`, the newest where there are several.

    `$BIOLOOM_POSTGRES` names it where it is none of the usual ones.
    """
    if named := os.environ.get("BIOLOOM_POSTGRES"):
        return Path(named) if (Path(named) / "initdb").exists() else None
    if beside := shutil.which("initdb"):
        return Path(beside).resolve().parent
    folders = sorted(_DEBIAN.glob("*/bin"), key=lambda folder: int(folder.parent.name))
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


class Server:
    """A server that can be stopped, killed and started again on the same port."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder, self._user = programs, folder, _unprivileged()
        self._running: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        if self._user is not None:
            shutil.chown(folder, self._user)
        command = ["initdb", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        subprocess.run(
            self._at_place([*command, f"--username={SUPERUSER}", f"--pgdata={folder / 'data'}"]),
            **self._as_user(),
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def address(self, database: str = SUPERUSER, *, role: str = SUPERUSER) -> str:
        """The address of one of its databases."""
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def start(self, *settings: str) -> None:
        """Start with some settings, such as "fsync=off", and wait until it answers."""
        options = ["-h", "127.0.0.1", "-p", str(self.port), "-k", str(self._folder)]
        options += [word for setting in settings for word in ("-c", setting)]
        with (self._folder / "log").open("ab") as log:
            self._running = subprocess.Popen(
                self._at_place(["postgres", "-D", str(self._folder / "data"), *options]),
                **self._as_user(),
                stdout=log,
                stderr=log,
            )
        last_try_s = time.monotonic() + _STARTS_WITHIN_S
        while True:
            try:
                psycopg.connect(self.address()).close()
            except psycopg.OperationalError:
                ended = self._running.poll() is not None
                log_text = (self._folder / "log").read_text(errors="replace")
                assert not ended, f"the server did not start:\n{log_text}"
                assert time.monotonic() < last_try_s, f"it does not answer:\n{log_text}"
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop it as an administrator does: connections are cut, nothing is lost."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Let it end at once, as if the power failed."""
        self._end(signal.SIGQUIT)

    def run_sql(self, *statements: str, database: str = SUPERUSER) -> list[tuple[Any, ...]]:
        """Run statements as the superuser; the rows of the last, if it has any."""
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            for statement in statements:
                found = connection.execute(statement.encode())
            return found.fetchall() if found.description else []

    def new_database(self, *, role: str = SUPERUSER) -> str:
        """The address of an empty database of a test's own."""
        name = f"city_{uuid4().hex}"
        self.run_sql(f"CREATE DATABASE {name}")
        return self.address(name, role=role)

    def _end(self, how: signal.Signals) -> None:
        if self._running is not None:
            self._running.send_signal(how)
            self._running.wait()
            self._running = None

    def _at_place(self, command: list[str]) -> list[str]:
        return [str(self._programs / command[0]), *command[1:]]

    def _as_user(self) -> dict[str, Any]:
        place = {"cwd": self._folder}
        if self._user is None:
            return place
        entry = pwd.getpwnam(self._user)
        return {**place, "user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _unprivileged() -> str | None:
    """Whom to run as: ourselves, unless we are root."""
    if os.geteuid() != 0:
        return None
    for user in (SUPERUSER, "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(user).pw_name
    return None


@contextmanager
def running(programs: Path, *settings: str) -> Iterator[Server]:
    """A server that runs until the end of `with`, and whose folder is gone then."""
    folder = Path(mkdtemp(prefix="bioloom-postgres-"))
    try:
        server = Server(programs, folder)
        server.start(*settings)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)
