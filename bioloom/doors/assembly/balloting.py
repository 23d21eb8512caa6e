"""Balloting: a ballot is opened, drawn for, cast in, closed and tallied in a city.

What a ballot says goes into the box first and is durable there; then the record has its seal.
"""

import secrets
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from bioloom.assembly.ballots.casting import (
    BallotOver,
    NotOfTheElectorate,
    cast_ballot,
    close_ballot,
    closed_key,
    count_papers,
    key_of,
    see_that_open,
    void_credential,
)
from bioloom.assembly.ballots.filling import SALT_BYTES, Filled, seal, written
from bioloom.assembly.ballots.opening import open_ballot, slips_for
from bioloom.assembly.ballots.slips import slip_of, slips_root
from bioloom.assembly.ballots.standing import (
    AUTHOR,
    BALLOT_KINDS,
    Ballot,
    BallotUnknown,
    ballots_in,
)
from bioloom.assembly.ballots.tallying import Sealed, tally
from bioloom.assembly.mandates.standing import electors_of
from bioloom.doors.compose import City
from bioloom.doors.register.deciding import decide, see_that_may
from bioloom.doors.register.secrets import Chance, new_secret
from bioloom.doors.stores.box import BOX_FILE, BallotBox
from bioloom.ledger.people.deciding import Deed, newcomer
from bioloom.ledger.people.permitting import About
from bioloom.ledger.record.outcomes import Recorded, Refused
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.entries.ballots import (
    BallotCast,
    BallotClosed,
    BallotId,
    BallotOpened,
    BallotTallied,
    CredentialVoided,
    PaperBallotsCounted,
    PaperMarks,
)
from bioloom.vocabulary.entries.envelope import Draft, Entry
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

B = TypeVar("B", bound=msgspec.Struct)


class NotInTheList(Refusal):
    """A credential that nobody drew for this ballot."""

    def __init__(self, *, ballot: str) -> None:
        self.ballot = ballot
        super().__init__(
            what=f"This credential is none that was drawn for '{ballot}'.",
            why="Only those count whose hashes were frozen when the ballot was opened.",
            remedy="Give the one that you drew for this ballot, as it was shown.",
        )


class CredentialUsed(Refusal):
    """A credential that was cast or voided before."""

    def __init__(self, *, ballot: str, seq: int, voided: bool) -> None:
        self.ballot, self.seq = ballot, seq
        was = "voided" if voided else "cast"
        super().__init__(
            what=f"This credential of '{ballot}' was {was} before, in entry {seq}.",
            why="Each counts once, and what was cast is never exchanged.",
            remedy="If that was not you, tell whoever holds the ballot: it says how many were "
            "used, and what the box has of them.",
        )


def open_box(city: City) -> BallotBox:
    """The ballot box in a city's folder; made where there is none.

    Raises:
        BoxUnusable: If the file is something else, or damaged.
    """
    return BallotBox(city.folder / BOX_FILE)


def ballots_of(city: City) -> dict[BallotId, Ballot]:
    """All ballots, as the record has them."""
    return ballots_in(city.journal.read(kinds=BALLOT_KINDS))


def ballot_of(city: City, name: str) -> Ballot:
    """One ballot, as the record has it.

    Raises:
        BallotUnknown: If nobody opened it.
    """
    found = ballots_of(city).get(BallotId(name))
    if found is None:
        raise BallotUnknown(ballot=name)
    return found


def opened_as(city: City, name: str) -> tuple[Ballot, bool]:
    """A ballot as it was opened, and whether it is closed: read by keys, whatever was cast.

    Raises:
        BallotUnknown: If nobody opened it.
    """
    key, closed = f"ballot:{name}", closed_key(name)
    found = city.journal.current([key, closed])
    if key not in found or not isinstance(found[key].body, BallotOpened):
        raise BallotUnknown(ballot=name)
    entry = found[key]
    return Ballot(opened=entry.body, seq=entry.seq, at=entry.recorded_at), closed in found


