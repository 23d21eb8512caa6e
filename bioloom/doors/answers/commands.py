"""Answers of commands: what `--json` prints, save for plans."""

import msgspec

from bioloom.ledger.record.verifying import Problem
from bioloom.vocabulary.stamps import Stamp


class CityMade(msgspec.Struct, frozen=True, kw_only=True):
    """A new city, where its record ends, and the address that signs its steward in, once."""

    folder: str
    name: str
    stamp: Stamp
    entries: int
    hash: str
    sign_in: str


class VerdictPrinted(msgspec.Struct, frozen=True, kw_only=True):
    """What verifying found."""

    holds: bool
    entries: int
    legs: int
    hash: str
    problems: list[Problem]


class RefusalTold(msgspec.Struct, frozen=True, kw_only=True):
    """What was refused, why, and what to do."""

    kind: str
    what: str
    why: str
    remedy: str


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of any command that ends with exit code 2."""

    refused: RefusalTold


class LoopRun(msgspec.Struct, frozen=True, kw_only=True):
    """What the live loop recorded, by kind, and where the record ends."""

    recorded: dict[str, int]
    seq: int
    hash: str


class HeadTold(msgspec.Struct, frozen=True, kw_only=True):
    """Where the record ends."""

    seq: int
    hash: str


class Acknowledged(msgspec.Struct, frozen=True, kw_only=True):
    """A line of `bioloom import --progress json`: all up to this head is durable."""

    acknowledged: HeadTold
    file: str
    line: int
