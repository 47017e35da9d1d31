from __future__ import annotations

import json
import multiprocessing
import os
from pathlib import Path
from typing import Any

import pytest

from locator import files
from locator.errors import ReleaseError, UnknownRelease
from locator.files import locked, write_atomically
from locator.release.publish import (
    Pointer,
    Release,
    newest,
    open_release,
    publish,
    read_pointer,
    release_before,
    release_hash,
    releases,
    rollback,
    verify,
)


def make_release(var: Path, text: str, as_of: str = "2026-11-01", slug: str = "town") -> str:
    """A release with a single file, as a builder would leave it."""
    import hashlib

    manifest: dict[str, Any] = {
        "schema": 1,
        "county": {"slug": slug},
        "as_of": as_of,
        "counts": {"published": 3},
        "files": [
            {
                "path": "public/a.json",
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
                "bytes": len(text),
            }
        ],
    }
    manifest["release"] = release_hash(manifest)
    folder = var / "releases" / slug / manifest["release"]
    (folder / "public").mkdir(parents=True)
    (folder / "public" / "a.json").write_text(text)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1))
    return str(manifest["release"])


def test_publishing_moves_the_pointer_and_nothing_else(tmp_path: Path) -> None:
    one, two = make_release(tmp_path, "[1]"), make_release(tmp_path, "[2]")
    assert read_pointer(tmp_path, "town") == Pointer()
    publish(tmp_path, "town", one)
    assert open_release(tmp_path, "town").json("public/a.json") == [1]
    publish(tmp_path, "town", two)
    assert open_release(tmp_path, "town").json("public/a.json") == [2]
    assert read_pointer(tmp_path, "town") == Pointer(two, (one, two))
    assert open_release(tmp_path, "town", one).json("public/a.json") == [1]


def test_publishing_again_what_is_published_adds_no_history(tmp_path: Path) -> None:
    one = make_release(tmp_path, "[1]")
    publish(tmp_path, "town", one)
    publish(tmp_path, "town", one)
    assert read_pointer(tmp_path, "town").history == (one,)


def test_rollback_goes_back_one_at_a_time(tmp_path: Path) -> None:
    names = [make_release(tmp_path, f"[{n}]") for n in range(3)]
    for name in names:
        publish(tmp_path, "town", name)
    assert rollback(tmp_path, "town").hash == names[1]
    assert rollback(tmp_path, "town").hash == names[0]
    with pytest.raises(UnknownRelease, match="first release"):
        rollback(tmp_path, "town")
    assert open_release(tmp_path, "town").hash == names[0]
    publish(tmp_path, "town", names[2])
    assert read_pointer(tmp_path, "town").history == (names[0], names[2])


def test_nothing_published_yet_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnknownRelease, match="locator build town"):
        open_release(tmp_path, "town")
    with pytest.raises(UnknownRelease, match="locator build town"):
        rollback(tmp_path, "town")
    with pytest.raises(UnknownRelease, match="locator build town"):
        newest(tmp_path, "town")
    assert releases(tmp_path, "town") == []


@pytest.mark.parametrize("name", ["0" * 16, "../../etc", "", ".", "current", "ABCDEF0123456789"])
def test_a_hash_that_is_no_release(tmp_path: Path, name: str) -> None:
    make_release(tmp_path, "[1]")
    with pytest.raises(UnknownRelease):
        open_release(tmp_path, "town", name)
    with pytest.raises(UnknownRelease):
        publish(tmp_path, "town", name)


@pytest.mark.parametrize("slug", ["..", "a/b", "", ".hidden", "a\\b", "a\0b", "/etc"])
def test_a_slug_never_leaves_the_folder(tmp_path: Path, slug: str) -> None:
    with pytest.raises(UnknownRelease):
        open_release(tmp_path, slug)


def test_only_files_of_the_manifest_are_given_out(tmp_path: Path) -> None:
    release = open_release(tmp_path, "town", make_release(tmp_path, "[1]"))
    for name in ("manifest.json", "public/../manifest.json", "/etc/passwd", "public/b.json"):
        with pytest.raises(UnknownRelease):
            release.file(name)


def test_a_changed_file_is_found_and_never_published(tmp_path: Path) -> None:
    name = make_release(tmp_path, "[1]")
    release = open_release(tmp_path, "town", name)
    assert verify(release) == []
    (release.path / "public" / "a.json").write_text("[9]")
    assert len(verify(release)) == 1
    with pytest.raises(ReleaseError, match="not published"):
        publish(tmp_path, "town", name)
    assert read_pointer(tmp_path, "town") == Pointer()


def test_a_missing_and_a_foreign_file_are_found(tmp_path: Path) -> None:
    release = open_release(tmp_path, "town", make_release(tmp_path, "[1]"))
    (release.path / "public" / "a.json").rename(release.path / "public" / "b.json")
    faults = verify(release)
    assert len(faults) == 2
    assert "cannot be read" in faults[0]
    assert "does not belong" in faults[1]


