"""Reads what names graphs."""

from __future__ import annotations

import pyoxigraph as ox


def graphs_in(nquads: bytes) -> dict[str, str]:
    """Return the graphs of N-Quads as N-Triples by their IRIs; the default graph has an empty one.

    Raises SyntaxError where it is no RDF, or where a graph has no IRI.
    """
    graphs: dict[str, list[str]] = {}
    for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS):
        graph = quad.graph_name
        name = graph.value if isinstance(graph, ox.NamedNode) else "" if isinstance(graph, ox.DefaultGraph) else None
        if name is None:
            raise SyntaxError(f"the graph {graph} has no IRI")
        graphs.setdefault(name, []).append(f"{quad.triple} .\n")
    return {name: "".join(lines) for name, lines in graphs.items()}
