"""Checksums of a release: written by every build, in the form of sha256sum, and strict in what they take."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.build.checksums import FILE, damages, parse_checksums, read_checksums
from server.build.releases import Releases
from server.cli.main import main
from server.errors import UnreadableError
from server.settings import Settings

DIGEST = "a" * 64


@pytest.fixture
def copy(settings: Settings, tmp_path: Path) -> Path:
    """A copy of the folder of releases of the small base, which a test may spoil; the path is that of its release."""
    folder = tmp_path / "state" / "releases"
    shutil.copytree(settings.releases, folder)
    release = Releases(folder).current()
    assert release is not None
    return release


def akb(copy: Path, settings: Settings, *words: str) -> tuple[int, str]:
    environment = {"AKB_ROOT": str(settings.root), "AKB_STATE": str(copy.parent.parent)}
    result = CliRunner(env=environment).invoke(main, ["verify", *words])
    return result.exit_code, result.output


def test_a_build_writes_the_checksum_of_every_file(settings: Settings, copy: Path) -> None:
    files = {path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file()}
    found = read_checksums(copy)
    assert set(found.files) == files - {FILE}
    assert found.size == sum((copy / path).stat().st_size for path in found.files)
    assert damages(copy) == []
    code, said = akb(copy, settings)
    assert (code, said) == (0, f"Release {copy.name}: {len(found.files)} files as built.\n")
    assert akb(copy, settings, copy.name) == (code, said)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum (GNU coreutils) is not installed")
def test_sha256sum_reads_them(copy: Path) -> None:
    def check() -> subprocess.CompletedProcess[str]:
        command = ["sha256sum", "--check", "--strict", "--quiet", FILE]
        return subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)

    result = check()
    assert (result.returncode, result.stdout + result.stderr) == (0, "")
    (copy / "map.json").write_text("{}")
    assert check().returncode == 1


def test_damaged_and_missing_files_are_named(settings: Settings, copy: Path) -> None:
    [table, *_] = sorted((copy / "store").glob("*.sst"))
    data = bytearray(table.read_bytes())
    data[len(data) // 2] ^= 1
    table.write_bytes(data)
    (copy / "map.json").unlink()
    code, said = akb(copy, settings)
    assert code == 1
    assert f"{table}: its SHA-256 is not the one in checksums" in said
    assert f"{copy / 'map.json'}: it is missing" in said
    assert "2 of" in said
    assert "akb build --force" in said


def test_what_cannot_be_verified_is_said(settings: Settings, copy: Path) -> None:
    for name in ("nowhere", "../releases", ".", f"{copy.name}/store"):
        code, said = akb(copy, settings, name)
        assert (code, f"There is no release {name!r}" in said, copy.name in said) == (2, True, True)
    (copy / FILE).write_text("nothing\n")
    with pytest.raises(UnreadableError, match="damaged: the first line"):
        damages(copy)
    (copy / FILE).unlink()
    code, said = akb(copy, settings)
    assert (code, "has no checksums" in said, "akb build" in said) == (3, True, True)


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "/etc/passwd",
        "store/../../x",
        "a//b",
        ".hidden",
        "store/.x",
        "",
        "a\\b",
        "a b",
        FILE,
        "x" * 101,
        "a/b/c/d/e",
    ],
)
def test_paths_that_no_release_has_are_refused(path: str) -> None:
    with pytest.raises(ValueError, match="is not the checksum"):
        parse_checksums(f"# 1 files, 5 bytes\n{DIGEST}  {path}\n")


def test_a_torn_or_doubled_listing_is_refused() -> None:
    line = f"{DIGEST}  store/CURRENT\n"
    assert parse_checksums(f"# 1 files, 5 bytes\n{line}").files == {"store/CURRENT": DIGEST}
    for text in ("", "# 1 files\n", f"# 2 files, 5 bytes\n{line}", f"# 2 files, 5 bytes\n{line}{line}", line):
        with pytest.raises(ValueError, match=r"line|files"):
            parse_checksums(text)
