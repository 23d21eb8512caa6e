"""Tasking: who starts a campaign, offers tasks, takes them on, and tells what was achieved."""

from bioloom.assembly.campaigns.standing import Campaign, Campaigns, Task
from bioloom.assembly.mandates.meeting import Meeting
from bioloom.assembly.mandates.refusing import LONGEST_NAME, AssemblyAmiss, see_text
from bioloom.ledger.declared import Declared
from bioloom.vocabulary.entries.campaigns import CampaignStarted, TaskDone, TaskOffered, TaskTaken
from bioloom.vocabulary.entries.envelope import Draft

MOST_PEOPLE = 10_000
LARGEST_COUNT = 10**12


def start_campaign(
    body: CampaignStarted, known: Campaigns, meeting: Meeting
) -> Draft[CampaignStarted]:
    """Decide that an assembly calls for hands.

    Raises:
        NotMandated: If who acts does not facilitate.
        AssemblyAmiss: If the name is taken, or its days or texts cannot be.
    """
    meeting.see_duty("facilitate")
    name = body.campaign
    see_text(name, name, longest=LONGEST_NAME, what="its name")
    see_text(name, body.title, longest=LONGEST_NAME, what="its title")
    see_text(name, body.text)
    if name in known.by_id:
        raise AssemblyAmiss(about=name, found="there is a campaign of that name")
    if body.last_day < body.first_day:
        raise AssemblyAmiss(about=name, found="it ends before it begins")
    return meeting.draft(body, f"campaign:{name}")


def offer_task(
    body: TaskOffered, campaign: Campaign, declared: Declared, meeting: Meeting
) -> Draft[TaskOffered]:
    """Decide that something needs to be done.

    Raises:
        NotMandated: If who acts does not facilitate.
        AssemblyAmiss: If the campaign is over, or the task cannot be.
    """
    meeting.see_duty("facilitate")
    see_text(body.task, body.task, longest=LONGEST_NAME, what="its name")
    see_text(body.task, body.title, longest=LONGEST_NAME, what="its title")
    see_text(body.task, body.place, longest=LONGEST_NAME, what="its place")
    checks = (
        (body.task in campaign.tasks, "there is a task of that name"),
        (meeting.today > campaign.started.last_day, "its campaign is over"),
        (not 1 <= body.people <= MOST_PEOPLE, "it takes nobody, or too many"),
        (not 0 <= body.needed <= LARGEST_COUNT, "what it needs is out of range"),
        (bool(body.needed) != bool(body.unit.strip()), "what it counts has no number, or no unit"),
        (len(body.unit) > LONGEST_NAME, "its unit is too long"),
        (
            body.material is not None and body.material not in declared.materials,
            f"there is no material '{body.material}'",
        ),
    )
    for is_so, found in checks:
        if is_so:
            raise AssemblyAmiss(about=body.task, found=found)
    return meeting.draft(body, f"task:{body.campaign}:{body.task}")


def take_task(task: Task, campaign: Campaign, meeting: Meeting) -> Draft[TaskTaken]:
    """Decide that who acts takes a task on.

    Raises:
        NotElector: If they do not belong to the assembly.
        AssemblyAmiss: If the campaign is not on, or they took it on before, or enough did.
    """
    meeting.see_elector()
    by, name, started = meeting.deed.by, task.offered.task, campaign.started
    checks = (
        (
            not started.first_day <= meeting.today <= started.last_day,
            f"its campaign is from {started.first_day} to {started.last_day}",
        ),
        (by in task.taken, f"'{by}' took it on already"),
        (not task.people_wanted, "enough people took it on"),
    )
    for is_so, found in checks:
        if is_so:
            raise AssemblyAmiss(about=name, found=found)
    body = TaskTaken(campaign=started.campaign, task=name, who=by)
    return meeting.draft(body, f"task:{started.campaign}:{name}:taken:{by}")


def finish_task(
    task: Task, campaign: Campaign, achieved: int, note: str, meeting: Meeting
) -> Draft[TaskDone]:
    """Decide that who acts tells what they achieved of a task, once.

    Raises:
        AssemblyAmiss: If they did not take it on, told of it before, or it cannot be.
    """
    by, name = meeting.deed.by, task.offered.task
    checks = (
        (by not in task.taken, f"'{by}' did not take it on"),
        (by in task.done, f"'{by}' told of it already"),
        (not 0 <= achieved <= LARGEST_COUNT, "what was achieved is out of range"),
        (achieved > 0 and not task.offered.needed, "nothing is counted of it"),
        (len(note) > LONGEST_NAME * 10, "the note is too long"),
    )
    for is_so, found in checks:
        if is_so:
            raise AssemblyAmiss(about=name, found=found)
    body = TaskDone(
        campaign=campaign.started.campaign, task=name, who=by, achieved=achieved, note=note
    )
    return meeting.draft(body, f"task:{campaign.started.campaign}:{name}:done:{by}")
