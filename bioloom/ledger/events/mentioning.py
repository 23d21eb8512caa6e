"""Mentioning: what an entry is about besides lots, by names under which it is found again."""

from bioloom.ledger.custody.naming import custody_mentions, custody_subject
from bioloom.vocabulary.entries.circuits import CommitmentMade
from bioloom.vocabulary.entries.codes import CodeEnacted, CodeRepealed
from bioloom.vocabulary.entries.compositions import CompositionDeclared
from bioloom.vocabulary.entries.contracts import AgreementEnded, AgreementId, AgreementMade
from bioloom.vocabulary.entries.custody import CustodyBody
from bioloom.vocabulary.entries.estimates import EstimateMade
from bioloom.vocabulary.entries.events import (
    ClaimId,
    ClaimMade,
    CommitmentId,
    EventHappened,
    EventReversed,
    ProcessClosed,
    ProcessId,
    ProcessOpened,
    ProcessSpecified,
    PromiseMade,
    ReleaseId,
    SpecificationId,
)
from bioloom.vocabulary.entries.ledger import LotArrived
from bioloom.vocabulary.entries.pledges import (
    PledgeId,
    PledgeJoined,
    PledgeLeft,
    PledgeMade,
    PledgeRenewed,
)
from bioloom.vocabulary.entries.receipts import ReceiptReported, WasteReceived
from bioloom.vocabulary.entries.recipes import RecipePublished
from bioloom.vocabulary.lots import LotId


def recipe_name(recipe: str) -> str:
    """The name under which a recipe, its next versions and what follows it are found."""
    return f"recipe:{recipe}"


def process_name(process: ProcessId) -> str:
    """The name under which all entries about a process are found."""
    return f"process:{process}"


def specification_name(specification: SpecificationId) -> str:
    """The name under which a kind of process is found."""
    return f"specification:{specification}"


def commitment_name(commitment: CommitmentId) -> str:
    """The name under which a promise and what fulfils it are found."""
    return f"commitment:{commitment}"


def claim_name(claim: ClaimId) -> str:
    """The name under which a claim and what settles it are found."""
    return f"claim:{claim}"


def release_name(release: ReleaseId) -> str:
    """The name under which what was done by a covenant's release is found."""
    return f"release:{release}"


def agreement_name(agreement: AgreementId) -> str:
    """The name under which an agreement and its end are found."""
    return f"agreement:{agreement}"


def pledge_name(pledge: PledgeId) -> str:
    """The name under which a pledge, its seasons and the words given for it are found."""
    return f"pledge:{pledge}"


def code_name(code: str) -> str:
    """The name under which all versions of a Code, and its end, are found."""
    return f"code:{code}"


def estimates_of(lot: LotId) -> str:
    """The name under which all estimates of a lot are found."""
    return f"estimates-of:{lot}"


def composition_of(lot: LotId) -> str:
    """The name under which all is found that was declared of what a lot is made of."""
    return f"composition-of:{lot}"


def weighed_pieces_of(lot: LotId) -> str:
    """The name under which all is found that says what pieces of a lot weigh."""
    return f"weighed-pieces:{lot}"


def claims_on(lot: LotId) -> str:
    """The name under which all claims on a lot are found."""
    return f"claims-on:{lot}"


def contents_of(container: LotId) -> str:
    """The name under which all is found that was put into a container or taken out."""
    return f"contents:{container}"


def whereabouts_of(lot: LotId) -> str:
    """The name under which all is found that put a lot into a container or took it out."""
    return f"whereabouts:{lot}"


def receipt_name(movement: str) -> str:
    """The name under which a receipt of waste, and what was reported of it, are found."""
    return f"receipt:{movement}"


def reversal_of(entry_id: str) -> str:
    """The name under which the reversal of an entry is found."""
    return f"reversal:{entry_id}"


