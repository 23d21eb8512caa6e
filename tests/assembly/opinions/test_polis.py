"""Polis' exports: what is read is what was voted, what is written is read again."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from bioloom.assembly.opinions.mapping import map_opinions
from bioloom.assembly.opinions.polis import (
    COMMENTS,
    PARTICIPANTS,
    SUMMARY,
    VOTES,
    Conversation,
    ExportAmiss,
    read_export,
    write_export,
)
from bioloom.assembly.opinions.votes import UNSEEN, Said, Vote

HEAD = "timestamp,datetime,comment-id,voter-id,vote\n"


def exported(folder: Path) -> dict[str, str]:
    return {
        name: gzip.decompress((folder / f"{name}.gz").read_bytes()).decode()
        for name in (VOTES, COMMENTS, PARTICIPANTS, SUMMARY)
    }


def conversations(data: Path) -> list[dict[str, str]]:
    return [exported(folder) for folder in sorted((data / "assembly" / "polis").iterdir())]


def test_the_latest_vote_counts_whatever_the_order_of_the_lines() -> None:
    late, early = "9,x,0,ana,-1\n", "1,x,0,ana,1\n"
    found = [read_export({VOTES: HEAD + text}).votes for text in (late + early, early + late)]
    assert found[0].cells.tolist() == found[1].cells.tolist() == [[-1]]


def test_votes_are_those_of_the_table_of_participants(data: Path) -> None:
    for files in conversations(data):
        one = read_export(files).votes
        other = read_export({PARTICIPANTS: files[PARTICIPANTS], COMMENTS: files[COMMENTS]}).votes
        assert np.count_nonzero(one.cells != UNSEEN) > 1_000
        assert one.digest == other.digest


def test_what_is_written_is_read_again(data: Path) -> None:
    for files in conversations(data):
        read = read_export(files)
        told = [
            (1, Vote(person, statement, said))
            for row, person in enumerate(read.votes.people)
            for column, statement in enumerate(read.votes.statements)
            for said in _said(read, row, column)
        ]
        again = read_export(write_export(read, told, map_opinions(read.shown())))
        assert again.votes.digest == read.votes.digest
        assert again.statements == read.statements
        assert again.topic == read.topic


def _said(read: Conversation, row: int, column: int) -> list[Said]:
    names: dict[int, Said] = {1: "agree", 0: "pass", -1: "disagree"}
    cell = int(read.votes.cells[row, column])
    return [] if cell == UNSEEN else [names[cell]]


def test_what_was_moderated_out_is_on_no_map() -> None:
    comments = "comment-id,moderated,comment-body\n0,1,yes\n1,-1,no\n"
    read = read_export({VOTES: HEAD + "1,x,0,ana,1\n2,x,1,ana,1\n", COMMENTS: comments})
    assert read.votes.statements == ("0", "1")
    assert read.shown().statements == ("0",)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, "votes.csv, line 0"),
        ({VOTES: "a,b\n"}, "line 1: there is no column 'timestamp'"),
        ({VOTES: HEAD + "1,x,0,ana,1\n1,x,0,ana,2\n"}, "line 3: '2' is no vote"),
        ({VOTES: HEAD + "1,x,0,ana\n"}, "line 2: it has not 5 fields"),
        ({VOTES: HEAD + "1,x,0,,1\n"}, "line 2: a person or a statement has no number"),
        ({VOTES: HEAD + "noon,x,0,ana,1\n"}, "line 2: 'noon' is no whole number"),
        ({PARTICIPANTS: "participant,0\nana,maybe\n"}, "participants-votes.csv, line 2"),
    ],
)
def test_what_cannot_be_counted_is_refused_by_its_line(files: dict[str, str], found: str) -> None:
    with pytest.raises(ExportAmiss, match=found):
        read_export(files)
