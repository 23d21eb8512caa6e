"""Reading JSON and YAML strictly: what could be read in two ways, or fill the memory, is refused.

Numbers stay exact: whole ones are `int`, others `Decimal`. In YAML every scalar is text.
"""

import json
from decimal import Decimal
from typing import Any, NoReturn

import msgspec
import yaml
from yaml.nodes import MappingNode

from bioloom.vocabulary.refusal import Refusal

# A document is held in memory as a whole.
LARGEST_JSON_BYTES = 64 * 1024**2
LARGEST_YAML_BYTES = 4 * 1024**2
# Ours are recursive; nobody's figures are nested deeper than this.
DEEPEST = 60
LONGEST_NUMBER = 60

# What JSON and YAML can hold. Values have no narrower type before somebody looks at them.
Tree = dict[str, Any]


def words(text: str) -> tuple[str, ...]:
    """The words of a text: a long list of names, written as one.

    >>> words("ADD OBSERVE DELETE")
    ('ADD', 'OBSERVE', 'DELETE')
    """
    return tuple(text.split())


class DocumentUnreadable(Refusal):
    """A text that is no JSON or YAML, or that could be read in two ways."""

    def __init__(self, *, form: str, fault: str) -> None:
        self.form, self.fault = form, fault
        super().__init__(
            what=f"It cannot be read as {form}: {fault}.",
            why="A document that is only half understood would record what nobody said.",
            remedy="Correct it, or export it again as UTF-8.",
        )


class DocumentTooLarge(Refusal):
    """A document that would not fit in a modest memory."""

    def __init__(self, *, form: str, limit_bytes: int) -> None:
        self.form, self.limit_bytes = form, limit_bytes
        super().__init__(
            what=f"The {form} document is larger than {limit_bytes // 1024**2} MB.",
            why="It is read as a whole.",
            remedy="Split it into several documents.",
        )


def read_json(text: bytes) -> Tree:
    """Decode a JSON object.

    Raises:
        DocumentTooLarge: If it is larger than 64 MB.
        DocumentUnreadable: If it is no JSON object in UTF-8, names a key twice, is nested deeper
            than 60 levels, or holds NaN, Infinity or a number of more than 60 characters.

    Example:
        >>> read_json(b'{"value": 0.10}')
        {'value': Decimal('0.10')}
    """
    return _named(read_json_list(text), form="JSON")


def read_json_list(text: bytes) -> Tree | list[Any]:
    """Decode a JSON object or a JSON list, as strictly as `read_json`.

    Raises:
        DocumentTooLarge, DocumentUnreadable: As `read_json`; of a list too.

    Example:
        >>> read_json_list(b'[{"value": 1}]')
        [{'value': 1}]
    """
    if len(text) > LARGEST_JSON_BYTES:
        raise DocumentTooLarge(form="JSON", limit_bytes=LARGEST_JSON_BYTES)
    try:
        decoded = _DECODER.decode(text.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))
        if b"\\ud" in text.lower():
            # Half a pair, which an escape can spell, is no text; to encode it would fail later.
            json.dumps(decoded, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError) as fault:
        # Not the text itself: it may be long, and it may be anything.
        told = "it is nested too deeply" if isinstance(fault, RecursionError) else str(fault)[:200]
        raise DocumentUnreadable(form="JSON", fault=told) from fault
    return _judged(decoded, form="JSON")


def read_yaml(text: bytes) -> Tree:
    """Decode a YAML mapping; every scalar is the text that stands there, and nothing is empty text.

    Raises:
        DocumentTooLarge: If it is larger than 4 MB.
        DocumentUnreadable: If it is no YAML mapping in UTF-8, names a key twice, has tags or
            aliases, or is nested deeper than 60 levels.

    Example:
        >>> read_yaml(b"quantity: 0.10")
        {'quantity': '0.10'}
    """
    if len(text) > LARGEST_YAML_BYTES:
        raise DocumentTooLarge(form="YAML", limit_bytes=LARGEST_YAML_BYTES)
    try:
        decoded_text = text.decode("utf-8")
        _judge_yaml(decoded_text)
        decoded = yaml.load(decoded_text, Loader=_StrictLoader)  # noqa: S506  It makes texts only.
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        told = "it is nested too deeply" if isinstance(fault, RecursionError) else str(fault)[:300]
        raise DocumentUnreadable(form="YAML", fault=" ".join(told.split())) from fault
    return _named(_judged(decoded, form="YAML"), form="YAML")


