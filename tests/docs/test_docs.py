"""The documentation is true: it names all there is, and its examples run."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click import Group
from click.testing import CliRunner
from flask.testing import FlaskClient

from docs.rules import overview as rules_overview
from docs.rules import page as rules_page
from server.cli.main import main
from server.settings_file import FIELDS, SITE_FIELDS
from server.similarity.model_files import MODULES
from server.turtle.base import Base
from server.validation.catalogue import catalogue
from tests.history.repositories import commit, repository

REPOSITORY = Path(__file__).parent.parent.parent
BRINGS_BINARIES = {"node_modules/classic-level"}
"""Packages of npm whose script only builds what they bring for all usual systems."""
PAGES = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")])


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def examples(program: str) -> list[tuple[str, str]]:
    """Return the console lines of all pages that run a program, with their pages."""
    found = []
    for page in PAGES:
        for block in re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            found += [(page.name, line[2:]) for line in block.splitlines() if line.startswith(f"$ {program} ")]
    return found


def test_every_command_and_option_is_documented() -> None:
    page = read("docs/command-line.md")
    sections = dict(re.findall(r"^## `akb ([\w-]+)`\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE))
    assert list(sections) == list(main.commands)
    for name, command in main.commands.items():
        parts = [command, *command.commands.values()] if isinstance(command, Group) else [command]
        parameters = [parameter for part in parts for parameter in part.params]
        options = {option for parameter in parameters for option in parameter.opts if option.startswith("--")}
        assert options
        assert {option for option in options if f"`{option}`" not in sections[name]} == set(), name


def test_every_setting_is_documented_with_its_default() -> None:
    page = read("docs/settings.md")
    for field in FIELDS:
        [row] = [line for line in page.splitlines() if line.startswith(f"| `{field.variable}`")]
        assert field.default.split(" ")[0].strip("`") in row, field


def test_every_key_of_the_site_is_documented_with_its_default() -> None:
    page = read("docs/settings.md")
    for field in SITE_FIELDS:
        assert f"| `{field.key}` | {field.meaning} | {field.default} |" in page


def test_every_address_is_documented_and_no_other(client: FlaskClient) -> None:
    def plain(rule: str) -> str:
        rule = rule.replace("<page_class:name>", "<class>").replace("<undotted:", "<")
        return re.sub(r"<any\(.*?\):name>", "<vocabulary>", rule)

    page = read("docs/addresses.md")
    documented = set(re.findall(r"`(/[^`]*)`", page.split("## Formats")[0]))
    served = {plain(str(rule)) for rule in client.application.url_map.iter_rules()}
    served = {
        address for rule in served for address in ([rule.replace("<vocabulary>", n) for n in ("ontology", "schemes")])
    }
    # The documents of an entity share a rule with the entity; the extension is read from its last part.
    assert documented == served | {"/<class>/<slug>.<ext>"}


def test_every_dependency_is_explained_and_locked() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    extras = project["optional-dependencies"]
    names = {
        re.match(r"[\w-]+", line)[0]
        for line in [*project["dependencies"], *(line for extra in extras.values() for line in extra)]
    }
    explained = set(
        re.findall(r"`([\w-]+)`", "\n".join(re.findall(r"^\| (.*?) \|", read("docs/dependencies.md"), re.MULTILINE)))
    )
    assert names == explained
    locked = set(re.findall(r"^([\w.-]+)==", read("requirements/dev.txt"), re.MULTILINE))
    locked |= set(re.findall(r"^([\w.-]+)==", read("requirements/bench.txt"), re.MULTILINE))
    locked |= set(re.findall(r"^([\w.-]+)==", read("requirements/fast.txt"), re.MULTILINE))
    assert names <= locked
    runtime = set(re.findall(r"^([\w.-]+==\S+)", read("requirements/runtime.txt"), re.MULTILINE))
    everything = set(re.findall(r"^([\w.-]+==\S+)", read("requirements/dev.txt"), re.MULTILINE))
    assert runtime <= everything, "one version of each: run `make lock`"


def test_the_packages_of_the_model_are_explained_and_locked() -> None:
    wanted = [f"{package}=={version}" for package, version in MODULES.values()]
    assert read("requirements/model.in").split() == wanted
    locked = read("requirements/model.txt")
    assert re.findall(r"^([\w.-]+==\S+)", locked, re.MULTILINE) == wanted
    assert "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54" in locked, "the wheel that was measured"
    explained = read("docs/dependencies.md")
    assert all(f"- `{package}` " in explained for package, _ in MODULES.values())


def test_the_tools_of_a_release_are_explained_and_locked() -> None:
    wanted = read("requirements/release.in").split()
    assert {*wanted} <= set(re.findall(r"^([\w.-]+==\S+)", read("requirements/release.txt"), re.MULTILINE))
    assert all(f"- `{name.partition('==')[0]}` " in read("docs/dependencies.md") for name in wanted)
    # What is installed to serve is what is listed and audited.
    installed = set(re.findall(r"install .*-r requirements/(\w+)\.txt", read("Makefile"))) - {"bench", "dev", "release"}
    assert {*re.findall(r"^installed := (.*)$", read("Makefile"), re.MULTILINE)[0].split()} == installed


def test_the_locks_hold_hashes_and_no_addresses() -> None:
    for name in ("bench", "dev", "fast", "model", "parquet", "release", "runtime", "texts"):
        text = read(f"requirements/{name}.txt")
        assert "://" not in text
        for requirement in re.split(r"\n(?=\S)", text.strip()):
            assert "--hash=sha256:" in requirement, requirement


def test_the_lock_of_the_javascript_client_holds_hashes_and_no_addresses() -> None:
    assert "omit-lockfile-registry-resolved=true" in read("tests/clients/.npmrc")
    packages = json.loads(read("tests/clients/package-lock.json"))["packages"]
    wanted = json.loads(read("tests/clients/package.json"))["dependencies"]
    assert packages.pop("")["dependencies"] == wanted
    assert {f"node_modules/{name}" for name in wanted} <= packages.keys()
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name
        is_set_up = not package.get("hasInstallScript") or name in BRINGS_BINARIES
        assert is_set_up, f"{name} would not be set up: scripts are not run"
    assert all(f"`{name}`" in read("docs/dependencies.md") for name in wanted)


def test_the_examples_of_akb_run_in_the_order_of_their_page(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Some write files where they are run.
    monkeypatch.chdir(tmp_path)
    shutil.copytree(REPOSITORY / "docs", root / "docs")
    commit(repository(root))
    lines = examples("akb")
    assert len(lines) >= 14
    page_of = None
    for page, line in lines:
        if page != page_of:
            # Each page starts from the base as it is.
            shutil.rmtree(root / "kb")
            shutil.copytree(REPOSITORY / "tests/base/kb", root / "kb")
            page_of = page
        runner = CliRunner(env={"AKB_ROOT": str(root), "AKB_STATE": str(tmp_path / "state")})
        result = runner.invoke(main, shlex.split(line)[1:])
        assert result.exit_code == 0, f"{page}: {line}\n{result.output}"
        assert result.output.strip(), f"{page}: {line}"


def test_the_example_of_a_difference_is_what_akb_says(root: Path) -> None:
    commit(repository(root))
    page = read("docs/reviewing.md")
    commands, said = re.search(r"```console\n(.*?)```\n\n```text\n(.*?)```", page, re.DOTALL).groups()
    for line in commands.splitlines():
        result = CliRunner(env={"AKB_ROOT": str(root)}).invoke(main, shlex.split(line)[2:])
    assert result.output == said


def test_the_workflow_on_the_page_is_the_one_that_runs_here() -> None:
    workflow = read(".github/workflows/diff.yml")
    assert f"```yaml\n{workflow}```" in read("docs/reviewing.md")


@pytest.mark.slow
def test_the_examples_of_curl_run(server: str) -> None:
    lines = examples("curl")
    assert len(lines) >= 9
    assert shutil.which("curl"), "curl is missing"
    for page, line in lines:
        command = line.replace("http://127.0.0.1:8000/", server)
        result = subprocess.run(
            [*shlex.split(command), "--fail", "--max-time", "20"], capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, f"{page}: {line}\n{result.stderr}"
        assert result.stdout.strip(), line


def test_the_sparql_examples_of_the_pages_answer(store: object) -> None:
    queries = [
        q for page in PAGES for q in re.findall(r"```sparql\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    ]
    # One that calls a peer runs in tests/web/data/test_federation.py.
    alone = [query for query in queries if "SERVICE" not in query]
    assert alone
    for query in alone:
        assert b"uri" in store.answer(query).serialize("json")


def test_every_rule_is_listed_with_an_example_its_message_and_its_mend(base: Base) -> None:
    page = read("docs/rules.md")
    assert read("docs/validation.md") == rules_overview(), "run `python -m docs.rules` and commit what it writes"
    assert page == rules_page(), "run `python -m docs.rules` and commit what it writes"
    listed = set(re.findall(r"^### `([\w-]+)`$", page, re.MULTILINE))
    assert listed == {entry.name for entry in catalogue(base) if entry.source != "shapes/predicates.ttl"}
    assert page.count("*Mend:*") == len(listed) + 1


def test_every_test_that_the_threat_model_names_exists() -> None:
    page = read("docs/security.md")
    named = re.findall(r"(to come: )?`(tests/[\w/]+\.py)(?:::(\w+))?`", page)
    assert len(named) > 30
    for to_come, file, test in named:
        path = REPOSITORY / file
        if to_come:
            assert not path.exists(), f"{file} is here: say so in docs/security.md"
            continue
        assert path.exists(), f"{file} is not there"
        assert not test or f"def {test}(" in path.read_text(encoding="utf-8"), f"{file} has no {test}"
    # Each row says what shows it.
    rows = re.findall(r"^\| (?!Attack).*$", page.split("## What holds them")[1], re.MULTILINE)
    assert len(rows) > 25
    assert [row for row in rows if "`tests/" not in row and "the workflow `" not in row] == []
    workflows = {path.stem for path in (REPOSITORY / ".github/workflows").glob("*.yml")}
    assert {*re.findall(r"the workflow `(\w+)`", page)} <= workflows
    attacks = {f"tests/attack/{path.name}" for path in (REPOSITORY / "tests/attack").glob("test_*.py")}
    assert attacks <= {file for _, file, _ in named}, "a test of an attack that the page does not name"


def test_every_link_between_pages_leads_somewhere() -> None:
    links = [
        (page, link) for page in PAGES for link in re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8"))
    ]
    assert len(links) > 10
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


def test_every_target_of_make_that_the_pages_name_exists() -> None:
    named = {name for page in PAGES for name in re.findall(r"make ([a-z][a-z-]+)", page.read_text(encoding="utf-8"))}
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    assert {name for name in named if name in targets} >= {"serve", "test", "lock", "help"}
    console = {line.split()[0] for _, line in examples("make") for line in [line.removeprefix("make ")]}
    assert console <= targets


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert read(".ci/run").rstrip().endswith("\nmake test")
    assert "$ make test" in read("README.md")


def test_the_rules_that_a_reader_of_the_floors_relies_on_are_kept() -> None:
    """The table of floors in docs/architecture.md is the one that import-linter holds."""
    layers = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"][0]["layers"]
    rooms = [set(re.findall(r"server\.(\w+)", layer)) for layer in layers]
    rows = re.findall(r"^\| \d+ \| (.*?) \|", read("docs/architecture.md"), re.MULTILINE)
    assert [set(re.findall(r"`(\w+)`", row)) for row in rows] == rooms


def test_help_is_quick_to_show() -> None:
    """A command imports what it needs when it runs: help pulls in neither the store nor the reasoners."""
    code = (
        "import sys; from server.cli.main import main; "
        "print([name for name in ('pyshacl', 'owlrl', 'flask', 'rdflib') if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ, cwd=REPOSITORY
    )
    assert result.stdout.strip() == "[]"
