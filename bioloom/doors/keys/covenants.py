"""Covenants as people bring them: files of terms, decisions to sign, and what the record says."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import msgspec

from bioloom.doors.answers.covenants import BindingTold, DraftTold
from bioloom.doors.capturing.handwriting import read_file, toml_in
from bioloom.doors.compose import City, now
from bioloom.doors.keys.keeping import read_key
from bioloom.doors.register.deciding import see_that_may
from bioloom.ledger.covenants.sharing import bound_lots
from bioloom.ledger.covenants.signing import Decision, message, with_signatures
from bioloom.ledger.covenants.standing import Covenant, Covenants, covenants_of
from bioloom.ledger.people.people import people_of
from bioloom.ledger.people.permitting import About
from bioloom.ledger.record.remembering import numbers_of
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.covenants import (
    CovenantEnacted,
    CovenantEnded,
    CovenantId,
    LotReleased,
    Signed,
)
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.entries.packs import CovenantDrafted
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

_Act = Literal["enact", "release", "end"]
_SHAPES: dict[_Act, type[Decision]] = {
    "enact": CovenantEnacted,
    "release": LotReleased,
    "end": CovenantEnded,
}
# How a decision is told whose name is taken, and what to do then.
_TAKEN: dict[type[Decision], tuple[str, str]] = {
    CovenantEnacted: (
        "Covenant '{0.covenant}'",
        "Choose another name; to change one, let its quorum sign another that `replaces` it.",
    ),
    LotReleased: ("Release '{0.release}'", "Give another release a name of its own."),
    CovenantEnded: ("The end of covenant '{0.covenant}'", "It is ended; nothing is left to do."),
}


class DecisionUnreadable(Refusal):
    """A file is not a covenant, a release or an ending."""

    def __init__(self, *, file: Path, found: str) -> None:
        self.file = file
        super().__init__(
            what=f"'{file}' cannot be read as a covenant or a decision about one: {found}.",
            why="What people sign is taken word for word, or not at all.",
            remedy="Begin with what `bioloom covenants template` prints.",
        )


class DecisionUnwritable(Refusal):
    """A decision that signers pass on cannot be written where it should be."""

    def __init__(self, *, file: Path, fault: str) -> None:
        self.file, self.fault = file, fault
        super().__init__(
            what=f"'{file}' cannot be written: {fault}.",
            why="What somebody may have signed already is never written over.",
            remedy="Name a new file in a folder of yours.",
        )


class DecidedAlready(Refusal):
    """A covenant or a decision about one whose name is taken."""

    def __init__(self, *, decision: Decision, seq: int) -> None:
        self.seq = seq
        what, remedy = _TAKEN[type(decision)]
        super().__init__(
            what=f"{what.format(decision)} is in the record, as entry {seq}.",
            why="What was signed counts once, and changes only as its signers agree.",
            remedy=remedy,
        )


class CommonsUnknown(Refusal):
    """A covenant of a commons that nobody declared."""

    def __init__(self, *, commons: AgentId) -> None:
        self.commons = commons
        super().__init__(
            what=f"The covenant's commons, '{commons}', is not in the record.",
            why="A covenant binds what a commons owns, and all who belong to it.",
            remedy="Fill in its name as `bioloom people list DIR` has it, or declare it: "
            "`bioloom people declare DIR NAME commons`.",
        )


class LotNotToRelease(Refusal):
    """A release of what is no lot, or in a unit that the lot is not kept in."""

    def __init__(self, *, lot: str, found: str) -> None:
        self.lot = lot
        super().__init__(
            what=f"Nothing of lot '{lot}' could be let go so: {found}.",
            why="What people sign names one lot, and how much of it.",
            remedy="See `bioloom lots DIR`; masses are in milligrams, and 1 kg is 1000000 of them.",
        )


class CovenantUnknown(Refusal):
    """A covenant that is not in the record."""

    def __init__(self, *, covenant: str) -> None:
        self.covenant = covenant
        super().__init__(
            what=f"There is no covenant '{covenant}' in the record.",
            why="Only what was enacted can be shown, released or ended.",
            remedy="See `bioloom covenants list DIR`.",
        )


class DecisionFile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A decision on its way from signer to signer, as `bioloom covenants message` writes it.

    `city` is the hash of the first entry of the city's record; whoever signs needs no city.
    """

    act: _Act
    city: str
    decision: msgspec.Raw

    def read(self, file: Path) -> Decision:
        """The decision in it.

        Raises:
            DecisionUnreadable: If it is none.
        """
        try:
            return msgspec.json.decode(self.decision, type=_SHAPES[self.act])
        except msgspec.ValidationError as unfit:
            raise DecisionUnreadable(file=file, found=str(unfit)) from unfit


