"""Campaigns as they stand: their tasks, who took them on, and what was achieved."""

from dataclasses import dataclass, field
from typing import Any

from bioloom.assembly.mandates.refusing import known_as
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.campaigns import (
    CampaignId,
    CampaignStarted,
    TaskDone,
    TaskId,
    TaskOffered,
    TaskTaken,
)
from bioloom.vocabulary.entries.envelope import Entry


@dataclass(slots=True)
class Task:
    """A task with who took it on, and what each told of it, once."""

    offered: TaskOffered
    seq: int
    taken: list[AgentId] = field(default_factory=list)
    done: dict[AgentId, TaskDone] = field(default_factory=dict)

    @property
    def achieved(self) -> int:
        """How much of what is counted was told."""
        return sum(one.achieved for one in self.done.values())

    @property
    def is_done(self) -> bool:
        """Whether what is needed was told; where nothing is counted, whether anybody did it."""
        return bool(self.done) and self.achieved >= self.offered.needed

    @property
    def people_wanted(self) -> int:
        """How many more it takes."""
        return max(0, self.offered.people - len(self.taken))


@dataclass(slots=True)
class Campaign:
    """A campaign with its tasks in order."""

    started: CampaignStarted
    seq: int
    tasks: dict[TaskId, Task] = field(default_factory=dict)

    def task(self, name: str) -> Task:
        """One of its tasks.

        Raises:
            NotInAssembly: If nobody offered it.
        """
        return known_as("task", name, self.tasks)


@dataclass(slots=True)
class Campaigns:
    """All campaigns of a record: a pure fold, which passes over what names nothing."""

    by_id: dict[CampaignId, Campaign] = field(default_factory=dict)

    def fold(self, entry: Entry[Any]) -> None:
        """Take one entry in; entries of other kinds say nothing about campaigns."""
        body = entry.body
        if isinstance(body, CampaignStarted):
            self.by_id.setdefault(body.campaign, Campaign(body, entry.seq))
            return
        campaign = self.by_id.get(getattr(body, "campaign", CampaignId("")))
        if campaign is None:
            return
        if isinstance(body, TaskOffered):
            campaign.tasks.setdefault(body.task, Task(body, entry.seq))
            return
        task = campaign.tasks.get(body.task)
        # Nobody takes a task on for another, or tells of what another did.
        if task is None or entry.author != body.who:
            return
        if isinstance(body, TaskTaken) and body.who not in task.taken:
            task.taken.append(body.who)
        elif isinstance(body, TaskDone) and body.who in task.taken:
            task.done.setdefault(body.who, body)

    def named(self, name: str) -> Campaign:
        """A campaign by its name.

        Raises:
            NotInAssembly: If nobody started it.
        """
        return known_as("campaign", name, self.by_id)