def mentions_of(body: object) -> tuple[str, ...]:
    """What an entry's body is about besides lots; nothing for most."""
    match body:
        case EventHappened():
            return _of_event(body)
        case EventReversed():
            return (reversal_of(body.entry), *body.about)
        case ProcessSpecified(specification=specification):
            return (specification_name(specification),)
        case ProcessOpened(process=process) | ProcessClosed(process=process):
            follows = body.follows if isinstance(body, ProcessOpened) else None
            return (process_name(process), *(() if follows is None else (recipe_name(follows),)))
        case WasteReceived(movement=movement) | ReceiptReported(movement=movement):
            return (receipt_name(movement),)
    return _of_others(body)


def _of_others(body: object) -> tuple[str, ...]:
    match body:
        case RecipePublished(recipe=recipe, predecessor=before):
            return (recipe_name(recipe), *(() if before is None else (recipe_name(before),)))
        case AgreementMade(agreement=agreement) | AgreementEnded(agreement=agreement):
            return (agreement_name(agreement),)
        case EstimateMade() | CompositionDeclared():
            return (_evidence_of(body),)
        case PromiseMade() | CommitmentMade():
            return (commitment_name(CommitmentId(body.commitment)),)
        case ClaimMade(claim=claim, lot=lot):
            return (claim_name(claim), *(() if lot is None else (claims_on(lot),)))
    return _of_pledging(body)


def _of_pledging(body: object) -> tuple[str, ...]:
    if isinstance(body, PledgeMade | PledgeRenewed | PledgeJoined | PledgeLeft):
        return (pledge_name(body.pledge),)
    if isinstance(body, CodeEnacted | CodeRepealed):
        return (code_name(body.code),)
    return custody_mentions(body) if isinstance(body, CustodyBody) else ()


def _evidence_of(body: EstimateMade | CompositionDeclared) -> str:
    return estimates_of(body.lot) if isinstance(body, EstimateMade) else composition_of(body.lot)


def _of_event(body: EventHappened) -> tuple[str, ...]:
    about = [*map(commitment_name, body.fulfills), *map(claim_name, body.settles)]
    about += map(release_name, body.releases)
    about += [claim_name(lost.claim) for lost in body.abates]
    about += [process_name(name) for name in (body.input_of, body.output_of) if name is not None]
    if body.mass_mg is not None:
        about += [weighed_pieces_of(lot) for lot in (body.lot, body.to_lot) if lot is not None]
    if body.container is not None and body.lot is not None:
        about += [contents_of(body.container), whereabouts_of(body.lot)]
    return tuple(dict.fromkeys(about))  # Each once, and always in this order.


def lots_made(body: object) -> tuple[LotId, ...]:
    """The lots that an entry makes under names of their own."""
    match body:
        case EventHappened(made=made) if made is not None:
            return (made.lot,)
        case ProcessClosed() if body.losses or body.residual_mg:
            return (losses_of(body.process),)
    return ()


def subject_of(body: object) -> tuple[str, ...]:
    """What a body introduces or ends; a correction is of the same. Nothing for most."""
    match body:
        case EventHappened(made=made):
            return () if made is None else (made.lot, made.base_unit)
        case LotArrived(lot=lot):
            return (lot,)
        case WasteReceived(movement=movement, receiver=receiver):
            return (movement, receiver)
        case ClaimMade(claim=claim):
            return (claim,)
        case (
            ProcessSpecified()
            | ProcessOpened()
            | ProcessClosed()
            | PromiseMade()
            | RecipePublished()
            | AgreementMade()
            | AgreementEnded()
            | EstimateMade()
            | CompositionDeclared()
            | PledgeMade()
            | PledgeRenewed()
            | PledgeJoined()
            | PledgeLeft()
            | CodeEnacted()
            | CodeRepealed()
        ):
            # Each mentions itself before what it follows.
            return mentions_of(body)[:1]
    return custody_subject(body) if isinstance(body, CustodyBody) else ()


def losses_of(process: ProcessId) -> LotId:
    """The lot that stands for what left a process without becoming a lot."""
    return LotId(f"{process}:losses")
