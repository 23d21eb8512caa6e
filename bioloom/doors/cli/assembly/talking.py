"""`bioloom assembly open`, `close`, `say`, `vote`, `take-off`, `appeal`, `judge` and `talk`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from bioloom.assembly.lifecycle.standing import lifecycle_of
from bioloom.doors.answers.assembly.lifecycle import TalkTold, tell_talk
from bioloom.doors.assembly import deliberations
from bioloom.doors.assembly.deliberations import Judgement, Ruling, Topic
from bioloom.doors.assembly.floor import Written
from bioloom.doors.cli.assembly.acting import BY_STEWARD, How, acts, speaks
from bioloom.doors.cli.printing import AsJson, out, print_json
from bioloom.doors.compose import open_city
from bioloom.doors.register.opening import open_register
from bioloom.vocabulary.entries.deliberations import Says


def open_(
    folder: Path,
    assembly: str,
    talk: str,
    *,
    title: str,
    about: str | None = None,
    how: How = BY_STEWARD,
) -> None:
    """Open a conversation of an assembly, under the usual policy of moderation.

    Example: bioloom assembly open town hall talk --title "Shade" --about trees --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    assembly
        Whose conversation.
    talk
        A name for it.
    title
        What it is called.
    about
        The proposal that it is about.
    how
        Who opens it: somebody who facilitates.
    """
    topic = Topic(title, about)
    speaks(folder, how, lambda one: deliberations.open_talk(one, assembly, talk, topic))


def close(folder: Path, talk: str, *, how: How = BY_STEWARD) -> None:
    """Close a conversation: nothing that is said later counts.

    Example: bioloom assembly close town talk --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    talk
        Its name.
    how
        Who closes it: somebody who facilitates.
    """
    acts(folder, how, lambda city, by: deliberations.close_talk(city, by, talk))


def say(folder: Path, talk: str, text: str, *, language: str = "en", how: How = BY_STEWARD) -> None:
    """Make a statement that others agree or disagree with.

    Example: bioloom assembly say town talk "Birches let light through." --as person:7zpk

    Parameters
    ----------
    folder
        The city's folder.
    talk
        The conversation.
    text
        What is said; the register keeps it, and the record its hash.
    language
        The language of the text.
    how
        Who says it; the record has a pseudonym.
    """
    speaks(folder, how, lambda one: deliberations.say(one, talk, Written(text, language)))


def vote(folder: Path, talk: str, statement: str, says: Says, *, how: How = BY_STEWARD) -> None:
    """Agree with a statement, disagree, or pass; what one says last counts.

    Example: bioloom assembly vote town talk 1 agree --as person:7zpk

    Parameters
    ----------
    folder
        The city's folder.
    talk
        The conversation.
    statement
        Its number.
    says
        What one thinks of it.
    how
        Who votes; the record has a pseudonym.
    """
    speaks(folder, how, lambda one: deliberations.vote_on(one, talk, statement, says))


def take_off(
    folder: Path, talk: str, statement: str, reason: str, text: str, *, how: How = BY_STEWARD
) -> None:
    """Take a statement off, for a reason of the conversation's policy, as a moderator.

    Example: bioloom assembly take-off town talk 1 advertising "It sells saplings." --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    talk
        The conversation.
    statement
        Its number.
    reason
        A reason of the policy.
    text
        How it applies here, for everybody.
    how
        Who moderates.
    """
    ruling = Ruling(reason, text)
    acts(folder, how, lambda city, by: deliberations.take_off(city, by, talk, statement, ruling))


def appeal(
    folder: Path,
    talk: str,
    statement: str,
    text: str,
    *,
    language: str = "en",
    how: How = BY_STEWARD,
) -> None:
    """Ask another moderator about a statement of one's own that was taken off.

    Example: bioloom assembly appeal town talk 1 "I sell nothing." --as person:7zpk

    Parameters
    ----------
    folder
        The city's folder.
    talk
        The conversation.
    statement
        Its number.
    text
        Why it should be back.
    language
        The language of the text.
    how
        Who made the statement.
    """
    written = Written(text, language)
    speaks(folder, how, lambda one: deliberations.appeal(one, talk, statement, written))


def judge(
    folder: Path,
    talk: str,
    statement: str,
    text: str,
    *,
    restore: Annotated[bool, Parameter(negative="")] = False,
    how: How = BY_STEWARD,
) -> None:
    """Decide about an appeal, as another moderator than who took the statement off.

    Example: bioloom assembly judge town talk 1 "It names no price." --restore --as person:9xc2

    Parameters
    ----------
    folder
        The city's folder.
    talk
        The conversation.
    statement
        Its number.
    text
        Why, for everybody.
    restore
        Put the statement back.
    how
        Who judges.
    """
    said = Judgement(restore, text)
    acts(folder, how, lambda city, by: deliberations.judge_appeal(city, by, talk, statement, said))


def talk(folder: Path, talk: str, *, as_json: AsJson = False) -> None:
    """Show a conversation: its statements, what people think of them, and the moderation log.

    Example: bioloom assembly talk town talk

    Parameters
    ----------
    folder
        The city's folder.
    talk
        Its name.
    as_json
        Print it as JSON.
    """
    with open_city(folder) as city, open_register(city) as register:
        told = tell_talk(lifecycle_of(city.journal).conversations.named(talk), register)
    if as_json:
        print_json(told)
        return
    _print(told)


def _print(told: TalkTold) -> None:
    console = out()
    state = "open" if told.is_open else "closed"
    console.print(
        f"[bold]{escape(told.opened.title)}[/] ({state}); {told.people} people took part.",
        soft_wrap=True,
    )
    for one in told.statements:
        tally, text = one.tally, one.text or ("(forgotten)" if one.is_shown else "(taken off)")
        console.print(f"{tally.statement}. {text}", markup=False, soft_wrap=True)
        console.print(f"   {tally.agree} agree, {tally.disagree} disagree, {tally.passed} pass")
        if one.moderation is not None:
            log = one.moderation
            became = {None: "", True: " Put back: ", False: " Stays off: "}[log.is_restored]
            text = f"   Taken off: {log.reason}. {log.explanation}{became}{log.judgement or ''}"
            console.print(text, markup=False, soft_wrap=True)
