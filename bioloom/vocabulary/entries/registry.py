"""Every entry kind by its name: which body it has now, and how older bodies are read."""

from collections.abc import Callable
from functools import cache
from types import GenericAlias
from typing import Any, cast

import msgspec

from bioloom.vocabulary.entries import (
    assemblies,
    ballots,
    campaigns,
    circuits,
    codes,
    compositions,
    contracts,
    covenants,
    custody,
    deliberations,
    disruptions,
    doors,
    estimates,
    events,
    ledger,
    mandates,
    manifests,
    packs,
    people,
    petitions,
    pledges,
    proofs,
    proposals,
    receipts,
    recipes,
    rounds,
    workorders,
)
from bioloom.vocabulary.entries.envelope import Entry
from bioloom.vocabulary.refusal import Refusal

Upcast = Callable[[dict[str, Any]], dict[str, Any]]

_BODIES: tuple[type[msgspec.Struct], ...] = (
    ledger.CityFounded,
    ledger.AgentDeclared,
    ledger.FileTaken,
    ledger.MaterialDeclared,
    ledger.DistrictDeclared,
    ledger.AreaDeclared,
    ledger.SiteDeclared,
    ledger.VehiclesDeclared,
    ledger.LotArrived,
    ledger.LotTransferred,
    circuits.PlanProposed,
    circuits.PlanAdopted,
    circuits.CommitmentMade,
    circuits.PlanOutdated,
    codes.CodeEnacted,
    codes.CodeRepealed,
    circuits.CommitmentEnded,
    disruptions.DisruptionReported,
    disruptions.DisruptionEnded,
    disruptions.MoveVetoed,
    disruptions.VetoLifted,
    events.EventHappened,
    events.EventReversed,
    events.ProcessSpecified,
    events.ProcessOpened,
    events.ProcessClosed,
    events.ClaimMade,
    events.PromiseMade,
    events.CommitmentOverdue,
    contracts.AgreementMade,
    contracts.AgreementEnded,
    contracts.AgreementEnding,
    estimates.EstimateMade,
    compositions.CompositionDeclared,
    custody.CustodyModelDeclared,
    custody.CharacteristicDeclared,
    custody.CustodyInputBooked,
    custody.CustodyClaimed,
    custody.CertificatesIssued,
    custody.CertificatesTransferred,
    custody.CertificatesRetired,
    manifests.ManifestTaken,
    receipts.WasteReceived,
    receipts.ReceiptReported,
    people.MembershipBegan,
    people.MembershipAccepted,
    people.MembershipEnded,
    people.RoleGranted,
    people.RoleWithdrawn,
    people.KeyDeclared,
    people.KeyWithdrawn,
    covenants.CovenantEnacted,
    covenants.LotReleased,
    covenants.CovenantEnded,
    covenants.ActRefused,
    covenants.ReturnOverdue,
    doors.TimerFired,
    doors.ReactionFailed,
    proofs.HeadWitnessed,
    recipes.RecipePublished,
    packs.CovenantDrafted,
    packs.CodeDrafted,
    packs.PackAdopted,
    pledges.PledgeMade,
    pledges.PledgeRenewed,
    pledges.PledgeJoined,
    pledges.PledgeLeft,
    rounds.VehicleClassDeclared,
    rounds.HoursDeclared,
    rounds.RoundsPlanned,
    rounds.RoundsAdopted,
    workorders.WorkOrderIssued,
    workorders.WorkOrderTaken,
    workorders.WorkOrderDelivered,
    workorders.WorkOrderReturned,
    workorders.WorkOrderClosed,
    workorders.WorkOrderWithdrawn,
    assemblies.AssemblyDeclared,
    mandates.MandateGiven,
    mandates.MandateRecalled,
    mandates.MandateLaidDown,
    petitions.PetitionStarted,
    petitions.PetitionSigned,
    petitions.PetitionUnsigned,
    proposals.ProposalDrafted,
    proposals.ProposalRevised,
    proposals.CoAuthorInvited,
    proposals.CoAuthorAccepted,
    proposals.ObjectionRaised,
    proposals.ObjectionAnswered,
    proposals.ObjectionClosed,
    proposals.VotesCounted,
    proposals.DecisionTaken,
    proposals.BudgetLineMade,
    proposals.BudgetCommitted,
    proposals.BudgetPaid,
    proposals.EffectDeclared,
    proposals.EffectMeasured,
    proposals.ItemReturned,
    deliberations.DeliberationOpened,
    deliberations.DeliberationClosed,
    deliberations.StatementMade,
    deliberations.StatementVoted,
    deliberations.StatementModerated,
    deliberations.ModerationAppealed,
    deliberations.AppealDecided,
    campaigns.CampaignStarted,
    campaigns.TaskOffered,
    campaigns.TaskTaken,
    campaigns.TaskDone,
    ballots.BallotOpened,
    ballots.BallotCast,
    ballots.CredentialVoided,
    ballots.PaperBallotsCounted,
    ballots.BallotClosed,
    ballots.BallotTallied,
)
KINDS: dict[str, type[msgspec.Struct]] = {body.__name__: body for body in _BODIES}

