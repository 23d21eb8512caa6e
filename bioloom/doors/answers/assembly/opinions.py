"""Answers about opinions: what `assembly map --json` prints."""

from typing import Literal

import msgspec
import numpy as np

from bioloom.assembly.opinions.doubting import Doubt
from bioloom.assembly.opinions.mapping import Group, OpinionMap
from bioloom.assembly.opinions.polis import Conversation
from bioloom.assembly.opinions.votes import Votes

Side = Literal["agree", "disagree"]


class HeldTold(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that a group holds and the others surely do not.

    Attributes:
        share: Of the group's votes on it, with one for and one against added.
        low: The least that the group's share can be, with 95 %.
        others_high: The most that the others' share can be, with 95 %.
        ratio: How many times the others' share the group's is.
    """

    statement: str
    text: str
    side: Side
    hits: int
    seen: int
    share: float
    low: float
    others_high: float
    ratio: float


class GroupTold(msgspec.Struct, frozen=True, kw_only=True):
    """People who stand together.

    Attributes:
        stability: The mean part of the maps of statements drawn anew in which its people stay.
        doubts: What speaks against it; heuristics.
    """

    group: int
    people: int
    holds: list[HeldTold]
    stability: float
    doubts: list[Doubt]


class CommonTold(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that more than half of every group surely holds.

    Attributes:
        least: The share in the group that holds it least, with one vote for and against added.
        low: The least that the share can be in any group, with 95 %.
    """

    statement: str
    text: str
    side: Side
    hits: int
    seen: int
    least: float
    low: float


class MemberTold(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody stands.

    Attributes:
        group: None of whoever voted too little to be placed.
        x: Along the first axis, and y along the second; none of whoever did not vote.
        sure: How much of where they may stand their votes settle, 0 to 1.
        stability: The part of the maps of statements drawn anew in which they stay.
    """

    person: str
    group: int | None
    x: float | None
    y: float | None
    sure: float
    stability: float | None


class MapTold(msgspec.Struct, frozen=True, kw_only=True):
    """An opinion map.

    Attributes:
        votes_hash: SHA-256 of the votes that it shows.
        axes: Along how many axes people differ more than chance would have them.
        explained: What part of all difference each of the two axes of the picture shows.
        placed: How many people are in a group.
    """

    topic: str
    votes_hash: str
    people: int
    statements: int
    votes: int
    axes: int
    explained: list[float]
    silhouette: float
    placed: int
    groups: list[GroupTold]
    consensus: list[CommonTold]
    members: list[MemberTold]


def tell_map(conversation: Conversation, votes: Votes, found: OpinionMap) -> MapTold:
    """A map as it is printed.

    Args:
        conversation: Of which it is the map.
        votes: Those that it shows.
        found: The map.
    """
    texts = [
        conversation.statements[name].text if name in conversation.statements else ""
        for name in votes.statements
    ]
    return MapTold(
        topic=conversation.topic,
        votes_hash=found.digest,
        people=len(votes.people),
        statements=len(votes.statements),
        votes=int(votes.number.sum()),
        axes=found.above_noise,
        explained=[round(part, 6) for part in found.explained],
        silhouette=round(found.silhouette, 6),
        placed=int(np.count_nonzero(found.label >= 0)),
        groups=[_group(place, one, votes, texts) for place, one in enumerate(found.groups)],
        consensus=[
            CommonTold(
                statement=votes.statements[one.statement],
                text=texts[one.statement],
                side=one.side,
                hits=one.hits,
                seen=one.seen,
                least=round(one.least, 6),
                low=round(one.low, 6),
            )
            for one in found.common
        ],
        members=[_member(place, name, found) for place, name in enumerate(votes.people)],
    )


def _group(place: int, group: Group, votes: Votes, texts: list[str]) -> GroupTold:
    return GroupTold(
        group=place,
        people=len(group.people),
        holds=[
            HeldTold(
                statement=votes.statements[one.statement],
                text=texts[one.statement],
                side=one.side,
                hits=one.hits,
                seen=one.seen,
                share=round(one.share, 6),
                low=round(one.low, 6),
                others_high=round(one.others_high, 6),
                ratio=round(one.ratio, 6),
            )
            for one in group.holds
        ],
        stability=round(group.stability, 6),
        doubts=group.doubts,
    )


def _member(place: int, name: str, found: OpinionMap) -> MemberTold:
    at, label, stayed = found.at[place], int(found.label[place]), float(found.stayed[place])
    is_somewhere = not np.isnan(at).any()
    return MemberTold(
        person=name,
        group=None if label < 0 else label,
        x=round(float(at[0]), 6) if is_somewhere else None,
        y=round(float(at[1]), 6) if is_somewhere and len(at) > 1 else None,
        sure=round(float(found.sure[place]), 6),
        stability=None if np.isnan(stayed) else round(stayed, 6),
    )
