"""The lock files pin everything by its hash and name no server and no machine."""

import json
import re
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-uv.lock", "requirements-node.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_server_and_no_machine(name: str) -> None:
    text = (REPOSITORY / name).read_text(encoding="utf-8")

    assert "/" not in text
    assert not re.search(r"--(?!hash=sha256:)\S+", text)


@pytest.mark.parametrize("name", LOCKS)
def test_everything_locked_is_one_version_with_its_hashes(name: str) -> None:
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    locked = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]

    assert locked
    for entry in locked:
        assert re.match(r"[a-z0-9-]+==\S+( ; .+)? \\\n    --hash=sha256:[0-9a-f]{64}", entry)


def test_everything_the_project_asks_for_is_locked() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *project["project"]["dependencies"],
        *(name for extra in project["project"]["optional-dependencies"].values() for name in extra),
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]
    text = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([a-z0-9-]+)==", text, flags=re.MULTILINE))

    assert {re.split(r"[<>=\[]", wish)[0] for wish in asked} <= locked


def test_the_packages_of_the_islands_are_pinned_by_hash_and_name_no_server() -> None:
    lock = json.loads((REPOSITORY / "web" / "package-lock.json").read_text(encoding="utf-8"))
    packages = [package for path, package in lock["packages"].items() if path]

    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages)
    assert not any("resolved" in package for package in packages)
