"""What other packages may add: the package on docs/extending.md, found wherever what it adds takes effect."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import Graph

from server.settings import Settings

REPOSITORY = Path(__file__).parent.parent
PAGE = (REPOSITORY / "docs/extending.md").read_text(encoding="utf-8")
AF = "/concept/alignment-faking"
NDJSON = "application/x-ndjson"
FORMAT = "https://example.org/formats/json-lines"

ASK = """
import json, sys
from pathlib import Path
from server.settings import read_settings
from server.web.app import create_app

app = create_app(read_settings({"AKB_STATE": sys.argv[2]}, root=Path(sys.argv[1])))
client = app.test_client()
answers = []
for path, accept in json.load(sys.stdin):
    response = client.get(path, headers={"Accept": accept} if accept else {})
    answers.append([response.status_code, response.content_type, response.headers.get("Link", ""), response.text])
app.extensions["akb"].close()
print(json.dumps(answers))
"""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def install(folder: Path, files: dict[str, str]) -> Path:
    """Lay files out as pip would install a package of them; one is its pyproject.toml."""
    project = tomllib.loads(files["pyproject.toml"])["project"]
    for name, text in files.items():
        if name.endswith(".py"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    metadata = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8"
    )
    groups = project["entry-points"].items()
    (metadata / "entry_points.txt").write_text(
        "\n".join(f"[{group}]\n" + "\n".join(f"{k} = {v}" for k, v in points.items()) for group, points in groups),
        encoding="utf-8",
    )
    return folder


def runner(packages: Path) -> Run:
    def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        # A command that builds first makes what these tests ask for, and no more.
        environment = os.environ | {"AKB_EMBEDDING": "none", "AKB_DOWNLOADS": "none"}
        environment["PYTHONPATH"] = os.pathsep.join((str(REPOSITORY), str(packages)))
        return subprocess.run(
            [sys.executable, *arguments], input=given, capture_output=True, text=True, env=environment, check=False
        )

    return run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A function that runs Python with the package of the page installed."""
    files = dict(re.findall(r"```\w+\n# (\S+)\n(.*?)```", PAGE, re.DOTALL))
    assert len(files) == 5
    return runner(install(tmp_path_factory.mktemp("installed"), files))


