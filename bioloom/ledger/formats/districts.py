"""Maps of districts: each feature declares a district, or an area without collection."""

from collections import Counter
from collections.abc import Iterator

from bioloom.ledger.arriving import natural_key
from bioloom.ledger.declaring import declare
from bioloom.ledger.formats.geojson import Feature, Map, features_of
from bioloom.ledger.formats.mapping import DistrictsMapping, needed_columns
from bioloom.ledger.formats.rows import (
    Bound,
    Rejected,
    Setting,
    Taken,
    bind_number_form,
    bound_or_none,
    judge_length,
    require_columns,
)
from bioloom.ledger.formats.sites import per_mille
from bioloom.vocabulary.agents import commons_of
from bioloom.vocabulary.entries.ledger import AreaDeclared, DistrictDeclared, Storage
from bioloom.vocabulary.places import DistrictId
from bioloom.vocabulary.quantities import mass_mg
from bioloom.vocabulary.refusal import Refusal


def read_districts(
    city_map: Map, mapping: DistrictsMapping, setting: Setting
) -> Iterator[Taken | Rejected]:
    """Read every feature of a map.

    Raises:
        ColumnsMissing: If no feature has a property that the mapping reads.
    """
    require_columns(city_map.properties, needed_columns(mapping))
    reader = _DistrictsReader(city_map.properties, mapping, setting)
    for feature in features_of(city_map):
        yield feature if isinstance(feature, Rejected) else reader.read(feature)


class _DistrictsReader:
    """A mapping bound to the names of a map's properties."""

    def __init__(
        self, properties: tuple[str, ...], mapping: DistrictsMapping, setting: Setting
    ) -> None:
        self._properties, self._mapping, self._setting = properties, mapping, setting
        form = mapping.district
        self._id, self._name = Bound(form.id, properties), Bound(form.name, properties)
        self._part_of = None if form.part_of is None else Bound(form.part_of, properties)
        self._need, self._unit = Bound(form.need, properties), Bound(form.unit, properties)
        self._storage = bound_or_none(form.storage, properties)
        self._numbers = bind_number_form(mapping.numbers)
        self._areas: Counter[str] = Counter()
        # The property being read, so that a refusal can name it.
        self._at: str | None = None

    def read(self, feature: Feature) -> Taken | Rejected:
        """The district or area that one feature declares."""
        cells = tuple(feature.properties.get(name, "") for name in self._properties)
        source = self._mapping.source
        try:
            body: AreaDeclared | DistrictDeclared
            if self._id.read(cells) in self._mapping.district.no_collection:
                body = self._area(feature, cells)
                key = natural_key(source, "area", body.area)
            else:
                body = self._district(feature, cells)
                key = natural_key(source, body.district)
            draft = declare(body, key=key, author=self._setting.author, at=self._setting.at)
        except Refusal as refusal:
            return Rejected(feature.number, self._at, refusal, feature.decoded)
        return Taken(
            feature.number,
            feature.decoded,
            (draft,),
            (self._id.name,),
            mended=int(feature.mended),
        )

    def _district(self, feature: Feature, cells: tuple[str, ...]) -> DistrictDeclared:
        district = DistrictId(self._text(self._id, cells, "a district's id"))
        return DistrictDeclared(
            district=district,
            name=self._text(self._name, cells, "a name"),
            part_of=self._whole_of(cells),
            outline=feature.outline,
            point=feature.point,
            need_per_mille=self._need_per_mille(cells),
            commons=commons_of(district),
            stamp=self._mapping.stamp,
            storage=self._stored(cells),
        )

    def _area(self, feature: Feature, cells: tuple[str, ...]) -> AreaDeclared:
        name, part_of = self._text(self._name, cells, "a name"), self._whole_of(cells)
        area = name if part_of is None else f"{part_of} / {name}"
        self._areas[area] += 1
        # Areas have no id of their own; those of one name are told apart by their order.
        if self._areas[area] > 1:
            area = f"{area} #{self._areas[area]}"
        return AreaDeclared(
            area=area,
            name=name,
            part_of=part_of,
            outline=feature.outline,
            stamp=self._mapping.stamp,
        )

    def _text(self, bound: Bound, cells: tuple[str, ...], expected: str) -> str:
        self._at = bound.name
        return bound.name_in(cells, expected=expected)

    def _whole_of(self, cells: tuple[str, ...]) -> str | None:
        if self._part_of is None or not self._part_of.read(cells):
            return None
        return self._text(self._part_of, cells, "a name")

    def _stored(self, cells: tuple[str, ...]) -> tuple[Storage, ...]:
        text = "" if self._storage is None else self._storage.read(cells)
        if self._storage is None or not text:
            return ()
        self._at = self._storage.name
        judge_length(text)
        capacity_mg = mass_mg(self._numbers.read(text), self._unit.read(cells))
        return (Storage(accepts=(), capacity_mg=capacity_mg),)

    def _need_per_mille(self, cells: tuple[str, ...]) -> int:
        self._at = self._need.name
        text = self._need.read(cells)
        judge_length(text)
        return per_mille(self._numbers.read(text))
