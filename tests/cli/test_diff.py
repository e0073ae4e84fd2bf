"""`akb diff` as it is run: revisions, folders, formats, exit codes."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli.main import main
from tests.history.repositories import commit, git, repository

AF = "kb/concept/alignment-faking.ttl"
Akb = Callable[..., Result]


@pytest.fixture
def akb(root: Path) -> Akb:
    commit(repository(root))
    return lambda *words: CliRunner(env={"AKB_ROOT": str(root)}).invoke(main, ["diff", *words])


def edit(root: Path, old: str, new: str, file: str = AF) -> None:
    text = (root / file).read_text(encoding="utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new), encoding="utf-8")


def test_head_and_the_working_tree_are_the_defaults(akb: Akb, root: Path) -> None:
    assert akb().output == "HEAD → the working tree: No difference.\n"
    edit(root, "Alignment Faking", "Faking Alignment")
    result = akb()
    assert result.exit_code == 0
    assert "changed concept:alignment-faking “Faking Alignment”" in result.output
    git(root, "add", ".")
    assert akb().output == result.output, "staged or not"
    assert akb("HEAD").output == result.output
    commit(root)
    assert akb().output == "HEAD → the working tree: No difference.\n"
    assert akb("HEAD~1").output == result.output.replace("HEAD", "HEAD~1")


def test_exit_code_is_that_of_git_diff(akb: Akb, root: Path) -> None:
    assert akb("--exit-code").exit_code == 0
    (root / AF).write_text((root / AF).read_text(encoding="utf-8") + "\n# form alone\n", encoding="utf-8")
    assert akb("--exit-code").exit_code == 0
    edit(root, "Alignment Faking", "Faking Alignment")
    assert akb("--exit-code").exit_code == 1
    assert akb().exit_code == 0


@pytest.mark.parametrize(
    ("words", "changed"),
    [(["main...topic"], "1 entity"), (["main..topic"], "2 entities"), (["main", "topic"], "2 entities")],
)
def test_two_revisions_can_be_written_as_git_does(akb: Akb, root: Path, words: list[str], changed: str) -> None:
    git(root, "switch", "--quiet", "--create", "topic")
    edit(root, "Alignment Faking", "Faking Alignment")
    commit(root)
    git(root, "switch", "--quiet", "main")
    edit(root, '"RLHF"', '"R"', "kb/method/rlhf.ttl")
    commit(root)
    assert akb(*words).output.splitlines()[0].endswith(f": {changed} changed.")


def test_what_a_branch_did_is_compared_from_where_it_began(akb: Akb, root: Path) -> None:
    git(root, "switch", "--quiet", "--create", "topic")
    edit(root, "Alignment Faking", "Faking Alignment")
    assert akb("main...").output.startswith("main... → the working tree: 1 entity changed.")


def test_folders_are_compared_without_git(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(root, tmp_path / "new")
    edit(tmp_path / "new", "Alignment Faking", "Faking Alignment")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    result = CliRunner().invoke(main, ["diff", "base", "new/"])
    assert result.output.startswith("base → new/: 1 entity changed.")
    result = CliRunner().invoke(main, ["diff", "new", "--root", "base"])
    assert result.output.startswith("new → the working tree: 1 entity changed.")


def test_formats_go_to_files_and_to_standard_output(akb: Akb, root: Path, tmp_path: Path) -> None:
    edit(root, "Alignment Faking", "Faking Alignment")
    result = akb("--format", "json", "--format", f"html={tmp_path}/d.html", "--format", f"markdown={tmp_path}/d.md")
    assert json.loads(result.output)["entities"][0]["name"] == "concept:alignment-faking"
    assert "<!doctype html>" in (tmp_path / "d.html").read_text(encoding="utf-8")
    assert (tmp_path / "d.md").read_text(encoding="utf-8").startswith("**1 entity changed.**")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nope"], "'nope' is not a revision of this repository"),
        (["HEAD", "nope"], "'nope' is not a revision of this repository"),
        (["kb"], "kb is a folder without a base, and no revision"),
        (["--format", "pdf"], "'pdf' is not a format"),
        (["--format", "html=/nowhere/at/all.html"], "cannot be written"),
        (["--", "--exit-code"], "is not the name of one revision"),
        (["HEAD...nope"], "'nope' is not a revision"),
        (["HEAD..HEAD..HEAD"], "is not the name of one revision"),
    ],
)
def test_wrong_use_is_2_and_says_what_to_do(
    akb: Akb, root: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(root)
    result = akb(*words)
    assert result.exit_code == 2, result.output
    assert said in result.output
    assert "mend:" in result.output


def test_a_base_without_a_repository_is_2(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(root.parent))
    result = CliRunner(env={"AKB_ROOT": str(root)}).invoke(main, ["diff"])
    assert result.exit_code == 2
    assert "is not in a git repository" in result.output


def test_what_the_repository_lacks_is_3(akb: Akb, root: Path) -> None:
    blob = git(root, "rev-parse", f"HEAD:{AF}")
    (root / AF).unlink()
    (root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    assert akb().exit_code == 3


def test_an_unreadable_file_is_named_and_the_rest_compared(akb: Akb, root: Path) -> None:
    edit(root, '"RLHF"', '"R"', "kb/method/rlhf.ttl")
    edit(root, " .", " ;;; oops", AF)
    result = akb("--exit-code")
    assert result.exit_code == 1
    assert "changed method:rlhf" in result.output
    assert re.search(rf"{AF}:\d+:\d+ \(at the working tree: Not Turtle", result.output)
    assert "removed" not in result.output


def test_the_workflow_compares_a_merge_with_its_first_parent_in_a_clone_of_depth_2(
    akb: Akb, root: Path, tmp_path: Path
) -> None:
    """What .github/workflows/diff.yml runs: `fetch-depth: 2` on the merge that GitHub tries out."""
    git(root, "switch", "--quiet", "--create", "topic")
    edit(root, "Alignment Faking", "Faking Alignment")
    commit(root)
    git(root, "switch", "--quiet", "main")
    edit(root, '"RLHF"', '"R"', "kb/method/rlhf.ttl")
    commit(root)
    git(root, "merge", "--quiet", "--no-ff", "--message", "Merge", "topic")
    git(tmp_path, "clone", "--quiet", "--depth=2", root.as_uri(), "clone")
    result = CliRunner().invoke(main, ["diff", "HEAD^1", "HEAD", "--root", str(tmp_path / "clone")])
    assert result.output.startswith("HEAD^1 → HEAD: 1 entity changed.")
    assert "alignment-faking" in result.output
    missing = CliRunner().invoke(main, ["diff", "HEAD~3", "--root", str(tmp_path / "clone")])
    assert missing.exit_code == 2
    assert "fetch-depth: 0" in missing.output


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of a repository that has no base in it."""
    top = repository(tmp_path / "project")
    commit(
        top,
        {
            "data/a.ttl": '@prefix ex: <http://ex.org/> . ex:a ex:name "A" ; ex:part [ ex:size 1 ] .',
            "data/b.nt": '<http://ex.org/b> <http://ex.org/name> "B" .\n',
            "readme.md": "x",
        },
    )
    monkeypatch.chdir(top)
    return top


