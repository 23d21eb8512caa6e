"""Moderating: a statement is taken off for a public reason, and another moderator hears appeals."""

from bioloom.assembly.deliberating.standing import Conversation, Moderation
from bioloom.assembly.deliberating.stating import LONGEST_STATEMENT
from bioloom.assembly.mandates.meeting import Kept, Meeting
from bioloom.assembly.mandates.refusing import (
    LONGEST_LANGUAGE,
    AssemblyAmiss,
    NotInAssembly,
    see_text,
)
from bioloom.vocabulary.entries.deliberations import (
    AppealDecided,
    ModerationAppealed,
    StatementModerated,
)
from bioloom.vocabulary.entries.envelope import Draft


def moderate(
    conversation: Conversation, statement: str, reason: str, explanation: str, meeting: Meeting
) -> Draft[StatementModerated]:
    """Decide that a moderator takes a statement off.

    Raises:
        NotMandated: If who acts does not moderate.
        NotInAssembly: If there is no such statement.
        AssemblyAmiss: If the policy has no such reason, nothing is explained, or it is off.
    """
    meeting.see_duty("moderate")
    known, opened = conversation.statement(statement), conversation.opened
    see_text(statement, explanation, longest=LONGEST_STATEMENT, what="the explanation")
    if reason not in {one.reason for one in opened.policy}:
        named = ", ".join(one.reason for one in opened.policy)
        found = f"its policy has no reason '{reason[:80]}', but {named}"
        raise AssemblyAmiss(about=opened.conversation, found=found)
    if not known.is_shown:
        raise AssemblyAmiss(about=statement, found="it is off already")
    if known.moderation is not None:
        raise AssemblyAmiss(about=statement, found="an appeal put it back, which is the last word")
    body = StatementModerated(
        conversation=opened.conversation,
        statement=known.made.statement,
        reason=reason,
        explanation=explanation,
    )
    return meeting.draft(body, f"moderated:{opened.conversation}:{statement}")


def see_may_appeal(conversation: Conversation, statement: str, participant: str) -> Moderation:
    """How a statement was taken off, if somebody may ask for another word.

    Raises:
        NotInAssembly: If there is no such statement.
        AssemblyAmiss: If it is not off, is somebody else's, or was appealed.
    """
    known = conversation.statement(statement)
    moderation = known.moderation
    if moderation is None:
        raise AssemblyAmiss(about=statement, found="nobody took it off")
    if known.made.participant != participant:
        raise AssemblyAmiss(about=statement, found="only who made it appeals")
    if moderation.appeal is not None:
        raise AssemblyAmiss(about=statement, found="it was appealed already")
    return moderation


def appeal(
    conversation: Conversation,
    statement: str,
    participant: str,
    kept: Kept,
    meeting: Meeting,
) -> Draft[ModerationAppealed]:
    """Decide that who made a statement asks another moderator.

    Raises:
        NotInAssembly, AssemblyAmiss: As `see_may_appeal`.
    """
    moderation = see_may_appeal(conversation, statement, participant)
    name = conversation.opened.conversation
    see_text(name, kept.language, longest=LONGEST_LANGUAGE, what="the language")
    body = ModerationAppealed(
        conversation=name,
        statement=moderation.moderated.statement,
        text_sha256=kept.sha256,
        language=kept.language,
    )
    return meeting.draft(body, f"moderated:{name}:{statement}:appeal", hidden=True)


def decide_appeal(
    conversation: Conversation,
    statement: str,
    explanation: str,
    meeting: Meeting,
    *,
    is_restored: bool,
) -> Draft[AppealDecided]:
    """Decide about an appeal, as another moderator than who took the statement off.

    Raises:
        NotMandated: If who acts does not moderate.
        NotInAssembly: If there is no such statement, or no appeal.
        AssemblyAmiss: If it is one's own moderation, is decided, or nothing is explained.
    """
    meeting.see_duty("moderate")
    known, name = conversation.statement(statement), conversation.opened.conversation
    see_text(statement, explanation, longest=LONGEST_STATEMENT, what="the explanation")
    moderation = known.moderation
    if moderation is None or moderation.appeal is None:
        raise NotInAssembly(word="appeal for statement", name=statement)
    if moderation.moderator == meeting.deed.by:
        raise AssemblyAmiss(about=statement, found="who took it off does not judge the appeal")
    if moderation.decided is not None:
        raise AssemblyAmiss(about=statement, found="the appeal is decided")
    body = AppealDecided(
        conversation=name,
        statement=known.made.statement,
        is_restored=is_restored,
        explanation=explanation,
    )
    return meeting.draft(body, f"moderated:{name}:{statement}:decided")
