"""The runner of documents: it fails where a document does not do as it shows, and only there."""

from pathlib import Path

import pytest

from tests.house.documents import first_untruth

TRUE = """# Lots
```console
$ printf 'peelings 12\\npaper 4\\n' > lots
$ cat lots
peelings 12
...
$ sort -n \\
>   lots
paper 4
peelings 12
$ grep compost lots
[exit code 1]
```
```python
from pathlib import Path

masses = [int(line.split()[1]) for line in Path("lots").read_text().splitlines()]
```
```python
>>> sum(masses)
16
```
```sh
make run
```
"""


def untruth(text: str, folder: Path) -> str | None:
    document = folder / "document.md"
    document.write_text(text, encoding="utf-8")
    return first_untruth(document, folder=folder)


def test_a_true_document_passes(tmp_path: Path) -> None:
    assert untruth(TRUE, tmp_path) is None


@pytest.mark.parametrize(
    ("shown", "instead", "found"),
    [
        ("$ cat lots", "$ cat lost", "document.md:2: `cat lost` ended with 1"),
        ("paper 4\npeelings 12\n$ grep", "paper 5\npeelings 12\n$ grep", "printed:\npaper 4"),
        ("[exit code 1]", "[exit code 0]", "`grep compost lots` ended with 1"),
        ("16", "17", "Got:\n    16"),
    ],
)
def test_a_document_that_shows_something_else_is_found_out(
    tmp_path: Path, shown: str, instead: str, found: str
) -> None:
    told = untruth(TRUE.replace(shown, instead, 1), tmp_path)

    assert told is not None
    assert found in told


def test_an_exception_in_an_example_is_not_hidden(tmp_path: Path) -> None:
    with pytest.raises(NameError, match="masses"):
        untruth("```python\nmasses\n```\n", tmp_path)
