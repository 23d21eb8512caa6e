"""Folders: where a city's files are to be, made where nothing is in the way."""

from pathlib import Path

from bioloom.doors.stores.settings import SETTINGS_FILE
from bioloom.vocabulary.refusal import Refusal


class CityThere(Refusal):
    """A city should be made where there is one already, or something else."""

    def __init__(self, *, folder: Path, found: str) -> None:
        self.folder, self.found = folder, found
        super().__init__(
            what=f"'{folder}' {found}.",
            why="A new city must not overwrite what is there.",
            remedy="Name another folder, or move that one away.",
        )


class FolderUnusable(Refusal):
    """A folder in which nothing can be written."""

    def __init__(self, *, folder: Path, found: str) -> None:
        self.folder, self.found = folder, found
        super().__init__(
            what=f"A city cannot be made in '{folder}': {found}.",
            why="Its settings and its journal are files there.",
            remedy="Name another folder, or ask for the right to write in this one.",
        )


def make_folder(folder: Path) -> None:
    """Make the folder of a new city, unless there is something in it.

    Raises:
        CityThere: If there is a city already, or the folder has other things in it.
        FolderUnusable: If it cannot be made.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise CityThere(folder=folder, found="is a file")
        if (folder / SETTINGS_FILE).exists():
            raise CityThere(folder=folder, found="has a city already")
        if folder.exists() and any(folder.iterdir()):
            raise CityThere(folder=folder, found="is not empty")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as unusable:
        raise FolderUnusable(folder=folder, found=str(unusable.strerror)) from unusable
