"""Witnesses: people outside who hold a head, sign that they do, and come back with it."""

from pathlib import Path

import pytest

from tests.doors.proofs.town import DONE, REFUSED, Town


@pytest.fixture
def library(town: Town) -> str:
    """The public key of a witness, whose private key lies in a file of theirs."""
    return str(town.answer("keys", "witness", "library.example", town.file("library.key"))["key"])


def cosigned(town: Town, file: str, *held: str) -> str:
    signing = ["cosign", file, "--with", town.file("library.key"), "--key", town.key]
    assert town.run(*signing, *held, "--out", town.file("cosigned")) == DONE, town.err
    return town.file("cosigned")


def test_a_witness_signs_a_head_and_the_record_keeps_it(town: Town, library: str) -> None:
    signed = cosigned(town, town.head("first.head"))

    held = town.answer("witness", town.at, signed, "--key", library)

    assert (held["witness"], held["size"]) == ("library.example", 3)
    assert town.answer("witness", town.at, signed, "--key", library) == held
    assert town.answer("verify", town.at)["entries"] == 4
    assert town.run("check", signed, "--key", town.key) == DONE


def test_a_witness_goes_on_from_the_head_they_hold(town: Town, library: str) -> None:
    first = town.head("first.head")
    town.grow("peel")
    proof = town.proof(2, "since.proof", "--since", first)

    newer = cosigned(town, proof, "--head", first)

    assert town.answer("witness", town.at, newer, "--key", library)["size"] == 4
    assert town.problems(newer) == []


def test_a_witness_does_not_sign_what_does_not_go_on(town: Town, library: str) -> None:
    before = town.copy("before")
    town.grow("peel")
    first = town.head("first.head")
    town.put_back(before)
    town.grow("leaves", "paper")
    proof = town.proof(2, "forked.proof")

    signing = ["cosign", proof, "--with", town.file("library.key"), "--key", town.key]

    assert town.run(*signing, "--head", first) == REFUSED
    assert library
    assert "no proof that the record begins" in town.err


def test_what_a_witness_did_not_sign_is_not_recorded(town: Town, library: str) -> None:
    head = town.head("first.head")
    signed = Path(cosigned(town, head)).read_text("utf-8")
    *lines, last = signed.splitlines(keepends=True)
    forged = last[:-8] + ("A" if last[-8] != "A" else "B") + last[-7:]

    for text in (signed.removesuffix(last), "".join([*lines, forged])):
        Path(town.file("not signed")).write_text(text, encoding="utf-8")
        code = town.run("witness", town.at, town.file("not signed"), "--key", library)
        assert code == REFUSED
    assert town.answer("verify", town.at)["entries"] == 3
