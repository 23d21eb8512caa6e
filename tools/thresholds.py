"""Measure the project against its own thresholds: `python tools/thresholds.py`.

Prints a row for each place that breaks one and ends with 1 if there is any. A place may stay only
where a decision record argues for it, in a line like this one under `docs/decisions/`:

    - Exception: long function: `bioloom/ledger/judging.py judge`: one table is read in one piece.
"""

import argparse
import ast
import io
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PACKAGE = "bioloom"
CODE = (PACKAGE, "tests", "tools", "benchmarks")
SKIPPED_FOLDERS = {"__pycache__", "node_modules", "static"}

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
MOST_FILES_IN_A_ROOM = 10
LARGEST_BUILTIN_SHARE = 0.10
SHORTEST_COPY = 6

VAGUE_NAMES = {"utils", "common", "core", "helpers", "manager"}
BROAD_ERRORS = {"Exception", "BaseException"}
BUILTIN_ERRORS = BROAD_ERRORS | {
    *("ArithmeticError", "AssertionError", "AttributeError", "IndexError", "KeyError"),
    *("LookupError", "NotImplementedError", "OSError", "RuntimeError", "TypeError", "ValueError"),
}
SIGNS_OF_A_CHECK = ("assert", "raises", "expect(", "check", "verify", "law")

ARGUED = re.compile(r"^- Exception: (?P<threshold>[^:]+): `(?P<place>[^`]+)`: \S", re.MULTILINE)

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = ast.ClassDef | Function


@dataclass(frozen=True, order=True, slots=True)
class Row:
    """One place that breaks one threshold.

    The place is a file and, where there is one, a name in it. The line is only for the reader:
    lines move, so exceptions name places.
    """

    threshold: str
    place: str
    line: int = 0
    detail: str = ""

    def __str__(self) -> str:
        where = f"{self.place} (line {self.line})" if self.line else self.place
        return f"{self.threshold}: {where} {self.detail}".rstrip()


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file, read and parsed; its path is relative to the repository."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def module(self) -> str:
        """The dotted name by which the file is imported."""
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def main() -> None:
    """Print what breaks a threshold; end with 1 if anything does."""
    parser = argparse.ArgumentParser(description="Measure a repository against its thresholds.")
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).parent.parent)
    root = parser.parse_args().root
    exceptions = argued(root)
    rows = verdict(list(measure(sources(root))), exceptions)
    for row in rows:
        print(row)
    print(f"{len(rows)} places break a threshold; {len(exceptions)} exceptions are argued.")
    sys.exit(1 if rows else 0)


def sources(root: Path) -> list[Source]:
    """All Python files of the project below a repository's root, in the order of their paths."""
    found = []
    for path in sorted(path for folder in CODE for path in (root / folder).rglob("*.py")):
        relative = path.relative_to(root)
        if not SKIPPED_FOLDERS.intersection(relative.parts):
            text = path.read_text(encoding="utf-8")
            found.append(Source(relative, text, ast.parse(text, str(relative))))
    return found


def argued(root: Path) -> set[tuple[str, str]]:
    """The exceptions (threshold, place) that decision records argue for."""
    return {
        (match["threshold"], match["place"])
        for record in sorted((root / "docs" / "decisions").glob("*.md"))
        for match in ARGUED.finditer(record.read_text(encoding="utf-8"))
    }


def verdict(rows: list[Row], exceptions: set[tuple[str, str]]) -> list[Row]:
    """The rows nobody argues for, and the exceptions that no row needs any more."""
    needed = {(row.threshold, row.place) for row in rows}
    kept = [row for row in rows if (row.threshold, row.place) not in exceptions]
    stale = [Row("exception not needed", f"{place}: {what}") for what, place in exceptions - needed]
    return sorted(kept + stale)


def measure(project: list[Source]) -> Iterator[Row]:
    """Every place of the project that breaks a threshold."""
    package = [source for source in project if source.path.parts[0] == PACKAGE]
    for source in project:
        yield from sizes_and_names(source)
        yield from unmatched_raises(source)
        yield from type_ignores(source)
        yield from checkless_tests(source)
    for source in package:
        yield from undocumented(source)
        yield from unannotated(source)
        yield from broad_excepts(source)
        yield from stubs(source)
    yield from builtin_raises(package)
    yield from crowded_rooms(package)
    yield from import_cycles(package)
    yield from copies(package)


