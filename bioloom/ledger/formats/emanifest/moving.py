"""Moving: the lots and movements that a manifest tells of, in the order of its signatures.

A line becomes a lot when its generator signed; each transporter that signed takes it over, and the
facility that signed holds it and answers for it. Who did not sign has not had it. A volume stays a
volume unless a density is stated; how much was rejected is told by the manifest that ships it on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import msgspec

from bioloom.ledger.arriving import natural_key
from bioloom.ledger.formats.emanifest.carrying import agent_of
from bioloom.ledger.formats.emanifest.rules.shapes import read_moment
from bioloom.ledger.formats.emanifest.rules.sites import signed_at
from bioloom.vocabulary.agents import OUTSIDE, AgentId
from bioloom.vocabulary.amounts import MILLIGRAM, Amount, BaseUnit, base_of, read_amount
from bioloom.vocabulary.entries.actions import Action
from bioloom.vocabulary.entries.events import EventHappened, LotMade
from bioloom.vocabulary.entries.manifests import Carried, ManifestSite, ManifestTaken, WasteLine
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant, instant
from bioloom.vocabulary.quantities import LARGEST_MG, MassOutOfRange, unit_mg
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.stamps import Stamp

SOURCE = "emanifest"
# Item 12 of the form. Tons are short tons, gallons those of the US.
_UNITS = {
    "P": "lb",
    "T": "short_ton",
    "K": "kg",
    "M": "t",
    "G": "us_gal",
    "L": "l",
    "Y": "yd3",
    "N": "m3",
}
_PER_GALLON, _SPECIFIC_GRAVITY = "1", "2"


class LineUnmatched(Refusal):
    """A line of a manifest that ships on what another rejected, or left, and that is not found."""

    def __init__(self, *, line: int, found: int, originals: tuple[str, ...]) -> None:
        self.line, self.found = line, found
        super().__init__(
            what=f"Line {line} could be part of {found} lots of {', '.join(originals)}.",
            why="It is what one of them left or rejected, and has to come out of just one.",
            remedy="Take the manifests that it continues in first, and see that the line has the "
            "same codes, name and kind of unit as the one it comes from.",
        )


@dataclass(frozen=True, slots=True)
class Step:
    """A movement of one line: its key, when it happened, and what."""

    key: str
    at: Instant
    body: EventHappened


@dataclass(frozen=True, slots=True)
class _Hands:
    """Who answers for a lot and who holds it."""

    owner: AgentId
    holder: AgentId


@dataclass(frozen=True, slots=True)
class _Hop:
    """A signature: who holds the load from then on, and whether they answer for it."""

    name: str
    at: Instant
    to: AgentId
    answers: bool


def steps_of(manifest: ManifestTaken, originals: Sequence[ManifestTaken] = ()) -> list[list[Step]]:
    """The movements of each line, in their order; none while nobody signed.

    Args:
        manifest: What is told.
        originals: The manifests that it continues, where it ships what they rejected or left.

    Raises:
        LineUnmatched: If it is not clear out of which of their lots a line comes.
        MassOutOfRange, AmountUncountable: If a quantity is beyond what the record counts.
    """
    hops = list(_hops(manifest.carried))
    started = _started(manifest.carried, hops)
    if started is None or manifest.carried.generator is None:
        return []
    generator = agent_of(manifest.carried.generator, "$.generator")
    lines: list[list[Step]] = []
    for line in manifest.carried.wastes or ():
        counted = _counted(line)
        if counted is not None:
            moving = _Moving(manifest, line, counted)
            moving.begin(started, generator, _parts_of(manifest, originals))
            for hop in hops:
                moving.take(hop)
            lines.append(moving.steps)
    return lines


@dataclass(frozen=True, slots=True)
class _Part:
    """A lot of a manifest that was signed for, out of which another line may come."""

    lot: LotId
    made: tuple[MaterialId, BaseUnit]
    holder: AgentId


def _parts_of(manifest: ManifestTaken, originals: Sequence[ManifestTaken]) -> list[_Part] | None:
    """What a manifest may be part of; None if it continues no other."""
    if not manifest.carried.contains_previous_reject_or_residue:
        return None
    found = []
    for original in originals:
        for line in original.carried.wastes or ():
            counted = _counted(line)
            hops = list(_hops(original.carried))
            if counted is not None and hops and hops[-1].answers:
                unit = counted[1]
                lot = _lot_of(original, line, unit)
                found.append(_Part(lot, (material_of(line), unit), hops[-1].to))
    return found


class _Moving:
    """One line on its way."""

    def __init__(
        self, manifest: ManifestTaken, line: WasteLine, counted: tuple[Amount, BaseUnit, Stamp]
    ) -> None:
        self._manifest, self._line = manifest, line
        self._amount, self._unit, self._stamp = counted
        self._lot = _lot_of(manifest, line, self._unit)
        self._hands = _Hands(AgentId(""), AgentId(""))
        self.steps: list[Step] = []

    def begin(self, at: Instant, generator: AgentId, parts: list[_Part] | None) -> None:
        """Let the lot begin with its generator, or come out of the one that it was part of."""
        made = LotMade(lot=self._lot, material=material_of(self._line), base_unit=self._unit)
        if parts is None:
            self._hands = _Hands(generator, generator)
            self._add("made", "transfer", at, OUTSIDE, generator, made=made)
            return
        same = [part for part in parts if part.made == (made.material, made.base_unit)]
        if len(same) != 1:
            info = self._manifest.carried.additional_info
            originals = () if info is None else info.original_manifest_tracking_numbers or ()
            number = self._line.line_number
            raise LineUnmatched(line=number, found=len(same), originals=originals)
        (part,) = same
        self._hands = _Hands(part.holder, part.holder)
        self._add("made", "transfer", at, part.holder, part.holder, made=made, out_of=part.lot)
        self._answer("generator", at, generator)

    def take(self, hop: _Hop) -> None:
        """Let the lot pass on to who signed."""
        if hop.to != self._hands.holder:
            self._add(hop.name, "transferCustody", hop.at, self._hands.holder, hop.to)
            self._hands = _Hands(self._hands.owner, hop.to)
        if hop.answers:
            self._answer(hop.name, hop.at, hop.to)

    def _answer(self, name: str, at: Instant, who: AgentId) -> None:
        if who != self._hands.owner:
            self._add(f"{name}-answers", "transferAllRights", at, self._hands.owner, who)
            self._hands = _Hands(who, self._hands.holder)

    def _add(
        self,
        name: str,
        action: Action,
        at: Instant,
        giver: AgentId,
        receiver: AgentId,
        *,
        made: LotMade | None = None,
        out_of: LotId | None = None,
    ) -> None:
        body = EventHappened(
            action=action,
            provider=giver,
            receiver=receiver,
            stamp=self._stamp,
            lot=self._lot if out_of is None else out_of,
            to_lot=None if out_of is None else self._lot,
            made=made,
            quantity=self._amount,
        )
        self.steps.append(Step(f"{self._lot}:{name}", at, body))


def _lot_of(manifest: ManifestTaken, line: WasteLine, unit: BaseUnit) -> LotId:
    parts = [manifest.manifest, str(line.line_number)]
    # So that a correction from gallons to pounds is another lot, and not one of two units.
    return LotId(natural_key(SOURCE, *parts, *([] if unit == MILLIGRAM else [unit])))


def material_of(line: WasteLine) -> MaterialId:
    """What a line is made of: by its federal codes and its number of transport, or by its name.

    Example:
        >>> line = WasteLine(
        ...     line_number=1,
        ...     dot_hazardous=False,
        ...     epa_waste=False,
        ...     br=False,
        ...     pcb=False,
        ...     waste_description="Office trash",
        ... )
        >>> material_of(line)
        'epa:Office%20trash'
    """
    codes = [] if line.hazardous_waste is None else line.hazardous_waste.federal_waste_codes or ()
    names = sorted(str(code.code) for code in codes)
    if line.dot_information is not None:
        names.append(str(line.dot_information.id_number.code))
    if not names:
        names.append(line.waste_description or "unnamed")
    return MaterialId(natural_key("epa", *names))


def _counted(line: WasteLine) -> tuple[Amount, BaseUnit, Stamp] | None:
    """How much of a line there is, in what, and on what the figure stands; none if it says none."""
    stated = line.quantity
    if stated is None or stated.quantity is None or stated.unit_of_measurement is None:
        return None
    unit = _UNITS[str(stated.unit_of_measurement.code)]
    base, factor = base_of(unit)
    density = line.br_info
    if base == MILLIGRAM or density is None or density.density is None:
        amount, base = read_amount(Decimal(stated.quantity), unit)
        return amount, base, "reported"
    volume_ml = stated.quantity * factor
    code = density.density_unit_of_measurement
    per_ml_mg = Fraction(density.density) * _density_mg_per_ml(None if code is None else code.code)
    mass_mg = round(volume_ml * per_ml_mg)
    if mass_mg > LARGEST_MG:
        raise MassOutOfRange(text=str(stated.quantity), unit=unit)
    return Amount(units=mass_mg, reported=str(mass_mg), unit="mg"), MILLIGRAM, "modelled"


def _density_mg_per_ml(code: str | None) -> Fraction:
    """What a density of one is: a pound a gallon, or that of water, a gram a millilitre."""
    if code == _PER_GALLON:
        return unit_mg("lb") / base_of("us_gal")[1]
    assert code == _SPECIFIC_GRAVITY, "the rules know two units of density"
    return unit_mg("g")


def _started(carried: Carried, hops: list[_Hop]) -> Instant | None:
    """When a load was ready to leave: signed by its generator, shipped, or taken by somebody."""
    signed = None if carried.generator is None else _signed(carried.generator)
    shipped = read_moment(carried.shipped_date)
    if signed is not None:
        return signed
    if shipped is not None:
        return instant(shipped)
    return hops[0].at if hops else None


def _hops(carried: Carried) -> Iterator[_Hop]:
    """The signatures in the order of the load's way."""
    transporters = sorted(carried.transporters or (), key=lambda site: site.order or 0)
    for number, site in enumerate(transporters, start=1):
        at = _signed(site)
        if at is None and number == 1:
            shipped = read_moment(carried.shipped_date)
            at = None if shipped is None else instant(shipped)
        if at is not None:
            yield _Hop(f"transporter-{number}", at, agent_of(site, "$.transporters"), False)
    yield from _receipt(carried)
    yield from _onward(carried)


