"""Composing a city: which stores and settings stand behind a folder. Decided here and only here."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from bioloom.doors.stores.databases import (
    make_in_database,
    open_in_database,
    rebuild_in_database,
)
from bioloom.doors.stores.folders import FolderUnusable, make_folder
from bioloom.doors.stores.settings import (
    IN_THE_FOLDER,
    Settings,
    Where,
    is_address,
    read_settings,
    write_settings,
    zone_named,
)
from bioloom.ledger.accounts.days import Days, DaysFold
from bioloom.ledger.codes.reading import codes_of
from bioloom.ledger.declaring import declare
from bioloom.ledger.inventory import offered_mg
from bioloom.ledger.people.people import people_of
from bioloom.ledger.record.committing import Committer
from bioloom.ledger.record.journal import Journal
from bioloom.ledger.record.outcomes import Outcome
from bioloom.ledger.record.rebuilding import Rebuilt, rebuild
from bioloom.ledger.snapshots.snapshotting import Snapshots
from bioloom.ledger.snapshots.totalling import TotalsFold
from bioloom.ledger.snapshots.totals import Totals
from bioloom.ledger.stores.alone import JournalOlder
from bioloom.ledger.stores.protocol import Store
from bioloom.ledger.stores.shelf import FolderShelf
from bioloom.ledger.stores.sqlite import SqliteStore
from bioloom.vocabulary.entries.envelope import Draft
from bioloom.vocabulary.entries.ledger import AgentDeclared, CityFounded
from bioloom.vocabulary.materials import MaterialId
from bioloom.vocabulary.periods import Instant, Period, day_of, epoch_ms, instant
from bioloom.vocabulary.places import DistrictId, SiteId
from bioloom.vocabulary.refusal import Refusal
from bioloom.vocabulary.stamps import Stamp

if TYPE_CHECKING:
    from bioloom.circuits.binding.reading import Bonds
    from bioloom.circuits.codes.trying import Trial
    from bioloom.circuits.explaining.questions.changing import Changes
    from bioloom.circuits.planning import Plan
    from bioloom.circuits.proposing import PlansKnown
    from bioloom.circuits.replanning.trying import Figures
    from bioloom.vocabulary.entries.circuits import Flow


class NothingToPlan(Refusal):
    """A plan was asked for, of a period in which nothing is recorded."""

    def __init__(self) -> None:
        super().__init__(
            what="No lots are recorded, so there is nothing to plan.",
            why="A plan says where recorded material goes.",
            remedy="Take records in first: `bioloom import DIR FILE...`.",
        )


@dataclass(frozen=True, slots=True)
class City:
    """A city's folder, opened: its settings and its journal."""

    folder: Path
    settings: Settings
    journal: Journal
    committer: Committer
    snapshots: Snapshots
    # While a story is played the time is where it stands.
    told_time: Callable[[], Instant] | None = None

    def totals(self) -> Totals:
        """Running totals as of the record's end, from a snapshot and what came after it."""
        return self.snapshots.state(TotalsFold(self.settings.zone))

    def days(self) -> Days:
        """Totals by day as of the record's end, from a snapshot and what came after it."""
        return self.snapshots.state(DaysFold(self.settings.zone))

    def commit(
        self, drafts: Sequence[Draft[Any]], *, whole: bool = True, correct: bool = False
    ) -> list[Outcome]:
        """Record what somebody decided, together with what others submit at this moment.

        Durable when it returns. See `Committer.submit`, whose answer a task can wait for.

        Raises:
            TooManyWaiting: If the disk does not keep up.
            StoreFailed: If the journal cannot be written.
        """
        return self.committer.commit(drafts, whole=whole, correct=correct)

    def plan(
        self,
        period: Period | None = None,
        *,
        without: Collection[SiteId] = (),
        backlog: bool = False,
        explain: bool = True,
        offered: dict[tuple[DistrictId, MaterialId], int] | None = None,
        changes: "Changes | None" = None,
        trial: "Trial | None" = None,
    ) -> "Plan":
        """Plan a period under its Codes; see `circuits.planning.plan`.

        The newest month with lots unless given; see `newest_days`.

        Raises:
            NothingToPlan, CodeUnknown, CodeAmiss, CodeNamesUnknown, PeriodCutByCode: As `figures`.
            SiteUnknown: If what is to be left out is not there.
            CodesConflict: If the Codes cannot be kept.
        """
        from bioloom.circuits.explaining.questions.changing import NO_CHANGES  # noqa: PLC0415
        from bioloom.circuits.planning import plan  # noqa: PLC0415  Solvers load when they serve.

        asked = self.figures(period, backlog=backlog, offered=offered, trial=trial)
        in_force = self.plans().in_force_for(asked.period)
        return plan(
            asked.declared,
            asked.offered_mg,
            asked.period,
            without=without,
            with_backlog=backlog,
            in_force=() if in_force is None else in_force.flows,
            under_way=self.gone(asked.period, asked.offered_mg, backlog=backlog),
            explain=explain,
            changes=changes or NO_CHANGES,
            codes=asked.codes,
            bound=asked.bonds.heaps,
        )

    def figures(
        self,
        period: Period | None = None,
        *,
        backlog: bool = False,
        offered: dict[tuple[DistrictId, MaterialId], int] | None = None,
        trial: "Trial | None" = None,
        on: date | None = None,
    ) -> "Figures":
        """What a plan of a period is made from: the city, what it offers, Codes and covenants.

        Whatever asks what would be starts here, so that it keeps what plans keep.

        Args:
            period: Its days; the newest month unless given, see `newest_days`.
            backlog: Whether what districts still hold from before is offered, too.
            offered: What is offered, if it is known already.
            trial: Codes to try, or to leave out.
            on: A day whose Codes count, in the place of those of the period.

        Raises:
            NothingToPlan: If no period is given and the record has no lots.
            CodeUnknown: If a Code to be left out is not there.
            CodeAmiss, CodeNamesUnknown: If a Code to try cannot be.
            PeriodCutByCode: If the Codes of the period are not one set.
        """
        from bioloom.circuits.codes.trying import NO_TRIAL, rulebook  # noqa: PLC0415
        from bioloom.circuits.replanning.trying import Figures  # noqa: PLC0415

        period = period or (self.newest_month() if on else self.newest_days())
        if period is None:
            raise NothingToPlan
        declared, days = self.journal.declared(), Period(first=on, last=on) if on else period
        return Figures(
            declared=declared,
            offered_mg=self.offered_mg(period, backlog=backlog) if offered is None else offered,
            period=period,
            with_backlog=backlog,
            codes=rulebook(self.journal, declared, days, trial or NO_TRIAL),
            bonds=self.bonds(period, backlog=backlog),
        )

    def gone(
        self,
        period: Period,
        offered_mg: Mapping[tuple[DistrictId, MaterialId], int],
        *,
        backlog: bool = False,
    ) -> "tuple[Flow, ...]":
        """What is gone of a period's plan in force; see `replanning.gathering.gone_of`."""
        from bioloom.circuits.replanning.gathering import gone_of  # noqa: PLC0415

        known, zone, journal = self.plans(), self.settings.zone, self.journal
        in_force = known.in_force_for(period)
        return gone_of(in_force, offered_mg, zone, known, journal, backlog=backlog)

    def bonds(self, period: Period, *, backlog: bool = False) -> "Bonds":
        """What covenants bind of what is offered; see `circuits.replanning.gathering.bonds_for`."""
        from bioloom.circuits.replanning.gathering import bonds_for  # noqa: PLC0415

        zone = self.settings.zone
        return bonds_for(self.journal, period, zone, self.plans(), backlog=backlog)

    def offered_mg(
        self, period: Period, *, backlog: bool = False
    ) -> dict[tuple[DistrictId, MaterialId], int]:
        """What each district offers of each material; see `ledger.inventory.offered_mg`.

        What counts of the backlog says `circuits.replanning.gathering.supply_for`.
        """
        zone = self.settings.zone
        if backlog:
            from bioloom.circuits.replanning.gathering import offered_for  # noqa: PLC0415

            return offered_for(self.journal, period, zone, self.plans(), backlog=True)
        known = self.totals().offered_mg(period, people_of(self.journal).is_private)
        return known or offered_mg(self.journal, period, zone)

    def plans(self) -> "PlansKnown":
        """The plans proposed and adopted so far."""
        from bioloom.circuits.proposing import PlansKnown  # noqa: PLC0415

        known = PlansKnown()
        for entry in self.journal.read(kinds=["PlanProposed", "PlanAdopted", "PlanOutdated"]):
            known.fold(entry)
        return known

    def clock(self) -> Instant:
        """When something happens that happens now: by the clock, or where the city's own stands.

        When it was recorded is always told by the clock.
        """
        if self.told_time is not None:
            return self.told_time()
        return self.settings.clock_stands_at or now()

    def today(self) -> date:
        """The day it is in the city, by its own clock and zone."""
        return day_of(epoch_ms(self.clock()), self.settings.zone)

    def newest_month(self) -> Period | None:
        """The newest calendar month in which lots happened."""
        return next(reversed(self.totals().months_mg()), None)

    def newest_days(self) -> Period | None:
        """The newest month with lots; where Codes change in it, as of the newest day with any."""
        arrived_mg = self.totals().arrived_mg
        return codes_of(self.journal).days_around(max(arrived_mg)) if arrived_mg else None

    def close(self) -> None:
        """Finish what was submitted, keep snapshots, and let go of the journal's file."""
        self.committer.close()
        self.snapshots.close()
        self.journal.store.close()

    def __enter__(self) -> "City":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_city(folder: str | Path) -> City:
    """Open a city's folder. See `bioloom.open`.

    Raises:
        CityMissing: If there is no city.
        CityUnreadable: If its settings cannot be read.
        TimezoneUnknown: If they name no timezone.
        JournalMissing: If they name a journal that is not there.
        NotAJournal: If that is something else, or damaged.
        JournalNewer: If a newer Bioloom wrote it. A file of an older is brought up to date first,
            and kept beside; `rebuild` says what may stand against that.
        JournalOlder: If it is a database that an older Bioloom made.
        StoreFailed: If the server of a database cannot be reached.
    """
    folder = Path(folder)
    settings = read_settings(folder)
    try:
        return _city(folder, settings)
    except JournalOlder:
        if is_address(settings.journal):
            raise  # That takes rights which whoever writes to a database need not have.
        rebuild(folder / settings.journal, mend=False)
        return _city(folder, settings)