@pytest.mark.parametrize("damage", ['"schema": 1', '"as_of": "2026-11-01"', '"bytes": 3'])
def test_a_changed_manifest_is_refused(tmp_path: Path, damage: str) -> None:
    name = make_release(tmp_path, "[1]")
    path = tmp_path / "releases" / "town" / name / "manifest.json"
    text = path.read_text()
    assert damage in text
    path.write_text(text.replace(damage, damage[:-1] + "7" + damage[-1:]))
    with pytest.raises(ReleaseError, match=r"manifest\.json"):
        open_release(tmp_path, "town", name)
    assert releases(tmp_path, "town") == []


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"release": "x", "history": ["x"]}',
                                  '{"release": "0123456789abcdef", "history": []}'])  # fmt: skip
def test_a_damaged_pointer_is_said_not_guessed(tmp_path: Path, text: str) -> None:
    name = make_release(tmp_path, "[1]")
    (tmp_path / "releases" / "town" / "current").write_text(text)
    with pytest.raises(ReleaseError, match="publish one again"):
        open_release(tmp_path, "town")
    assert open_release(tmp_path, "town", name).hash == name
    publish(tmp_path, "town", name)
    assert read_pointer(tmp_path, "town") == Pointer(name, (name,))


def test_releases_newest_first_without_leftovers(tmp_path: Path) -> None:
    """The one built last, whatever day it was built for: a trial for December is no later one."""
    early = make_release(tmp_path, "[2]", as_of="2026-12-01")
    late = make_release(tmp_path, "[1]", as_of="2026-11-01")
    for seconds, name in enumerate((early, late)):
        os.utime(tmp_path / "releases" / "town" / name / "manifest.json", (seconds, seconds))
    (tmp_path / "releases" / "town" / ".building-x").mkdir()
    (tmp_path / "releases" / "town" / ("0" * 16)).mkdir()
    publish(tmp_path, "town", early)
    assert releases(tmp_path, "town") == [
        {"release": late, "as_of": "2026-11-01", "built_at": "1970-01-01 00:00", "stations": 3,
         "published": False},
        {"release": early, "as_of": "2026-12-01", "built_at": "1970-01-01 00:00", "stations": 3,
         "published": True},
    ]  # fmt: skip
    assert newest(tmp_path, "town").hash == late


def test_a_failed_write_changes_nothing_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = make_release(tmp_path, "[1]"), make_release(tmp_path, "[2]")
    publish(tmp_path, "town", one)
    before = sorted(path.name for path in (tmp_path / "releases" / "town").iterdir())

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ReleaseError, match="No space left"):
        publish(tmp_path, "town", two)
    monkeypatch.undo()
    assert sorted(path.name for path in (tmp_path / "releases" / "town").iterdir()) == before
    assert open_release(tmp_path, "town").hash == one


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_read_only_folder(tmp_path: Path) -> None:
    name = make_release(tmp_path, "[1]")
    folder = tmp_path / "releases" / "town"
    folder.chmod(0o555)
    try:
        with pytest.raises(ReleaseError, match="cannot be written"):
            publish(tmp_path, "town", name)
    finally:
        folder.chmod(0o755)


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "releases").write_text("")
    with pytest.raises(UnknownRelease):
        open_release(tmp_path, "town")
    with pytest.raises(ReleaseError, match="cannot be written"):
        rollback(tmp_path, "town")


def _publish_many(var: Path, names: list[str]) -> None:
    for name in names:
        publish(var, "town", name)


def test_publishes_at_the_same_time_lose_none(tmp_path: Path) -> None:
    names = [make_release(tmp_path, f"[{n}]") for n in range(8)]
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_publish_many, args=(tmp_path, names[n::2])) for n in (0, 1)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    history = read_pointer(tmp_path, "town").history
    assert sorted(history) == sorted(names)
    assert open_release(tmp_path, "town").hash == history[-1]


def test_a_held_lock_is_waited_for_and_then_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = make_release(tmp_path, "[1]")
    monkeypatch.setattr(files, "LOCK_WAIT_S", 0.1)
    with (
        locked(tmp_path / "releases" / "town", "publish"),
        pytest.raises(ReleaseError, match="another publish"),
    ):
        publish(tmp_path, "town", name)
    publish(tmp_path, "town", name)


def test_write_atomically_replaces_whole(tmp_path: Path) -> None:
    path = tmp_path / "f"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


def test_the_release_before_is_the_one_that_was_compared_with(tmp_path: Path) -> None:
    names = [make_release(tmp_path, text) for text in ("[1]", "[2]")]
    first, second = (open_release(tmp_path, "town", name) for name in names)
    assert release_before(tmp_path, first) is None
    publish(tmp_path, "town", first.hash)
    assert release_before(tmp_path, first) is None, "never with itself"
    assert release_before(tmp_path, second) == first, "not published yet: what is served now"
    publish(tmp_path, "town", second.hash)
    assert release_before(tmp_path, second) == first
    told = Release(second.path, {**second.manifest, "gaps_since": None})
    assert release_before(tmp_path, told) is None
    gone = Release(second.path, {**second.manifest, "gaps_since": "0" * 16})
    assert release_before(tmp_path, gone) is None
