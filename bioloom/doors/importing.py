"""Taking files in: choose their mappings, read them a row at a time, offer the journal batches.

All mappings are chosen before anything is recorded, so that a wrong name stops the whole. Districts
come before sites and tons, in whatever order the files are named. A row is taken in whole or
rejected whole, and a bad one never stops the good ones.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from bioloom.doors.compose import City, now
from bioloom.doors.findings import ImportReport
from bioloom.doors.mappings import choose, known_mappings
from bioloom.doors.register.deciding import see_that_may
from bioloom.doors.taking import Options, Progress, Taking
from bioloom.ledger.formats.reading import kind_of
from bioloom.ledger.formats.rows import Setting
from bioloom.vocabulary.agents import AgentId
from bioloom.vocabulary.periods import Instant

_FOR_GOOD = Options()
_ORDER = ("districts", "sites", "tons", "tickets", "vehicles")


def take_in(
    city: City,
    paths: Sequence[Path],
    options: Options = _FOR_GOOD,
    *,
    told: Callable[[Progress], None] = lambda _: None,
    author: AgentId | None = None,
    clock: Callable[[], Instant] = now,
) -> ImportReport:
    """Take files of records in.

    Args:
        city: An open city.
        paths: Files in any order.
        options: With which mapping, for show only, and whether to correct.
        told: Called after every batch, when what it recorded is durable.
        author: Who takes them in; the city's steward unless given.
        clock: When things are recorded.

    Returns:
        What came of every row.

    Raises:
        NotPermitted: If the author may not take files in.
        FileMissing: If a path is no readable file.
        Refusal: If a mapping cannot be chosen or a file not be read; if it breaks off in the
            middle, what was acknowledged stays, and taking in the whole file completes it.
    """
    author = author or city.settings.steward
    see_that_may(city, author, "import")
    with ExitStack() as opened:
        known = known_mappings(city.folder)
        chosen = [
            choose(path, known, as_=options.as_, map_=options.map_, opened=opened) for path in paths
        ]
        chosen.sort(key=lambda one: _ORDER.index(kind_of(one.known.mapping)))
        setting = Setting(
            declared=city.journal.declared(),
            author=author,
            zone=city.settings.zone,
            at=clock(),
        )
        files = [
            Taking(one, city, options, setting, told=told, clock=clock).run() for one in chosen
        ]
    head = city.journal.head()
    return ImportReport(
        dry_run=options.dry_run, files=tuple(files), head_seq=head.seq, head_hash=head.hash
    )