def open_in(
    city: City,
    box: BallotBox,
    body: BallotOpened,
    *,
    by: AgentId,
    at: Instant | None = None,
    chance: Chance = secrets.token_bytes,
) -> Entry[BallotOpened]:
    """Open a ballot: who may vote is counted, and their credentials are made and frozen.

    Args:
        city: An open city.
        box: Its ballot box.
        body: The ballot; its electorate, slips and root are put in here.
        by: Who opens it.
        at: When; now unless given.
        chance: Gives so many random bytes.

    Raises:
        NotPermitted, BallotAmiss: As `open_ballot`.
        RecordedOtherwise: If there is another ballot of that name.
    """

    def deciding(deed: Deed) -> list[Draft[Any]]:
        # Asked once, of the record as it is now: nobody joins afterwards by dating a word back.
        voters = electors_of(body.assembly, deed.people, on=deed.at)
        people = len(voters)
        # Judged before anything is made for it.
        told = msgspec.structs.replace(body, electorate=people, slips=slips_for(people))
        open_ballot(told, deed=deed)
        made = [new_secret(chance) for _ in range(told.slips)]
        slips = {slip_of(body.ballot, credential): credential for credential in made}
        if not city.journal.current([f"ballot:{body.ballot}"]):
            box.prepare(body.ballot, slips.items(), voters)
        told = msgspec.structs.replace(told, root=slips_root(slips))
        # What was cast is public, as its author is declared to be nobody's own.
        is_known = AUTHOR in deed.people.agents
        author = [] if is_known else [newcomer(AUTHOR, name=AUTHOR, sort="programme", deed=deed)]
        return [*author, open_ballot(told, deed=deed)]

    entry: Entry[BallotOpened] = decide(city, by, deciding, occurred_at=at or city.clock())[-1]
    return entry


def draw(
    city: City, box: BallotBox, name: str, who: AgentId, *, chance: Chance = secrets.token_bytes
) -> str:
    """Draw somebody's one credential of a ballot. Only whoever is shown it has it then.

    Raises:
        BallotUnknown, BallotOver, NotOfTheElectorate, DrawnBefore, NoneLeft: As they say.
    """
    ballot, is_closed = opened_as(city, name)
    see_that_open(ballot.opened, at=city.clock(), is_closed=is_closed)
    if not box.may_vote(ballot.opened.ballot, who):
        raise NotOfTheElectorate(who=who, assembly=ballot.opened.assembly)
    return box.draw(ballot.opened.ballot, who, chance(32).hex())


def cast(
    city: City,
    box: BallotBox,
    name: str,
    credential: str,
    filled: Filled,
    *,
    chance: Chance = secrets.token_bytes,
) -> Entry[BallotCast]:
    """Cast a ballot. Once this returns it is durable, counted, and can be proven.

    Raises:
        BallotUnknown, BallotOver, CredentialUnreadable, NotInTheList, CredentialUsed: As they say.
    """
    ballot, is_closed = opened_as(city, name)
    (entry,) = cast_together(
        city, box, ballot.opened, [(credential, filled)], is_closed=is_closed, chance=chance
    )
    return entry


def cast_together(
    city: City,
    box: BallotBox,
    opened: BallotOpened,
    ballots: Sequence[tuple[str, Filled]],
    *,
    is_closed: bool = False,
    chance: Chance = secrets.token_bytes,
) -> list[Entry[BallotCast]]:
    """Cast ballots that came at one moment: all of them, or none.

    Raises:
        As `cast`.
    """
    at = city.clock()
    see_that_open(opened, at=at, is_closed=is_closed)
    sealed: list[tuple[str, Sealed]] = []
    drafts: list[Draft[BallotCast]] = []
    for credential, filled in ballots:
        nullifier = _drawn_slip(box, opened, credential)
        text, salt = written(filled), chance(SALT_BYTES)
        commitment = seal(opened, nullifier, salt, text)
        sealed.append((commitment, Sealed(salt, text)))
        drafts.append(cast_ballot(opened, nullifier, commitment, at=at))
    box.put_cast(opened.ballot, sealed)
    try:
        return _use_up(city, opened, drafts)
    except (CredentialUsed, BallotOver):  # Of any other failure the record may have it.
        box.remove_cast(opened.ballot, [commitment for commitment, _ in sealed])
        raise


