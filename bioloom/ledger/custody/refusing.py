"""Refusing: why something about chain of custody is turned away."""

from collections.abc import Sequence

from bioloom.vocabulary.amounts import BaseUnit, said
from bioloom.vocabulary.entries.custody import Characteristic, CustodyId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.refusal import Refusal

_HOW_TO = "docs/how-to/claim-where-it-came-from.md"


class CustodyAmiss(Refusal):
    """A custody entry whose parts contradict each other or the record."""

    def __init__(self, *, of: str, found: str) -> None:
        self.of, self.found = of, found
        super().__init__(
            what=f"'{of}' cannot be claimed as it is told: {found}.",
            why="A claim of where something came from is worth what the record bears out.",
            remedy=f"Correct that part of it; {_HOW_TO} has an example.",
        )


class CustodyUnknown(Refusal):
    """A claim by a model that nobody declared."""

    def __init__(self, *, declaration: CustodyId) -> None:
        self.declaration = declaration
        super().__init__(
            what=f"Nobody declared a chain-of-custody model '{declaration}'.",
            why="By the model it is judged what may be claimed.",
            remedy="Record a CustodyModelDeclared first; see `bioloom custody show`.",
        )


class NotCarried(Refusal):
    """A lot that does not have a characteristic, as far as the record says."""

    def __init__(self, *, lot: LotId, characteristic: Characteristic, found: str) -> None:
        self.lot, self.characteristic, self.found = lot, characteristic, found
        super().__init__(
            what=f"The record does not bear out that '{lot}' is '{characteristic}': {found}.",
            why="What is mixed, spent or not declared where it came in is not claimed.",
            remedy="Declare it of what came in, if it is so; or claim by mass balance.",
        )


class AncestryTooLarge(Refusal):
    """A lot that was made of too many others."""

    def __init__(self, *, lot: LotId, most: int) -> None:
        self.lot, self.most = lot, most
        super().__init__(
            what=f"More than {most:,} lots and processes went into '{lot}'.",
            why="Each of them is looked at before something is claimed of all.",
            remedy="Claim it of the parts before they are mixed, or by mass balance.",
        )


class CreditsOverdrawn(Refusal):
    """More would be claimed than there are credits, in one period of one account."""

    def __init__(
        self,
        *,
        declaration: CustodyId,
        period: int,
        short_units: int,
        base_unit: BaseUnit,
        claims: Sequence[str],
    ) -> None:
        self.declaration, self.period, self.short_units = declaration, period, short_units
        self.claims = tuple(claims)
        super().__init__(
            what=f"'{declaration}' would be {said(short_units, base_unit)} short of credits in "
            f"period {period}{_of(claims)}.",
            why="What is claimed is at most what came in with it, in the same period.",
            remedy="Claim less, book more of what came in, or take claims back first.",
        )


class ClaimsStand(Refusal):
    """Something would be changed that claims rest on."""

    def __init__(self, *, of: str, claims: Sequence[str]) -> None:
        self.of, self.claims = of, tuple(claims)
        super().__init__(
            what=f"Chain-of-custody claims rest on '{of}'{_of(claims)}.",
            why="They were judged by the record as it was, and would be true no longer.",
            remedy="Take these claims back first, or record it for a time after them.",
        )


class CertificatesShort(Refusal):
    """Somebody would give or retire certificates that they do not have."""

    def __init__(
        self, *, certificates: str, holder: str, short_units: int, base_unit: BaseUnit
    ) -> None:
        self.certificates, self.holder, self.short_units = certificates, holder, short_units
        super().__init__(
            what=f"'{holder}' would be {said(short_units, base_unit)} short of the certificates "
            f"'{certificates}'.",
            why="A certificate is one claim: it is given on or retired once.",
            remedy="See who has how many with `bioloom custody show`.",
        )


def _of(claims: Sequence[str]) -> str:
    return f": {', '.join(claims)}" if claims else ""
