"""Standing alone: an event as a JSON document of its own, with all that its names stand for."""

from typing import Any

from bioloom.ledger.formats.epcis.reading import Event, Names
from bioloom.ledger.formats.epcis.terms import CONTEXTS, PREFIXES_2_0_0, PREFIXES_2_0_1
from bioloom.ledger.formats.linked.strict import write_json

_ADDRESSES = {prefixes["gs1"]: url for url, prefixes in reversed(CONTEXTS.items())}


def standing_alone(event: Event, ignored: frozenset[str] = frozenset()) -> bytes:
    """An event as JSON without its document: it reads alike, and has the same hash.

    Names of XML become names with a prefix, and prefixes that the event's document declares stand
    in a context of its own.

    Args:
        event: The event.
        ignored: Fields, written out, that a repository added, and that are left out.
    """
    prefixes = event.names.prefixes
    standard = PREFIXES_2_0_1 if prefixes.get("gs1") == PREFIXES_2_0_1["gs1"] else PREFIXES_2_0_0
    own = {name: url for name, url in prefixes.items() if standard.get(name) != url}
    naming = _Naming(Names(standard | own), own)
    body = {
        key: naming.named(value)
        for key, value in event.body.items()
        if key != "@context" and event.names.key(key) not in ignored
    }
    told = {naming.key(key): value for key, value in body.items()}
    address = _ADDRESSES[standard["gs1"]]
    return write_json({"@context": [address, naming.own] if naming.own else [address]} | told)


class _Naming:
    """Names of XML on their way to names with a prefix."""

    def __init__(self, names: Names, own: dict[str, str]) -> None:
        self.own = own
        self._of_url = {url: prefix for prefix, url in names.prefixes.items()}

    def named(self, value: Any) -> Any:  # noqa: ANN401  JSON has no narrower type.
        """A value with all keys inside of it named."""
        if isinstance(value, dict):
            return {self.key(key): self.named(child) for key, child in value.items()}
        if isinstance(value, list):
            return [self.named(one) for one in value]
        return value

    def key(self, key: str) -> str:
        """A key with a prefix, where it is a name of XML."""
        if not key.startswith("{"):
            return key
        url, _, local = key[1:].rpartition("}")
        if url not in self._of_url:
            prefix = next(f"n{number}" for number in range(1000) if f"n{number}" not in self.own)
            self.own[prefix] = url
            self._of_url[url] = prefix
        return f"{self._of_url[url]}:{local}"
