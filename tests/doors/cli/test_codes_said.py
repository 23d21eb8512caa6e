"""A rule of a Code as the command line says it: words and figures, never a program's own signs."""

from bioloom.doors.cli.codes import said
from bioloom.vocabulary.entries.codes import DistanceLimited
from bioloom.vocabulary.materials import GroupId


def test_a_rule_is_said_in_words() -> None:
    rule = DistanceLimited(limit_m=3000, groups=(GroupId("organics"), GroupId("paper")))
    assert said(rule) == "distance limited: limit m 3000; groups organics, paper"
    assert said(DistanceLimited(limit_m=3000)) == "distance limited: limit m 3000"