def _receipt(carried: Carried) -> Iterator[_Hop]:
    facility, rejection = carried.designated_facility, carried.rejection_info
    stays_on_the_truck = (
        carried.rejection is True
        and rejection is not None
        and rejection.rejection_type == "FullReject"
        and rejection.transporter_on_site is True
    )
    if facility is None or stays_on_the_truck:
        return
    received = read_moment(carried.received_date)
    at = _signed(facility) or (None if received is None else instant(received))
    if at is not None:
        yield _Hop("facility", at, agent_of(facility, "$.designatedFacility"), True)


def _onward(carried: Carried) -> Iterator[_Hop]:
    """Where a load goes that was rejected as a whole, under the same manifest."""
    rejection = carried.rejection_info
    if carried.rejection is not True or rejection is None:
        return
    if rejection.rejection_type != "FullReject" or rejection.new_manifest_tracking_numbers:
        return
    alternate, generator = rejection.alternate_designated_facility, carried.generator
    if rejection.alternate_designated_facility_type == "Tsdf" and alternate is not None:
        at = _signed(alternate)
        if at is not None:
            yield _Hop("alternate", at, agent_of(alternate, "$.rejectionInfo"), True)
    elif generator is not None:
        signatures = (rejection.generator_paper_signature, rejection.generator_electronic_signature)
        moments = [read_moment(one.signature_date) for one in signatures if one is not None]
        known = [moment for moment in moments if moment is not None]
        if known:
            yield _Hop("returned", instant(max(known)), agent_of(generator, "$.generator"), True)


def _signed(site: ManifestSite) -> Instant | None:
    at: datetime | None = signed_at(msgspec.to_builtins(site))
    return None if at is None else instant(at)
