"""Write the JSON Schema of what each command prints with `--json`, or check that it is written.

    python tools/schemas.py [--check]

Schemas are made from the types that the commands print, so that the two cannot drift apart.
"""

import argparse
import sys
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec

from bioloom.doors.answers.assembly.ballots import (
    BallotTold,
    BoardTold,
    BoardWritten,
    CastTold,
    CredentialDrawn,
)
from bioloom.doors.answers.assembly.budgets import CertificateChecked, CountTold
from bioloom.doors.answers.assembly.hearing import HearingTold
from bioloom.doors.answers.assembly.lifecycle import AssemblyTold, ProposalTold, TalkTold
from bioloom.doors.answers.assembly.opinions import MapTold
from bioloom.doors.answers.carnival import CarnivalPlayed
from bioloom.doors.answers.cascading import CascadeTold
from bioloom.doors.answers.codes import CodeDecided, CodeDraftTold, CodeTold, CodeTried
from bioloom.doors.answers.commands import Acknowledged, CityMade, LoopRun, Refused, VerdictPrinted
from bioloom.doors.answers.covenants import (
    CovenantTold,
    DecidedTold,
    DraftTold,
    MessageTold,
    RefusalOnRecord,
    SignedTold,
    TemplateTold,
)
from bioloom.doors.answers.dispatching import FleetTold, OrderTold, RoundsInForce, RoundsTold
from bioloom.doors.answers.forecasting import ForecastTold
from bioloom.doors.answers.formats import FileHashed
from bioloom.doors.answers.keeping import BackupMade, CityRestored
from bioloom.doors.answers.people import (
    AgentListed,
    Decided,
    Forgotten,
    InvitationMade,
    KeyTurned,
    LinkMade,
    Revoked,
    TokenMade,
)
from bioloom.doors.answers.plans import (
    AheadPrinted,
    FairnessPrinted,
    PlanInForce,
    PlanPrinted,
    ProposalListed,
)
from bioloom.doors.answers.playing import Played
from bioloom.doors.answers.pledges import PledgeTold
from bioloom.doors.answers.proofs import CheckedTold, KeysTold, PublicKeyTold
from bioloom.doors.answers.replanning import (
    DisruptionsListed,
    MoveTold,
    RevisionInForce,
    RevisionPrinted,
)
from bioloom.doors.answers.siting import SitingTold
from bioloom.doors.answers.totals import TotalsTold
from bioloom.doors.answers.tracing import LotTraced
from bioloom.doors.asking.why import WhyTold
from bioloom.doors.findings import ImportReport
from bioloom.doors.giving.undoing import TakenBack
from bioloom.doors.recording import Became
from bioloom.ledger.accounts.returning import AwayLot
from bioloom.ledger.compositions.conserving import ProcessConserved
from bioloom.ledger.contracts.listing import Contract
from bioloom.ledger.custody.listing import CustodyTold
from bioloom.ledger.estimates.estimating import LotEstimated
from bioloom.ledger.formats.defra.deadlines import ReceiptDue
from bioloom.ledger.formats.valueflows.states import Replay
from bioloom.ledger.formats.verdicts import FileJudged
from bioloom.ledger.inventory import LotRow
from bioloom.ledger.proofs.heads import HeadSigned
from bioloom.ledger.proofs.proving import Proof
from bioloom.ledger.recipes.following import RecipeListed, RecipeTold
from bioloom.ledger.record.rebuilding import Rebuilt
from bioloom.vocabulary.entries.ballots import BallotTallied
from bioloom.vocabulary.entries.proofs import HeadWitnessed
from bioloom.vocabulary.wastes.listing import ListedWaste

