"""A town for every test."""

from pathlib import Path

import pytest

from tests.doors.proofs.town import Town


@pytest.fixture
def town(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Town:
    return Town(tmp_path / "verdiva", capsys)
