"""`bioloom backup`, `restore` and `rebuild`: keeping a city safe."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape
from rich.progress import Progress

from bioloom.doors.cli.printing import DONE, WANTING, AsJson, err, out, print_json
from bioloom.doors.cli.proofs.files import read_text
from bioloom.doors.compose import now, rebuild_city
from bioloom.doors.keeping.backing_up import back_up
from bioloom.doors.keeping.restoring import restore as restore_city


def backup(
    folder: Path,
    file: Path,
    *,
    with_keys: Annotated[bool, Parameter(negative="")] = False,
    register: bool = True,
    verify: bool = True,
    as_json: AsJson = False,
) -> None:
    """Write the whole city to one new file, while others go on using it.

    Example: bioloom backup nyc /backups/nyc-2026-11-21.bioloom

    Parameters
    ----------
    folder
        The city's folder.
    file
        The backup; it must not be there yet, nor lie in the city's folder.
    with_keys
        Keep the city's private keys too. Whoever has them can sign as the city.
    register
        Keep people's names, texts and credentials too; without, nobody can sign in after a restore.
    verify
        Verify the whole record first. Without, only the copy is compared with what was read.
    as_json
        Print the answer as JSON.
    """
    with _telling() as told:
        made = back_up(
            folder,
            file,
            at=now(),
            with_register=register,
            with_keys=with_keys,
            verify=verify,
            told=told,
        )
    if made.manifest.with_keys:
        err().print(
            "[yellow]The city's private keys are in it:[/] keep it as you keep them, and apart "
            "from other backups.",
            soft_wrap=True,
        )
    if as_json:
        print_json(made)
        return
    head, console = made.manifest.head, out()
    console.print(
        f"{escape(made.file)} has {len(made.manifest.files)} files in {made.bytes:,} bytes, "
        f"up to entry {head.seq:,}, head {head.hash}",
        soft_wrap=True,
    )
    for path in made.manifest.left_out:
        console.print(f"  Not in it: {escape(path)}", soft_wrap=True)


def restore(
    file: Path,
    folder: Path,
    *,
    head: Annotated[list[Path] | None, Parameter(consume_multiple=True)] = None,
    journal: str | None = None,
    journal_owner: str | None = None,
    as_json: AsJson = False,
) -> int:
    """Make a city's folder of a backup, and verify it; exit with 1 if it lacks what others hold.

    Example: bioloom restore /backups/nyc-2026-11-21.bioloom nyc-restored

    Parameters
    ----------
    file
        A backup.
    folder
        Where the city goes: a folder that is empty, or not there.
    head
        Heads that somebody holds, as `bioloom head --out` wrote them. Where the record ends before
        one, it lacks entries that were given out.
    journal
        The address of a PostgreSQL database without a journal, into which the record goes; a file
        in the folder unless given.
    journal_owner
        The same database by the role that is to own the journal, if that is another; not kept.
    as_json
        Print the answer as JSON.
    """
    held = {f"'{path}'": read_text(path) for path in head or []}
    with _telling() as told:
        restored = restore_city(
            file, folder, held=held, journal=journal, journal_owner=journal_owner, told=told
        )
    code = WANTING if restored.differing else DONE
    if as_json:
        print_json(restored)
        return code
    manifest, console = restored.manifest, out()
    console.print(
        f"{escape(manifest.city)} is in {escape(restored.folder)} as it was on "
        f"{manifest.made_at}: {manifest.head.seq:,} entries, verified, head {manifest.head.hash}",
        soft_wrap=True,
    )
    for path in manifest.left_out:
        console.print(f"  Not in the backup: {escape(path)}", soft_wrap=True)
    for what in restored.differing:
        console.print(f"[bold red]{escape(what)}[/]", soft_wrap=True)
    return code


def rebuild(folder: Path, *, journal_owner: str | None = None, as_json: AsJson = False) -> None:
    """Make anew what follows from a record's entries: legs, balances, keys, names.

    For a journal in which `bioloom verify` finds such things amiss while its entries are sound, or
    which an older Bioloom wrote. The new journal is verified before it takes the old one's place;
    the old one is kept. Nobody else may have a file open; who reads a database may go on.

    Example: bioloom rebuild nyc

    Parameters
    ----------
    folder
        The city's folder.
    journal_owner
        The address of the city's database by the role that owns the journal, if that is another.
    as_json
        Print the answer as JSON.
    """
    with _telling() as told:
        done = rebuild_city(
            folder, journal_owner=journal_owner, told=lambda seq: told("Rebuilding", seq, 0)
        )
    if as_json:
        print_json(done)
        return
    out().print(
        f"Made anew from {done.entries:,} entries and verified, head {done.hash}. "
        f"Lots whose balances changed: {done.lots_mended}. The old one: {escape(done.kept)}",
        soft_wrap=True,
    )


@contextmanager
def _telling() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal, that says what is being done."""
    console = err()
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("", total=None)

        def told(what: str, done: int, in_all: int) -> None:
            bars.update(task, description=what, completed=done, total=in_all or None)

        yield told
