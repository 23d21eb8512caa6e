"""Answers of the commands about covenants: what `--json` prints."""

import msgspec

from bioloom.vocabulary.entries.covenants import CovenantEnacted, CovenantId, Signed
from bioloom.vocabulary.entries.packs import CovenantDrafted


class CovenantTold(msgspec.Struct, frozen=True, kw_only=True):
    """A covenant: what it says, who belongs now, and how many lots it binds."""

    terms: CovenantEnacted
    seq: int
    in_force: bool
    members: list[str]
    # Who belongs, and counts only from a later instant on.
    cooling_off: list[str]
    # How many more belong to the commons who have not given their word: it binds nothing of theirs.
    without_word: int


class DraftTold(msgspec.Struct, frozen=True, kw_only=True):
    """A covenant of another city as a draft here, and the covenant with its words, if there is."""

    draft: CovenantDrafted
    # The city that it was enacted in first.
    city: str
    seq: int
    enacted_as: CovenantId | None


class MessageTold(msgspec.Struct, frozen=True, kw_only=True):
    """What signers sign, as UTF-8 text, and the file that goes from one to the next."""

    message: str
    file: str


class SignedTold(msgspec.Struct, frozen=True, kw_only=True):
    """A signature, and the file that it was put into."""

    signed: Signed
    file: str


class BindingTold(msgspec.Struct, frozen=True, kw_only=True):
    """How many lots a covenant binds, and of whom; persons and households are counted together.

    A lot that several own counts for each of them. `without_word` is how many members have not
    given their word, so that nothing of theirs is bound.
    """

    lots: int
    by_owner: dict[str, int]
    private_owners: int
    private_lots: int
    without_word: int


class DecidedTold(msgspec.Struct, frozen=True, kw_only=True):
    """The entry by which a covenant was enacted or ended, or a lot was released.

    Of a covenant, `binds` says what it binds from now on, and `not_bound` names lots of which some
    belongs to the commons and some to somebody else.
    """

    kind: str
    seq: int
    id: str
    binds: BindingTold | None
    not_bound: list[str]


class RefusalOnRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An act that a covenant forbade: who tried what, when, and why it was not done."""

    seq: int
    recorded_at: str
    author: str
    reason: str
    covenants: list[str]
    act: str
    what: str


class TemplateTold(msgspec.Struct, frozen=True, kw_only=True):
    """A covenant to begin with, in TOML."""

    language: str
    toml: str
