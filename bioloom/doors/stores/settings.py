"""Settings: what `city.toml` says of a city, and where its journal is."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import Instant
from bioloom.vocabulary.refusal import Refusal

SETTINGS_FILE = "city.toml"
JOURNAL_FILE = "journal.db"


class CityMissing(Refusal):
    """A folder in which there is no city."""

    def __init__(self, *, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            what=f"There is no city in '{folder}'.",
            why=f"A city's folder has a {SETTINGS_FILE}.",
            remedy=f"Make one with `bioloom init {folder}`, or name another folder.",
        )


class CityUnreadable(Refusal):
    """A city's settings cannot be read."""

    def __init__(self, *, folder: Path, found: str) -> None:
        self.folder, self.found = folder, found
        super().__init__(
            what=f"The settings of '{folder}' cannot be read: {found}.",
            why="Guessing a timezone or a steward would falsify the record.",
            remedy=f"Correct {folder / SETTINGS_FILE}.",
        )


class JournalMissing(Refusal):
    """A city's folder without its journal."""

    def __init__(self, *, folder: Path, journal: str) -> None:
        self.folder, self.journal = folder, journal
        super().__init__(
            what=f"'{folder}' has a city's settings, but its journal '{journal}' is not there.",
            why="An empty journal in its place would pass for a city without a past.",
            remedy="Restore it from a backup, or make a new city in another folder.",
        )


class TimezoneUnknown(Refusal):
    """A name that is no timezone."""

    def __init__(self, *, timezone: str) -> None:
        self.timezone = timezone
        super().__init__(
            what=f"'{timezone}' is not a timezone.",
            why="Days and months of the record are those of the city's own clock.",
            remedy="Use a name from the tz database, such as 'America/New_York'.",
        )


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `city.toml` says."""

    name: str
    timezone: str = "UTC"
    languages: tuple[str, ...] = ("en",)
    steward: AgentId = AgentId("steward")
    # A file in the folder, or the address of a PostgreSQL database.
    journal: str = JOURNAL_FILE
    # A made-up city's year is over; its clock stands where the story ends, and goes nowhere else.
    clock_stands_at: Instant | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The city's timezone."""
        return zone_named(self.timezone)


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """Where a journal is to be made: a file in the folder, or a database by its address."""

    journal: str = JOURNAL_FILE
    # The same database by the role that is to own the journal, if that is another; not kept.
    owner: str | None = None


IN_THE_FOLDER = Where()


def read_settings(folder: Path) -> Settings:
    """What a city's folder says of it, without opening its journal.

    Raises:
        CityMissing, CityUnreadable, TimezoneUnknown, JournalMissing: See `open_city`.
    """
    file = folder / SETTINGS_FILE
    try:
        settings = msgspec.toml.decode(file.read_bytes(), type=Settings)
    except (FileNotFoundError, NotADirectoryError) as missing:
        raise CityMissing(folder=folder) from missing
    except (msgspec.DecodeError, UnicodeDecodeError, OSError) as unreadable:
        raise CityUnreadable(folder=folder, found=str(unreadable)) from unreadable
    zone_named(settings.timezone)
    if not is_address(settings.journal) and not (folder / settings.journal).exists():
        raise JournalMissing(folder=folder, journal=settings.journal)
    return settings


def write_settings(folder: Path, settings: Settings) -> None:
    """Write a city's settings into its folder.

    Raises:
        OSError: If nothing can be written there.
    """
    # Texts and lists are written alike in JSON and TOML, which has no word for nothing.
    fields = msgspec.to_builtins(settings).items()
    stated = [(name, msgspec.json.encode(value)) for name, value in fields if value is not None]
    text = "".join(f"{name} = {value.decode()}\n" for name, value in stated)
    file = folder / SETTINGS_FILE
    file.write_text(text, encoding="utf-8")
    if is_address(settings.journal):
        file.chmod(0o600)  # A password may be in it.


def is_address(journal: str) -> bool:
    """Whether a journal is told by the address of a database, and not by a file's name.

    >>> is_address("postgresql://db.example.org/nyc"), is_address("journal.db")
    (True, False)
    """
    return journal.startswith(("postgresql://", "postgres://"))


def zone_named(timezone: str) -> ZoneInfo:
    """The timezone of a name.

    Raises:
        TimezoneUnknown: If there is none.
    """
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise TimezoneUnknown(timezone=timezone) from unknown
