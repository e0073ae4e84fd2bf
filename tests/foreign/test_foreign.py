"""Five projects in the manner of others: what is found is what pyshacl finds by itself, one by one.

`portal` is made as an application profile of DCAT has it, `vocabulary` as a profile of SKOS, `building` as an ontology
whose classes are shapes, `anatomy` as an ontology in RDF/XML, and `gazetteer` as a thesaurus in several serializations.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyshacl
import pytest
from click.testing import CliRunner
from rdflib import SH, BNode, Graph, URIRef
from rdflib.term import Node

from server.cli.main import main

HERE = Path(__file__).parent
PROJECTS = sorted(path.name for path in HERE.iterdir() if (path / "shapes").is_dir())
Found = tuple[str, ...]
"""Focus node (or the one that it belongs to), component, shape, path, value, severity."""
SEVERITIES = {SH.Info: "info", SH.Warning: "warning"}


def commit(folder: Path) -> None:
    names = ("-c", "user.name=test", "-c", "user.email=test@localhost")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "as it was", "--allow-empty")):
        subprocess.run(["git", *names, *words], cwd=folder, check=True, capture_output=True)


def graph_of(place: Path) -> Graph:
    """Read a folder as rdflib does."""
    formats = {".ttl": "turtle", ".nt": "nt", ".jsonld": "json-ld", ".rdf": "xml", ".owl": "xml"}
    graph = Graph(bind_namespaces="none")
    for path in sorted(place.glob("*")) if place.is_dir() else ():
        graph.parse(path, format=formats[path.suffix])
    return graph


def owner(graph: Graph, node: Node | None) -> str:
    """Return the named node that a node belongs to, or nothing."""
    seen: set[Node | None] = set()
    while isinstance(node, BNode) and node not in seen:
        seen.add(node)
        node = next(graph.subjects(None, node), None)
    return "" if node is None or isinstance(node, BNode) else str(node)


def by_pyshacl(project: Path) -> Counter[Found]:
    """Return the results of pyshacl, which is given nothing but the graphs."""
    data, shapes, ontology = (graph_of(project / name) for name in ("data", "shapes", "ontology"))
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, ont_graph=ontology, inference="none")
    assert isinstance(report, Graph)
    found: Counter[Found] = Counter()
    for result in report.objects(None, SH.result):
        said = {predicate: report.value(result, predicate) for predicate in report.predicates(result)}
        value, path, severity = said.get(SH.value), said.get(SH.resultPath), said[SH.resultSeverity]
        found[
            owner(data, said[SH.focusNode]),
            str(said[SH.sourceConstraintComponent]),
            owner(shapes, said[SH.sourceShape]),
            str(path) if isinstance(path, URIRef) else "",
            value.n3() if isinstance(value, Node) and not isinstance(value, BNode) else "",
            SEVERITIES.get(severity, "violation"),  # type: ignore[call-overload]
        ] += 1
    return found


def by_akb(project: Path, *options: str) -> Counter[Found]:
    """Return what `akb check` finds by the shapes of a project."""
    places = [f"--{name}={project / name}" for name in ("data", "shapes", "ontology") if (project / name).is_dir()]
    ran = CliRunner().invoke(main, ["check", *places, "--only=shapes", "--format=json", *options])
    assert ran.exit_code == 1, ran.output
    prefixes = {
        prefix: str(namespace)
        for name in ("data", "ontology", "shapes")
        for prefix, namespace in graph_of(project / name).namespaces()
    }
    found: Counter[Found] = Counter()
    for one in json.loads(ran.stdout)["findings"]:
        if constraint := one.get("constraint"):
            prefix, _, name = one["focus"].partition(":")
            path, value = constraint.get("path", ""), constraint.get("value", "")
            found[
                prefixes[prefix] + name if prefix in prefixes and one["focus"] else one["focus"],
                constraint["component"],
                constraint["shape"],
                "" if "<" in path else path,
                # What says of a blank node whose it is has several terms.
                value if re.fullmatch(r'<[^<>]*>|".*', value, re.DOTALL) else "",
                one["severity"],
            ] += 1
    return found


@pytest.fixture
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a project that a test may change."""
    return Path(shutil.copytree(HERE / request.param, tmp_path / request.param))


@pytest.mark.parametrize("name", PROJECTS)
@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_findings_are_the_results_of_pyshacl(name: str, engine: str) -> None:
    expected = by_pyshacl(HERE / name)
    assert expected.total() > 10, "each project has enough faults to compare"
    found = by_akb(HERE / name, f"--engine={engine}")
    assert (found - expected, expected - found) == (Counter(), Counter())


@pytest.mark.parametrize("project", PROJECTS, indirect=True)
def test_what_a_change_breaks_is_found_by_the_check_of_the_change(project: Path) -> None:
    """All that pyshacl finds after a change and not before is there, and nothing that it does not find."""
    first, *_ = sorted((project / "data").iterdir(), key=lambda path: path.stat().st_size)
    text = first.read_bytes()
    first.unlink()
    before = by_pyshacl(project)
    commit(project)
    first.write_bytes(text)
    after = by_pyshacl(project)
    found = by_akb(project, "--changed-since=HEAD")
    assert after - before
    assert (after - before) - found == Counter()
    assert found - after == Counter()


def test_a_check_imports_only_what_it_uses() -> None:
    """A cold start takes no longer than that of pyshacl: bench/validate.py measures it, and these would spoil it."""
    slow = {"pyshacl", "owlrl", "rich.console", "rich.progress", "jinja2", "flask", "numpy", "pyparsing", "server.web"}
    places = [f"--{name}={HERE / 'portal' / name}" for name in ("data", "shapes", "ontology")]
    code = (
        "import contextlib, sys\n"
        "from server.cli.main import main\n"
        "with contextlib.suppress(SystemExit):\n"
        f"    main(['check', *{places!r}])\n"
        f"print(sorted({slow!r} & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"
