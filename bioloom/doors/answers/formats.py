"""What `bioloom format …` prints with `--json`."""

import msgspec

from bioloom.ledger.formats.epcis.rules.checking import Fault


class EventChecked(msgspec.Struct, frozen=True, kw_only=True):
    """An event of a document: where it stands, and the id it has by what it says."""

    path: str
    type: str
    event_id: str


class FormatChecked(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a document keeps the rules of its format."""

    file: str
    format: str
    holds: bool
    events: tuple[EventChecked, ...]
    faults: tuple[Fault, ...]
