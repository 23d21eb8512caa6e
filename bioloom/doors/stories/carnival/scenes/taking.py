"""Taking: the company tries to get hold of bound lots in eight ways, and gets none.

A ninth way is tried on a stranger, whom a covenant would bind without their word.

It has somebody inside: Dario keeps the yard of Copperside, and may record what happens to its lots.
What a way needs to be tried at all is within his rights, and is recorded; the taking itself is
refused, and that it was tried is recorded, too.
"""

from datetime import date
from typing import Any

from bioloom.doors.answers.playing import ActTold
from bioloom.doors.capturing.told import Kind
from bioloom.doors.giving.labels import lot_of_label
from bioloom.doors.stories.carnival.people import COPPERSIDE, DARIO, MARA, practice_key
from bioloom.doors.stories.carnival.places import MERIDIAN
from bioloom.doors.stories.carnival.scenes.enacting import COVENANT
from bioloom.doors.stories.carnival.scenes.figures import held_mg, owned_by_mg
from bioloom.doors.stories.carnival.scenes.filling import Bag, give_by_form, label_for
from bioloom.doors.stories.carnival.scenes.logging import stall_lot
from bioloom.doors.stories.carnival.scenes.signing import signed
from bioloom.doors.stories.carnival.scenes.trapping import trap
from bioloom.doors.stories.staging import Scene, Stage, kilograms_of
from bioloom.doors.stories.weighing import in_tonnes
from bioloom.ledger.people.deciding import accept, join, leave
from bioloom.vocabulary.amounts import MILLIGRAM
from bioloom.vocabulary.entries.covenants import LotReleased
from bioloom.vocabulary.entries.events import ReleaseId
from bioloom.vocabulary.lots import LotId
from bioloom.vocabulary.periods import Instant

_TAKING_AT = Instant("2025-10-05T08:00:00.000Z")
_EXPELLED_AT = Instant("2025-10-05T18:00:00.000Z")
# After Copperside's metals were logged, and before the covenant was enacted.
_BEFORE_IT = Instant("2025-10-04T13:00:00.000Z")
_METALS = stall_lot("04", "metals")
_OWN_KG = 800


def take(stage: Stage) -> Scene:
    """All ways, one after the other."""
    stage.go_to(_TAKING_AT)
    scene = Scene(stage, "taking", "The company tries to take the materials")
    scene.told.append(
        f"{stage.name(DARIO)} keeps the yard of {stage.name(COPPERSIDE)}, may record what happens "
        f"to its lots, and has taken money from {stage.name(MERIDIAN)}."
    )
    held_before_mg = held_mg(stage, MERIDIAN)
    taking = _Taking(stage, scene)
    tried = [
        taking.outright(),
        taking.split(),
        taking.merged(),
        taking.laundered(),
        taking.hidden(),
        taking.backdated(),
        taking.as_a_member(),
        taking.by_forgery(),
    ]
    trap(stage, scene)
    owned_mg = owned_by_mg(stage, MERIDIAN)
    gained_mg = held_mg(stage, MERIDIAN) - held_before_mg
    refused = [one for one in tried if one.outcome == "refused"]
    scene.told.append(
        f"Of {len(tried)} ways, {len(refused)} are refused, and each attempt is an entry under the "
        f"name of who tried. The company owns the {in_tonnes(owned_mg)} that it brought itself."
    )
    scene.must(
        f"All {len(tried)} ways to take bound lots are refused.", holds=len(refused) == len(tried)
    )
    scene.must(
        "Each refused attempt is an entry of the record.",
        holds=all(one.entry is not None for one in refused),
    )
    scene.must(
        "The company owns and gains nothing but the heap that it brought itself.",
        holds=owned_mg == gained_mg == _OWN_KG * 1_000_000,
    )
    return scene


