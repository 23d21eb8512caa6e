"""What is owed: commitments and claims, done, open or overdue, and none of a plan that is past."""

from datetime import date

from bioloom.ledger.accounts.owing import everything_owed
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.circuits import CommitmentMade, PlanAdopted
from bioloom.vocabulary.entries.events import CommitmentId
from bioloom.vocabulary.materials import MaterialId
from tests.ledger.events.happenings import event, journal_with, record, told
from tests.ledger.events.test_promising import claim, promise
from tests.ledger.records import arrival


def flow(plan: str) -> CommitmentMade:
    return CommitmentMade(
        commitment=f"{plan}/north",
        plan=plan,
        provider=AgentId("ana"),
        receiver=AgentId("ben"),
        material=MaterialId("organics"),
        lots=(),
        mass_mg=10,
        due=date(2024, 1, 31),
    )


def test_commitments_and_claims_are_listed_with_what_is_done_of_them() -> None:
    journal = journal_with(
        arrival("rags", 20), told(promise(), "p"), told(flow("one"), "f"), told(claim("3 kg"), "c")
    )
    given = event("transfer", "rags", "4 mg", to="ben", fulfills=(CommitmentId("one/north"),))
    record(journal, told(given, "g"))

    rows = everything_owed(journal, today=date(2024, 2, 1))

    assert [(row.owed.name, row.owed.done_units, row.owed.standing) for row in rows] == [
        ("promise", 0, "overdue"),
        ("one/north", 4, "overdue"),
        ("claim", 0, "open"),
    ]
    assert [row.is_claim for row in rows] == [False, False, True]


def test_what_a_replaced_plan_promised_is_owed_no_longer() -> None:
    journal = journal_with(
        told(flow("one"), "f1"),
        told(PlanAdopted(plan="two", supersedes="one"), "a"),
        told(flow("two"), "f2"),
    )

    rows = everything_owed(journal, today=date(2024, 1, 1))

    assert [row.owed.name for row in rows] == ["two/north"]
