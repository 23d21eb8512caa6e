"""Opening files and choosing their mappings: the one named, or the one whose columns they have."""

from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from bioloom.ledger.formats.mapping import Mapping, read_mapping
from bioloom.ledger.formats.reading import FileFormat, columns_in, format_of, is_for
from bioloom.vocabulary.refusal import Refusal

# The names after --as that are no mapping of a table's columns.
DOCUMENT_FORMATS = ("epcis", "valueflows", "emanifest", "defra", "pack")
# What stands near the beginning of documents of a format, and of no map.
_MARKS = {
    "epcis": b"EPCIS",
    "valueflows": b"valueflo",
    "emanifest": b"manifestTrackingNumber",
    "defra": b"apiCode",
}
_TELLING_BYTES = 4096


class MappingUnknown(Refusal):
    """A name that no mapping has."""

    def __init__(self, *, name: str, known: list[str]) -> None:
        self.name, self.known = name, tuple(known)
        super().__init__(
            what=f"There is no mapping named '{name}'.",
            why="A mapping says what a file's columns mean.",
            remedy=f"Known are {', '.join(known)}, and for documents "
            f"{', '.join(DOCUMENT_FORMATS)}; or give a file with --map.",
        )


class NoMappingMatches(Refusal):
    """A file that no known mapping recognises."""

    def __init__(self, *, name: str, columns: tuple[str, ...]) -> None:
        self.name, self.columns = name, columns
        listed = ", ".join(f"'{column}'" for column in columns[:40]) or "nothing readable"
        super().__init__(
            what=f"No mapping knows the file '{name}'.",
            why=f"Its columns are {listed}.",
            remedy="Give a mapping with --map; --draft-map prints one to start from.",
        )


class MappingsCompete(Refusal):
    """A file that two mappings recognise equally well."""

    def __init__(self, *, name: str, mappings: list[str]) -> None:
        self.name, self.mappings = name, tuple(mappings)
        super().__init__(
            what=f"The mappings {' and '.join(mappings)} both know the file '{name}'.",
            why="They may read its figures differently.",
            remedy="Choose one with --as.",
        )


class DocumentUnnamed(Refusal):
    """A file that is no table or map, but a document of another system."""

    def __init__(self, *, name: str, form: str) -> None:
        self.name, self.form = name, form
        super().__init__(
            what=f"'{name}' looks like a document of the format {form}.",
            why="What a document says is recorded only by the rules of the format one names.",
            remedy=f"If it is one, take it in with --as {form}.",
        )