class _Taking:
    """The ways, each an attempt and what it takes to try it."""

    def __init__(self, stage: Stage, scene: Scene) -> None:
        self._stage, self._scene = stage, scene

    def outright(self) -> ActTold:
        """Rights to the lot are transferred."""
        return self._signs_over("signs 1 t of metals over to the company", _METALS, 1_000)

    def split(self) -> ActTold:
        """A portion is split off first: the covenant goes with it."""
        sample = LotId("copperside:sample")
        self._moves("splits 300 kg off into a lot of their own", 300, into=sample, makes=True)
        return self._signs_over("signs the split lot over to the company", sample, 300)

    def merged(self) -> ActTold:
        """What is Copperside's is tipped onto a heap of the company's."""
        label = label_for(self._stage, "heap")
        bag = Bag(label, MERIDIAN, "04", "metals", str(_OWN_KG))
        self._scene.add(give_by_form(self._stage, bag, by=MARA))
        heap = lot_of_label(label)
        return self._moves("tips 1 t of metals onto the company's heap", 1_000, into=heap)

    def laundered(self) -> ActTold:
        """A process makes something else of it, which is as bound as what went in."""
        process, ingots = "copperside:melt", LotId("copperside:ingots")
        opening = {"process": process, "specification": "casting", "operator": COPPERSIDE}
        self._tells("opens a melt in the yard", "ProcessOpened", opening, key="melt")
        consumed = self._event("consume", _METALS, 500) | {"input_of": process}
        self._tells("melts 500 kg of metals", "EventHappened", consumed, key="melt:in")
        made = {"lot": ingots, "material": "ingots", "place": "04"}
        produced = self._event("produce", ingots, 470) | {"output_of": process, "made": made}
        self._tells("casts 470 kg of ingots", "EventHappened", produced, key="melt:out")
        return self._signs_over("signs the ingots over to the company", ingots, 470)

    def hidden(self) -> ActTold:
        """It is put into a crate, which nothing binds, and the crate goes."""
        crate = LotId("copperside:crate")
        made = {"lot": crate, "material": "crates", "place": "04", "base_unit": "piece"}
        one = {"quantity": {"reported": "1", "unit": "piece"}}
        raised = self._event("raise", crate, 0) | one | {"made": made}
        self._tells(
            "records a crate, which no covenant binds", "EventHappened", raised, key="crate"
        )
        packed = self._event("combine", _METALS, 200) | {"container": crate}
        self._tells("packs 200 kg of metals into it", "EventHappened", packed, key="crate:packed")
        gone = self._event("transferAllRights", crate, 0, receiver=MERIDIAN) | one
        return self._tells("signs the crate over to the company", "EventHappened", gone, key="gone")

    def backdated(self) -> ActTold:
        """It is said to have happened before the covenant was enacted."""
        body = self._event("transferAllRights", _METALS, 1_000, receiver=MERIDIAN)
        return self._tells(
            f"tells that 1 t was the company's since {_BEFORE_IT[11:16]} of the day before, when "
            "no covenant was",
            "EventHappened",
            body,
            key="backdated",
            at=_BEFORE_IT,
        )

    def as_a_member(self) -> ActTold:
        """The company joins, and would take at once what is among members; then it is sent off."""
        stage = self._stage
        self._scene.add(
            stage.decides(
                "lets the company join Copperside's commons",
                lambda deed: [join(MERIDIAN, COPPERSIDE, deed=deed)],
                by=DARIO,
            )
        )
        self._scene.add(
            stage.decides(
                "says yes to that for the company",
                lambda deed: [accept(MERIDIAN, COPPERSIDE, deed=deed)],
                by=MARA,
            )
        )
        tried = self._signs_over("signs 1 t over to the new member", _METALS, 1_000, key="member")
        stage.go_to(_EXPELLED_AT)
        self._scene.add(
            stage.decides(
                "ends the company's membership, long before it would count",
                lambda deed: [leave(MERIDIAN, COPPERSIDE, deed=deed)],
                by=stage.city.settings.steward,
            )
        )
        return tried

    def by_forgery(self) -> ActTold:
        """A release is signed by the two who want it, and bears a copy of no signer's word."""
        release = LotReleased(
            release=ReleaseId("forged"),
            covenant=COVENANT,
            lot=_METALS,
            units=1_000 * 1_000_000,
            base_unit=MILLIGRAM,
            to=MERIDIAN,
            until=date(2025, 10, 31),
            reason="Urgent.",
        )
        stage = self._stage
        forged = signed(stage, release, [practice_key(one, stage.seed) for one in (DARIO, MARA)])
        return self._scene.add(
            stage.brings(
                "hands in a release of 1 t that he and the company's buyer have signed",
                forged,
                by=DARIO,
            )
        )

    def _signs_over(self, did: str, lot: LotId, mass_kg: int, *, key: str | None = None) -> ActTold:
        body = self._event("transferAllRights", lot, mass_kg, receiver=MERIDIAN)
        return self._tells(did, "EventHappened", body, key=key or f"over:{lot}")

    def _moves(self, did: str, mass_kg: int, *, into: LotId, makes: bool = False) -> ActTold:
        body = self._event("move", _METALS, mass_kg) | {"to_lot": into}
        if makes:
            body["made"] = {"lot": into, "material": "metals", "place": "04"}
        return self._tells(did, "EventHappened", body, key=f"into:{into}")

    def _event(
        self, action: str, lot: LotId, mass_kg: int, *, receiver: str = COPPERSIDE
    ) -> dict[str, Any]:
        return {
            "action": action,
            "provider": COPPERSIDE,
            "receiver": receiver,
            "stamp": "generated",
            "lot": lot,
            "quantity": kilograms_of(mass_kg),
        }

    def _tells(
        self, did: str, kind: Kind, body: dict[str, Any], *, key: str, at: Instant | None = None
    ) -> ActTold:
        return self._scene.add(
            self._stage.happens(did, kind, body, key=f"copperside:{key}", by=DARIO, at=at)
        )
