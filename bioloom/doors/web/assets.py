"""Assets: styles, scripts and the icon, under an address that changes whenever one of them does."""

import gzip
import hashlib
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable

import msgspec

TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_ENCODINGS = {"br": ".br", "gzip": ".gz"}


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """One file, as it is and compressed."""

    media_type: str
    # By the name of the encoding; "" is the file as it is.
    variants: dict[str, bytes]

    def encoded_for(self, accepted: str) -> tuple[str, bytes]:
        """The smallest variant among the encodings that a browser accepts.

        Example:
            >>> Asset(media_type="text/css", variants={"": b"aaaa", "br": b"a"}).encoded_for("br")
            ('br', b'a')
        """
        names = {part.split(";")[0].strip() for part in accepted.split(",")}
        usable = [name for name in self.variants if name == "" or name in names]
        best = min(usable, key=lambda name: len(self.variants[name]))
        return best, self.variants[best]


class Assets:
    """All assets in memory; the islands among them where the web build has made them."""

    def __init__(self, files: Mapping[str, Asset]) -> None:
        self.files = dict(files)
        digest = hashlib.sha256()
        for path, asset in sorted(self.files.items()):
            digest.update(path.encode() + b"\0" + asset.variants[""] + b"\0")
        # One version for all: an island finds its worker and its styles beside itself.
        self.version = digest.hexdigest()[:12]

    def url(self, path: str) -> str:
        """The address of an asset, which may be kept for ever."""
        assert path in self.files, f"no asset {path}"
        return f"/static/{self.version}/{path}"

    def has(self, path: str) -> bool:
        """Whether there is such an asset; islands may not be built."""
        return path in self.files


def load_assets() -> Assets:
    """Read the assets that came with the package."""
    folder = resources.files("bioloom.doors.web").joinpath("static")
    files = {path: file for path, file in _walk(folder) if path.rsplit(".", 1)[-1] in TYPES}
    return Assets({path: _asset(path, file) for path, file in files.items()})


def _walk(folder: Traversable, path: str = "") -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for file in folder.iterdir():
        name = f"{path}{file.name}"
        found += _walk(file, f"{name}/") if file.is_dir() else [(name, file)]
    return found


def _asset(path: str, file: Traversable) -> Asset:
    variants = {"": file.read_bytes()}
    with resources.as_file(file) as place:
        for encoding, suffix in _ENCODINGS.items():
            beside = place.with_name(place.name + suffix)
            if beside.is_file():
                variants[encoding] = beside.read_bytes()
    # What nobody compressed beforehand is small.
    variants.setdefault("gzip", gzip.compress(variants[""], mtime=0))
    return Asset(media_type=TYPES[path.rsplit(".", 1)[-1]], variants=variants)
