"""A small city on the command line, and the files that people outside hold of it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bioloom.doors.cli.main import main
from bioloom.doors.compose import open_city
from tests.ledger.records import LATER, arrival

DONE, WANTING, REFUSED = 0, 1, 2


class Town:
    """A city that was just made, with the public key that somebody outside noted then."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.out, self.err = "", ""
        assert self.run("init", self.at) == DONE
        self.key = self.known_keys()[0]["key"]

    @property
    def at(self) -> str:
        return str(self.folder)

    def run(self, *arguments: str) -> int:
        """Exit code of a command that was no bug; what it printed is in `out` and `err`."""
        code = main(list(arguments))
        self.out, self.err = self._capsys.readouterr()
        assert "bug" not in self.err, self.err
        return code

    def answer(self, *arguments: str, code: int = DONE) -> Any:  # noqa: ANN401  Any JSON value.
        assert self.run(*arguments, "--json") == code, self.err
        return json.loads(self.out)

    def known_keys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.answer("keys", "show", self.at)["keys"]
        return found

    def grow(self, *lots: str) -> None:
        """Record some lots."""
        with open_city(self.folder) as city:
            city.journal.record([arrival(lot, 5) for lot in lots], recorded_at=LATER)

    def file(self, name: str) -> str:
        """A file of somebody outside."""
        return str(self.folder.parent / name)

    def head(self, name: str) -> str:
        """A head that is given to somebody outside."""
        assert self.run("head", self.at, "--out", self.file(name)) == DONE, self.err
        return self.file(name)

    def proof(self, entry: int, name: str, *since: str) -> str:
        """A proof that is given to somebody outside."""
        wanted = ["prove", self.at, str(entry), "--out", self.file(name), *since]
        assert self.run(*wanted) == DONE, self.err
        return self.file(name)

    def problems(self, *heads: str) -> list[str]:
        """What verifying finds, with those heads held against the record."""
        held = [word for head in heads for word in ("--head", head)]
        code = self.run("verify", self.at, *held, "--json")
        verdict = json.loads(self.out)
        assert code == (DONE if verdict["holds"] else WANTING)
        return [problem["what"] for problem in verdict["problems"]]

    def copy(self, name: str) -> Path:
        """The folder as it is now, kept by somebody who means no good."""
        return shutil.copytree(self.folder, self.folder.parent / name)

    def put_back(self, copy: Path) -> None:
        """The folder as it was when it was copied."""
        shutil.rmtree(self.folder)
        shutil.copytree(copy, self.folder)
