"""Stages: how far a proposal came, from what asked for it to what its effects were."""

from typing import Literal

import msgspec

from bioloom.assembly.lifecycle.standing import Lifecycle
from bioloom.assembly.proposals.standing import Proposal
from bioloom.vocabulary.entries.proposals import EnactsCode

StageName = Literal[
    "petition", "proposal", "deliberation", "objections", "decision", "enacted", "funded", "effect"
]
StageState = Literal["done", "now", "waiting", "missed", "ended"]


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """One stage of a proposal.

    Attributes:
        state: "done", under way "now", "waiting" for another; "missed": an effect that did not
            come; "ended": the decision was against it, and nothing follows.
        links: What stands behind it: petitions, conversations, decisions, lines, effects.
    """

    stage: StageName
    state: StageState
    links: tuple[str, ...] = ()


def stages_of(proposal: Proposal, known: Lifecycle) -> list[Stage]:
    """The stages of a proposal, in order; those that it does not have are left out."""
    drafted, decided = proposal.drafted, proposal.decided
    stages = [Stage(stage="proposal", state="done", links=(drafted.proposal,))]
    if drafted.petition is not None:
        stages.insert(0, Stage(stage="petition", state="done", links=(drafted.petition,)))
    talks = [
        one for one in known.conversations.by_id.values() if one.opened.about == drafted.proposal
    ]
    if talks:
        state: StageState = "now" if any(one.is_open for one in talks) else "done"
        links = tuple(one.opened.conversation for one in talks)
        stages.append(Stage(stage="deliberation", state=state, links=links))
    if proposal.objections:
        state = "now" if proposal.open_objections else "done"
        stages.append(Stage(stage="objections", state=state, links=tuple(proposal.objections)))
    if decided is None:
        state = "now" if all(one.state == "done" for one in stages) else "waiting"
        stages.append(Stage(stage="decision", state=state))
    else:
        state = "done" if decided.outcome == "adopted" else "ended"
        stages.append(Stage(stage="decision", state=state, links=(decided.decision,)))
    return stages + _following(proposal, known)


def _following(proposal: Proposal, known: Lifecycle) -> list[Stage]:
    decided = proposal.decided
    if decided is None or decided.outcome != "adopted":
        return []
    found: list[Stage] = []
    measures = proposal.newest.draught.measures
    codes = tuple(one.code.code for one in measures if isinstance(one, EnactsCode))
    if codes:
        found.append(Stage(stage="enacted", state="done", links=codes))
    lines = [
        one for one in known.consequences.lines.values() if one.made.decision == decided.decision
    ]
    if lines:
        is_paid = all(one.paid_minor == one.made.amount_minor for one in lines)
        state: StageState = "done" if is_paid else "now"
        links = tuple(one.made.line for one in lines)
        found.append(Stage(stage="funded", state=state, links=links))
    for effect in known.consequences.effects.values():
        if effect.declared.decision == decided.decision:
            measured = effect.measured
            state = "waiting" if measured is None else "done" if measured.is_met else "missed"
            found.append(Stage(stage="effect", state=state, links=(effect.declared.effect,)))
    return found
