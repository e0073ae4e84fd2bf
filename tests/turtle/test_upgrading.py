"""Edges of before become edges of now: nothing is lost, nothing is made up, and a second run changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import DCTERMS, Graph, Literal, URIRef

from server.cli.main import main
from server.turtle.edges import VOCAB, edge_id
from server.turtle.reader import read_base
from server.turtle.upgrading import Upgrade, upgraded
from tests.made import NAMESPACES, OUR_SCHEMA, edge, record

WORK = "https://arxiv.org/abs/2412.14093"
KNOWN = 'akb:arxivId "2412.14093" ; dcterms:issued "2024"^^<http://www.w3.org/2001/XMLSchema#gYear> ;'
CLAIM = record("claim:boats", "akb:Claim", "akb:claimKind akbv:finding ;")


def said(source: str, asserted: str = "paper:boats", predicate: str = "akb:supports") -> str:
    """Return an edge with sources as edges had them before."""
    text = edge("claim:boats", predicate, "claim:others")
    old = edge_id(*(NAMESPACES.expand(one) for one in ("claim:boats", predicate, "claim:others")))
    ends = [NAMESPACES.expand(one) for one in ("claim:boats", predicate, "claim:others", *filter(None, [asserted]))]
    text = text.replace(old, edge_id(*ends))
    if asserted:
        text = text.replace("    akb:confidence", f"    akb:assertedIn {asserted} ;\n    akb:confidence")
    return text.replace('dcterms:source "a test, https://made.akb.dev/"', f"dcterms:source {source}")


def base_with(root: Path, *edges: str) -> Path:
    """Write a base of two claims, with edges from the first, and the paper that is their source."""
    for name, text in (
        ("paper/boats", record("paper:boats", "akb:Paper", KNOWN)),
        ("claim/others", CLAIM.replace("boats", "others")),
        ("claim/boats", CLAIM + "".join(edges)),
    ):
        path = root / "kb" / f"{name}.ttl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "ontology").mkdir(exist_ok=True)
    (root / "ontology" / "own.ttl").write_text(
        f"<{NAMESPACES.base}ontology> a <http://www.w3.org/2002/07/owl#Ontology> .\n"
    )
    return root


def after(root: Path, *readings: str) -> tuple[Graph, Upgrade]:
    """Return what the file of the edges says when it is upgraded."""
    base = read_base(root, NAMESPACES)
    found = upgraded(base, OUR_SCHEMA.facts.values(), set(readings))
    graph = Graph().parse(data=found.files.get("kb/claim/boats.ttl", (root / "kb/claim/boats.ttl").read_text()))
    return graph, found


@pytest.mark.parametrize(
    ("source", "read_at", "words", "version"),
    [
        (f"<{WORK}v2>", {f"{WORK}v2"}, set(), "v2"),
        (f'"{WORK}"', {WORK}, set(), None),
        ('"arXiv 2412.14093, Section 1"', {WORK}, {"arXiv 2412.14093, Section 1"}, None),
        ('"arXiv 2412.14093v3"', {f"{WORK}v3"}, {"arXiv 2412.14093v3"}, "v3"),
        ('"DOI 10.1000/182, page 3"', {"https://doi.org/10.1000/182"}, {"DOI 10.1000/182, page 3"}, None),
        ('"notes that quote arXiv 2412.14093v2 and 2506.18032v1"', set(), {...}, "v2"),
        (f'<{WORK}v1>, "arXiv 2412.14093v2"', {f"{WORK}v1", f"{WORK}v2"}, {...}, None),
        ('"the library of arXiv"', set(), {...}, None),
        ('"a file about 12412.14093v2"', set(), {...}, None),
    ],
    ids=["address", "address in quotes", "number", "version", "doi", "notes", "two versions", "no number", "longer"],
)
def test_what_a_source_says_is_taken_apart(
    source: str, read_at: set[str], words: set[object], version: str | None, tmp_path: Path
) -> None:
    graph, _ = after(base_with(tmp_path, said(source)))
    edge_ = graph.value(predicate=VOCAB.assertedIn, object=URIRef(NAMESPACES.expand("paper:boats")))
    assert {str(one) for one in graph.objects(edge_, VOCAB.consultedAt)} == read_at
    left = {str(one) for one in graph.objects(edge_, DCTERMS.source)}
    assert left == words or (words == {...} and left)
    assert graph.value(edge_, VOCAB.sourceVersion) == (Literal(version) if version else None)


def test_only_what_no_source_asserts_is_a_reading_of_ours(tmp_path: Path) -> None:
    supports, opposes = (NAMESPACES.expand(f"akb:{name}") for name in ("supports", "opposes"))
    edges = [said(f"<{WORK}>", ""), said(f"<{WORK}>"), said(f"<{WORK}>", "", "akb:qualifies")]
    graph, found = after(base_with(tmp_path, *edges), supports, opposes)
    marked = list(graph.subjects(VOCAB.basis, None))
    assert len(marked) == 1
    assert str(graph.value(marked[0], VOCAB.predicate)) == supports
    assert (marked[0], VOCAB.assertedIn, None) not in graph
    assert found.readings == 1


SOURCES = (f"<{WORK}v1>", f'"{WORK}"', '"arXiv 2412.14093, Section 1"', '"words"')


@settings(max_examples=25)
@given(sources=st.sets(st.sampled_from(SOURCES), min_size=1))
def test_nothing_is_lost_and_a_second_run_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, sources: set[str]
) -> None:
    root = base_with(tmp_path_factory.mktemp("base"), said(", ".join(sorted(sources))))
    before = Graph().parse(root / "kb/claim/boats.ttl")
    graph, found = after(root)
    for node, property_, value in before:
        moved = property_ == DCTERMS.source and str(value).startswith(WORK)
        assert (node, VOCAB.consultedAt if moved else property_, URIRef(value) if moved else value) in graph
    for path, text in found.files.items():
        (root / path).write_text(text)
    assert after(root)[1].files == {}


def test_the_command_changes_files_when_it_is_told_to_and_leaves_comments_alone(tmp_path: Path) -> None:
    root = base_with(tmp_path, said(f"<{WORK}v2>"))
    path = root / "kb/claim/boats.ttl"
    old = path.read_text()

    def run(*options: str) -> Result:
        return CliRunner().invoke(main, ["migrate", "--root", str(root), *options])

    first = run()
    assert first.exit_code == 1
    assert "1 edge in 1 file would change: 1 address moved to akb:consultedAt" in first.output
    assert path.read_text() == old
    path.write_text(f"# by hand\n{old}")
    commented = run("--write")
    assert commented.exit_code == 1
    assert "kb/claim/boats.ttl: left as it is" in commented.output
    path.write_text(old)
    assert run("--write").exit_code == 0
    assert "akb:consultedAt" in path.read_text()
    assert run().exit_code == 0
    assert "not a predicate" in run("--reading", "likes").output