@pytest.mark.parametrize("folder", [".", "data"])
def test_any_folder_of_rdf_is_compared(folder: str, project: Path) -> None:
    def run(*words: str) -> str:
        return CliRunner().invoke(main, ["diff", "--data", folder, *words]).output

    assert run() == "HEAD → the working tree: No difference.\n"
    edit(project, "ex:size 1", "ex:size 2", "data/a.ttl")
    edit(project, '"B"', '"BB"', "data/b.nt")
    (project / "data/c.jsonld").write_text(
        '{"@context": {"@vocab": "http://ex.org/"}, "@id": "http://ex.org/c", "p": 1}'
    )
    (project / "data/no.xml").write_text("<project/>")
    (project / "readme.md").write_text("y")
    said = run()
    assert said.startswith("HEAD → the working tree: 1 entity added, 2 changed.\n")
    assert '- [ ex:size "1"^^xsd:integer ]\n      + [ ex:size "2"^^xsd:integer ]' in said
    git(project, "add", "data/b.nt")
    git(project, "commit", "--quiet", "--message", "x")
    assert run("HEAD~1", "HEAD").startswith("HEAD~1 → HEAD: 1 entity changed.\n")
    assert "is not a revision" in run("HEAD", "nowhere")


def test_without_a_base_it_is_said_how_to_compare_any_folder(project: Path) -> None:
    result = CliRunner().invoke(main, ["diff"])
    assert result.exit_code == 2
    assert "--root" in result.output


def test_one_file_that_cannot_be_read_is_left_out_and_said(project: Path) -> None:
    (project / "data/a.ttl").write_text("junk")
    result = CliRunner().invoke(main, ["diff", "--data", "data"])
    assert result.exit_code == 0
    assert "Not Turtle" in result.output
