"""`akb export` writes what the page of downloads offers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.build.dumps.manifest import FOLDER, read_downloads
from server.build.releases import Releases
from server.cli.export import export
from server.cli.main import main
from server.records.downloads import FORMATS, Downloads
from server.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings) -> Run:
    environment = {"AKB_ROOT": str(settings.root), "AKB_STATE": str(settings.state)}
    return lambda *words: CliRunner(env=environment).invoke(main, ["export", *map(str, words)])


@pytest.fixture
def folder(settings: Settings) -> Path:
    release = Releases(settings.releases).current()
    assert release is not None
    return release / FOLDER


@pytest.fixture
def downloads(folder: Path) -> Downloads:
    return read_downloads(folder.parent)


def test_there_is_a_command_for_each_format() -> None:
    assert export.commands.keys() >= {"all", "croissant", "ro-crate", *FORMATS}


def test_files_are_unpacked_unless_their_name_says_so(run: Run, folder: Path, tmp_path: Path) -> None:
    packed = (folder / "graph-asserted.nq.gz").read_bytes()
    assert run("nq", "--graph", "asserted").stdout_bytes == gzip.decompress(packed)
    assert run("nq", "--graph", "asserted", "-o", tmp_path / "a.nq").exit_code == 0
    assert (tmp_path / "a.nq").read_bytes() == gzip.decompress(packed)
    run("nq", "--graph", "asserted", "-o", tmp_path / "a.nq.gz")
    assert (tmp_path / "a.nq.gz").read_bytes() == packed
    run("ttl", "--class", "claim", "--output", tmp_path / "c.ttl.gz")
    assert (tmp_path / "c.ttl.gz").read_bytes() == (folder / "class-claim.ttl.gz").read_bytes()
    run("csv", "--table", "evidence", "-o", tmp_path / "e.csv")
    assert (tmp_path / "e.csv").read_bytes() == (folder / "evidence.csv").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.nq", "a.nq.gz", "c.ttl.gz", "e.csv"]


def test_all_writes_a_folder_that_describes_itself(
    run: Run, folder: Path, downloads: Downloads, tmp_path: Path
) -> None:
    target = tmp_path / "out"
    assert run("all", target).exit_code == 0
    names = {path.name for path in target.iterdir()}
    assert names == {one.name for one in downloads.files} | {"croissant.json", "ro-crate-metadata.json"}
    for one in downloads.files:
        assert (target / one.name).read_bytes() == (folder / one.name).read_bytes()
    described = json.loads((target / "croissant.json").read_text())["distribution"]
    assert {one["contentUrl"] for one in described} == {one.name for one in downloads.files}
    (target / "stale.txt").touch()
    assert run("all", target).exit_code == 0, "an earlier export is replaced"
    assert not (target / "stale.txt").exists()
    (target / "ro-crate-metadata.json").unlink()
    result = run("all", target)
    assert (result.exit_code, "is not empty" in result.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_list_names_every_file(run: Run, downloads: Downloads) -> None:
    lines = run("--list").output.splitlines()
    assert [line.split()[0] for line in lines] == [one.name for one in downloads.files]
    assert "Commands:" in run().output


def test_descriptions_name_the_addresses_of_the_base(run: Run, settings: Settings, tmp_path: Path) -> None:
    found = json.loads(run("croissant").output)
    assert found["distribution"][0]["contentUrl"].startswith(f"{settings.namespaces.base}download/")
    run("ro-crate", "-o", tmp_path / "crate.json")
    assert json.loads((tmp_path / "crate.json").read_text())["@graph"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nt", "--graph", "nope"], "choose one of asserted,"),
        (["nt", "--class", "nope"], "choose one of artifact,"),
        (["csv", "--table", "nope"], "choose one of edges,"),
        (["nt", "--class", "claim", "--graph", "asserted"], "leave one of them out"),
        (["nt", "-o", "/no/such/folder/file.nt"], "name a file in a folder that exists"),
    ],
)
def test_errors_say_how_to_mend_them(run: Run, words: list[str], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_what_the_build_left_out_is_made_now(root: Path, tmp_path: Path) -> None:
    environment = {"AKB_ROOT": str(root), "AKB_STATE": str(tmp_path / "state")}
    runner = CliRunner(env=environment)
    assert "akb:Claim" in runner.invoke(main, ["export", "ttl", "--class", "claim"]).stdout
    assert runner.invoke(main, ["export", "--list"]).stdout == ""
