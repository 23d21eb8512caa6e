"""Campaigns: people take tasks on by their own word, and what each achieved is told once."""

from datetime import date

import msgspec
import pytest

from bioloom.assembly.campaigns.standing import Campaign
from bioloom.assembly.campaigns.tasking import finish_task, offer_task, start_campaign, take_task
from bioloom.assembly.mandates.refusing import AssemblyAmiss, NotElector, NotMandated
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.campaigns import CampaignId, CampaignStarted, TaskId, TaskOffered
from bioloom.vocabulary.materials import MaterialId
from tests.assembly.lifecycle.hall import HALL, STRANGER, Hall
from tests.ledger.people.town import ANA, BEN, CEM

STARTED = CampaignStarted(
    campaign=CampaignId("glow"),
    assembly=HALL,
    title="Restore the glow",
    text="Ten trees along the street.",
    first_day=date(2024, 1, 2),
    last_day=date(2024, 1, 5),
)
OFFERED = TaskOffered(
    campaign=CampaignId("glow"),
    task=TaskId("plant"),
    title="Plant",
    place="The street",
    people=2,
    needed=10,
    unit="trees",
)


def calling() -> Hall:
    hall = Hall()
    hall.does(ANA, start_campaign, STARTED, hall.known.campaigns)
    hall.does(ANA, offer_task, OFFERED, glow(hall), hall.journal.declared())
    return hall


def glow(hall: Hall) -> Campaign:
    return hall.known.campaigns.named("glow")


def takes(hall: Hall, who: AgentId) -> None:
    hall.does(who, take_task, glow(hall).task("plant"), glow(hall))


def finishes(hall: Hall, who: AgentId, achieved: int) -> None:
    hall.does(who, finish_task, glow(hall).task("plant"), glow(hall), achieved, "Wet.")


def test_people_take_a_task_on_and_tell_what_they_achieved() -> None:
    hall = calling()
    with pytest.raises(NotElector, match="no person who belongs"):
        takes(hall, STRANGER)
    with pytest.raises(AssemblyAmiss, match="did not take it on"):
        finishes(hall, BEN, 1)
    takes(hall, BEN)
    with pytest.raises(AssemblyAmiss, match="took it on already"):
        takes(hall, BEN)
    takes(hall, CEM)
    with pytest.raises(AssemblyAmiss, match="enough people"):
        takes(hall, ANA)
    finishes(hall, BEN, 4)
    assert not glow(hall).task("plant").is_done
    with pytest.raises(AssemblyAmiss, match="told of it already"):
        finishes(hall, BEN, 6)
    finishes(hall, CEM, 6)

    task = glow(hall).task("plant")
    assert (task.achieved, task.is_done, task.people_wanted) == (10, True, 0)
    assert {who: one.achieved for who, one in task.done.items()} == {BEN: 4, CEM: 6}


def test_only_who_facilitates_calls_for_hands_and_only_on_its_days() -> None:
    hall = calling()
    with pytest.raises(NotMandated, match="facilitate"):
        hall.does(BEN, start_campaign, STARTED, Hall().known.campaigns)
    with pytest.raises(AssemblyAmiss, match="there is a campaign"):
        hall.does(ANA, start_campaign, STARTED, hall.known.campaigns)
    hall.day = 6
    with pytest.raises(AssemblyAmiss, match="from 2024-01-02 to 2024-01-05"):
        takes(hall, BEN)
    more = msgspec.structs.replace(OFFERED, task=TaskId("more"))
    with pytest.raises(AssemblyAmiss, match="its campaign is over"):
        hall.does(ANA, offer_task, more, glow(hall), hall.journal.declared())
    assert glow(hall).task("plant").taken == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"people": 0}, "it takes nobody"),
        ({"needed": 0}, "no number, or no unit"),
        ({"unit": ""}, "no number, or no unit"),
        ({"material": MaterialId("gold")}, "no material 'gold'"),
        ({"place": ""}, "its place is empty"),
    ],
)
def test_what_cannot_be_done_is_not_offered(change: dict[str, object], found: str) -> None:
    hall = calling()
    odd = msgspec.structs.replace(OFFERED, task=TaskId("odd"), **change)
    with pytest.raises(AssemblyAmiss, match=found):
        hall.does(ANA, offer_task, odd, glow(hall), hall.journal.declared())
    assert list(glow(hall).tasks) == ["plant"]
