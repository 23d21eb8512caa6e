"""The documents are true: every command and every example in them does as shown."""

from pathlib import Path

import pytest

from tests.house.documents import first_untruth

REPOSITORY = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    path
    for pattern in ("README.md", "docs/*.md", "docs/how-to/*.md", "docs/stories/*.md")
    for path in sorted(REPOSITORY.glob(pattern))
]
RECORDS = "../shared/data"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_does_as_it_shows(
    document: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder = tmp_path / "bioloom"
    folder.mkdir()
    if RECORDS in document.read_text(encoding="utf-8"):
        (tmp_path / "shared").mkdir()
        (tmp_path / "shared" / "data").symlink_to(request.getfixturevalue("data"))

    assert first_untruth(document, folder=folder) is None
