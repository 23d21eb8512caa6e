"""Policies in the record: enacted with cases that come out, and obeyed on the days they are for."""

from datetime import date
from typing import Any

import msgspec
import pytest

from bioloom.ledger.codes.enacting import CodeAmiss, enact_code
from bioloom.ledger.codes.obeying import AgainstCode
from bioloom.ledger.codes.policies.asking import left_out_of_plans
from bioloom.ledger.codes.policies.reading import PolicyAmiss
from bioloom.ledger.record.journal import Journal
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.codes import Case, CodeEnacted, CodeId, Limit, PoliciesSet
from bioloom.vocabulary.entries.events import EventHappened, LotMade
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from tests.ledger.codes.test_enacting import city, deed
from tests.ledger.people.town import ZARA, draft, record, town

NOT_TOO_MUCH = """
@id("no-heavy-peel")
forbid (principal, action in [Action::"produce", Action::"transfer"], resource)
when { context has mass_mg && context.mass_mg > context.limits.most_mg };
"""
HEAVY, LIGHT = (
    Case(name="heavy", day=date(2024, 3, 1), expect="refused", mass_mg=11),
    Case(name="light", day=date(2024, 3, 1), expect="allowed", mass_mg=10),
)
LIMITS = (
    Limit(name="most_mg", first_day=date(2024, 1, 1), value=10),
    Limit(name="most_mg", first_day=date(2024, 6, 1), value=100),
)
RULE = PoliciesSet(cedar=NOT_TOO_MUCH, cases=(HEAVY, LIGHT), limits=LIMITS)


def code(rule: PoliciesSet, **changes: Any) -> CodeEnacted:  # noqa: ANN401  Any field.
    body = CodeEnacted(
        code=CodeId("peel"),
        version=1,
        title="Small heaps",
        rationale="Heavy heaps rot.",
        rules=(rule,),
        first_day=date(2024, 1, 1),
    )
    return msgspec.structs.replace(body, **changes)


def produced(lot: str, units: int) -> EventHappened:
    return EventHappened(
        action="produce",
        provider=ZARA,
        receiver=ZARA,
        stamp="measured",
        lot=LotId(lot),
        made=LotMade(lot=LotId(lot), material=MaterialId("peel")),
        quantity=Amount(units=units, reported=str(units), unit="mg"),
    )


def under(rule: PoliciesSet, **changes: Any) -> Journal:  # noqa: ANN401  Any field.
    journal = town()
    record(journal, [enact_code(code(rule, **changes), city(), deed=deed(journal))])
    return journal


def test_what_a_policy_forbids_is_refused_and_its_code_version_and_rule_are_named() -> None:
    journal = under(RULE)
    before = journal.head().seq
    event = draft(produced("heap", 11), author=ZARA, key="heap", day=2)

    with pytest.raises(AgainstCode, match=r"peel, version 1.*rule 1, by no-heavy-peel") as refused:
        record(journal, [event])

    assert refused.value.why == "Heavy heaps rot."
    record(journal, [draft(produced("heap", 10), author=ZARA, key="h", day=2)])
    assert journal.head().seq == before + 1


def test_the_version_in_force_when_it_happens_counts_and_not_one_of_another_day() -> None:
    journal = under(RULE, first_day=date(2030, 1, 1))
    before = journal.head().seq

    record(journal, [draft(produced("heap", 11), author=ZARA, key="heap", day=2)])

    assert journal.head().seq == before + 1


def test_a_limit_is_what_its_newest_row_says_on_the_day() -> None:
    later = Case(name="later", day=date(2024, 6, 1), expect="allowed", mass_mg=100)

    assert under(msgspec.structs.replace(RULE, cases=(HEAVY, LIGHT, later)))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"cases": ()}, "have no case that shows what they do"),
        ({"cases": (msgspec.structs.replace(HEAVY, mass_mg=10),)}, "'heavy' does not come out"),
        ({"limits": ()}, "Cedar finds a fault in its policies"),
        ({"cedar": NOT_TOO_MUCH.replace("context has mass_mg &&", "")}, "Cedar finds a fault"),
        ({"cedar": NOT_TOO_MUCH.replace("> context", "== context")}, "does not come out"),
        (
            {"limits": (*LIMITS, Limit(name="most_mg", first_day=date(2025, 1, 1), value="a"))},
            "a number on one day and a text on another",
        ),
        (
            {"limits": (*LIMITS, Limit(name="a b", first_day=date(2025, 1, 1), value=1))},
            "something else than letters",
        ),
        (
            {
                "limits": (LIMITS[1],),
                "cases": (msgspec.structs.replace(HEAVY, day=date(2024, 7, 1), mass_mg=101),),
            },
            "has no row on the first day",
        ),
    ],
)
def test_policies_that_do_not_do_what_they_say_are_not_enacted(
    changes: dict[str, Any], found: str
) -> None:
    with pytest.raises(CodeAmiss, match=found):
        under(msgspec.structs.replace(RULE, **changes))


def test_a_text_outside_of_what_is_read_is_refused_with_its_line() -> None:
    with pytest.raises(PolicyAmiss, match="In line 1, column 1 of the policies 'let' stands"):
        under(msgspec.structs.replace(RULE, cedar="let it be"))


def test_where_something_is_permitted_all_else_is_refused_as_in_cedar() -> None:
    permits = PoliciesSet(
        cedar='permit (principal == Agent::"hub", action, resource);',
        cases=(
            Case(name="hub", day=date(2024, 1, 1), expect="allowed", provider=AgentId("hub")),
            Case(name="other", day=date(2024, 1, 1), expect="refused", provider=AgentId("x")),
        ),
    )
    event = draft(produced("heap", 1), author=ZARA, key="heap", day=2)

    with pytest.raises(AgainstCode, match="none of its policies permits it"):
        record(under(permits), [event])


def test_what_no_plan_knows_is_named() -> None:
    by_group = 'forbid (principal, action, resource) when { resource.group == "organics" };'
    rule = msgspec.structs.replace(RULE, cedar=NOT_TOO_MUCH + by_group)

    assert left_out_of_plans(rule) == ("no-heavy-peel",)
