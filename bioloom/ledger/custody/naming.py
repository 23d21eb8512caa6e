"""Naming: the names under which custody entries are found again, and who says them."""

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.custody import (
    CertificatesId,
    CertificatesIssued,
    CertificatesRetired,
    CertificatesTransferred,
    CharacteristicDeclared,
    CustodyBody,
    CustodyClaimed,
    CustodyId,
    CustodyInputBooked,
    CustodyModelDeclared,
    CustodyUse,
)
from bioloom.vocabulary.entries.events import ProcessId
from bioloom.vocabulary.lots import LotId


def lot_node(lot: LotId) -> str:
    """What came into a lot, as something that claims rest on."""
    return f"lot:{lot}"


def process_node(process: ProcessId) -> str:
    """What went into a process, as something that claims rest on."""
    return f"process:{process}"


def output_node(lot: LotId) -> str:
    """How much of a lot was produced, as something that claims rest on."""
    return f"output:{lot}"


def opening_node(process: ProcessId) -> str:
    """Where and by whom a process was opened, as something that claims rest on."""
    return f"opening:{process}"


def standing_on(node: str) -> str:
    """The name under which all is found that rests on something."""
    return f"custody-on:{node}"


def model_name(declaration: CustodyId) -> str:
    """The name under which a declared model and all that it permitted are found."""
    return f"custody:{declaration}"


def account_name(declaration: CustodyId, period: int) -> str:
    """The name under which the credits of one period, and the claims on them, are found."""
    return f"custody-account:{declaration}:{period}"


def custody_of(lot: LotId) -> str:
    """The name under which all is found that was booked, claimed or issued of a lot."""
    return f"custody-of:{lot}"


def characteristics_of(lot: LotId) -> str:
    """The name under which is found what a lot had as it came in."""
    return f"characteristics-of:{lot}"


def booking_of(event: str) -> str:
    """The name under which the bookings of a consumption are found, by its key."""
    return f"booked:{event}"


def certificates_name(certificates: CertificatesId) -> str:
    """The name under which certificates, their transfers and their retirements are found."""
    return f"certificates:{certificates}"


def custody_mentions(body: CustodyBody) -> tuple[str, ...]:
    """What a custody entry is about; it mentions itself before what it follows."""
    match body:
        case CustodyModelDeclared(declaration=declaration):
            return (model_name(declaration),)
        case CharacteristicDeclared(lot=lot):
            return (characteristics_of(lot),)
        case CertificatesTransferred(certificates=name) | CertificatesRetired(certificates=name):
            return (certificates_name(name),)
    return (*_itself(body), custody_of(body.lot), *map(standing_on, body.stands_on))


def _itself(body: CustodyUse) -> tuple[str, ...]:
    model = model_name(body.declaration)
    if isinstance(body, CertificatesIssued):
        return (certificates_name(body.certificates), model)
    account = () if body.period is None else (account_name(body.declaration, body.period),)
    if isinstance(body, CustodyInputBooked):
        return (booking_of(body.event), model, *account)
    return (model, *account)


def custody_subject(body: CustodyBody) -> tuple[str, ...]:
    """What a custody entry introduces; a correction is of the same."""
    match body:
        case CharacteristicDeclared(lot=lot, characteristic=characteristic):
            return (lot, characteristic)
        case CustodyInputBooked() | CustodyClaimed():
            return (body.declaration, body.characteristic, body.lot)
    return custody_mentions(body)[:1]


def lots_beneath(body: object) -> list[LotId]:
    """The lots that a claim rests on; none for what is no claim."""
    rests = body.stands_on if isinstance(body, CustodyUse) else ()
    return [LotId(node.removeprefix("lot:")) for node in rests if node.startswith("lot:")]


def who_says(body: CustodyBody) -> AgentId:
    """Whose word a custody entry is."""
    match body:
        case CharacteristicDeclared(declarer=who):
            return who
        case CertificatesTransferred(giver=who) | CertificatesRetired(holder=who):
            return who
    return body.operator