def akb(run: Run, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run("-m", "server.cli.main", *arguments)


def read_lines(text: str) -> Graph:
    """Return what the format of the page says, read anew."""
    return Graph().parse(data="".join(" ".join(json.loads(line)) + " .\n" for line in text.splitlines()), format="nt")


@pytest.mark.slow
def test_a_format_is_found_everywhere(run: Run, settings: Settings) -> None:
    construct = "/sparql?query=CONSTRUCT%20WHERE%20%7B%20?s%20a%20akb:Framework%20%7D"
    select = "/sparql?query=SELECT%20?s%20%7B%20?s%20a%20akb:Framework%20%7D"
    asked = [
        (f"{AF}.jsonl", ""),
        (f"{AF}.nt", ""),
        (AF, NDJSON),
        (f"{AF}.html", ""),
        ("/concept.jsonl", ""),
        ("/ontology.jsonl", ""),
        (f"{AF}/neighbourhood.jsonl", ""),
        ("/graph/asserted.jsonl", ""),
        ("/graph/asserted.nt", ""),
        (construct, NDJSON),
        (construct + "&format=jsonl", ""),
        (select + "&format=jsonl", ""),
        ("/sparql", NDJSON),
        ("/sparql", "application/n-triples"),
        ("/.well-known/void.nt", ""),
        ("/", "text/turtle"),
        (f"{AF}.exe", ""),
    ]
    answers = run("-c", ASK, str(settings.root), str(settings.state), given=json.dumps(asked))
    assert answers.returncode == 0, answers.stderr
    found = dict(zip(asked, json.loads(answers.stdout), strict=True))
    status, kind, link, text = found[f"{AF}.jsonl", ""]
    assert (status, kind) == (200, NDJSON)
    assert set(read_lines(text)) == set(Graph().parse(data=found[f"{AF}.nt", ""][3], format="nt"))
    assert f'{AF}.jsonl>; rel="alternate describedby"; type="{NDJSON}"' in found[f"{AF}.nt", ""][2], link
    assert f"{AF}.jsonl" in found[f"{AF}.html", ""][3]
    assert found[AF, NDJSON][0] == 303
    for path in ("/concept.jsonl", "/ontology.jsonl", f"{AF}/neighbourhood.jsonl"):
        assert found[path, ""][:2] == [200, NDJSON], path
        assert len(read_lines(found[path, ""][3])) > 5
    assert found["/graph/asserted.jsonl", ""][1] == NDJSON
    lines = found["/graph/asserted.jsonl", ""][3].splitlines()
    assert len(lines) == len(found["/graph/asserted.nt", ""][3].splitlines())
    assert found[construct, NDJSON][:2] == found[construct + "&format=jsonl", ""][:2] == [200, NDJSON]
    assert len(read_lines(found[construct, NDJSON][3])) >= 1
    names, *rows = map(json.loads, found[select + "&format=jsonl", ""][3].splitlines())
    assert names == ["s"]
    assert all(row[0].startswith("<https://") for row in rows)
    assert len(rows) == len(read_lines(found[construct, NDJSON][3]))
    assert found["/sparql", NDJSON][:2] == [200, NDJSON]
    for text in (found["/sparql", "application/n-triples"][3], found["/.well-known/void.nt", ""][3]):
        assert f"<http://www.w3.org/ns/sparql-service-description#resultFormat> <{FORMAT}> ." in text
    assert f"<http://rdfs.org/ns/void#feature> <{FORMAT}> ." in found["/.well-known/void.nt", ""][3]
    assert f"<{FORMAT}>" in found["/", "text/turtle"][3]
    assert "/graph/asserted.jsonl" in found["/", "text/turtle"][3]
    assert ".jsonl" in found[f"{AF}.exe", ""][3], "it is among those that there are"
    # The section stands on the page of a concept.
    assert "Search for Alignment Faking in Wikipedia</a>" in found[f"{AF}.html", ""][3]


@pytest.mark.slow
def test_the_command_line_writes_and_reads_a_format(run: Run, settings: Settings, tmp_path: Path) -> None:
    query = "CONSTRUCT WHERE { ?s a akb:Framework }"
    written = run("-m", "server.cli.main", "query", "--root", str(settings.root), query, "--format", "jsonl")
    assert written.returncode == 0, written.stderr
    assert len(read_lines(written.stdout)) >= 1
    (tmp_path / "data").mkdir()
    (tmp_path / "data/some.jsonl").write_text(written.stdout, encoding="utf-8")
    checked = akb(run, "check", "--data", str(tmp_path / "data"))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "1 file" in checked.stdout
    (tmp_path / "data/other.jsonl").write_text("no list\n", encoding="utf-8")
    checked = akb(run, "check", "--data", str(tmp_path / "data"))
    assert checked.returncode == 1
    assert "Not JSON Lines" in checked.stdout
    refused = akb(run, "query", "--root", str(settings.root), query, "--format", "exe")
    assert refused.returncode == 2
    assert "jsonl" in refused.stderr


@pytest.mark.slow
def test_an_importer_adds_entities_and_a_rule_finds_what_is_wrong_with_them(run: Run, root: Path) -> None:
    papers = root / "papers.txt"
    papers.write_text("A PAPER IN CAPITALS | 2024\nAnother paper | 2025\n", encoding="utf-8")
    imported = akb(run, "import", "--root", str(root), "reading-list", str(papers))
    assert imported.returncode == 0, imported.stdout + imported.stderr
    assert (root / "kb/paper/another-paper.ttl").is_file()
    checked = akb(run, "check", "--root", str(root), "--only", "lint")
    assert "The label A PAPER IN CAPITALS is in capitals only." in checked.stdout
    assert checked.stdout.count("[shouting]") == 1
    papers.write_text("no bar\n", encoding="utf-8")
    refused = akb(run, "import", "--root", str(root), "reading-list", str(papers))
    assert refused.returncode == 2
    assert "line 1 has no bar" in refused.stderr
    unknown = akb(run, "import", "--root", str(root), "spreadsheet", str(papers))
    assert unknown.returncode == 2
    assert "table, reading-list" in unknown.stderr


BROKEN = '[project]\nname = "broken"\nversion = "2"\n[project.entry-points."akb.formats"]\none = "broken_one:FORMAT"\n'


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("1 / 0", "cannot be loaded: ZeroDivisionError"),
        ("FORMAT = 'ttl'", "is of the type str, not server.serialization.Format"),
        (
            "from server.serialization import Format\nFORMAT = Format('ttl', 'Mine', ('text/mine',))",
            "but another format has ttl already",
        ),
    ],
)
def test_a_package_that_is_broken_is_named_at_the_start(code: str, message: str, tmp_path: Path) -> None:
    run = runner(install(tmp_path, {"pyproject.toml": BROKEN, "broken_one.py": code}))
    found = run("-c", "from server.serialization import answer_formats; answer_formats()")
    assert found.returncode == 1
    assert "UsageError: " in found.stderr
    assert message in found.stderr