# A kind whose body changes shape gets its next number here and a step from each older one.
VERSIONS: dict[str, int] = dict.fromkeys(KINDS, 1) | {"MembershipBegan": 2}
UPCASTS: dict[tuple[str, int], Upcast] = {
    # Nobody was asked then, and what moved among members moved by what they counted for.
    ("MembershipBegan", 1): lambda body: body | {"needs_word": False},
}


class KindUnknown(Refusal):
    """An entry of a kind, or a version of a kind, that this Bioloom does not know."""

    def __init__(self, *, kind: str, version: int) -> None:
        self.kind, self.version = kind, version
        super().__init__(
            what=f"The record has an entry of kind '{kind}', version {version}.",
            why="This Bioloom does not know it, and guessing at a record would falsify it.",
            remedy="Open the city with a newer Bioloom.",
        )


class EntryUnreadable(Refusal):
    """The text of an entry is not what its kind says it should be."""

    def __init__(self, *, kind: str, found: str) -> None:
        self.kind, self.found = kind, found
        super().__init__(
            what=f"The record has an entry of kind '{kind}' that cannot be read: {found}.",
            why="It was altered or damaged after it was recorded.",
            remedy="See which one with `bioloom verify`, and restore the journal from a backup.",
        )


class _Version(msgspec.Struct):
    version: int


_version_of = msgspec.json.Decoder(_Version).decode


@cache
def _shape(kind: str) -> type[Entry[Any]]:
    """The type of an entry of a kind, which is known at run time only."""
    return cast("type[Entry[Any]]", GenericAlias(Entry, (KINDS[kind],)))


@cache
def _decoder(kind: str) -> Callable[[bytes], Entry[Any]]:
    return msgspec.json.Decoder(_shape(kind)).decode


def read_entry(text: bytes, kind: str) -> Entry[Any]:
    """Decode the canonical text of an entry, bringing an older body up to date.

    Args:
        text: The RFC 8785 JSON of the entry without its hash.
        kind: The kind it is filed under.

    Raises:
        KindUnknown: If no body is registered for its kind and version.
        EntryUnreadable: If the text is not an entry of that kind.
    """
    try:
        # A kind that has one version only needs no look at which one it is.
        is_plain = VERSIONS.get(kind) == 1
        entry = _decoder(kind)(text) if is_plain else _brought_up_to_date(text, kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as unreadable:
        raise EntryUnreadable(kind=kind, found=str(unreadable)) from unreadable
    if entry.version != VERSIONS[kind]:
        raise KindUnknown(kind=kind, version=entry.version)
    return entry


def _brought_up_to_date(text: bytes, kind: str) -> Entry[Any]:
    version, current = _version_of(text).version, VERSIONS.get(kind)
    if current is None or version > current:
        raise KindUnknown(kind=kind, version=version)
    raw = msgspec.json.decode(text)
    for step in range(version, current):
        raw["body"] = UPCASTS[kind, step](raw["body"])
    entry: Entry[Any] = msgspec.convert(raw | {"version": current}, _shape(kind))
    return entry
