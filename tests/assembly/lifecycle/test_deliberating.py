"""Conversations: each voice once, nothing after the end, and moderation that can be appealed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bioloom.assembly.deliberating.moderating import appeal, decide_appeal, moderate
from bioloom.assembly.deliberating.standing import Conversation, Conversations, tallied
from bioloom.assembly.deliberating.stating import (
    DEFAULT_POLICY,
    MOST_STATEMENTS,
    close_deliberation,
    make_statement,
    open_deliberation,
    see_may_state,
    vote,
)
from bioloom.assembly.lifecycle.standing import lifecycle_of
from bioloom.assembly.mandates.meeting import Kept
from bioloom.assembly.mandates.refusing import AssemblyAmiss, NotElector, NotInAssembly, NotMandated
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.deliberations import (
    ConversationId,
    DeliberationClosed,
    DeliberationOpened,
    StatementId,
    StatementMade,
    StatementVoted,
)
from bioloom.vocabulary.entries.envelope import Draft, Entry
from tests.assembly.lifecycle.hall import CROWD, HALL, STRANGER, Hall, alias
from tests.ledger.people.town import ANA, BEN, CEM, noon

TALK = ConversationId("talk")
OPENED = DeliberationOpened(
    conversation=TALK,
    assembly=HALL,
    title="Shade",
    about=None,
    policy=DEFAULT_POLICY,
    salt_sha256="0",
)


def opened() -> Hall:
    hall = Hall()
    hall.does(ANA, open_deliberation, OPENED, hall.known.conversations)
    return hall


def talk(hall: Hall) -> Conversation:
    return hall.known.conversations.named(TALK)


def says(hall: Hall, who: AgentId) -> None:
    hall.does(who, make_statement, talk(hall), alias(who), Kept("0", "en"))


def votes(hall: Hall, who: AgentId, statement: str, said: str) -> None:
    hall.does(who, vote, talk(hall), statement, alias(who), said)


def test_the_newest_vote_of_each_counts_once() -> None:
    hall = opened()
    says(hall, BEN)
    for who, said in ((CEM, "agree"), (CROWD[0], "agree"), (CROWD[1], "pass"), (CEM, "disagree")):
        votes(hall, who, "1", said)

    (told,) = [tallied(one) for one in talk(hall).statements.values()]
    assert (told.agree, told.disagree, told.passed) == (1, 1, 1)
    assert len(talk(hall).participants) == 4
    authors = {entry.author for entry in hall.journal.read(kinds=["StatementVoted"])}
    assert authors == {"programme:assembly"}


def test_what_was_known_before_goes_on_to_what_a_fresh_reading_says() -> None:
    hall = opened()
    known = lifecycle_of(hall.journal)
    for who in (BEN, CEM):
        says(hall, who)
        lifecycle_of(hall.journal, known)
        votes(hall, CROWD[0], "1", "agree")
    votes(hall, CROWD[0], "1", "pass")

    assert lifecycle_of(hall.journal, known) == lifecycle_of(hall.journal)
    assert known.seq == hall.journal.head().seq


def test_nobody_from_elsewhere_speaks_or_votes_and_nobody_without_a_mandate_opens() -> None:
    hall = opened()
    says(hall, BEN)
    with pytest.raises(NotElector, match="no person who belongs"):
        says(hall, STRANGER)
    with pytest.raises(NotElector, match="no person who belongs"):
        votes(hall, STRANGER, "1", "agree")
    with pytest.raises(NotMandated, match="facilitate"):
        hall.does(BEN, close_deliberation, talk(hall))
    with pytest.raises(NotMandated, match="facilitate"):
        hall.does(BEN, open_deliberation, OPENED, Conversations())
    with pytest.raises(AssemblyAmiss, match="none of agree, disagree, pass"):
        votes(hall, CEM, "1", "maybe")
    with pytest.raises(NotInAssembly, match="no statement '2'"):
        votes(hall, CEM, "2", "agree")
    assert not talk(hall).statements[StatementId("1")].votes


def test_nothing_counts_after_the_end_even_if_the_record_is_told() -> None:
    hall = opened()
    says(hall, BEN)
    votes(hall, CEM, "1", "agree")
    late: list[Draft[Any]] = [
        make_statement(talk(hall), alias(CEM), Kept("1", "en"), hall.meeting(CEM)),
        vote(talk(hall), "1", alias(CEM), "disagree", hall.meeting(CEM)),
    ]
    hall.does(ANA, close_deliberation, talk(hall))
    with pytest.raises(AssemblyAmiss, match="it is closed"):
        says(hall, CEM)
    with pytest.raises(AssemblyAmiss, match="it is closed"):
        votes(hall, CEM, "1", "disagree")
    with pytest.raises(AssemblyAmiss, match="it is closed"):
        hall.does(ANA, close_deliberation, talk(hall))
    hall.take(late)

    assert list(talk(hall).statements) == ["1"]
    assert tallied(talk(hall).statement("1")).agree == 1


def test_nobody_fills_a_conversation_alone_or_with_endless_text() -> None:
    hall = opened()
    with pytest.raises(AssemblyAmiss, match="500 are the most"):
        see_may_state(talk(hall), alias(BEN), "x" * 10_000_000, hall.meeting(BEN))
    for _ in range(MOST_STATEMENTS):
        says(hall, BEN)
    with pytest.raises(AssemblyAmiss, match="30 statements, the most"):
        see_may_state(talk(hall), alias(BEN), "More.", hall.meeting(BEN))
    see_may_state(talk(hall), alias(CEM), "First.", hall.meeting(CEM))
    assert len(talk(hall).statements) == MOST_STATEMENTS


def test_a_statement_is_taken_off_for_a_public_reason_and_another_moderator_hears_the_appeal() -> (
    None
):
    hall = opened()
    says(hall, CROWD[0])
    votes(hall, CEM, "1", "agree")
    with pytest.raises(NotMandated, match="moderate"):
        hall.does(CEM, moderate, talk(hall), "1", "hate", "It degrades.")
    with pytest.raises(AssemblyAmiss, match="no reason 'dislike', but personal, hate"):
        hall.does(ANA, moderate, talk(hall), "1", "dislike", "I do not like it.")
    with pytest.raises(AssemblyAmiss, match="the explanation is empty"):
        hall.does(ANA, moderate, talk(hall), "1", "hate", " ")
    hall.does(ANA, moderate, talk(hall), "1", "hate", "It degrades.")
    with pytest.raises(AssemblyAmiss, match="off already"):
        hall.does(ANA, moderate, talk(hall), "1", "hate", "Again.")
    with pytest.raises(NotInAssembly, match="no statement on show"):
        votes(hall, BEN, "1", "agree")
    with pytest.raises(AssemblyAmiss, match="only who made it"):
        appeals(hall, CEM)
    appeals(hall, CROWD[0])
    with pytest.raises(AssemblyAmiss, match="who took it off does not judge"):
        judges(hall, ANA)
    with pytest.raises(NotMandated, match="moderate"):
        judges(hall, CEM)
    judges(hall, BEN)

    known = talk(hall).statement("1")
    assert known.is_shown
    assert tallied(known).agree == 1
    assert [one.made.statement for one in talk(hall).log] == ["1"]
    with pytest.raises(AssemblyAmiss, match="the last word"):
        hall.does(ANA, moderate, talk(hall), "1", "hate", "It degrades.")


def appeals(hall: Hall, who: AgentId) -> None:
    hall.does(who, appeal, talk(hall), "1", alias(who), Kept("2", "en"))


def judges(hall: Hall, who: AgentId) -> None:
    hall.does(who, decide_appeal, talk(hall), "1", "It is an opinion.", is_restored=True)


spoken = st.lists(
    st.one_of(
        st.builds(
            StatementVoted,
            conversation=st.sampled_from([TALK, ConversationId("other")]),
            statement=st.sampled_from([StatementId("1"), StatementId("2")]),
            participant=st.sampled_from(["a", "b", "c"]),
            says=st.sampled_from(["agree", "disagree", "pass"]),
        ),
        st.builds(
            StatementMade,
            conversation=st.just(TALK),
            statement=st.sampled_from([StatementId("1"), StatementId("2")]),
            participant=st.sampled_from(["a", "b"]),
            text_sha256=st.just("0"),
            language=st.just("en"),
        ),
        st.builds(DeliberationClosed, conversation=st.just(TALK)),
    ),
    max_size=30,
)


def entry(seq: int, body: Any) -> Entry[Any]:  # noqa: ANN401  Any kind of a conversation.
    return Entry(
        seq=seq,
        id=str(seq),
        kind=type(body).__name__,
        version=1,
        occurred_at=noon(1),
        recorded_at=noon(1),
        author=AgentId("programme:assembly"),
        idempotency_key=str(seq),
        body=body,
    )


@given(spoken)
def test_whatever_the_record_is_told_each_voice_counts_once_and_none_after_the_end(
    bodies: list[Any],
) -> None:
    known = Conversations()
    expected: dict[tuple[str, str], str] = {}
    made: set[str] = set()
    is_open = True
    for seq, body in enumerate([OPENED, *bodies], start=1):
        known.fold(entry(seq, body))
        if isinstance(body, DeliberationClosed):
            is_open = False
        elif isinstance(body, StatementMade) and is_open:
            made.add(body.statement)
        elif isinstance(body, StatementVoted) and is_open and body.conversation == TALK:
            expected |= {(one, body.participant): body.says for one in made & {body.statement}}

    statements = known.named(TALK).statements
    assert set(statements) == made
    found = {
        (name, who): said for name, one in statements.items() for who, said in one.votes.items()
    }
    assert found == expected