class FileMissing(Refusal):
    """A path at which there is no file to read."""

    def __init__(self, *, path: Path, fault: str) -> None:
        self.path, self.fault = path, fault
        super().__init__(
            what=f"'{path}' cannot be read: {fault}.",
            why="Only files on this machine are taken in.",
            remedy="Correct the path.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMapping:
    """A mapping with its name and the SHA-256 of its text."""

    name: str
    mapping: Mapping
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A file, open, with the mapping that reads it."""

    path: Path
    stream: BufferedReader
    format: FileFormat
    known: KnownMapping

    @property
    def name(self) -> str:
        """The file's name as the record may hold it."""
        # A name may hold bytes that are no text; the record holds text only.
        return "".join(sign if sign.isprintable() else "_" for sign in self.path.name)


def open_file(path: Path, opened: ExitStack) -> BufferedReader:
    """Open a file of records for reading.

    Raises:
        FileMissing: If there is none, or it is a folder or device, or may not be read.
    """
    if not path.is_file():
        fault = "it is no file" if path.exists() else "there is no such file"
        raise FileMissing(path=path, fault=fault)
    try:
        return opened.enter_context(path.open("rb"))
    except OSError as fault:
        raise FileMissing(path=path, fault=fault.strerror or str(fault)) from fault


def choose(
    path: Path, known: list[KnownMapping], *, as_: str | None, map_: Path | None, opened: ExitStack
) -> Chosen:
    """Open a file and find the mapping that reads it.

    Args:
        path: The file.
        known: The mappings to choose from.
        as_: The name of the one to use, if somebody says so.
        map_: The file of the one to use, if somebody says so; it goes before `as_`.
        opened: Closes what is opened here.

    Raises:
        FileMissing: If there is no such file.
        DocumentUnnamed: If it looks like a document, and nobody said so.
        Refusal: If no mapping can be chosen.
    """
    stream = open_file(path, opened)
    if map_ is None and as_ is None:
        _see_that_no_document(stream, path.name)
    format_ = format_of(path.name)
    if map_ is not None:
        open_file(map_, opened)
        mapping = mapping_file(map_)
    elif as_ is not None:
        mapping = mapping_named(as_, known)
    else:
        mapping = mapping_that_matches(stream, path.name, format_, known)
    return Chosen(path=path, stream=stream, format=format_, known=mapping)


def mapping_file(path: Path) -> KnownMapping:
    """Read a mapping from a file.

    Raises:
        MappingUnreadable: If it cannot be followed.
    """
    return _known(path.stem, path.read_bytes())


def known_mappings(folder: Path) -> list[KnownMapping]:
    """The mappings in a city's own folder, then those that come with Bioloom.

    A city's own mapping takes the place of a shipped one of the same name.

    Raises:
        MappingUnreadable: If one of the city's own cannot be followed.
    """
    shipped = resources.files("bioloom.ledger.formats") / "mappings"
    texts = {
        file.name.removesuffix(".toml"): file.read_bytes()
        for file in shipped.iterdir()
        if file.name.endswith(".toml")
    }
    own = {file.stem: file.read_bytes() for file in (folder / "mappings").glob("*.toml")}
    return [_known(name, text) for name, text in sorted((texts | own).items())]


def mapping_named(name: str, known: list[KnownMapping]) -> KnownMapping:
    """The mapping of a name; dashes and underscores are alike.

    Raises:
        MappingUnknown: If there is none.
    """
    for one in known:
        if one.name.replace("-", "_") == name.replace("-", "_"):
            return one
    raise MappingUnknown(name=name, known=[one.name for one in known])


def mapping_that_matches(
    stream: BinaryIO, name: str, format_: FileFormat, known: list[KnownMapping]
) -> KnownMapping:
    """The mapping all of whose `[match]` columns a file has; of several, the one with the most.

    Raises:
        NoMappingMatches: If no mapping matches.
        MappingsCompete: If two match equally well.
        Refusal: If the file cannot be read in the way of any mapping.
    """
    seen: dict[object, tuple[str, ...] | Refusal] = {}
    matches: list[tuple[int, KnownMapping]] = []
    for one in known:
        wanted = one.mapping.match.columns
        if not wanted or not is_for(one.mapping, format_):
            continue
        if one.mapping.file not in seen:
            seen[one.mapping.file] = _columns(stream, format_, one.mapping)
        found = seen[one.mapping.file]
        if not isinstance(found, Refusal) and set(wanted) <= set(found):
            matches.append((len(wanted), one))
    if not matches:
        raise _no_match(name, list(seen.values()))
    most = max(count for count, _ in matches)
    best = [one for count, one in matches if count == most]
    if len(best) > 1:
        raise MappingsCompete(name=name, mappings=[one.name for one in best])
    return best[0]


def _see_that_no_document(stream: BinaryIO, name: str) -> None:
    """Whoever forgot --as is told which one to try: no more than a guess by the first bytes."""
    start = stream.read(_TELLING_BYTES).lstrip(b"\xef\xbb\xbf \r\n\t")
    stream.seek(0)
    if start[:1] in (b"{", b"<") or name.lower().endswith((".yaml", ".yml")):
        for form, mark in _MARKS.items():
            if mark in start:
                raise DocumentUnnamed(name=name, form=form)


def _columns(stream: BinaryIO, format_: FileFormat, mapping: Mapping) -> tuple[str, ...] | Refusal:
    stream.seek(0)
    try:
        return columns_in(stream, format_, mapping)
    except Refusal as refusal:  # Another mapping may say how it is to be read.
        return refusal


def _no_match(name: str, seen: list[tuple[str, ...] | Refusal]) -> Refusal:
    headers = [found for found in seen if not isinstance(found, Refusal)]
    refusals = [found for found in seen if isinstance(found, Refusal)]
    if refusals and not headers:
        return refusals[0].of_file(name)
    return NoMappingMatches(name=name, columns=max(headers, key=len, default=()))


def _known(name: str, text: bytes) -> KnownMapping:
    mapping = read_mapping(text, name=name)
    return KnownMapping(name=name, mapping=mapping, sha256=sha256(text).hexdigest())
