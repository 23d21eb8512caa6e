"""The web build: it takes the machine's node only where that is new enough to build with."""

from pathlib import Path

import pytest

from tools.build_web import machine_node


def machine_with(folder: Path, monkeypatch: pytest.MonkeyPatch, **programs: str) -> None:
    """A machine on which these programs are found; each prints one line."""
    for name, line in programs.items():
        program = folder / name
        program.write_text(f"#!/bin/sh\necho {line}\n", encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.parametrize("version", ["v18.0.0", "v24.19.0"])
def test_a_node_that_is_new_enough_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    machine_with(tmp_path, monkeypatch, node=version, npm="10.0.0")

    assert machine_node() == ([str(tmp_path / "node")], [str(tmp_path / "npm")])


def test_an_old_node_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine_with(tmp_path, monkeypatch, node="v16.20.2", npm="8.0.0")

    assert machine_node() is None


def test_a_node_without_npm_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine_with(tmp_path, monkeypatch, node="v24.19.0")

    assert machine_node() is None