def sizes_and_names(source: Source) -> Iterator[Row]:
    """Files and functions that are too long, and file names that say nothing."""
    place = str(source.path)
    lines = source.text.count("\n")
    if lines > LONGEST_FILE:
        yield Row("long file", place, detail=f"{lines} lines")
    if source.path.stem in VAGUE_NAMES or VAGUE_NAMES.intersection(source.path.parts[:-1]):
        yield Row("vague name", place)
    for node, _ in functions(source):
        length = code_lines(node)
        if length > LONGEST_FUNCTION:
            yield Row("long function", f"{place} {node.name}", node.lineno, f"{length} lines")


def code_lines(node: Function) -> int:
    """Lines of a function, its docstring left out."""
    assert node.end_lineno is not None
    lines = node.end_lineno - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is not None:
        assert first.end_lineno is not None
        lines -= first.end_lineno - first.lineno + 1
    return lines


def undocumented(source: Source) -> Iterator[Row]:
    """Files that hold anything, and public names, without a docstring."""
    if source.tree.body and ast.get_docstring(source.tree) is None:
        yield Row("no docstring", str(source.path))
    for node, enclosing in nodes(source.tree):
        if isinstance(node, Scope) and is_public(node, enclosing) and not ast.get_docstring(node):
            yield Row("no docstring", f"{source.path} {node.name}", node.lineno)


def is_public(node: Scope, enclosing: tuple[Scope, ...]) -> bool:
    """Whether a name is there for others: no leading underscore, not inside a function."""
    return not node.name.startswith("_") and not any(isinstance(e, Function) for e in enclosing)


def unannotated(source: Source) -> Iterator[Row]:
    """Functions with an argument or a result that has no type."""
    for node, _ in functions(source):
        arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
        bare = [a for a in arguments if a.annotation is None and a.arg not in ("self", "cls")]
        if bare or node.returns is None:
            yield Row("no types", f"{source.path} {node.name}", node.lineno)


def broad_excepts(source: Source) -> Iterator[Row]:
    """Handlers outside doors that catch everything."""
    if source.path.parts[1:2] == ("doors",):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            if any(kind is None or ast.unparse(kind) in BROAD_ERRORS for kind in caught):
                yield Row("broad except", str(source.path), node.lineno)


def stubs(source: Source) -> Iterator[Row]:
    """Functions that do nothing, those apart that only declare a shape."""
    for node, enclosing in functions(source):
        bases = [
            base for scope in enclosing if isinstance(scope, ast.ClassDef) for base in scope.bases
        ]
        shape = " ".join(ast.unparse(part) for part in [*bases, *node.decorator_list])
        declares = any(word in shape for word in ("Protocol", "abstract", "overload"))
        if not declares and all(does_nothing(statement) for statement in node.body):
            yield Row("stub", f"{source.path} {node.name}", node.lineno)


def does_nothing(statement: ast.stmt) -> bool:
    """Whether a statement is a docstring, `...`, `pass` or `raise NotImplementedError`."""
    if isinstance(statement, ast.Raise):
        return raised(statement) == "NotImplementedError"
    constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return constant or isinstance(statement, ast.Pass)


def raised(statement: ast.Raise) -> str:
    """The last part of the name of what is raised."""
    assert statement.exc is not None
    kind = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return ast.unparse(kind).rsplit(".", maxsplit=1)[-1]


def builtin_raises(package: list[Source]) -> Iterator[Row]:
    """Every raise of a builtin exception, if they are too many among all raises."""
    raises = [
        Row("builtin raise", str(source.path), node.lineno, raised(node))
        for source in package
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Raise) and node.exc is not None
    ]
    builtin = [row for row in raises if row.detail in BUILTIN_ERRORS]
    if len(builtin) > LARGEST_BUILTIN_SHARE * len(raises):
        yield from builtin