def _named(decoded: Tree | list[Any], *, form: str) -> Tree:
    if not isinstance(decoded, dict):
        raise DocumentUnreadable(form=form, fault="it is no object with named values")
    return decoded


def _judged(decoded: object, *, form: str) -> Tree | list[Any]:
    if not isinstance(decoded, dict | list):
        raise DocumentUnreadable(form=form, fault="it is neither an object nor a list")
    level: list[object] = [decoded]
    for _ in range(DEEPEST):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return decoded
    raise DocumentUnreadable(form=form, fault=f"it is nested deeper than {DEEPEST} levels")


def _children(parent: object) -> list[object]:
    if isinstance(parent, dict):
        return list(parent.values())
    return parent if isinstance(parent, list) else []


def _once(pairs: list[tuple[str, Any]]) -> Tree:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _no_json(f"it names {twice[:60]!r} twice in one object")
    return made


def _no_constant(name: str) -> NoReturn:
    raise _no_json(f"{name} is not a number that JSON knows")


def _whole(text: str) -> int:
    return int(_short(text))


def _exact(text: str) -> Decimal:
    number = Decimal(_short(text))
    if abs(number.adjusted()) > LONGEST_NUMBER:
        raise _no_json(f"the number {text} is out of any range")
    return number


def _short(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        raise _no_json(f"a number has more than {LONGEST_NUMBER} characters")
    return text


def _no_json(fault: str) -> DocumentUnreadable:
    return DocumentUnreadable(form="JSON", fault=fault)


# Beyond this, JSON is written from decimals: the digits stay the same.
_LARGEST = 2**63
_EXACT = msgspec.json.Encoder(decimal_format="number")


def write_json(tree: Tree) -> bytes:
    """Encode what `read_json` decodes, every number with the value that it has.

    >>> write_json({"value": Decimal("0.10"), "large": 2**70})
    b'{"value":0.10,"large":1180591620717411303424}'
    """
    return _EXACT.encode(_writable(tree))


def _writable(value: Any) -> Any:  # noqa: ANN401  JSON has no narrower type.
    if isinstance(value, dict):
        return {key: _writable(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_writable(one) for one in value]
    is_large = isinstance(value, int) and abs(value) >= _LARGEST
    return Decimal(value) if is_large else value


_DECODER = json.JSONDecoder(
    object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_whole, parse_float=_exact
)


def _judge_yaml(text: str) -> None:
    """See that nothing in a YAML text makes something else, stands in two places, or is too deep.

    Before it is composed: what composes nests its calls as deeply as the text does.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        line = 0 if event.start_mark is None else event.start_mark.line
        if isinstance(event, yaml.AliasEvent):
            raise _no_yaml("an alias", line)
        if getattr(event, "tag", None) is not None:
            raise _no_yaml("a tag", line)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise _no_yaml(f"more than {DEEPEST} levels", line)


class _StrictLoader(yaml.CBaseLoader):
    """Texts, lists and mappings, whose keys stand there once."""

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping of a node.

        Raises:
            DocumentUnreadable: If a key stands there twice, or is no text.
        """
        made: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str) or key in made:
                fault = "a key again" if isinstance(key, str) else "a key that is no text"
                raise _no_yaml(fault, key_node.start_mark.line)
            made[key] = self.construct_object(value_node, deep=deep)
        return made


def _no_yaml(found: str, line: int) -> DocumentUnreadable:
    return DocumentUnreadable(form="YAML", fault=f"line {line + 1} has {found}")
