"""The query editor: what it may load, what it completes, and that its vendored files are those that were published."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server.turtle.base import Base
from tests.made import CLASSES

STATIC = Path(__file__).parents[3] / "server" / "web" / "static"
MANIFESTS = sorted((STATIC / "vendor").glob("*/manifest.json"))


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.parent.name)
def test_vendored_files_are_those_of_the_manifest_and_there_are_no_others(path: Path) -> None:
    manifest = json.loads(path.read_text(encoding="utf-8"))
    assert path.parent.name.endswith(f"-{manifest['version']}")
    there = {file.name: file.read_bytes() for file in path.parent.iterdir() if file != path}
    assert {name: hashlib.sha256(data).hexdigest() for name, data in there.items()} == {
        name: entry["sha256"] for name, entry in manifest["files"].items()
    }
    assert len(base64.b64decode(manifest["integrity"].removeprefix("sha512-"))) == 64
    assert manifest["licence"].encode() in there["LICENSES.txt"]


def test_everything_vendored_is_in_a_folder_with_a_manifest() -> None:
    assert MANIFESTS
    assert {path.parent for path in MANIFESTS} == set((STATIC / "vendor").iterdir())


def test_the_page_loads_scripts_and_styles_of_this_server_that_exist(client: FlaskClient) -> None:
    text = client.get("/sparql", headers={"Accept": "text/html"}).text
    loaded = re.findall(r'<script defer src="([^"]+)"></script>|<link rel="stylesheet" href="([^"]+)">', text)
    paths = [script or style for script, style in loaded]
    assert len(paths) == 13
    assert text.count("<script") == 8
    for path in paths:
        with client.get(path) as response:
            assert response.status_code == 200, path


def test_pages_run_scripts_of_ours_only_and_the_editor_has_one_style_of_its_own(client: FlaskClient) -> None:
    def policy(path: str) -> dict[str, str]:
        response = client.get(path, headers={"Accept": "text/html"})
        rules = (rule.strip().partition(" ") for rule in response.headers["Content-Security-Policy"].split(";"))
        return {name: value for name, _, value in rules}

    editor, page = policy("/sparql"), policy("/concept")
    for one in (editor, page):
        assert one["default-src"] == "'none'"
        assert one["script-src"] == one["connect-src"] == "'self'"
    assert page["style-src"] == "'self'"
    assert re.fullmatch(r"'self' 'sha256-[\w+/]{43}='", editor["style-src"])
    assert "unsafe" not in str(editor)


def test_our_classes_and_predicates_are_completed_and_those_that_the_data_use(client: FlaskClient) -> None:
    answer = client.get("/sparql/completions")
    assert answer.mimetype == "application/json"
    classes = [offer["name"] for offer in answer.json["classes"]]
    predicates = [offer["name"] for offer in answer.json["predicates"]]
    assert {"akb:Claim", "akb:Paper", "akb:Edge", "skos:Concept"} <= set(classes)
    assert {"akb:extends", "akb:note", "skos:prefLabel", "dcterms:issued"} <= set(predicates)
    assert {"label": "claim", "name": "akb:Claim"} in [
        {"label": offer["label"].lower(), "name": offer["name"]} for offer in answer.json["classes"]
    ]
    for names in (classes, predicates):
        assert len(names) == len(set(names))
        assert all(re.fullmatch(r"\w+:[\w-]+", name) for name in names)
        # Ours come first.
        assert [name.startswith("akb:") for name in names] == sorted(
            (name.startswith("akb:") for name in names), reverse=True
        )
    assert answer.json["base"].endswith("/")


def test_every_entity_in_use_is_found_by_its_id(base: Base, client: FlaskClient) -> None:
    for name in CLASSES:
        for offer in client.get(f"/sparql/completions?entity={name}:").json["entities"]:
            assert offer["name"].startswith(f"{name}:")
            found = client.get("/sparql/completions", query_string={"entity": offer["name"]}).json["entities"]
            assert found[0]["name"] == offer["name"]
            path = f"kb/{offer['name'].replace(':', '/')}.ttl"
            assert any(file.path == path for file in base.files)


def test_an_entity_is_found_by_a_part_of_its_id_or_of_a_name_in_any_case(client: FlaskClient) -> None:
    for text in ("Fak", "alignment fak", "concept:alignment-f", "ALIGNMENT-FAKING"):
        entities = client.get("/sparql/completions", query_string={"entity": text}).json["entities"]
        assert "concept:alignment-faking" in [offer["name"] for offer in entities], text
        assert len(entities) <= 50
    begun = client.get("/sparql/completions?entity=alignment-faking").json["entities"]
    assert begun[0]["name"].partition(":")[2].startswith("alignment-faking")
    assert client.get("/sparql/completions?entity=%00nothing%22%7D").json == {"entities": []}