def unmatched_raises(source: Source) -> Iterator[Row]:
    """Each `pytest.raises` that does not say what it matches."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("pytest.raises", "raises"):
            matches = any(keyword.arg == "match" for keyword in node.keywords)
            if not matches:
                yield Row("raises without match", str(source.path), node.lineno)


def checkless_tests(source: Source) -> Iterator[Row]:
    """Tests that cannot fail, as they check nothing."""
    if not source.path.name.startswith("test_"):
        return
    for node, _ in functions(source):
        if node.name.startswith("test"):
            text = ast.unparse(node)
            if not any(sign in text for sign in SIGNS_OF_A_CHECK):
                yield Row("test without a check", f"{source.path} {node.name}", node.lineno)


def type_ignores(source: Source) -> Iterator[Row]:
    """Each comment that tells the type checker to look away."""
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT and re.match(r"#\s*type:\s*ignore", token.string):
            yield Row("type: ignore", str(source.path), token.start[0])


def crowded_rooms(package: list[Source]) -> Iterator[Row]:
    """Rooms that hold too many files; the folders in a room are counted apart."""
    depth_of_a_room_file = 3
    rooms = Counter(
        source.path.parent for source in package if len(source.path.parts) == depth_of_a_room_file
    )
    for room, files in rooms.items():
        if files > MOST_FILES_IN_A_ROOM:
            yield Row("crowded room", str(room), detail=f"{files} files")


def import_cycles(package: list[Source]) -> Iterator[Row]:
    """The first cycle among the modules of the package, if there is one."""
    modules = {source.module for source in package}
    graph = {source.module: sorted(imports(source, modules)) for source in package}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        importers: list[str] = error.args[1]  # Each is imported by the next; the last is the first.
        yield Row("import cycle", " imports ".join(reversed(importers)))


def imports(source: Source, modules: set[str]) -> set[str]:
    """The modules of the package that a file imports, anywhere in it and for any use."""
    named: set[str] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            named.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(node, source)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                named.add(inner if inner in modules else base)
    return (named & modules) - {source.module}


def absolute(node: ast.ImportFrom, source: Source) -> str:
    """The full name of the module that a `from` import names."""
    if node.level == 0:
        return node.module or ""
    parts = list(source.path.with_suffix("").parts)
    return ".".join([*parts[: -node.level], *([node.module] if node.module else [])])


def copies(package: list[Source]) -> Iterator[Row]:
    """Each run of lines that stands in two places, named by where it begins again."""
    seen: dict[tuple[str, ...], str] = {}
    for source in package:
        lines = telling_lines(source)
        in_copy = False
        for start in range(len(lines) - SHORTEST_COPY + 1):
            window = lines[start : start + SHORTEST_COPY]
            number = window[0][0]
            place = f"{source.path} (line {number})"
            first = seen.setdefault(tuple(text for _, text in window), place)
            if first != place and not in_copy:
                yield Row("copied lines", str(source.path), number, f"stand in {first} too")
            in_copy = first != place


def telling_lines(source: Source) -> list[tuple[int, str]]:
    """The numbered lines of a file that do something.

    Imports, docstrings, comments, lone brackets and declared fields may well stand twice.
    """
    silent = {
        number
        for node in ast.walk(source.tree)
        if isinstance(node, ast.stmt) and is_silent(node)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    numbered = enumerate((line.strip() for line in source.text.splitlines()), start=1)
    return [
        (number, line)
        for number, line in numbered
        if number not in silent and re.search(r"\w", line) and not line.startswith("#")
    ]


def is_silent(statement: ast.stmt) -> bool:
    """Whether a statement only imports, explains or declares."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.AnnAssign):
        return statement.value is None
    return isinstance(statement, ast.Import | ast.ImportFrom)


def functions(source: Source) -> Iterator[tuple[Function, tuple[Scope, ...]]]:
    """Every function of a file with the scopes around it."""
    for node, enclosing in nodes(source.tree):
        if isinstance(node, Function):
            yield node, enclosing


def nodes(
    parent: ast.AST, enclosing: tuple[Scope, ...] = ()
) -> Iterator[tuple[ast.AST, tuple[Scope, ...]]]:
    """Every node below another with the classes and functions around it, outermost first."""
    for child in ast.iter_child_nodes(parent):
        yield child, enclosing
        yield from nodes(child, (*enclosing, child) if isinstance(child, Scope) else enclosing)


if __name__ == "__main__":
    main()