def read_decision(file: Path) -> Decision:
    """A decision in TOML as people write it, or in a file that goes from signer to signer.

    Raises:
        DecisionUnreadable: If it is neither.
    """
    if file.suffix == ".json":
        return _decision_file(file).read(file)
    return decision_in(_content(file), file)


def decision_in(text: bytes, file: Path) -> Decision:
    """A decision in TOML.

    Args:
        text: The TOML.
        file: Where it stood, for a refusal.

    Raises:
        DecisionUnreadable: If it is none.
    """
    said = toml_in(text, lambda found: DecisionUnreadable(file=file, found=found))
    act = str(said.pop("act", "enact"))
    shape = next((shape for name, shape in _SHAPES.items() if name == act), None)
    if shape is None:
        raise DecisionUnreadable(file=file, found="its act is not enact, release or end")
    if shape is CovenantEnacted and isinstance(said.get("text"), str):
        said["text_sha256"] = sha256(said["text"].encode()).hexdigest()
    if said.get("custody_days") == "never":
        said["custody_days"] = None
    if unknown := said.keys() - {field.name for field in msgspec.structs.fields(shape)}:
        raise DecisionUnreadable(file=file, found=f"it has a '{min(unknown)}'")
    try:
        return msgspec.convert(said, shape)
    except msgspec.ValidationError as unfit:
        raise DecisionUnreadable(file=file, found=str(unfit)) from unfit


def to_sign(city: City, decision: Decision, out: Path) -> str:
    """Write a decision into a new file that signers pass on; what they sign, as text.

    Raises:
        DecisionUnwritable: If there is a file already, or none can be written.
        CovenantUnknown, LotNotToRelease: If it is about nothing that is in the record.
    """
    _see_that_it_is_there(city, decision)
    city_hash = _city_hash(city)
    file = DecisionFile(
        act=next(act for act, shape in _SHAPES.items() if isinstance(decision, shape)),
        city=city_hash,
        decision=msgspec.Raw(msgspec.json.encode(decision)),
    )
    _write(out, file, os.O_EXCL)
    return message(decision, city=city_hash).decode()


def sign(file: Path, key: Path) -> Signed:
    """Sign a decision with one's own key, without any city, and put the signature into its file.

    Raises:
        DecisionUnreadable: If it is no decision.
        KeyFileUnusable, KeyUnreadable: If it is no key.
    """
    known, own = _decision_file(file), read_key(key)
    decision = known.read(file)
    signature = own.private.sign(message(decision, city=known.city)).hex()
    signed = Signed(public_key=own.public.key.hex(), signature=signature)
    known.decision = msgspec.Raw(msgspec.json.encode(with_signatures(decision, [signed])))
    _write(file, known, os.O_TRUNC)
    return signed


