"""The action, the workflow, the hooks and the recipe are as their readers want them, and the action's script runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.history.repositories import commit, git, repository

REPOSITORY = Path(__file__).parent.parent
WORKFLOWS = sorted((REPOSITORY / ".github/workflows").glob("*.yml"))
AF = "kb/concept/alignment-faking.ttl"
LABEL = '    skos:prefLabel "Alignment Faking"@en ;\n'


def valid(schema: str, *files: Path | str) -> None:
    """Hold files to a schema that check-jsonschema carries, so that nothing is fetched."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, files)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def read(name: str) -> Any:
    return yaml.safe_load((REPOSITORY / name).read_text(encoding="utf-8"))


def test_the_action_and_the_workflow_are_valid_by_their_schemas(tmp_path: Path) -> None:
    valid("vendor.github-actions", REPOSITORY / "action.yml")
    valid("vendor.github-workflows", *WORKFLOWS)
    valid("custom.github-workflows-require-timeout", *WORKFLOWS)
    (tmp_path / "bad.yml").write_text("on: push\njobs: {a: {runs-on: x, stps: []}}\n")
    with pytest.raises(AssertionError):
        valid("vendor.github-workflows", tmp_path / "bad.yml")


def test_every_action_is_pinned_by_the_digest_of_a_commit() -> None:
    """A tag can be moved to another commit, a digest cannot."""
    pages = sorted((REPOSITORY / "docs").glob("*.md"))
    used: dict[str, set[str]] = {}
    starters = sorted((REPOSITORY / "server" / "starters").rglob("*.yml"))
    assert starters
    for path in (REPOSITORY / "action.yml", *WORKFLOWS, *starters, *pages):
        text = path.read_text(encoding="utf-8")
        for name, rest in re.findall(r"^\s*(?:- )?uses: ([^\s@]+)(.*)$", text, re.MULTILINE):
            if name not in {"./", "OWNER/alignment-kb"}:
                assert re.fullmatch(r"@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+", rest), f"{path.name}: {name}{rest}"
                used.setdefault(name, set()).add(rest)
    assert len(used) >= 4
    assert {name: found for name, found in used.items() if len(found) > 1} == {}, "one version of each"


def test_no_workflow_may_do_more_than_it_says() -> None:
    """What a workflow does not name, its token may not do; none runs on a pull request with the rights of the base."""
    for path in WORKFLOWS:
        workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert workflow["permissions"].get("contents") == "read", path.name
        # YAML 1.1 takes the key `on` for a boolean.
        assert "pull_request_target" not in workflow[True], path.name


def test_no_input_is_written_into_a_script() -> None:
    action = read("action.yml")
    steps = action["runs"]["steps"]
    assert all("${{" not in step["run"] for step in steps)
    passed = {value for step in steps for value in step["env"].values()}
    assert passed == {f"${{{{ inputs.{name} }}}}" for name in action["inputs"]}


def test_the_workflow_runs_the_action_and_the_tests() -> None:
    jobs = read(".github/workflows/check.yml")["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    assert "./" in [step.get("uses") for step in steps]
    assert ".ci/run" in [step.get("run") for step in steps]


def run_the_check_of_the_action(cwd: Path, tmp_path: Path, **inputs: str) -> tuple[int, str, str]:
    """Run the script of the step `Check` as a runner does, with our own code for the installed akb."""
    action = read("action.yml")
    step = next(step for step in action["runs"]["steps"] if step["name"] == "Check")
    given = {name: str(one["default"]) for name, one in action["inputs"].items()} | inputs
    akb = tmp_path / "runner/akb/bin/akb"
    akb.parent.mkdir(parents=True, exist_ok=True)
    akb.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m server.cli.main "$@"\n')
    akb.chmod(0o755)
    summary = tmp_path / "summary.md"
    names = {key: re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", value)[1] for key, value in step["env"].items()}
    environment = {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY),
        "RUNNER_TEMP": str(tmp_path / "runner"),
        "GITHUB_STEP_SUMMARY": str(summary),
        **{key: given[name] for key, name in names.items()},
    }
    result = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=cwd, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.stderr == ""
    return result.returncode, result.stdout, summary.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_action_writes_annotations_a_summary_and_reports(root: Path, tmp_path: Path) -> None:
    commit(repository(tmp_path))
    # What other steps leave in the folder is no part of the commit.
    (root / "kb/concept/left-over.ttl").write_text("junk")
    assert run_the_check_of_the_action(root, tmp_path)[:2] == (0, "")
    assert run_the_check_of_the_action(root, tmp_path, staged="false")[0] == 1
    path = root / AF
    path.write_text(path.read_text().replace(LABEL, ""))
    git(root, "add", AF)
    code, said, summary = run_the_check_of_the_action(tmp_path, tmp_path, root="base", html="a b.html")
    assert code == 1
    assert said.startswith(f"::error file=base/{AF},line=")
    assert "akb check failed: 1 finding" in summary
    assert len(json.loads((tmp_path / "akb.sarif").read_text())["runs"][0]["results"]) == 1
    assert "entity-english-label" in (tmp_path / "a b.html").read_text()
    assert run_the_check_of_the_action(root, tmp_path, options="--skip shapes --skip lint")[0] == 0


@pytest.mark.slow
def test_the_action_checks_a_project_that_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "my data").mkdir()
    (tmp_path / "my data/a.ttl").write_text("<urn:a> <urn:b> 'open")
    git(repository(tmp_path), "add", "my data")
    (tmp_path / "my data/left-over.ttl").write_text("junk")
    code, said, _ = run_the_check_of_the_action(tmp_path, tmp_path, data="my data", options="--only syntax")
    assert code == 1
    assert said.startswith("::error file=my data/a.ttl,line=1,col=")
    assert "left-over" not in said


def test_the_hooks_run_commands_that_there_are() -> None:
    hooks = {hook["id"]: hook for hook in read(".pre-commit-hooks.yaml")}
    assert hooks.keys() == {"akb-check", "akb-fmt"}
    assert {hook["entry"] for hook in hooks.values()} == {"akb check --staged", "akb fmt"}
    assert re.search(hooks["akb-check"]["files"], "shapes/rules/several-types.rq")
    assert re.search(hooks["akb-fmt"]["files"], AF)
    assert not re.search(hooks["akb-fmt"]["files"], "ontology/akb.ttl")


def test_the_recipes_in_the_documentation_are_valid(tmp_path: Path) -> None:
    page = (REPOSITORY / "docs/validation.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(# .*?\n)(.*?)```", page, re.DOTALL)
    schemas = {".github/workflows": "vendor.github-workflows", ".gitlab-ci.yml": "vendor.gitlab-ci"}
    held = set()
    for head, text in blocks:
        for name, schema in schemas.items():
            if name in head:
                (tmp_path / "recipe.yml").write_text(text)
                valid(schema, tmp_path / "recipe.yml")
                held.add(name)
    assert held == schemas.keys()
    hooks = next(yaml.safe_load(text) for head, text in blocks if ".pre-commit-config.yaml" in head)
    [repo] = hooks["repos"]
    assert {hook["id"] for hook in repo["hooks"]} == {"akb-check", "akb-fmt"}
