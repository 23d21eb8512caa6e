"""Stating: who may open a conversation, say something in it, and vote on what others said."""

from typing import get_args

from bioloom.assembly.deliberating.standing import Conversation, Conversations
from bioloom.assembly.mandates.meeting import Kept, Meeting
from bioloom.assembly.mandates.refusing import (
    LONGEST_LANGUAGE,
    LONGEST_NAME,
    AssemblyAmiss,
    NotInAssembly,
    see_text,
)
from bioloom.vocabulary.entries.deliberations import (
    DeliberationClosed,
    DeliberationOpened,
    PolicyReason,
    Says,
    StatementId,
    StatementMade,
    StatementVoted,
)
from bioloom.vocabulary.entries.envelope import Draft

LONGEST_STATEMENT = 500
MOST_REASONS = 20
# Of one person in one conversation, so that nobody fills it alone.
MOST_STATEMENTS = 30
DEFAULT_POLICY = (
    PolicyReason(reason="personal", text="It names or describes a person who did not agree to it."),
    PolicyReason(reason="hate", text="It degrades people for what they are."),
    PolicyReason(reason="advertising", text="It sells something."),
    PolicyReason(reason="repeats", text="The same was said before, in the same sense."),
    PolicyReason(reason="elsewhere", text="It is about something else than the conversation."),
)


def open_deliberation(
    body: DeliberationOpened, known: Conversations, meeting: Meeting
) -> Draft[DeliberationOpened]:
    """Decide that an assembly talks about something, with a policy that anybody can read.

    Raises:
        NotMandated: If who acts does not facilitate.
        AssemblyAmiss: If the name is taken, or its policy has no reason or one twice.
    """
    meeting.see_duty("facilitate")
    name = body.conversation
    see_text(name, name, longest=LONGEST_NAME, what="its name")
    see_text(name, body.title, longest=LONGEST_NAME, what="its title")
    for reason in body.policy:
        see_text(name, reason.reason, longest=LONGEST_NAME, what="a reason of its policy")
        see_text(name, reason.text, longest=LONGEST_STATEMENT, what="a reason of its policy")
    checks = (
        (name in known.by_id, "there is a conversation of that name"),
        (not 1 <= len(body.policy) <= MOST_REASONS, "its policy has no reason, or too many"),
        (
            len({one.reason for one in body.policy}) < len(body.policy),
            "a reason stands in its policy twice",
        ),
    )
    for is_so, found in checks:
        if is_so:
            raise AssemblyAmiss(about=name, found=found)
    return meeting.draft(body, f"deliberation:{name}")


def close_deliberation(conversation: Conversation, meeting: Meeting) -> Draft[DeliberationClosed]:
    """Decide that nothing more is said in a conversation.

    Raises:
        NotMandated: If who acts does not facilitate.
        AssemblyAmiss: If it is closed.
    """
    meeting.see_duty("facilitate")
    see_open(conversation)
    name = conversation.opened.conversation
    return meeting.draft(DeliberationClosed(conversation=name), f"deliberation:{name}:closed")


def see_open(conversation: Conversation) -> None:
    """Return if something may still be said in a conversation.

    Raises:
        AssemblyAmiss: If it is closed.
    """
    if not conversation.is_open:
        raise AssemblyAmiss(about=conversation.opened.conversation, found="it is closed")


def see_may_state(
    conversation: Conversation, participant: str, text: str, meeting: Meeting
) -> None:
    """Return if somebody may say something in a conversation.

    Raises:
        NotElector: If they do not belong to its assembly.
        AssemblyAmiss: If it is closed, the text is empty or too long, or they said much already.
    """
    meeting.see_elector()
    see_open(conversation)
    name = conversation.opened.conversation
    see_text(name, text, longest=LONGEST_STATEMENT, what="the statement")
    own = [one for one in conversation.statements.values() if one.made.participant == participant]
    if len(own) >= MOST_STATEMENTS:
        raise AssemblyAmiss(about=name, found=f"they made {MOST_STATEMENTS} statements, the most")


def make_statement(
    conversation: Conversation,
    participant: str,
    kept: Kept,
    meeting: Meeting,
) -> Draft[StatementMade]:
    """Decide that somebody said something; the caller has seen that they may.

    Raises:
        NotElector: If they do not belong to its assembly.
        AssemblyAmiss: If it is closed.
    """
    meeting.see_elector()
    see_open(conversation)
    name = conversation.opened.conversation
    see_text(name, kept.language, longest=LONGEST_LANGUAGE, what="the language")
    body = StatementMade(
        conversation=name,
        statement=StatementId(str(len(conversation.statements) + 1)),
        participant=participant,
        text_sha256=kept.sha256,
        language=kept.language,
    )
    return meeting.draft(body, f"statement:{name}:{body.statement}", hidden=True)


def vote(
    conversation: Conversation, statement: str, participant: str, says: str, meeting: Meeting
) -> Draft[StatementVoted]:
    """Decide what somebody says to a statement; said anew, the newest counts.

    Raises:
        NotElector: If they do not belong to its assembly.
        NotInAssembly: If there is no such statement, or it was taken off.
        AssemblyAmiss: If the conversation is closed, or it is no vote.
    """
    meeting.see_elector()
    see_open(conversation)
    known, name = conversation.statement(statement), conversation.opened.conversation
    if not known.is_shown:
        raise NotInAssembly(word="statement on show", name=statement)
    said: Says | None = next((one for one in get_args(Says) if one == says), None)
    if said is None:
        found = f"'{says[:80]}' is none of {', '.join(get_args(Says))}"
        raise AssemblyAmiss(about=name, found=found)
    made = known.made.statement
    body = StatementVoted(conversation=name, statement=made, participant=participant, says=said)
    turn = conversation.turns[made, participant] + 1
    return meeting.draft(body, f"said:{name}:{made}:{participant}:{turn}", hidden=True)
