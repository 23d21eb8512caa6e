"""`bioloom assembly count-hands`, `decide`, `promise` and `pay`; campaigns and their tasks."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from bioloom.assembly.decisions.deciding import Counts
from bioloom.doors.assembly import assemblies
from bioloom.doors.assembly.assemblies import Achieved
from bioloom.doors.cli.assembly.acting import BY_STEWARD, How, acts
from bioloom.doors.cli.assembly.founding import From
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.assemblies import AssemblyId
from bioloom.vocabulary.entries.campaigns import (
    CampaignId,
    CampaignStarted,
    TaskId,
    TaskOffered,
)
from bioloom.vocabulary.entries.proposals import BudgetCommitted, BudgetPaid, LineId
from bioloom.vocabulary.materials import MaterialId


def count_hands(
    folder: Path,
    proposal: str,
    *,
    approving: Annotated[int, Parameter(name="--for")],
    against: int,
    abstaining: int = 0,
    invalid: int = 0,
    how: How = BY_STEWARD,
) -> None:
    """Put on record what one counted in a room: hands, or paper ballots.

    Two people count, each by themselves; where the two differ, both count again.

    Example: bioloom assembly count-hands town trees --for 21 --against 4 --as person:9xc2

    Parameters
    ----------
    folder
        The city's folder.
    proposal
        What was voted on; its newest version is meant.
    approving
        How many are for it.
    against
        How many are against it.
    abstaining
        How many took part and are neither.
    invalid
        Papers that say nothing clearly.
    how
        Who counted.
    """
    counts = Counts(approving, against, abstaining, invalid)
    acts(folder, how, lambda city, by: assemblies.count(city, by, proposal, counts))


def decide(
    folder: Path, proposal: str, *, consent: int | None = None, how: How = BY_STEWARD
) -> None:
    """Put a decision on record, and with it all that it does.

    By what two people counted; or by consent, where nobody objects any more.

    Example: bioloom assembly decide town trees --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    proposal
        What was decided; its newest version is meant.
    consent
        It was decided by consent, and so many took part.
    how
        Who puts it on record: somebody who facilitates.
    """
    basis: Literal["counted", "consent"] = "counted" if consent is None else "consent"
    present = consent or 0
    acts(
        folder,
        how,
        lambda city, by: assemblies.conclude(city, by, proposal, basis, present=present)[0],
    )


def promise(
    folder: Path,
    line: str,
    promise: str,
    *,
    to: str,
    amount: int,
    purpose: str,
    how: How = BY_STEWARD,
) -> None:
    """Promise some of a budget line to somebody.

    Example: bioloom assembly promise town trees:1:2 saplings --to site:nursery --amount 30000
        --purpose "Ten birches." --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    line
        The budget line.
    promise
        A name for the promise.
    to
        Who is to get it.
    amount
        How much, in minor units such as cents.
    purpose
        What for.
    how
        Who promises it: somebody who keeps the purse.
    """
    body = BudgetCommitted(
        line=LineId(line),
        commitment=promise,
        receiver=AgentId(to),
        amount_minor=amount,
        purpose=purpose,
    )
    acts(folder, how, lambda city, by: assemblies.commit_budget(city, by, body))


def pay(
    folder: Path,
    line: str,
    promise: str,
    payment: str,
    *,
    amount: int,
    how: How = BY_STEWARD,
) -> None:
    """Record that some of what was promised was paid.

    Example: bioloom assembly pay town trees:1:2 saplings first --amount 10000 --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    line
        The budget line.
    promise
        What was promised.
    payment
        A name for the payment.
    amount
        How much, in minor units such as cents.
    how
        Who paid: somebody who keeps the purse.
    """
    body = BudgetPaid(line=LineId(line), commitment=promise, payment=payment, amount_minor=amount)
    acts(folder, how, lambda city, by: assemblies.pay_budget(city, by, body))


def campaign(
    folder: Path,
    assembly: str,
    campaign: str,
    *,
    title: str,
    text: str,
    from_: From,
    to: date,
    how: How = BY_STEWARD,
) -> None:
    """Call for hands.

    Example: bioloom assembly campaign town hall glow --title "Restore the glow"
        --text "Ten trees." --from 2026-03-01 --to 2026-03-31 --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    assembly
        Who calls.
    campaign
        A name for it.
    title
        What it is called.
    text
        What it is for.
    from_
        Its first day.
    to
        Its last day.
    how
        Who starts it: somebody who facilitates.
    """
    body = CampaignStarted(
        campaign=CampaignId(campaign),
        assembly=AssemblyId(assembly),
        title=title,
        text=text,
        first_day=from_,
        last_day=to,
    )
    acts(folder, how, lambda city, by: assemblies.start_campaign(city, by, body))


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a task needs.

    Parameters
    ----------
    people
        How many people it takes.
    needed
        How much of what is counted.
    unit
        What is counted, such as trees.
    material
        Which material it needs.
    """

    people: int = 1
    needed: int = 0
    unit: str = ""
    material: str | None = None


_ONE = Needs()


def task(
    folder: Path,
    campaign: str,
    task: str,
    *,
    title: str,
    place: str,
    needs: Needs = _ONE,
    how: How = BY_STEWARD,
) -> None:
    """Say what needs to be done.

    Example: bioloom assembly task town glow plant --title "Plant" --place "The street"
        --people 2 --needed 10 --unit trees --as person:4nq7

    Parameters
    ----------
    folder
        The city's folder.
    campaign
        Of which campaign.
    task
        A name for it.
    title
        What is to be done.
    place
        Where.
    needs
        What it takes.
    how
        Who offers it: somebody who facilitates.
    """
    body = TaskOffered(
        campaign=CampaignId(campaign),
        task=TaskId(task),
        title=title,
        place=place,
        people=needs.people,
        needed=needs.needed,
        unit=needs.unit,
        material=None if needs.material is None else MaterialId(needs.material),
    )
    acts(folder, how, lambda city, by: assemblies.offer_task(city, by, body))


def take(folder: Path, campaign: str, task: str, *, how: How = BY_STEWARD) -> None:
    """Take a task on.

    Example: bioloom assembly take town glow plant --as person:7zpk

    Parameters
    ----------
    folder
        The city's folder.
    campaign
        Of which campaign.
    task
        Its name.
    how
        Who takes it on.
    """
    acts(folder, how, lambda city, by: assemblies.take_task(city, by, campaign, task))


def done(
    folder: Path,
    campaign: str,
    task: str,
    *,
    achieved: int = 0,
    remark: Annotated[str, Parameter(name="--note")] = "",
    how: How = BY_STEWARD,
) -> None:
    """Tell what one achieved of a task, once.

    Example: bioloom assembly done town glow plant --achieved 4 --as person:7zpk

    Parameters
    ----------
    folder
        The city's folder.
    campaign
        Of which campaign.
    task
        Its name.
    achieved
        How much of what is counted.
    remark
        A word on it.
    how
        Who took it on.
    """
    told = Achieved(units=achieved, note=remark)
    acts(folder, how, lambda city, by: assemblies.finish_task(city, by, campaign, task, told))
