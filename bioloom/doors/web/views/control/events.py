"""What goes on in the control room: disruptions, and Codes in force."""

from collections.abc import Iterable
from datetime import date

import msgspec

from bioloom.ledger.codes.standing import Version
from bioloom.ledger.disruptions.disrupted import Disruptions
from bioloom.vocabulary.entries.disruptions import Disrupting
from bioloom.vocabulary.places import SiteId


class DisruptionRow(msgspec.Struct, frozen=True, kw_only=True):
    """Something that stands in the way of plans on a day; `left_per_mille` is of a cut or surge."""

    name: str
    kind: Disrupting
    site: SiteId | None
    areas: tuple[str, ...]
    left_per_mille: int
    first_day: date
    last_day: date | None
    reason: str


class CodeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A Code in force on a day, and the last of its days."""

    title: str
    rationale: str
    is_emergency: bool
    last_day: date | None
    seq: int


def disruption_rows(disruptions: Disruptions, today: date) -> tuple[DisruptionRow, ...]:
    """What is in force on a day, in the order in which it was reported."""
    return tuple(
        DisruptionRow(
            name=one.reported.disruption,
            kind=one.reported.kind,
            site=one.reported.site,
            areas=one.reported.areas,
            left_per_mille=one.reported.per_mille,
            first_day=one.reported.first_day,
            last_day=one.last_day,
            reason=one.reported.reason,
        )
        for one in disruptions.reported.values()
        if one.is_on(today)
    )


def code_rows(in_force: Iterable[Version]) -> tuple[CodeRow, ...]:
    """Codes, those that end first."""
    rows = [
        CodeRow(
            title=version.terms.title,
            rationale=version.terms.rationale,
            is_emergency=version.terms.emergency,
            last_day=version.last_day,
            seq=version.seq,
        )
        for version in in_force
    ]
    return tuple(sorted(rows, key=lambda row: (row.last_day or date.max, row.seq)))
