"""The check of a change in any project finds what the change can affect, and all where that may be anything."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli.main import main
from tests.history.repositories import commit, git, repository, write

HEAD = "@prefix ex: <http://ex.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
SHAPE = "ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property [ sh:path ex:name ; sh:minCount 1 ] ,\n"
FILES = {
    "data/a.ttl": HEAD + 'ex:a a ex:T ; ex:knows ex:b .\nex:good a ex:T ; ex:name "G" .\n',
    "data/b.ttl": HEAD + 'ex:b a ex:U ; ex:name "B" .\n',
    "data/c.nt": "<http://ex.org/c> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://ex.org/T> .\n",
    "data/d.jsonld": '{"@context": {"@vocab": "http://ex.org/"}, "@id": "http://ex.org/d", "@type": "T"}',
    "data/e.ttl": HEAD + "[] a ex:T ; ex:knows ex:b .\n",
    "shapes/s.ttl": f"{HEAD}{SHAPE}    [ sh:path ex:knows ; sh:class ex:U ] .\n",
}
Check = Callable[..., Result]


@pytest.fixture(params=[".", "docs"])
def check(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Run the shapes on a project in a folder of a repository, from that folder or from one beside the data."""
    top = repository(tmp_path / "r")
    commit(top, {f"project/{name}": text for name, text in FILES.items()} | {"project/docs/x.md": ""})
    monkeypatch.chdir(top / "project")
    write(Path(), {"docs/x.md": ""})
    monkeypatch.chdir(request.param)
    up = "" if request.param == "." else "../"
    words = ["check", "--data", f"{up}data", "--shapes", f"{up}shapes", "--skip", "shapes-lint", "--skip", "lint"]
    return lambda *more: CliRunner().invoke(main, [*words, "--format", "json", *more])


def edit(name: str, text: str) -> None:
    top = Path.cwd() if Path("data").exists() else Path("..")
    write(top, {name: text})


def found(result: Result) -> set[tuple[str, str]]:
    assert result.exit_code in {0, 1}, result.output
    return {(one["file"].removeprefix("../"), one["focus"]) for one in json.loads(result.stdout)["findings"]}


ALL = {("data/a.ttl", "ex:a"), ("data/c.nt", "ex:c"), ("data/d.jsonld", "ex:d")}


def since(check: Check, *more: str) -> set[tuple[str, str]]:
    part, whole = found(check("--changed-since", "HEAD", *more)), found(check(*more))
    assert part <= whole
    return part


def test_without_a_change_nothing_is_found(check: Check) -> None:
    assert found(check("--changed-since", "HEAD")) == set()
    assert found(check()) >= ALL


def test_what_a_changed_file_says_is_in_the_answer_and_what_it_does_not_affect_is_not(check: Check) -> None:
    edit("data/c.nt", FILES["data/c.nt"] * 2 + FILES["data/c.nt"].replace("/c>", "/new>"))
    edit("data/f.trig", HEAD + "ex:g { ex:f a ex:T }")
    edit("data/bad.ttl", "junk")
    edit("data/notes.md", "x")
    assert since(check) == {
        ("data/c.nt", "ex:c"),
        ("data/c.nt", "ex:new"),
        ("data/f.trig", "ex:f"),
        ("data/bad.ttl", ""),
    }


def test_who_names_what_changed_is_affected_also_when_it_has_no_name(check: Check) -> None:
    edit("data/b.ttl", HEAD + 'ex:b a ex:V ; ex:name "B" .\n')
    assert {("data/a.ttl", "ex:a")} <= since(check)
    assert any(file == "data/e.ttl" for file, _ in since(check))
    assert not since(check) & {("data/c.nt", "ex:c"), ("data/d.jsonld", "ex:d")}


def test_what_is_gone_affects_who_named_it(check: Check) -> None:
    path = next(path for path in (Path("data/b.ttl"), Path("../data/b.ttl")) if path.exists())
    path.unlink()
    assert ("data/a.ttl", "ex:a") in since(check)


@pytest.mark.parametrize("name", ["shapes/s.ttl", "shapes/new.ttl", "shapes/rules/r.rq", "data/catalog-v001.xml"])
def test_a_change_of_what_judges_leaves_nothing_out(name: str, check: Check) -> None:
    text = FILES.get(name, HEAD if name.endswith("ttl") else "")
    edit(name, f"{text}# changed\n")
    assert since(check) >= ALL


def test_shapes_among_the_data_judge_too(check: Check, tmp_path: Path) -> None:
    edit("data/s.ttl", FILES["shapes/s.ttl"])
    git(tmp_path / "r", "add", ".")
    git(tmp_path / "r", "commit", "--quiet", "--message", "x")
    edit("data/s.ttl", HEAD)
    assert since(check) >= ALL


def test_shapes_that_look_far_leave_nothing_out(check: Check, tmp_path: Path) -> None:
    far = "    [ sh:path ex:knows ; sh:node [ sh:property [ sh:path ex:knows ; sh:class ex:U ] ] ] .\n"
    commit(tmp_path / "r", {"project/shapes/s.ttl": f"{HEAD}{SHAPE}{far}"})
    edit("data/b.ttl", FILES["data/b.ttl"] + "ex:more a ex:U .")
    assert since(check) >= ALL


def test_what_is_staged_is_compared_and_checked(check: Check, tmp_path: Path) -> None:
    edit("data/f.ttl", HEAD + "ex:f a ex:T .")
    git(tmp_path / "r", "add", ".")
    edit("data/f.ttl", "junk")
    edit("data/unknown.ttl", "junk")
    assert since(check, "--staged") == {("data/f.ttl", "ex:f")}


def test_a_folder_in_no_repository_and_an_unknown_revision_are_wrong_use(check: Check, tmp_path: Path) -> None:
    assert check("--changed-since", "nowhere").exit_code == 2
    (tmp_path / "r/.git").rename(tmp_path / "r/was.git")
    result = check("--changed-since", "HEAD")
    assert result.exit_code == 2, result.output
