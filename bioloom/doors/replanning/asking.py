"""Asking: what somebody wants to try, read from short words."""

from collections.abc import Sequence

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.disruptions import DisruptionId, DisruptionReported
from bioloom.vocabulary.periods import Period
from bioloom.vocabulary.places import SiteId
from bioloom.vocabulary.refusal import Refusal

_REASON = "asked what if"


class ShareUnreadable(Refusal):
    """A part of a room, or of what is offered, that is no number of thousandths."""

    def __init__(self, *, text: str) -> None:
        self.text = text
        super().__init__(
            what=f"'{text[:80]}' is no NAME=PERMILLE.",
            why="A guessed share would show what nobody asked for.",
            remedy="Write it like mill=250, for a quarter.",
        )


def as_if_down(sites: Sequence[str], period: Period) -> list[DisruptionReported]:
    """Sites that take nothing in a period."""
    return [
        DisruptionReported(
            disruption=DisruptionId(f"down:{site}"),
            kind="site_down",
            site=SiteId(site),
            first_day=period.first,
            last_day=period.last,
            reason=_REASON,
        )
        for site in dict.fromkeys(sites)
    ]


def as_if_cut(cuts: Sequence[str], period: Period) -> list[DisruptionReported]:
    """Sites that have a part of their room, as SITE=PERMILLE.

    Raises:
        ShareUnreadable: If one is not of that form.
    """
    return [
        DisruptionReported(
            disruption=DisruptionId(f"cut:{site}"),
            kind="capacity_cut",
            site=SiteId(site),
            per_mille=per_mille,
            first_day=period.first,
            last_day=period.last,
            reason=_REASON,
        )
        for site, per_mille in map(_share, cuts)
    ]


def as_if_closed(roads: Sequence[str], period: Period) -> list[DisruptionReported]:
    """Areas from which no site is reached, or one is not, as AREA or AREA=SITE."""
    return [
        DisruptionReported(
            disruption=DisruptionId(f"road:{road}"),
            kind="road_cut",
            areas=(area,),
            site=SiteId(site) if equals else None,
            first_day=period.first,
            last_day=period.last,
            reason=_REASON,
        )
        for road in dict.fromkeys(roads)
        for area, equals, site in [road.partition("=")]
    ]


def as_if_blockaded(agents: Sequence[str], period: Period) -> list[DisruptionReported]:
    """Agents whose sites nothing is sent to."""
    return [
        DisruptionReported(
            disruption=DisruptionId(f"blockade:{agent}"),
            kind="blockade",
            agent=AgentId(agent),
            first_day=period.first,
            last_day=period.last,
            reason=_REASON,
        )
        for agent in dict.fromkeys(agents)
    ]


def as_if_surging(surges: Sequence[str], period: Period) -> list[DisruptionReported]:
    """Areas that offer more than they do, as AREA=PERMILLE.

    Raises:
        ShareUnreadable: If one is not of that form.
    """
    return [
        DisruptionReported(
            disruption=DisruptionId(f"surge:{area}"),
            kind="surge",
            areas=(area,),
            per_mille=per_mille,
            first_day=period.first,
            last_day=period.last,
            reason=_REASON,
        )
        for area, per_mille in map(_share, surges)
    ]


def _share(text: str) -> tuple[str, int]:
    name, _, share = text.rpartition("=")
    if not name or not (share.isascii() and share.isdigit()) or len(share) > 9:
        raise ShareUnreadable(text=text)
    return name, int(share)
