"""Weighbridge tickets: each load becomes a lot that arrived, and that the site's operator holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import isqrt
from typing import Any
from zoneinfo import ZoneInfo

from bioloom.ledger.arriving import DistrictUnknown, MaterialUnknown, natural_key
from bioloom.ledger.declared import Declared
from bioloom.ledger.formats.dating import FIRST_YEAR, LAST_YEAR
from bioloom.ledger.formats.mapping import TicketsMapping, needed_columns
from bioloom.ledger.formats.rows import (
    Bound,
    CellUnreadable,
    Rejected,
    Row,
    Setting,
    Table,
    Taken,
    bind_number_form,
    bound_or_none,
    judge_length,
    require_columns,
)
from bioloom.ledger.transferring import AgentUnknown
from bioloom.vocabulary.agents import BOUNDARY, AgentId, commons_of
from bioloom.vocabulary.amounts import Amount
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.events import EventHappened
from bioloom.vocabulary.entries.ledger import AgentDeclared, LotArrived, SiteDeclared
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.materials import LowCodeUnreadable, MaterialId
from bioloom.vocabulary.periods import Instant, instant
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.quantities import mass_mg
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.wastes.listing import LowCodeUnknown, listed_waste


class NetDisagrees(Refusal):
    """A ticket whose net weight is not its gross weight less its tare."""

    def __init__(self, *, gross: Decimal, tare: Decimal, net: Decimal, unit: str) -> None:
        self.gross, self.tare, self.net, self.unit = gross, tare, net, unit
        super().__init__(
            what=f"Gross {gross} less tare {tare} is {gross - tare} {unit}, and net says {net}.",
            why="One of the three was written wrong, and the ticket does not say which.",
            remedy="Correct the ticket from the weighbridge's own record.",
        )


class SiteUnknown(Refusal):
    """A ticket of a site that nobody declared."""

    def __init__(self, *, site: str) -> None:
        self.site = site
        super().__init__(
            what=f"Site '{site}' is not in the record.",
            why="A load is in the hands of the operator of a declared site.",
            remedy="Import the sites first, or correct the name.",
        )


@dataclass(frozen=True, slots=True)
class _Load:
    """What a ticket says, read."""

    ticket: str
    at: datetime
    material: MaterialId
    district: DistrictId
    owner: AgentId
    carrier: str | None
    site: SiteDeclared
    net: Decimal
    unit: str
    uncertainty_mg: int | None


def read_tickets(
    table: Table, mapping: TicketsMapping, setting: Setting
) -> Iterator[Taken | Rejected]:
    """Read every ticket of a table.

    Raises:
        ColumnsMissing: If the table lacks a column that the mapping reads.
    """
    require_columns(table.header, needed_columns(mapping))
    reader = _TicketsReader(table.header, mapping, setting)
    return (row if isinstance(row, Rejected) else reader.read(row) for row in table.rows)


class _TicketsReader:
    """A mapping bound to a header."""

    def __init__(self, header: tuple[str, ...], mapping: TicketsMapping, setting: Setting) -> None:
        form, words = mapping.ticket, mapping.translate
        self._mapping, self._setting = mapping, setting
        self._number = Bound(form.number, header)
        self._at_cell = Bound(form.at, header)
        self._material_cell = Bound(form.material, header, words.material)
        self._district_cell = Bound(form.district, header, words.district)
        self._site_cell = Bound(form.site, header, words.site)
        self._unit_cell = Bound(form.unit, header, words.unit)
        self._owner_cell = bound_or_none(form.owner, header)
        self._carrier_cell = bound_or_none(form.carrier, header)
        self._weights = {
            name: bound_or_none(cell, header)
            for name, cell in (("gross", form.gross), ("tare", form.tare), ("net", form.net))
        }
        self._division = bound_or_none(form.division, header)
        self._numbers = bind_number_form(mapping.numbers)
        self._by_low_code = _by_low_code(setting.declared)
        # The column being read, so that a refusal can name it.
        self._at: str | None = None

    def read(self, row: Row) -> Taken | Rejected:
        """The arrival and the custody of one load, both or neither."""
        try:
            load = self._load(row.cells)
            drafts = self._drafts(load)
        except Refusal as refusal:
            return Rejected(row.line, self._at, refusal, row.cells)
        columns = tuple(self._at for _ in drafts)
        return Taken(row.line, row.cells, drafts, columns)

    def _load(self, cells: tuple[str, ...]) -> _Load:
        declared = self._setting.declared
        ticket = self._name(self._number, cells, "a ticket's number")
        at = self._instant(cells)
        district = DistrictId(self._name(self._district_cell, cells, "a district"))
        if district not in declared.districts:
            raise DistrictUnknown(district=district)
        owner = self._owner(cells, district)
        site = SiteId(self._name(self._site_cell, cells, "a site"))
        if site not in declared.sites:
            raise SiteUnknown(site=site)
        material = self._material(cells)
        unit = self._unit_cell.read(cells)
        carrier = None
        if self._carrier_cell is not None and self._carrier_cell.read(cells):
            carrier = self._name(self._carrier_cell, cells, "a carrier")
        division = self._weight(self._division, cells)
        net = self._net(cells, unit)
        return _Load(
            ticket=ticket,
            at=at,
            material=material,
            district=district,
            owner=owner,
            carrier=carrier,
            site=declared.sites[site],
            net=net,
            unit=unit,
            uncertainty_mg=None if division is None else _uncertainty_mg(mass_mg(division, unit)),
        )

    def _name(self, bound: Bound, cells: tuple[str, ...], expected: str) -> str:
        self._at = bound.name
        return bound.name_in(cells, expected=expected)

    def _instant(self, cells: tuple[str, ...]) -> datetime:
        self._at = self._at_cell.name
        text, form = self._at_cell.read(cells), self._mapping.ticket.form
        at = _moment(text, form, self._setting.zone)
        if at is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
            written = "2026-03-04 07:45" if form is None else form
            raise CellUnreadable(text=text, expected=f"a day and time written like {written}")
        return at

    def _owner(self, cells: tuple[str, ...], district: DistrictId) -> AgentId:
        """Whose the load was: an organisation's, or else the district's residents'."""
        if self._owner_cell is None or not self._owner_cell.read(cells):
            return commons_of(district)
        owner = AgentId(self._name(self._owner_cell, cells, "an organisation"))
        if owner not in self._setting.declared.agents or owner in BOUNDARY:
            raise AgentUnknown(agent=owner)
        return owner

    def _material(self, cells: tuple[str, ...]) -> MaterialId:
        """A material by its id, or by its List-of-Waste code where just one has it."""
        name = self._name(self._material_cell, cells, "a material")
        if name in self._setting.declared.materials:
            return MaterialId(name)
        try:
            found = self._by_low_code.get(listed_waste(name).code, [])
        except (LowCodeUnreadable, LowCodeUnknown):
            found = []
        if len(found) != 1:
            raise MaterialUnknown(material=name)
        return found[0]

    def _net(self, cells: tuple[str, ...], unit: str) -> Decimal:
        gross, tare, net = (self._weight(self._weights[name], cells) for name in self._weights)
        if gross is not None and tare is not None:
            if net is not None and gross - tare != net:
                raise NetDisagrees(gross=gross, tare=tare, net=net, unit=unit)
            net = gross - tare
        if net is None:
            raise CellUnreadable(text="", expected="a net weight, nor are there gross and tare")
        if net < 0:
            raise CellUnreadable(text=str(net), expected="a weight: it is below zero")
        mass_mg(net, unit)  # Refused here, while the column is known.
        return net

    def _weight(self, bound: Bound | None, cells: tuple[str, ...]) -> Decimal | None:
        text = "" if bound is None else bound.read(cells)
        if bound is None or text in self._mapping.numbers.blank:
            return None
        self._at = bound.name
        judge_length(text)
        weight = self._numbers.read(text)
        if weight < 0:
            raise CellUnreadable(text=text, expected="a weight: it is below zero")
        return weight

    def _drafts(self, load: _Load) -> tuple[Draft[Any], ...]:
        key = natural_key(self._mapping.source, load.ticket)
        at, day = instant(load.at), load.at.date()
        carrier = None if load.carrier is None else AgentId(f"carrier:{load.carrier}")
        arrived = LotArrived(
            lot=LotId(key),
            material=load.material,
            place=load.district,
            owner=load.owner,
            holder=carrier or load.owner,
            mass_mg=mass_mg(load.net, load.unit),
            reported=str(load.net),
            unit=load.unit,
            stamp=self._mapping.stamp,
            first_day=day,
            last_day=day,
            uncertainty_mg=load.uncertainty_mg,
        )
        taken_in = EventHappened(
            action="transferCustody",
            provider=arrived.holder,
            receiver=load.site.operator,
            stamp=self._mapping.stamp,
            lot=arrived.lot,
            quantity=Amount(units=arrived.mass_mg, reported=str(load.net), unit=load.unit),
            uncertainty_units=load.uncertainty_mg,
            to_place=load.site.site,
        )
        drafts = [self._draft(arrived, key, at), self._draft(taken_in, f"{key}:taken-in", at)]
        if carrier is not None and carrier not in self._setting.declared.agents:
            assert load.carrier is not None, "it names the agent"
            body = AgentDeclared(agent=carrier, name=load.carrier)
            drafts.insert(0, self._draft(body, f"agent:{carrier}", self._setting.at))
        return tuple(drafts)

    def _draft(self, body: Any, key: str, at: Instant) -> Draft[Any]:  # noqa: ANN401  Any entry's.
        return Draft(body=body, occurred_at=at, author=self._setting.author, idempotency_key=key)


def _by_low_code(declared: Declared) -> dict[str, list[MaterialId]]:
    found: dict[str, list[MaterialId]] = {}
    for material in declared.materials.values():
        if material.low_code is not None:
            found.setdefault(material.low_code, []).append(material.material)
    return found


def _moment(text: str, form: str | None, zone: ZoneInfo) -> datetime | None:
    """A moment in the city's zone, unless the text has an offset of its own."""
    if not text.isascii() or len(text) > 40:
        return None
    try:
        at = datetime.fromisoformat(text) if form is None else datetime.strptime(text, form)  # noqa: DTZ007  The zone follows.
        return at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)
    except (ValueError, OverflowError):
        return None


def _uncertainty_mg(division_mg: int) -> int:
    """The standard uncertainty of a reading of a scale: its division over the root of twelve.

    >>> _uncertainty_mg(20_000_000)  # a division of 20 kg
    5773503

    Source:
        JCGM 100:2008 (GUM), F.2.2.1: the resolution of a digital indication.
    """
    return (isqrt(division_mg * division_mg * 4 // 12) + 1) // 2