def rebuild_city(
    folder: Path, *, journal_owner: str | None = None, told: Callable[[int], None]
) -> Rebuilt:
    """Make anew what follows from a record's entries; see `rebuild` and `rebuild_in_database`.

    Args:
        folder: The city's folder.
        journal_owner: A database's address by the role that owns the journal, if that is another.
        told: Called now and then with the number of entries done.
    """
    journal = read_settings(folder).journal
    if is_address(journal):
        return rebuild_in_database(journal, owner=journal_owner, told=told)
    done = rebuild(folder / journal, mend=True, told=told)
    assert done is not None, "a journal of any layout is mended"
    return done


def found_city(
    folder: Path,
    *,
    name: str | None = None,
    timezone: str = "UTC",
    languages: tuple[str, ...] = ("en",),
    stamp: Stamp = "reported",
    token: str,
    at: Instant | None = None,
    clock_stands_at: Instant | None = None,
    where: Where = IN_THE_FOLDER,
) -> City:
    """Make a new city in an empty or new folder, and open it.

    Args:
        folder: Where; its last part is the city's name unless one is given.
        name: What the city is called.
        timezone: A name from the tz database.
        languages: Languages of its pages, the first one first.
        stamp: What its figures stand on; "generated" marks a practice city on every page.
        token: A word by chance, which tells this record from every other.
        at: When; now, unless the city is made up.
        clock_stands_at: Where the clock of a made-up city stands.
        where: Where its journal is to be.

    Raises:
        CityThere: If there is a city already, or the folder has other things in it.
        TimezoneUnknown: If there is no such timezone.
        FolderUnusable: If nothing can be written there.
        JournalThere: If the database has a journal already.
        StoreFailed: If it cannot be reached, or the owner may not make one in it.
    """
    zone_named(timezone)
    settings = Settings(
        name=name or folder.resolve().name,
        timezone=timezone,
        languages=languages,
        clock_stands_at=clock_stands_at,
        journal=where.journal,
    )
    make_folder(folder)
    if is_address(where.journal):
        make_in_database(where.journal, owner=where.owner)
    try:
        write_settings(folder, settings)
    except OSError as unusable:
        raise FolderUnusable(folder=folder, found=str(unusable.strerror)) from unusable
    city = _city(folder, settings)
    city.journal.record(_founding(settings, stamp, token, at := at or now()), recorded_at=at)
    return city


def now() -> Instant:
    """The clock, as the record writes it."""
    return instant(datetime.now(UTC))


def open_store(folder: Path, journal: str) -> Store:
    """The store of a city's journal: a file in its folder, or a database.

    Raises:
        See `open_city`.
    """
    return open_in_database(journal) if is_address(journal) else SqliteStore(folder / journal)


def _city(folder: Path, settings: Settings) -> City:
    journal = Journal(open_store(folder, settings.journal))
    snapshots = Snapshots(journal, FolderShelf(folder / "snapshots"))
    return City(folder, settings, journal, Committer(journal, clock=now), snapshots)


def _founding(settings: Settings, stamp: Stamp, token: str, at: Instant) -> list[Draft[Any]]:
    city = CityFounded(
        name=settings.name, timezone=settings.timezone, steward=settings.steward, stamp=stamp
    )
    steward = AgentDeclared(agent=settings.steward, name="Steward")
    return [
        declare(city, key=f"city:{token}", author=settings.steward, at=at),
        declare(steward, key=f"agent:{settings.steward}", author=settings.steward, at=at),
    ]
