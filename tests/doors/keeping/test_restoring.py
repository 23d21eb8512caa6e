"""Restoring: only what is whole, into a place that is free; a hostile file does no harm."""

import json
import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bioloom.doors.cli.main import main
from bioloom.doors.compose import now, open_city
from bioloom.doors.keeping.backing_up import back_up
from bioloom.doors.keeping.manifest import BackupDamaged
from bioloom.doors.keeping.packed import RoomLacking
from bioloom.doors.keeping.restoring import restore
from bioloom.doors.stores.folders import CityThere, FolderUnusable
from bioloom.vocabulary.refusal import Refusal
from tests.doors.keeping.kept_city import a_city, a_load, take

Members = dict[str, bytes]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup as it should be."""
    folder = tmp_path_factory.mktemp("kept")
    back_up(a_city(folder / "city"), folder / "kept.bioloom", at=now())
    return folder / "kept.bioloom"


def members_of(file: Path) -> Members:
    with ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def forged(members: Members, **manifest: object) -> Members:
    """Members with a manifest that vouches for all of them, and says what else it should."""
    said: dict[str, Any] = json.loads(members["manifest.json"])
    said["files"] = [
        {"path": name, "bytes": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in members.items()
        if name != "manifest.json"
    ]
    return members | {"manifest.json": json.dumps(said | manifest).encode()}


def packed(file: Path, members: Members, *, how: int = ZIP_DEFLATED, mode: int = 0) -> Path:
    with ZipFile(file, "w") as archive:
        for name, content in members.items():
            member = ZipInfo(name)
            member.external_attr = mode << 16
            archive.writestr(member, content, how)
    return file


def check_refused(file: Path, tmp_path: Path, match: str) -> None:
    """A restore is refused, and leaves nothing behind."""
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BackupDamaged, match=match):
        restore(file, tmp_path / "again")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_forged_backup_that_is_in_order_is_restored(kept: Path, tmp_path: Path) -> None:
    file = packed(tmp_path / "file", forged(members_of(kept)))

    assert restore(file, tmp_path / "again").differing == []


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "a/../../evil", "./evil", "a//evil"])
def test_a_file_that_leads_out_of_the_folder_is_refused(
    kept: Path, tmp_path: Path, name: str
) -> None:
    file = packed(tmp_path / "file", forged(members_of(kept) | {name: b"evil"}))

    check_refused(file, tmp_path, "outside of a city's folder")


def test_links_devices_and_folders_are_refused(kept: Path, tmp_path: Path) -> None:
    for mode in (stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFDIR):
        file = packed(tmp_path / "file", forged(members_of(kept)), mode=mode | 0o777)

        check_refused(file, tmp_path, "no plain file")


def test_what_is_packed_otherwise_is_refused(kept: Path, tmp_path: Path) -> None:
    file = packed(tmp_path / "file", forged(members_of(kept)), how=ZIP_BZIP2)

    check_refused(file, tmp_path, "packed otherwise")


Spoiling = Callable[[Members], Members]
SPOILT: dict[str, Spoiling] = {
    "it has no manifest": lambda _: {"city.toml": b""},
    "not those of its manifest": lambda members: members | {"extra": b"more"},
    "'city.toml' has another size": lambda members: members | {"city.toml": b"name = 'other'"},
    "'city.toml' is not as it was kept": lambda members: (
        members | {"city.toml": bytes(reversed(members["city.toml"]))}
    ),
    "its record ends elsewhere": lambda members: forged(members, head={"seq": 1, "hash": "00"}),
    "its manifest says": lambda members: members | {"manifest.json": b"{"},
    "twice, or no journal": lambda members: forged(members, journal="other.db"),
    "names another journal": lambda members: forged(
        members
        | {"other.db": members["journal.db"], "city.toml": b'name = "x"\njournal = "other.db"'}
    ),
    "Object missing required field": lambda members: members | {"manifest.json": b"{}"},
    "Invalid enum value 2": lambda members: forged(members, version=2),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_backup_that_is_not_as_it_was_kept_is_refused(
    kept: Path, tmp_path: Path, what: str
) -> None:
    file = packed(tmp_path / "file", SPOILT[what](members_of(kept)))

    check_refused(file, tmp_path, what)


def test_a_member_twice_is_refused(kept: Path, tmp_path: Path) -> None:
    file = packed(tmp_path / "file", forged(members_of(kept)))
    with ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("city.toml", b"other")

    check_refused(file, tmp_path, "a member twice")


def test_a_bomb_is_refused_before_it_goes_off(kept: Path, tmp_path: Path) -> None:
    """A member that says it is larger than any disk, and one that is larger than it says."""
    members = forged(members_of(kept))
    said = json.loads(members["manifest.json"])
    huge = packed(tmp_path / "huge", members)
    size = next(file["bytes"] for file in said["files"] if file["path"] == "city.toml")
    text = huge.read_bytes()

    # The central directory's record of city.toml, whose size says 4 GiB less one.
    at = text.rindex(b"city.toml") - 22
    assert int.from_bytes(text[at : at + 4], "little") == size
    huge.write_bytes(text[:at] + b"\xfe\xff\xff\xff" + text[at + 4 :])
    check_refused(huge, tmp_path, "another size")

    zeros = forged(members_of(kept) | {"works/zeros": bytes(50_000_000)})
    said = json.loads(zeros["manifest.json"])
    said["files"][-1]["bytes"] = 2**62
    bomb = packed(tmp_path / "bomb", zeros | {"manifest.json": json.dumps(said).encode()})
    check_refused(bomb, tmp_path, "another size")


def test_a_city_larger_than_the_disk_is_refused(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        free = 10

    monkeypatch.setattr("bioloom.doors.keeping.packed.shutil.disk_usage", lambda _: Full)

    with pytest.raises(RoomLacking, match="room for 10"):
        restore(kept, tmp_path / "again")
    assert list(tmp_path.iterdir()) == []


@given(at=st.integers(0), value=st.integers(1, 255), cut=st.booleans())
@settings(max_examples=60)
def test_a_byte_changed_anywhere_or_a_file_cut_short_is_found_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, kept: Path, at: int, value: int, cut: bool
) -> None:
    folder = tmp_path_factory.mktemp("spoilt")
    text = bytearray(kept.read_bytes())
    at %= len(text)
    text[at] ^= value
    (folder / "file").write_bytes(text[:at] if cut else text)

    try:
        restored = restore(folder / "file", folder / "again")
    except Refusal:
        assert not (folder / "again").exists()
    else:
        # Some bytes say nothing, such as the hour at which a member was packed.
        assert restored.manifest.files
        assert restored.differing == []


def test_a_city_is_restored_only_where_there_is_none(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()

    restore(kept, tmp_path / "empty")

    for name in ("empty", "full", "full/file"):
        with pytest.raises(CityThere, match=r"is not empty|is a file"):
            restore(kept, tmp_path / name)
    with pytest.raises(FolderUnusable, match=r"Not a directory|File exists"):
        restore(kept, tmp_path / "full" / "file" / "city")
    with pytest.raises(BackupDamaged, match="No such file"):
        restore(tmp_path / "nothing", tmp_path / "again")
    with pytest.raises(BackupDamaged, match="not a zip file"):
        restore(tmp_path / "full" / "file", tmp_path / "again")


def test_a_record_behind_a_head_that_somebody_holds_is_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city, file, again = tmp_path / "city", tmp_path / "backup", tmp_path / "again"
    early, late = tmp_path / "early.head", tmp_path / "late.head"
    assert main(["init", str(city)]) == 0
    assert main(["head", str(city), "--out", str(early)]) == 0
    assert main(["backup", str(city), str(file)]) == 0
    with open_city(city) as opened:
        take(opened, [a_load("given out"), a_load("and another")])
    assert main(["head", str(city), "--out", str(late)]) == 0
    capsys.readouterr()

    assert main(["restore", str(file), str(again), "--head", str(early)]) == 0
    code = main(["restore", str(file), f"{again}-2", "--head", str(early), str(late)])

    assert code == 1
    told = capsys.readouterr().out
    assert "it does not go on from" in told
    assert "and the record is shorter" in told
    assert restore(file, tmp_path / "again-3", held={"it": "no head"}).differing
