"""What people and programs tell: judged by itself, recorded once, and only by who may."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.doors.capturing.told import Kind, Told
from bioloom.doors.compose import City, found_city, now
from bioloom.doors.recording import Became, NotWhole, record_told
from bioloom.ledger.inventory import lots
from bioloom.ledger.record.verifying import verify
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import AgentDeclared
from bioloom.vocabulary.entries.people import RoleGranted

STEWARD, MILL, EVE = AgentId("steward"), AgentId("mill"), AgentId("person:eve")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with found_city(tmp_path / "town", token="t") as city:
        declare(city)
        yield city


def declare(city: City) -> None:
    """A mill, a person, and a steward who may act for both."""
    bodies = (
        AgentDeclared(agent=MILL, name="Mill"),
        AgentDeclared(agent=EVE, name="Somebody", sort="person"),
        RoleGranted(agent=STEWARD, role="steward", scope=None),
    )
    drafts = [
        Draft(body=body, occurred_at=now(), author=STEWARD, idempotency_key=f"given:{number}")
        for number, body in enumerate(bodies)
    ]
    city.journal.record(drafts, recorded_at=now())


def told(kind: Kind, key: str, **body: Any) -> Told:  # noqa: ANN401  Any field of a body.
    return Told(kind=kind, key=key, body=body)


def event(key: str, action: str, amount: str, **more: Any) -> Told:  # noqa: ANN401
    reported, unit = amount.split()
    body = {
        "action": action,
        "provider": MILL,
        "receiver": MILL,
        "stamp": "measured",
        "lot": "rags",
        "quantity": {"reported": reported, "unit": unit},
    }
    return Told(kind="EventHappened", key=key, body=body | more)


RAGS = event("rags", "raise", "10 kg", made={"lot": "rags", "material": "textiles"})
MILLING = told(
    "ProcessSpecified",
    "milling",
    specification="milling",
    name="Milling",
    definition="Rags become fibre.",
    tolerance_per_mille=10,
    loses_to=["air"],
)
OPENED = told("ProcessOpened", "p:open", process="p", specification="milling", operator=MILL)


def outcomes(became: list[Became]) -> list[str]:
    return [one.outcome for one in became]


def test_a_whole_process_is_told_and_closes_with_its_residual(city: City) -> None:
    loss = {"to": "air", "mass_mg": 900_000, "stamp": "estimated"}
    fibre = {"lot": "fibre", "material": "fibre"}
    items = [
        MILLING,
        RAGS,
        OPENED,
        event("in", "consume", "10 kg", input_of="p"),
        event("out", "produce", "9.05 kg", lot="fibre", made=fibre, output_of="p"),
        told("ProcessClosed", "p:close", process="p", losses=[loss]),
    ]

    assert outcomes(record_told(city, items, author=STEWARD)) == ["recorded"] * 6
    assert outcomes(record_told(city, items, author=STEWARD)) == ["same"] * 6

    closed = city.journal.current(["p:close"])["p:close"].body
    assert closed.residual_mg == 50_000
    assert verify(city.journal.store).problems == []


def test_one_that_is_turned_away_does_not_stop_the_others(city: City) -> None:
    items = [
        RAGS,
        event("much", "consume", "11 kg"),
        event("odd", "consume", "1 furlong"),
        event("number", "consume", "ten kg"),
        told("EventHappened", "half", action="consume"),
        event("fine", "consume", "1 kg"),
        event(" ", "consume", "1 kg"),
    ]

    became = record_told(city, items, author=STEWARD)

    assert outcomes(became) == ["recorded", *["refused"] * 4, "recorded", "refused"]
    assert all(one.what and one.why and one.remedy for one in became if one.outcome == "refused")


def test_what_is_reported_counts_and_not_what_is_claimed_of_it(city: City) -> None:
    body = dict(RAGS.body) | {"quantity": {"reported": "1", "unit": "kg", "units": 10_000_000}}

    (became,) = record_told(
        city, [Told(kind="EventHappened", key="rags", body=body)], author=STEWARD
    )

    assert became.what is not None
    assert "1 kg are 1000000 base units, not 10000000" in became.what


def test_nobody_tells_what_happened_to_what_is_not_theirs(city: City) -> None:
    record_told(city, [MILLING, RAGS, OPENED], author=STEWARD)
    taken = event("taken", "transfer", "1 kg", receiver=EVE)
    done = record_told(city, [event("used", "consume", "1 kg")], author=STEWARD)[0]
    items = [
        taken,
        event("eaten", "consume", "1 kg"),
        told("ProcessClosed", "shut", process="p"),
        told(
            "ProcessSpecified",
            "k",
            specification="k",
            name="K",
            definition="D",
            tolerance_per_mille=0,
        ),
        told("EventReversed", "undone", entry=done.id, reason="mistake"),
    ]

    became = record_told(city, items, author=EVE)

    assert outcomes(became) == ["refused"] * 5
    assert all("person:eve" in (one.what or "") for one in became)


def test_something_else_under_a_known_key_is_a_conflict_until_it_is_a_correction(
    city: City,
) -> None:
    record_told(city, [RAGS], author=STEWARD)
    heavier = event("rags", "raise", "12 kg", made={"lot": "rags", "material": "textiles"})

    assert outcomes(record_told(city, [heavier], author=STEWARD)) == ["conflict"]
    assert outcomes(record_told(city, [heavier], author=STEWARD, correct=True)) == ["recorded"]


def test_an_event_is_taken_back_once(city: City) -> None:
    record_told(city, [RAGS], author=STEWARD)
    used = record_told(city, [event("used", "consume", "4 kg")], author=STEWARD)[0]
    undo = told("EventReversed", "undo", entry=used.id, reason="mistake")
    again = told("EventReversed", "undo again", entry=used.id, reason="mistake")

    assert outcomes(record_told(city, [undo, undo, again], author=STEWARD)) == [
        "recorded",
        "same",
        "refused",
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"outputOf": "p"},
        {"made": {"lot": "rags", "material": "textiles", "baseUnit": "piece"}},
        {"quantity": {"reported": "1e200000000", "unit": "kg"}},
        {"quantity": {"reported": "1e-200000000", "unit": "kg"}},
    ],
)
def test_what_is_not_understood_is_not_passed_over(city: City, more: dict[str, Any]) -> None:
    item = Told(kind="EventHappened", key="rags", body=dict(RAGS.body) | more)

    assert outcomes(record_told(city, [item], author=STEWARD)) == ["refused"]


def test_nobody_dates_the_end_of_anothers_process_anew(city: City) -> None:
    shut = told("ProcessClosed", "shut", process="p")
    record_told(city, [MILLING, OPENED, shut], author=STEWARD)
    later = Told(
        kind="ProcessClosed", key="shut", body=shut.body, occurred_at="2050-01-01T00:00:00Z"
    )

    assert outcomes(record_told(city, [later], author=EVE, correct=True)) == ["refused"]


def test_what_is_told_under_a_key_of_another_kind_corrects_nothing(city: City) -> None:
    record_told(city, [MILLING, OPENED, told("ProcessClosed", "shut", process="p")], author=STEWARD)
    opened = Told(kind="ProcessOpened", key="shut", body=OPENED.body)

    (became,) = record_told(city, [opened], author=STEWARD, correct=True)

    assert became.what == "Under this key the record has a ProcessClosed, not a ProcessOpened."


def test_what_a_heap_loses_is_borne_by_all_who_have_claims_on_it(city: City) -> None:
    """Nobody works the shares out by hand, and told twice it is one loss."""
    owed = {"action": "transfer", "provider": MILL, "receiver": STEWARD, "base_unit": "mg"}
    claims = [
        told(
            "ClaimMade",
            name,
            claim=name,
            lot="rags",
            amount={"reported": kilograms, "unit": "kg"},
            **owed,
        )
        for name, kilograms in (("first", "6"), ("second", "3"))
    ]
    record_told(city, [RAGS, *claims], author=STEWARD)
    fire = event("fire", "lower", "7 kg")

    became = [record_told(city, [fire], author=STEWARD)[0] for _ in range(2)]

    assert outcomes(became) == ["recorded", "same"]
    entry = city.journal.current(["fire"])["fire"]
    assert [(lost.claim, lost.units) for lost in entry.body.abates] == [
        ("first", 4_000_000),
        ("second", 2_000_000),
    ]


def part(key: str, amount: str, to_lot: str, *, is_new: bool = True, lot: str = "rags") -> Told:
    made = {"made": {"lot": to_lot, "material": "textiles"}} if is_new else {}
    return event(key, "move", amount, lot=lot, to_lot=to_lot, **made)


def together(city: City, items: list[Told]) -> list[Became]:
    return record_told(city, items, author=STEWARD, whole=True)


@given(
    cuts=st.lists(st.integers(1, 4_000), min_size=1, max_size=4), regrouped=st.integers(1, 9_000)
)
@settings(max_examples=15, deadline=None)
def test_lots_are_divided_and_regrouped_whole_or_not_at_all(
    cuts: list[int], regrouped: int
) -> None:
    """Ten kilograms are cut into parts, and some of the rest joins the first of them."""
    with TemporaryDirectory() as folder, found_city(Path(folder) / "town", token="t") as city:
        declare(city)
        record_told(city, [RAGS], author=STEWARD)
        items = [part(f"cut {n}", f"{grams} g", f"part {n}") for n, grams in enumerate(cuts)]
        items.append(part("join", f"{regrouped} g", "part 0", is_new=False))
        head = city.journal.head()
        fits = sum(cuts) + regrouped <= 10_000

        if fits:
            assert {one.outcome for one in together(city, items)} == {"recorded"}
        else:
            with pytest.raises(NotWhole, match="Nothing of this was recorded"):
                together(city, items)
            assert city.journal.head() == head

        held = [sum(row.owners.values()) for row in lots(city.journal)]
        assert sum(held) == 10_000_000
        assert len(held) == (1 + len(cuts) if fits else 1)


def test_what_is_told_together_twice_is_one_act_and_another_figure_is_none(city: City) -> None:
    items = [RAGS, part("cut", "4 kg", "part")]

    assert outcomes(together(city, items)) == ["recorded"] * 2
    assert outcomes(together(city, items)) == ["same"] * 2
    with pytest.raises(NotWhole, match="'cut' is turned away"):
        together(city, [RAGS, part("cut", "5 kg", "part")])


def promise(key: str, provider: AgentId, receiver: AgentId, **more: Any) -> Told:  # noqa: ANN401
    amount = {"reported": "4", "unit": "kg"}
    body = {"action": "transferCustody", "provider": provider, "receiver": receiver}
    return told("PromiseMade", key, commitment=key, amount=amount, base_unit="mg", **body, **more)


def taken_by_eve(key: str, fulfilled: str) -> Told:
    return event(key, "transferCustody", "4 kg", receiver=EVE, fulfills=[fulfilled])


def test_nobody_says_yes_for_another_by_a_promise_of_their_own(city: City) -> None:
    record_told(city, [RAGS], author=STEWARD)
    asked = promise("i-fetch-it", EVE, MILL)

    became = record_told(city, [asked, taken_by_eve("mine", "i-fetch-it")], author=EVE)

    assert outcomes(became) == ["recorded", "refused"]
    assert became[1].what == "'person:eve' may not transfer custody for 'mill'."


def test_a_promise_is_a_yes_to_what_it_names_alone(city: City) -> None:
    record_told(city, [RAGS, promise("eves", MILL, EVE, lot="rags")], author=STEWARD)
    record_told(city, [promise("others", MILL, STEWARD, lot="rags")], author=STEWARD)

    became = record_told(
        city, [taken_by_eve("stolen", "others"), taken_by_eve("given", "eves")], author=EVE
    )

    assert outcomes(became) == ["refused", "recorded"]