FOLDER = Path(__file__).parents[1] / "docs" / "schemas"
# What each command prints. One such value a line is printed by `lots`, `import-progress`, `format
# check` and `format hash`.
ANSWERS: dict[str, Any] = {
    "init": CityMade,
    "import": ImportReport,
    "import-progress": Acknowledged,
    "record": list[Became],
    "combine": list[Became],
    "separate": list[Became],
    "take-back": list[TakenBack],
    "plan": PlanPrinted,
    "plan-weeks": AheadPrinted,
    "play": Played,
    "estimates": LotEstimated,
    "conserved": ProcessConserved,
    "assembly-count": CountTold,
    "assembly-check": CertificateChecked,
    "codes-enact": CodeDecided,
    "codes-drafts": list[CodeDraftTold],
    "codes-list": list[CodeTold],
    "codes-show": list[CodeTold],
    "codes-try": CodeTried,
    "codes-repeal": CodeDecided,
    "contracts-list": list[Contract],
    "contracts-show": Contract,
    "contracts-due": list[Contract],
    "custody-show": CustodyTold,
    "play-carnival": CarnivalPlayed,
    "assembly-map": MapTold,
    "assembly-unheard": HearingTold,
    "assembly-list": list[AssemblyTold],
    "assembly-show": AssemblyTold,
    "assembly-proposal": ProposalTold,
    "assembly-talk": TalkTold,
    "assembly-ballot-list": list[BallotTold],
    "assembly-ballot-show": BallotTold,
    "assembly-ballot-draw": CredentialDrawn,
    "assembly-ballot-exchange": CredentialDrawn,
    "assembly-ballot-cast": CastTold,
    "assembly-ballot-receipt": Proof,
    "assembly-ballot-tally": BallotTallied,
    "assembly-board-check": BoardTold,
    "assembly-board-export": BoardWritten,
    "circuits-plans": list[ProposalListed],
    "circuits-adopt": PlanInForce,
    "circuits-cascade": CascadeTold,
    "circuits-forecast": ForecastTold,
    "circuits-replan": RevisionPrinted,
    "circuits-moves": list[MoveTold],
    "circuits-accept": RevisionInForce,
    "circuits-disruptions": DisruptionsListed,
    "circuits-siting": SitingTold,
    "circuits-why": WhyTold,
    "circuits-fleet": FleetTold,
    "circuits-rounds": RoundsTold,
    "circuits-drive": RoundsInForce,
    "circuits-orders": list[OrderTold],
    "circuits-order": OrderTold,
    "circuits-fairness": FairnessPrinted,
    "loop": LoopRun,
    "lots": LotRow,
    "trace": LotTraced,
    "verify": VerdictPrinted,
    "totals": TotalsTold,
    "backup": BackupMade,
    "restore": CityRestored,
    "rebuild": Rebuilt,
    "format-check": FileJudged,
    "format-hash": FileHashed,
    "format-replay": Replay,
    "format-waste-code": list[ListedWaste],
    "covenants-template": TemplateTold,
    "covenants-decided": DecidedTold,
    "covenants-list": list[CovenantTold],
    "covenants-show": CovenantTold,
    "covenants-message": MessageTold,
    "covenants-sign": SignedTold,
    "covenants-drafts": list[DraftTold],
    "covenants-refusals": list[RefusalOnRecord],
    "covenants-away": list[AwayLot],
    "receipts-due": list[ReceiptDue],
    "receipts-reported": Became,
    "recipes-publish": RecipeListed,
    "recipes-list": list[RecipeListed],
    "recipes-show": RecipeTold,
    "pledges-list": list[PledgeTold],
    "pledges-show": PledgeTold,
    "people-list": list[AgentListed],
    "people-decided": Decided,
    "people-link": LinkMade,
    "people-invite": InvitationMade,
    "people-token": TokenMade,
    "people-revoke": Revoked,
    "people-forget": Forgotten,
    "people-rotate-key": KeyTurned,
    "head": HeadSigned,
    "prove": Proof,
    "check": CheckedTold,
    "witness": HeadWitnessed,
    "keys-show": KeysTold,
    "keys-make": PublicKeyTold,
    "keys-rotate": PublicKeyTold,
    "keys-withdraw": PublicKeyTold,
    "keys-witness": PublicKeyTold,
    "refused": Refused,
}


def schema(answer: str) -> bytes:
    """The schema of an answer, as its file has it."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"bioloom {answer}"}
    made = msgspec.json.schema(ANSWERS[answer])
    shapes = {name: _as_printed(shape) for name, shape in made["$defs"].items()}
    text = msgspec.json.encode(head | made | {"$defs": shapes})
    return msgspec.json.format(text, indent=2) + b"\n"


# The types that are printed without what is as by default.
_LEAVE_OUT = {
    shape.__name__
    for shape in msgspec.Struct.__subclasses__()
    if shape.__struct_config__.omit_defaults
}


def _as_printed(shape: dict[str, Any]) -> dict[str, Any]:
    """A shape as it is written, not read: what has a default is printed too, and nothing else is.

    Only of types that say so is a default left out: see `_LEAVE_OUT`.

    >>> _as_printed({"properties": {"rows": {"type": "integer", "default": 0}}})["required"]
    ['rows']
    """
    fields = {
        name: {word: said for word, said in field.items() if word != "default"}
        for name, field in shape["properties"].items()
    }
    told = {"description": cleandoc(shape["description"])} if "description" in shape else {}
    may_lack = shape.get("title") in _LEAVE_OUT
    required = [
        name for name in fields if not (may_lack and "default" in shape["properties"][name])
    ]
    closed = {"required": required, "additionalProperties": False}
    return shape | told | {"properties": fields} | closed


def stale() -> list[str]:
    """The answers whose file does not say what the commands print."""
    files = {answer: FOLDER / f"{answer}.json" for answer in ANSWERS}
    return [
        answer
        for answer, file in files.items()
        if not file.is_file() or file.read_bytes() != schema(answer)
    ]


def main() -> int:
    """Write or check; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        found = stale()
        for answer in found:
            print(f"docs/schemas/{answer}.json is not up to date: run `python tools/schemas.py`.")
        return 1 if found else 0
    FOLDER.mkdir(exist_ok=True)
    for answer in ANSWERS:
        (FOLDER / f"{answer}.json").write_bytes(schema(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
