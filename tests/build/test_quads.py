"""N-Quads for a store's loader: what the release holds, graph by graph, whatever the size of the files."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from server.build.quads import write_quads
from server.store.embedded import Store

GRAPH = "urn:x-test/graph/some"
TEXT = """
<urn:s> <urn:p> "a line\\n<urn:x> <urn:y> <urn:z> .\\nand _:more .\\n", "x ." , "_:b" , <urn:o> .
<urn:s> <urn:list> (1 2 3 [ <urn:p> "é" ]) .
"""


@pytest.mark.parametrize("part", [1, 3, 1000])
def test_the_files_hold_the_graph_under_the_name_that_is_asked_for(part: int, tmp_path: Path) -> None:
    store = Store.in_memory({})
    store.load(TEXT + "".join(f"<urn:s> <urn:n> {number} .\n" for number in range(2000)), GRAPH)
    files, count = write_quads(store, GRAPH, f"{GRAPH}/next", tmp_path, part)
    assert sorted(files) == sorted(tmp_path.iterdir())
    assert all(file.name.startswith("some-") and file.name.endswith(".nq.gz") for file in files)
    texts = [gzip.decompress(file.read_bytes()).decode() for file in files]
    assert [text for text in texts if " _:" in text.replace('"', "") and "(" not in text], "there are blank nodes"
    lines = "".join(texts).splitlines()
    ending = f" <{GRAPH}/next> ."
    assert [line for line in lines if not line.endswith(ending)] == []
    found = Graph().parse(data="\n".join(line.removesuffix(ending) + " ." for line in lines), format="nt")
    expected = Graph().parse(data="".join(line for line, _ in store.statements(GRAPH)), format="nt")
    assert len(expected) == len(found) == count > 2000
    assert isomorphic(expected, found)


def test_a_blank_node_is_never_in_two_files(store: Store, tmp_path: Path) -> None:
    graph = next(name for name in store.graphs() if name.endswith("/ontology"))
    files, count = write_quads(store, graph, graph, tmp_path, 10)
    assert len(files) > 1
    with_blank = [file for file in files if any(map(blank, gzip.decompress(file.read_bytes()).decode().splitlines()))]
    assert [file.name for file in with_blank] == ["ontology-blank.nq.gz"]
    assert sum(len(gzip.decompress(file.read_bytes()).splitlines()) for file in files) == count == store.count(graph)


def blank(line: str) -> bool:
    subject, _, rest = line.split(" ", 2)
    return subject.startswith("_:") or rest.startswith("_:")


def test_equal_graphs_make_equal_files(store: Store, tmp_path: Path) -> None:
    graph = next(name for name in store.graphs() if name.endswith("/inferred"))
    ways = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        ways.append({file.name: file.read_bytes() for file in write_quads(store, graph, graph, tmp_path / name)[0]})
    assert ways[0] == ways[1]