def record_decision(
    city: City, decision: Decision, *, author: AgentId, clock: Callable[[], Instant] = now
) -> Entry[Any]:
    """Record a covenant, a release or an ending; its entry.

    Args:
        city: An open city.
        decision: What was decided, with its signatures.
        author: Who brings it.
        clock: What time it is.

    Raises:
        CommonsUnknown: If a covenant's commons is not in the record.
        DecidedAlready: If the record has one of that name.
        NotPermitted: If a covenant's author may not enact one for that commons.
        CovenantForbids: If it cannot be, or too few have signed.
    """
    at = clock()
    match decision:
        case CovenantEnacted():
            if decision.commons not in people_of(city.journal).agents:
                raise CommonsUnknown(commons=decision.commons)
            about = About(sides=(decision.commons,))
            see_that_may(city, author, "enact_covenant", about, at=at)
            key = f"covenant:{decision.covenant}"
        case LotReleased():
            key = f"release:{decision.release}"
        case CovenantEnded():
            key = f"covenant-ended:{decision.covenant}"
    if taken := city.journal.current([key]):
        raise DecidedAlready(decision=decision, seq=taken[key].seq)
    draft: Draft[Any] = Draft(
        body=decision, occurred_at=city.clock(), author=author, idempotency_key=key
    )
    return city.journal.record([draft], recorded_at=at)[0]


def standing(city: City) -> Covenants:
    """All covenants of a city."""
    return covenants_of(city.journal.store)


def drafts_of(city: City) -> list[DraftTold]:
    """The covenants that were taken over from other cities as drafts, in the order of adoption."""
    by_words = {one.terms.text_sha256: name for name, one in standing(city).by_id.items()}
    found = city.journal.current(
        [entry.idempotency_key for entry in city.journal.read(kinds=[CovenantDrafted.__name__])]
    )
    return [
        DraftTold(
            draft=entry.body,
            city=entry.body.origin.city if entry.body.origin else city.settings.name,
            seq=entry.seq,
            enacted_as=by_words.get(entry.body.text_sha256),
        )
        for entry in found.values()
    ]


def known_covenant(city: City, name: str) -> Covenant:
    """A covenant of a city.

    Raises:
        CovenantUnknown: If there is none of that name.
    """
    found = standing(city).by_id.get(CovenantId(name))
    if found is None:
        raise CovenantUnknown(covenant=name)
    return found


def binding_of(city: City, covenant: Covenant) -> BindingTold:
    """How many lots a covenant binds, of whom, and how many members it does not bind."""
    covenants, bound = standing(city), bound_lots(city.journal, covenant)
    private = {one for one in bound.by_owner if covenants.people.is_private(one)}
    return BindingTold(
        lots=bound.lots,
        by_owner={one: lots for one, lots in sorted(bound.by_owner.items()) if one not in private},
        private_owners=len(private),
        private_lots=sum(bound.by_owner[one] for one in private),
        without_word=len(covenants.without_word(covenant, at=now())),
    )


def _see_that_it_is_there(city: City, decision: Decision) -> None:
    if isinstance(decision, CovenantEnacted):
        return
    covenant = known_covenant(city, decision.covenant)
    if isinstance(decision, LotReleased):
        store = city.journal.store
        number = numbers_of(store, [decision.lot]).get(decision.lot)
        if number is None:
            raise LotNotToRelease(lot=decision.lot, found="there is no such lot")
        bound = {row.covenant: row.base_unit for row in store.bindings.bound([number])}
        unit = bound.get(covenant.number, decision.base_unit)
        if unit != decision.base_unit:
            found = f"it is kept in {unit}, and not in {decision.base_unit}"
            raise LotNotToRelease(lot=decision.lot, found=found)


def _city_hash(city: City) -> str:
    return city.journal.store.rows_at([1])[1].hash.hex()


def _decision_file(file: Path) -> DecisionFile:
    try:
        return msgspec.json.decode(_content(file), type=DecisionFile)
    except msgspec.DecodeError as unfit:
        raise DecisionUnreadable(file=file, found=str(unfit)) from unfit


def _content(file: Path) -> bytes:
    def amiss(found: str) -> DecisionUnreadable:
        return DecisionUnreadable(file=file, found=found)

    return read_file(file, amiss, too_large="it is larger than a covenant ever is")


def _write(file: Path, content: DecisionFile, how: int) -> None:
    try:
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | how, 0o644)
        with os.fdopen(opened, "wb") as writing:
            writing.write(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
    except OSError as unwritable:
        raise DecisionUnwritable(file=file, fault=str(unwritable.strerror)) from unwritable
