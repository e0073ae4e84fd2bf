"""Where it runs: without an environment, a home, a passwd entry, a place to write; beside what others have left.

What the surroundings lack ends a command with exit code 2 and the setting that mends it; to read needs none of it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from server.errors import UsageError
from server.leftovers import temporary_folder, temporary_place
from server.locks import NO_STATE, can_write, make_state
from server.settings import Settings, read_settings

REPOSITORY = Path(__file__).parents[2]
_STRANGER = 54321
"""The id of a user whom no passwd file has."""


@cache
def as_stranger() -> tuple[str, ...]:
    """Return what runs a command as another user, who can read what we can and write nothing.

    Without the rights for that, tests are skipped on a desk and fail in CI.
    """
    plain = (*(() if os.geteuid() == 0 else ("sudo", "-n")), "setpriv", f"--reuid={_STRANGER}", f"--regid={_STRANGER}")
    probe = ("env", "-i", f"PYTHONPATH={REPOSITORY}", sys.executable, "-c", "import server.errors")
    # An interpreter or a repository in somebody's home is closed to others.
    for more in ((), ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")):
        command = (*plain, "--clear-groups", *more)
        with suppress(FileNotFoundError):
            if not subprocess.run([*command, *probe], capture_output=True, check=False).returncode:
                return command
    said = "Another user is needed: run this as root, or as one who may use sudo, with setpriv (Debian: util-linux)."
    if os.environ.get("CI"):
        pytest.fail(said)
    pytest.skip(said)


def run(*command: str, cwd: Path, before: tuple[str, ...] = (), **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `akb` with no environment but for what is given."""
    environment = {"PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    return subprocess.run(
        [
            *(*before, "env", "-i", *(f"{name}={value}" for name, value in environment.items())),
            *(sys.executable, "-m", "server.cli.main", *command),
        ],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="module")
def theirs(settings: Settings) -> Iterator[Path]:
    """A base of ours that everybody may read; the folders of pytest are closed to others."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        # A test before may have built there.
        shutil.copytree(settings.root, Path(folder, "base"), ignore=shutil.ignore_patterns(".akb"))
        yield Path(folder, "base")


def is_said(result: subprocess.CompletedProcess[str], setting: str) -> None:
    assert (result.returncode, "fault" in result.stderr, "Traceback" in result.stderr) == (2, False, False), result
    assert f"set {setting}" in result.stderr or f"{setting} moves" in result.stderr, result.stderr


@pytest.mark.parametrize("command", [["stats"], ["check"], ["fmt", "--check"]])
def test_to_read_needs_no_environment_and_no_place_to_write(command: list[str], theirs: Path) -> None:
    result = run(*command, cwd=theirs, before=as_stranger())
    assert result.returncode == 0, result.stderr
    assert not (theirs / ".akb").exists()


@pytest.mark.parametrize(
    "command", [["build"], ["serve", "--port", "0"], ["search", "alignment"], ["import", "concepts", "x.csv"]]
)
def test_where_no_release_can_be_written_the_setting_is_named(command: list[str], theirs: Path) -> None:
    is_said(run(*command, cwd=theirs, before=as_stranger(), HOME="/nonexistent"), "AKB_STATE")


@pytest.mark.slow
def test_another_folder_of_state_makes_it_work(theirs: Path) -> None:
    before, state = as_stranger(), theirs.parent / "own"
    state.mkdir()
    state.chmod(0o777)
    quick = {"AKB_EMBEDDING": "none", "AKB_DOWNLOADS": "none"}
    result = run("search", "alignment faking", cwd=theirs, before=before, AKB_STATE=str(state), **quick)
    assert result.returncode == 0, result.stderr
    assert "concept:alignment-faking" in result.stdout
    assert {path.stat().st_uid for path in state.iterdir()} == {_STRANGER}


def test_the_release_of_another_user_is_read(settings: Settings, theirs: Path) -> None:
    """As a server in a container does with a release that was built elsewhere."""
    shutil.copytree(settings.state, theirs.parent / "state", dirs_exist_ok=True)
    state = str(theirs.parent / "state")
    result = run("query", "ASK { ?s ?p ?o }", cwd=theirs, before=as_stranger(), AKB_STATE=state)
    assert '"boolean":true' in result.stdout.replace(" ", ""), result.stderr
    is_said(run("build", "--force", cwd=theirs, before=as_stranger(), AKB_STATE=state), "AKB_STATE")


def test_a_file_that_cannot_be_written_is_no_fault_of_ours(theirs: Path) -> None:
    result = run("new", "concept", "Some Thing", cwd=theirs, before=as_stranger())
    assert "some-thing.ttl: Permission denied" in result.stderr
    is_said(result, "AKB_STATE")


def test_data_of_a_user_without_a_home(theirs: Path) -> None:
    result = run("serve", "--port", "0", "--data", str(theirs / "kb"), cwd=theirs, before=as_stranger())
    is_said(result, "AKB_STATE")
    assert "this user has no home" in result.stderr
    assert run("check", "--data", str(theirs / "kb"), cwd=theirs, before=as_stranger()).returncode == 0


def test_a_state_in_the_home_of_a_user_who_has_none(theirs: Path) -> None:
    result = run("build", cwd=theirs, before=as_stranger(), AKB_STATE="~/state")
    assert result.returncode == 2
    assert "~/state is in the home of a user who has none" in result.stderr


def test_without_a_place_for_temporary_files_the_setting_is_named(
    theirs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`/tmp` and the others cannot be taken away here, but Python can be made to see none."""
    (tmp_path / "sitecustomize.py").write_text("import tempfile\ntempfile._candidate_tempdir_list = lambda: []\n")
    path = f"{tmp_path}{os.pathsep}{REPOSITORY}"
    is_said(run("serve", "--port", "0", cwd=theirs, PYTHONPATH=path), "TMPDIR")
    assert run("check", cwd=theirs, PYTHONPATH=path).returncode == 0
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("tempfile._candidate_tempdir_list", list)
    with pytest.raises(UsageError) as caught:
        temporary_place()
    assert "set TMPDIR" in caught.value.mend


def test_a_folder_for_temporary_files_that_is_not_there_gives_way_to_the_usual_one(theirs: Path) -> None:
    assert run("check", cwd=theirs, TMPDIR="/nonexistent/tmp").returncode == 0


def test_leftovers_of_others_stand_in_nobodys_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").touch()
    place = tmp_path / "tmp"
    place.mkdir()
    (place / "akb-shapes-file").touch()
    (place / "akb-shapes-link").symlink_to(precious)
    (place / "akb-shapes-broken").symlink_to(tmp_path / "nowhere")
    (place / "akb-shapes-closed").mkdir(mode=0)
    os.mkfifo(place / "akb-shapes-pipe")
    monkeypatch.setattr("tempfile.tempdir", str(place))
    with temporary_folder("akb-shapes-") as folder:
        assert folder.parent == place
    assert (precious / "file").exists()
    assert (place / "akb-shapes-file").exists()


def test_a_state_that_cannot_be_made(tmp_path: Path, root: Path) -> None:
    (tmp_path / "file").touch()
    for place in (NO_STATE, NO_STATE / "releases", tmp_path / "file", tmp_path / "file" / "state"):
        assert not can_write(place)
        with pytest.raises(UsageError) as caught:
            make_state(place)
        assert caught.value.mend.startswith("set AKB_STATE")
    assert can_write(tmp_path / "a" / "b")
    settings = read_settings({"AKB_STATE": str(tmp_path / "file")}, root=root)
    with pytest.raises(UsageError, match="file cannot be written"):
        make_state(settings.state)
