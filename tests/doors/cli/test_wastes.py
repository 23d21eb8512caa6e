"""`bioloom format waste-code`: codes, chapters and words."""

import json

import pytest

from bioloom.doors.cli.main import main

DONE, WANTING, REFUSED = 0, 1, 2


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["format", "waste-code", *arguments])
    return code, capsys.readouterr().out


@pytest.mark.parametrize("spelled", [["20", "01", "08"], ["20 01 08"], ["200108"]])
def test_a_code_is_told_with_its_texts(
    capsys: pytest.CaptureFixture[str], spelled: list[str]
) -> None:
    code, out = asked(capsys, *spelled)

    assert code == DONE
    assert "20 01 08 biodegradable kitchen and canteen waste | biologisch abbaubare" in out


def test_words_narrow_a_chapter(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = asked(capsys, "20", "--search", "mercury", "--json")

    assert code == DONE
    assert [(one["code"], one["hazardous"]) for one in json.loads(out)] == [("20 01 21*", True)]


def test_words_that_no_entry_has_are_found_wanting(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(capsys, "--search", "unobtainium") == (
        WANTING,
        "No entry has all of these words.\n",
    )


@pytest.mark.parametrize("arguments", [[], ["20 01 98"], ["compost"], ["25"]])
def test_what_is_no_code_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert asked(capsys, *arguments) == (REFUSED, "")
