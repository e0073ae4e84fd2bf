"""From two entities that are near to each other to a decision, and to a queue without them (issue 7, "full cycle")."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient

from server.build.build import build
from server.cli.main import main as akb
from server.settings import Settings, read_settings

GAP = "concept:compliance-gap"

pytestmark = pytest.mark.slow


def run(root: Path, *arguments: str, code: int = 0) -> Result:
    command, *rest = arguments
    result = CliRunner().invoke(akb, [command, "--root", str(root), *rest], env={"AKB_EMBEDDING": "tfidf"})
    assert result.exit_code == code, result.output
    return result


def waiting(root: Path) -> dict[frozenset[str], str]:
    """Return the pairs of the queue with their ids, as `akb review list` prints them."""
    lines = [line.split() for line in run(root, "review", "list", "--limit", "1000").stdout.splitlines()]
    return {frozenset(line[2:4]): line[1] for line in lines}


@pytest.fixture(scope="module")
def built(make_base: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base with the entities of `twins`, and a release of it, for `root` to copy."""
    root = make_base(tmp_path_factory.mktemp("twins") / "base")
    for label, definition in (
        ("Compliance gaps", "How much less a model complies when it thinks that nobody trains on what it says."),
        ("Preference locking rules", "Keeping a model from acting on what it prefers, by a rule outside of it."),
    ):
        run(root, "new", "concept", label, "--definition", definition)
    for start, end in (
        ("compliance-gaps", "situational-awareness"),
        ("preference-locking-rules", "preference-conflict"),
    ):
        run(root, "link", f"concept:{start}", "extends", f"concept:{end}", "--note", "A note.", "--status", "active")
    build(own(root))
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """That base, which a test may spoil."""
    return shutil.copytree(built, tmp_path / "base")


@pytest.fixture
def twins() -> dict[str, frozenset[str]]:
    """Two pairs of entities that are near to each other: one the same twice, one of two things."""
    return {
        "same": frozenset({GAP, "concept:compliance-gaps"}),
        "other": frozenset({"concept:preference-locking-rules", "concept:preference-locking"}),
    }


def own(root: Path) -> Settings:
    return read_settings({"AKB_EMBEDDING": "tfidf"}, root=root)


def test_two_that_are_the_same_are_merged_and_gone_from_the_queue(
    root: Path, twins: dict[str, frozenset[str]], make_app: Callable[[Settings], Flask]
) -> None:
    found = waiting(root)[twins["same"]]
    assert "names are similar" in run(root, "review", "show", found).stdout
    # A survivor that is none of the two, and a merger without one, change nothing.
    decide = ("review", "decide", found, "--outcome", "merged", "--who", "Ada Lind")
    run(root, *decide, code=2)
    run(root, *decide, "--survivor", "concept:alignment-faking", code=2)
    result = run(root, *decide, "--survivor", GAP, "--why", "The same, twice.")
    assert "kb/concept/compliance-gaps.ttl" in result.stdout
    assert "no findings" in run(root, "check").stdout
    assert not any("concept:compliance-gaps" in pair for pair in waiting(root))
    client = make_app(own(root)).test_client()
    moved = client.get("/concept/compliance-gaps")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/concept/compliance-gap")
    seen = client.get(f"/review/{found}", headers={"Accept": "text/html"})
    assert "The same, twice." in seen.text
    assert client.get(f"/candidate/{found}").status_code == 303
    run(root, "review", "decide", found, "--outcome", "later", "--who", "Ada Lind", code=2)


def test_a_rejected_pair_stays_away_until_a_text_changes(root: Path, twins: dict[str, frozenset[str]]) -> None:
    pair = waiting(root)[twins["other"]]
    run(root, "review", "decide", pair, "--outcome", "different", "--why", "Two things.", "--who", "Ada Lind")
    assert "no findings" in run(root, "check").stdout
    build(own(root), force=True)
    assert twins["other"] not in waiting(root)
    # Another edge is no other text.
    run(root, "link", "concept:preference-locking-rules", "extends", GAP, "--note", "A note.", "--status", "active")
    assert twins["other"] not in waiting(root)
    file = root / "kb/concept/preference-locking-rules.ttl"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("by a rule outside of it.", "so that they are locked in."), encoding="utf-8")
    assert waiting(root)[twins["other"]] == pair


