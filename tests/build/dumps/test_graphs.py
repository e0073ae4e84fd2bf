"""Downloads in RDF: read by pyoxigraph and rdflib, and held against the store."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Quad, RdfFormat, parse
from pyoxigraph import Dataset as Quads
from rdflib import Dataset, Graph

from server.build.dumps.graphs import write_graphs
from server.records.downloads import GZIP, Downloads, Scope
from server.store.embedded import Store

FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "jsonld": RdfFormat.JSON_LD,
}


def read(folder: Path, name: str, format_: str) -> set[str]:
    """Return what a download says, as lines of N-Quads or N-Triples."""
    with gzip.open(folder / name) as file:
        return {str(quad) for quad in parse(file, format=FORMATS[format_])}


def canonical(quads: Iterable[Quad]) -> set[str]:
    """Return quads with the labels of RDFC-1.0 on their blank nodes."""
    dataset = Quads(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


def test_every_format_of_a_graph_says_what_the_store_holds(folder: Path, store: Store) -> None:
    for name in ("asserted", "inferred", "statistics"):
        graph = f"{store._prefixes['graph']}{name}"
        held = {str(quad.triple) for quad in store._engine if quad.graph_name.value == graph}
        assert held
        for format_ in FORMATS:
            found = read(folder, f"graph-{name}.{format_}.gz", format_)
            quads = format_ in {"nq", "trig"}
            assert found == ({f"{triple} <{graph}>" for triple in held} if quads else held), (name, format_)


def test_the_whole_is_all_graphs(folder: Path, store: Store, downloads: Downloads) -> None:
    with gzip.open(folder / "all.nq.gz") as file:
        assert canonical(parse(file, format=RdfFormat.N_QUADS)) == canonical(store._engine)
    for format_ in ("ttl", "nt", "trig", "jsonld"):
        found = read(folder, f"all.{format_}.gz", format_)
        assert len(found) == len(store)
    for one in downloads.of(Scope.ALL):
        if one.unit == "statements":
            assert one.count == len(store)


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # its own, of its own
def test_rdflib_reads_them(folder: Path, store: Store) -> None:
    graph = f"{store._prefixes['graph']}asserted"
    for name, format_ in (("graph-asserted.ttl.gz", "turtle"), ("class-claim.jsonld.gz", "json-ld")):
        with gzip.open(folder / name) as file:
            read = Graph(bind_namespaces="none").parse(file, format=format_)
        assert len(read) == (store.count(graph) if format_ == "turtle" else len(set(read)))
    with gzip.open(folder / "class-claim.trig.gz") as file:
        dataset = Dataset().parse(file, format="trig")
    assert {str(one.identifier) for one in dataset.graphs() if len(one)} == {graph}


def test_the_classes_divide_what_is_asserted_of_entities_and_edges(folder: Path, downloads: Downloads) -> None:
    asserted = read(folder, "graph-asserted.nt.gz", "nt")
    parts = [read(folder, one.name, "nt") for one in downloads.of(Scope.CLASS) if one.format == "nt"]
    assert len(parts) == 9
    assert sum(map(len, parts)) == len(set.union(*parts)), "nothing is in two of them"
    rest = asserted - set.union(*parts)
    assert set.union(*parts) <= asserted
    # What is left over is about neither: in this base, decisions on pairs.
    assert not [line for line in rest if "/review/" not in line.split(" ")[0]]


def test_equal_content_is_equal_bytes(folder: Path) -> None:
    """RFC 1952, section 2.3.1: neither a time nor a name is in a file."""
    for path in folder.glob("*.gz"):
        head = path.read_bytes()[:10]
        assert head[:4] == b"\x1f\x8b\x08\x00"
        assert head[4:8] == b"\0\0\0\0", path


@pytest.mark.parametrize("name", ["all.ttl.gz", "base.graphml.gz"])
def test_what_is_packed_is_said(downloads: Downloads, name: str) -> None:
    one = downloads.find(name)
    assert one is not None
    assert one.compression == one.file_type == GZIP


def test_the_same_state_is_the_same_bytes_in_each_build(store: Store, tmp_path: Path) -> None:
    """Blank nodes have other labels in each store, but none in downloads that depends on it, nor two graphs one."""
    graph = f"{store._prefixes['graph']}shapes"
    again = Store.in_memory(store._prefixes)
    again.load(store.ntriples(graph), graph)
    assert store.ntriples(graph).splitlines() != again.ntriples(graph).splitlines()
    digests = set()
    for number, one in enumerate((store, again)):
        folder = tmp_path / str(number)
        folder.mkdir()
        first, second = write_graphs(one, [graph, graph], folder)
        digests |= {(place, found.digest) for place, found in enumerate((first, second))}
    assert len(digests) == 2, "one for each place in the whole"
