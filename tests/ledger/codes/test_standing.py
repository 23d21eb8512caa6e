"""Codes in force: the newest version of a day, until it ends or is repealed; no period is split."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.ledger.codes.standing import Codes, CodeUnknown, PeriodCutByCode
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.codes import CodeEnacted, CodeId, CodeRepealed, DistanceLimited
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.periods import Instant, Period

FIRST = date(2026, 3, 1)
MARCH = Period(first=FIRST, last=date(2026, 3, 31))
NOON = Instant("2026-03-01T12:00:00.000Z")
Told = CodeEnacted | CodeRepealed


def enacted(
    code: str = "near",
    *,
    version: int = 1,
    first: int = 0,
    last: int | None = None,
    supersedes: tuple[str, ...] = (),
) -> CodeEnacted:
    return CodeEnacted(
        code=CodeId(code),
        version=version,
        title="Near",
        rationale="Lorries are loud.",
        rules=(DistanceLimited(limit_m=10_000),),
        first_day=FIRST + timedelta(days=first),
        last_day=None if last is None else FIRST + timedelta(days=last),
        supersedes=tuple(map(CodeId, supersedes)),
    )


def repealed(last: int, code: str = "near") -> CodeRepealed:
    return CodeRepealed(
        code=CodeId(code), last_day=FIRST + timedelta(days=last), reason="It served its time."
    )


def codes(*told: Told) -> Codes:
    found = Codes()
    for seq, body in enumerate(told, start=1):
        found.fold(
            Entry(
                seq=seq,
                id=str(seq),
                kind=type(body).__name__,
                version=1,
                occurred_at=NOON,
                recorded_at=NOON,
                author=AgentId("steward"),
                idempotency_key=str(seq),
                body=body,
            )
        )
    return found


def on(day: int, *told: Told) -> list[tuple[str, int]]:
    standing = codes(*told).in_force(FIRST + timedelta(days=day))
    return [(version.terms.code, version.terms.version) for version in standing]


def test_a_code_is_in_force_on_its_first_and_its_last_day() -> None:
    code = enacted(first=2, last=4)
    assert [bool(on(day, code)) for day in range(1, 6)] == [False, True, True, True, False]


def test_an_emergency_version_that_ends_gives_way_to_the_one_before() -> None:
    told = enacted(), enacted(version=2, first=2, last=4)
    assert [on(day, *told)[0][1] for day in range(1, 6)] == [1, 2, 2, 2, 1]


def test_a_repeal_ends_every_version_and_a_later_one_begins_anew() -> None:
    told = enacted(), enacted(version=2, first=5), repealed(2), enacted(version=3, first=8)
    assert [on(day, *told) for day in (2, 3, 6, 8)] == [[("near", 1)], [], [], [("near", 3)]]


def test_a_code_stands_aside_while_one_that_supersedes_it_is_in_force() -> None:
    told = enacted(), enacted("far", first=2, last=3, supersedes=("near",))
    assert [on(day, *told) for day in (1, 2, 4)] == [[("near", 1)], [("far", 1)], [("near", 1)]]


def test_of_codes_that_supersede_each_other_the_newest_is_in_force() -> None:
    near, far = enacted(), enacted("far", supersedes=("near",))
    again = enacted(version=2, first=5, supersedes=("far",))
    assert [on(day, near, far, again) for day in (4, 5)] == [[("far", 1)], [("near", 2)]]


@given(st.permutations("abc"))
def test_of_a_ring_of_codes_the_newest_is_in_force(order: list[str]) -> None:
    of = {"a": "b", "b": "c", "c": "a"}
    told = [enacted(code, supersedes=(of[code],)) for code in order]
    assert (order[-1], 1) in on(0, *told)


def test_a_period_in_which_a_code_ends_is_refused_with_the_days_to_plan_instead() -> None:
    with pytest.raises(PeriodCutByCode, match="2026-03-01 to 2026-03-11; 2026-03-12") as refusal:
        codes(enacted(last=10)).over(MARCH)
    assert refusal.value.codes == ("near",)


def test_a_code_left_out_cuts_nothing_and_one_nobody_enacted_is_refused() -> None:
    known = codes(enacted(last=10))
    assert known.without(["near"]).over(MARCH) == []
    with pytest.raises(CodeUnknown, match="no Code 'far'"):
        known.without(["far"])


days = st.integers(-5, 40)


@given(st.lists(st.tuples(st.sampled_from("ab"), days, st.none() | days), max_size=6))
def test_pieces_cover_the_period_and_in_each_the_same_codes_are_in_force(
    drawn: list[tuple[str, int, int | None]],
) -> None:
    told = [
        enacted(code, version=number, first=first, last=last)
        for number, (code, first, last) in enumerate(drawn, start=1)
    ]
    known = codes(*told)

    pieces = known.pieces(MARCH)

    assert sum(piece.days for piece in pieces) == MARCH.days
    for piece in pieces:
        each = [known.in_force(piece.first + timedelta(days=day)) for day in range(piece.days)]
        assert all(standing == each[0] for standing in each)
        assert each[0] == known.over(piece)
    assert all(
        known.in_force(one.last) != known.in_force(other.first) for one, other in pairwise(pieces)
    )