def test_what_is_left_for_later_waits_at_the_end(root: Path, twins: dict[str, frozenset[str]]) -> None:
    pair = waiting(root)[twins["same"]]
    run(root, "review", "decide", pair, "--outcome", "later", "--who", "Ada Lind")
    assert list(waiting(root).values())[-1] == pair


def test_a_patch_leaves_the_files_alone_and_a_commit_holds_nothing_else(
    root: Path, twins: dict[str, frozenset[str]], tmp_path: Path
) -> None:
    pair = waiting(root)[twins["same"]]

    def git(*arguments: str) -> str:
        environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull}
        return subprocess.run(
            ["git", *arguments], cwd=root, check=True, capture_output=True, text=True, env=environment
        ).stdout

    git("init", "--quiet")
    git("config", "user.name", "Ada Lind")
    git("config", "user.email", "ada@lind.example")
    (root / ".gitignore").write_text(".akb/\n", encoding="utf-8")
    git("add", "--all")
    git("commit", "--quiet", "--message", "A base")
    patch = tmp_path / "a.patch"
    decide = ("review", "decide", pair, "--outcome", "merged", "--survivor", GAP)
    run(root, *decide, "--patch", str(patch))
    assert git("status", "--porcelain") == ""
    git("apply", str(patch))
    assert "no findings" in run(root, "check").stdout
    run(root, *decide, "--commit", code=2)
    git("reset", "--quiet", "--hard")
    git("clean", "--quiet", "--force", "-d", "kb")
    (root / "notes.txt").write_text("mine", encoding="utf-8")
    assert "commit" in run(root, *decide, "--commit").stdout
    assert git("status", "--porcelain").split() == ["??", "notes.txt"]
    assert f"{GAP} and concept:compliance-gaps are one" in git("log", "-1", "--format=%s")


def test_the_page_makes_the_same_patch_and_writes_nothing(
    root: Path, twins: dict[str, frozenset[str]], make_app: Callable[[Settings], Flask]
) -> None:
    build(own(root))
    client: FlaskClient = make_app(own(root)).test_client()
    queue = json.loads(client.get("/review.json?class=concept&class=concept&signal=name").text)
    pairs = {frozenset((one["first"]["id"], one["second"]["id"])): one["id"] for one in queue["pairs"]}
    path = f"/candidate/{pairs[twins['same']]}"
    page = client.get(path, headers={"Accept": "text/html"}).text
    assert "Why the pair is in the queue" in page
    assert 'value="specializes concept:compliance-gap"' in page
    assert "akb:SimilarityCandidate" in client.get(path, headers={"Accept": "text/turtle"}).text
    before = {file: file.read_bytes() for file in (root / "kb").rglob("*") if file.is_file()}
    form = {"outcome": "merged", "survivor": GAP, "who": "Ada Lind"}
    answer = client.post(path, data=form, headers={"Accept": "text/x-diff"})
    assert (answer.status_code, answer.mimetype) == (200, "text/x-diff")
    shown = client.post(path, data=form | {"why": "<b>"}, headers={"Accept": "text/html"}).text
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown
    lacking = client.post(path, data={"outcome": "merged", "survivor": GAP}, headers={"Accept": "text/html"})
    assert (lacking.status_code, "who took it" in lacking.text) == (422, True)
    for wrong in ({"outcome": "nothing"}, {"outcome": "edge", "edge": "extends concept:nobody", "note": "A."}, {}):
        assert client.post(path, data=wrong | {"who": "Ada"}).status_code == 422
    assert {file: file.read_bytes() for file in (root / "kb").rglob("*") if file.is_file()} == before
    subprocess.run(["git", "apply", "-"], input=answer.data, cwd=root, check=True)
    assert "no findings" in run(root, "check").stdout
