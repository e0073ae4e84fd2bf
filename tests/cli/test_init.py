"""`akb init`: each template is a base that checks, builds and is nobody's but its owner's."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from server.build.build import build
from server.cli.main import main
from server.engine import DISTRIBUTION
from server.schema.reading import schema_of
from server.settings import read_settings
from server.turtle.reader import read_base
from server.turtle.starting import TEMPLATES
from tests.conftest import REPOSITORY

BASE = "https://moor.example/notes/"


def akb(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def start(folder: Path, template: str) -> Path:
    result = akb("init", folder, "--template", template, "--name", "Moor & Fen", "--base", BASE)
    assert result.exit_code == 0, result.output
    return folder


@pytest.mark.parametrize(
    ("template", "classes", "edges"),
    [
        ("minimal", {"place": 1, "plant": 2}, 2),
        ("scholarly", dict.fromkeys(("claim", "person", "topic", "work"), 2), 11),
        ("skos", {"concept": 6}, 6),
    ],
)
def test_a_new_base_checks_and_builds_without_a_finding(
    template: str, classes: dict[str, int], edges: int, tmp_path: Path
) -> None:
    root = start(tmp_path / "moor", template)
    checked = akb("check", "--root", root)
    assert (checked.exit_code, checked.output.count("no findings")) == (0, 1), checked.output
    formed = akb("fmt", "--check", "--root", root)
    assert formed.exit_code == 0, formed.output
    settings = read_settings({"AKB_EMBEDDING": "none"}, root=root)
    built, _ = build(settings)
    assert dict(built.entities) == classes
    assert built.edges == edges
    assert settings.state == root / ".akb"


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_is_made_from_its_ontology_is_turtle_and_holds(template: str, tmp_path: Path) -> None:
    root = start(tmp_path / "moor", template)
    assert akb("generate", "--root", root).exit_code == 0
    checked = akb("check", "--root", root)
    assert checked.exit_code == 0, checked.output


@pytest.mark.parametrize("template", TEMPLATES)
def test_it_says_what_it_is_called_and_nothing_of_us(template: str, tmp_path: Path) -> None:
    root = start(tmp_path / "moor", template)
    texts = {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.is_file()}
    assert {"README.md", "akb.toml", ".gitignore", ".github/workflows/check.yml", "requirements.txt"} <= texts.keys()
    for path, text in texts.items():
        assert not re.search(r"\{(?:name|base|now|requirement)\}", text), path
        # The IRIs of the engine's own terms, and what is installed.
        said = re.sub(
            rf"https://w3id\.org/alignment-kb/(?:ontology|schemes)#|^{DISTRIBUTION}\b.*$", "", text, flags=re.MULTILINE
        )
        assert "alignment" not in said.lower(), path
    assert "# Moor & Fen" in texts["README.md"]
    assert "made with akb" in texts["README.md"]
    assert tomllib.loads(texts["akb.toml"])["base"] == BASE
    assert texts[".gitignore"] == ".akb/\n"
    workflow = yaml.safe_load(texts[".github/workflows/check.yml"])
    assert "akb check" in " ".join(step.get("run", "") for step in workflow["jobs"]["check"]["steps"])


def test_edges_are_named_by_the_base_iri(tmp_path: Path) -> None:
    one, other = (tmp_path / name for name in ("one", "other"))
    for root, base in ((one, BASE), (other, "http://fen.example/")):
        akb("init", root, "--template", "scholarly", "--base", base)
        checked = akb("check", "--root", root)
        assert checked.exit_code == 0, checked.output
    edges = [set(re.findall(r"edge:\w{10}", "".join(p.read_text() for p in r.rglob("*.ttl")))) for r in (one, other)]
    assert len(edges[0]) == 11
    assert edges[0].isdisjoint(edges[1])


@pytest.mark.parametrize(
    ("template", "name", "ends"),
    [
        ("minimal", "place", ("plant:sea-holly", "growsIn", "place:moss")),
        ("scholarly", "topic", ("topic:moss", "part_of", "topic:shell-choice")),
        ("skos", "concept", ("concept:moss", "skos:broader", "concept:weather")),
    ],
)
def test_new_link_and_stats_work_on_it(template: str, name: str, ends: tuple[str, ...], tmp_path: Path) -> None:
    root = start(tmp_path / "moor", template)
    before = json.loads(akb("stats", "--format", "json", "--root", root).output)
    made = akb("new", name, "Moss", "--root", root, "--definition", "Low plants that hold water.")
    assert made.exit_code == 0, made.output
    if template == "skos":
        path = root / "kb/concept/moss.ttl"
        path.write_text(
            path.read_text().replace("skos:Concept ;", f"skos:Concept ;\n    skos:inScheme <{BASE}scheme> ;")
        )
        assert akb("fmt", "--root", root).exit_code == 0
    linked = akb("link", "edge", "--root", root, *ends, "--note", "They are met together.", "--status", "active")
    assert linked.exit_code == 0, linked.output
    checked = akb("check", "--root", root)
    assert checked.exit_code == 0, checked.output
    after = json.loads(akb("stats", "--format", "json", "--root", root).output)
    assert before["entities"] == sum(before["entities_per_class"].values()) > 0
    assert (after["entities"], after["edges"]) == (before["entities"] + 1, before["edges"] + 1)
    assert after["entity_statuses"] == {"active": before["entities"], "draft": 1}


def test_without_options_it_is_named_after_its_folder(tmp_path: Path) -> None:
    result = akb("init", tmp_path / "my-moor")
    assert result.exit_code == 0, result.output
    assert "begin again with --base" in result.output
    assert "akb serve" in result.output
    assert 'base = "https://example.org/my-moor/"' in (tmp_path / "my-moor/akb.toml").read_text()
    assert 'dcterms:title "My moor"@en' in (tmp_path / "my-moor/ontology/vocabulary.ttl").read_text()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--template", "fancy"), "'fancy' is not a template"),
        (("--name", 'A "quoted" one'), "cannot be the name"),
        (("--name", "two\nlines"), "cannot be the name"),
        (("--name", "<b>"), "cannot be the name"),
        (("--name", "x" * 81), "cannot be the name"),
        (("--base", "moor.example"), "cannot be the base IRI"),
        (("--base", "https://moor.example/notes"), "cannot be the base IRI"),
        (("--base", "https://moor.example/?a/"), "cannot be the base IRI"),
        (("--base", "https://moor.example/a b/"), "cannot be the base IRI"),
        (("--base", "https:///"), "cannot be the base IRI"),
    ],
)
def test_what_cannot_be_is_refused_with_a_mend_and_nothing_is_written(
    options: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    result = akb("init", tmp_path / "moor", *options)
    assert result.exit_code == 2, result.output
    assert said in result.output
    assert " mend: " in result.output
    assert not (tmp_path / "moor").exists()


def test_a_folder_that_holds_something_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    result = akb("init", tmp_path)
    assert (result.exit_code, "is not empty" in result.output) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    result = akb("init", tmp_path / "notes.txt")
    assert (result.exit_code, "is a file" in result.output) == (2, True)


def test_a_new_repository_counts_as_empty(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert akb("init", tmp_path).exit_code == 0


def test_the_rules_of_templates_are_those_of_our_own_base() -> None:
    copies = sorted((REPOSITORY / "server/starters").rglob("*.rq"))
    assert len(copies) == 5
    for path in copies:
        assert path.read_text() == (REPOSITORY / "shapes/rules" / path.name).read_text(), (
            f"copy shapes/rules/{path.name}"
        )


def test_the_help_names_every_template() -> None:
    text = akb("init", "--help").output
    assert all(f"  {template} " in text for template in TEMPLATES)


def test_its_schema_is_read_from_its_turtle(tmp_path: Path) -> None:
    root = start(tmp_path / "moor", "minimal")
    settings = read_settings({}, root=root)
    schema = schema_of(read_base(root, settings.namespaces))
    assert [(term.notation, term.plural) for term in schema.page_classes] == [("place", "Places"), ("plant", "Plants")]
    assert schema.properties[f"{BASE}vocabulary#height"].name == "height in cm"
    assert f"{BASE}vocabulary#growsIn" in schema.predicates
