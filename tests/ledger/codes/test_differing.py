"""Two versions of a Code: what the one says otherwise."""

from datetime import date

import msgspec

from bioloom.ledger.codes.differing import Difference, differences
from bioloom.vocabulary.entries.codes import DistanceLimited
from tests.ledger.codes.policies.test_obeying import RULE
from tests.ledger.codes.test_enacting import NEAR, code


def test_each_field_that_is_otherwise_is_told_as_it_was_and_is() -> None:
    after = code(DistanceLimited(limit_m=2_000), version=2, last_day=date(2024, 9, 1))

    assert differences(code(NEAR), after) == [
        Difference(what="last_day", was="", now="2024-09-01"),
        Difference(what="rule 1 limit_m", was="10000", now="2000"),
    ]


def test_of_policies_the_lines_that_differ_are_told() -> None:
    wider = msgspec.structs.replace(RULE, cedar=RULE.cedar.replace(', Action::"transfer"', ""))

    (found,) = differences(code(RULE), code(wider, version=2))

    assert found.what == "rule 1 cedar"
    assert ('Action::"transfer"' in found.was, 'Action::"transfer"' in found.now) == (True, False)
    assert "no-heavy-peel" not in found.was + found.now


def test_a_rule_that_comes_goes_or_is_of_another_kind_is_told_whole() -> None:
    (come,) = differences(code(NEAR), code(NEAR, RULE, version=2))
    (other,) = differences(code(NEAR), code(RULE, version=2))

    assert (come.what, come.was, '"rule":"policies"' in come.now) == ("rule 2", "", True)
    assert '"rule":"distance_limited"' in other.was


def test_the_same_words_differ_in_nothing() -> None:
    assert differences(code(NEAR), code(NEAR, version=2)) == []
