"""Entries about what a city takes over from another: drafts of covenants and Codes, and more."""

import msgspec

from bioloom.vocabulary.entries.codes import CodeId, Rule
from bioloom.vocabulary.entries.covenants import CovenantId
from bioloom.vocabulary.entries.events import SpecificationId
from bioloom.vocabulary.materials import MaterialId


class PackOrigin(msgspec.Struct, frozen=True, kw_only=True):
    """Which city's record something was taken over from, as its pack states it.

    Attributes:
        city: What that city is called.
        founded: The hash of the first entry of its record, which no other record has.
        head_seq: How many entries it had when it made the pack.
        head_hash: The hash of the last of them; `bioloom verify` there tells whether it is so.
    """

    city: str
    founded: str
    head_seq: int
    head_hash: str


class CovenantDrafted(msgspec.Struct, frozen=True, kw_only=True):
    """A covenant of another city as a draft: it binds nothing until a commons here enacts one.

    It names nobody. `signers` is how many there were: here, others are to be named, as are the
    commons and who may correct. The other terms are those of `CovenantEnacted`.
    """

    covenant: CovenantId
    title: str
    text: str
    text_sha256: str
    quorum: int
    signers: int
    materials: tuple[MaterialId, ...] = ()
    custody_days: int | None = 30
    forbidden: tuple[SpecificationId, ...] = ()
    cooling_off_days: int = 14
    shrinkage_per_mille: int = 20
    # Where it was enacted first; none in that city's own pack.
    origin: PackOrigin | None = None


class CodeDrafted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A Code of another city as a draft: no plan keeps it until a steward here enacts one.

    It has no days. Its rules may name places of that city, for which others are to be named here.
    """

    code: CodeId
    title: str
    rationale: str
    rules: tuple[Rule, ...]
    # Where it was enacted first; none in that city's own pack.
    origin: PackOrigin | None = None


class PackAdopted(msgspec.Struct, frozen=True, kw_only=True):
    """A city took over what another has worked out. The author is who decided so."""

    origin: PackOrigin
    # Of the pack's file.
    sha256: str
    # The idempotency keys of what was taken over, here.
    adopted: tuple[str, ...]