def exchange(
    city: City,
    box: BallotBox,
    name: str,
    credential: str,
    *,
    chance: Chance = secrets.token_bytes,
) -> str:
    """Void a credential that somebody else may have seen, before it is used; give another.

    Raises:
        BallotUnknown, BallotOver, CredentialUnreadable, NotInTheList, CredentialUsed: As they say.
        NoneLeft: If there is no spare one; the first then stays as it is.
    """
    ballot, is_closed = opened_as(city, name)
    opened, at = ballot.opened, city.clock()
    see_that_open(opened, at=at, is_closed=is_closed)
    nullifier = _drawn_slip(box, opened, credential)
    _see_unused(city, opened, nullifier)
    spare = box.draw_spare(opened.ballot, opened.electorate, chance(32).hex())
    _use_up(city, opened, [void_credential(opened, nullifier, why="exposed", at=at)])
    return spare


def hand_paper(
    city: City, box: BallotBox, name: str, who: AgentId, *, by: AgentId
) -> Entry[CredentialVoided]:
    """Hand somebody in the room a paper ballot in the place of a credential, which is voided.

    Raises:
        NotPermitted: If whoever hands it out may hold no ballot of that commons.
        BallotUnknown, BallotOver, NotOfTheElectorate, DrawnBefore, NoneLeft: As they say.
    """
    opened = opened_as(city, name)[0].opened
    see_that_may(city, by, "hold_ballot", About(sides=(opened.assembly,)))
    nullifier = slip_of(opened.ballot, draw(city, box, name, who))
    voided = void_credential(opened, nullifier, why="paper", at=city.clock())
    (entry,) = _use_up(city, opened, [voided])
    return entry


def count_papers_in(
    city: City, name: str, papers: tuple[PaperMarks, ...], *, by: AgentId
) -> Entry[PaperBallotsCounted]:
    """Record how somebody counted the paper ballots. See `count_papers`, which may refuse."""
    return _decided(city, by, lambda deed: count_papers(ballot_of(city, name), papers, deed=deed))


def close_in(city: City, name: str, *, by: AgentId) -> Entry[BallotClosed]:
    """Close a ballot whose time is over. See `close_ballot`, which may refuse."""
    return _decided(city, by, lambda deed: close_ballot(ballot_of(city, name), deed=deed))


def tally_in(city: City, box: BallotBox, name: str, *, by: AgentId) -> Entry[BallotTallied]:
    """Count a closed ballot and record what came of it. See `tally`, which may refuse."""

    def deciding(deed: Deed) -> Draft[BallotTallied]:
        ballot = ballot_of(city, name)
        contents, drawn = box.contents(ballot.opened.ballot), box.drawn(ballot.opened.ballot)
        return tally(ballot, contents, drawn=drawn, deed=deed)

    return _decided(city, by, deciding)


def _decided(city: City, by: AgentId, deciding: Callable[[Deed], Draft[B]]) -> Entry[B]:
    (entry,) = decide(city, by, lambda deed: [deciding(deed)], occurred_at=city.clock())
    return entry


def _drawn_slip(box: BallotBox, opened: BallotOpened, credential: str) -> str:
    slip = slip_of(opened.ballot, credential)
    if not box.is_out(opened.ballot, slip):
        raise NotInTheList(ballot=opened.ballot)
    return slip


def _see_unused(city: City, opened: BallotOpened, nullifier: str) -> None:
    used = city.journal.current([key_of(opened, nullifier)])
    for entry in used.values():
        is_voided = isinstance(entry.body, CredentialVoided)
        raise CredentialUsed(ballot=opened.ballot, seq=entry.seq, voided=is_voided)


def _use_up(city: City, opened: BallotOpened, drafts: Sequence[Draft[B]]) -> list[Entry[B]]:
    """Record that credentials are used, all or none; refused where one was, or it is too late."""
    entries: list[Entry[B]] = []
    for outcome in city.commit(drafts):
        if isinstance(outcome, Refused):
            raise outcome.refusal
        if not isinstance(outcome, Recorded):
            current = outcome.current
            is_voided = isinstance(current.body, CredentialVoided)
            raise CredentialUsed(ballot=opened.ballot, seq=current.seq, voided=is_voided)
        entries.append(outcome.entry)
    closed = city.journal.current([closed_key(opened.ballot)])
    if any(entry.seq < entries[-1].seq for entry in closed.values()):
        raise BallotOver(ballot=opened.ballot, closes_at=opened.closes_at)
    return entries
