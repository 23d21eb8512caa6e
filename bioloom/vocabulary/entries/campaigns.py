"""Entries of campaigns: what people do together, task by task, and what each achieved."""

from datetime import date
from typing import NewType

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.assemblies import AssemblyId
from bioloom.vocabulary.entries.proposals import DecisionId
from bioloom.vocabulary.materials import MaterialId

CampaignId = NewType("CampaignId", str)
TaskId = NewType("TaskId", str)


class CampaignStarted(msgspec.Struct, frozen=True, kw_only=True):
    """An assembly calls for hands, on some days, both included."""

    campaign: CampaignId
    assembly: AssemblyId
    title: str
    text: str
    first_day: date
    last_day: date
    decision: DecisionId | None = None


class TaskOffered(msgspec.Struct, frozen=True, kw_only=True):
    """Something that needs to be done.

    Attributes:
        place: Where, in words.
        people: How many it takes.
        needed: How much of what is counted; 0 where nothing is.
        unit: What is counted, such as "trees" or "kg".
        material: What is needed for it, if anything is.
    """

    campaign: CampaignId
    task: TaskId
    title: str
    place: str
    people: int
    needed: int = 0
    unit: str = ""
    material: MaterialId | None = None


class TaskTaken(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody takes a task on, alone or with others."""

    campaign: CampaignId
    task: TaskId
    who: AgentId


class TaskDone(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody tells what they achieved of a task that they took on."""

    campaign: CampaignId
    task: TaskId
    who: AgentId
    achieved: int
    note: str = ""
