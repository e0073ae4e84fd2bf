"""The canonical form of a graph (RDF Dataset Canonicalization 1.0)."""

from __future__ import annotations

import pyoxigraph as ox


def canonical(ntriples: str) -> str:
    """Return N-Triples in their canonical form: sorted, each once, blank nodes called by what is said of them.

    Without blank nodes that is what sorting them does (RDFC-1.0, 4.4), and nothing is parsed.
    """
    lines = {line for line in ntriples.split("\n") if line}
    if any(line.startswith("_:") or " _:" in line for line in lines):
        dataset = ox.Dataset(ox.Quad(*triple) for triple in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES))
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        lines = {f"{quad.triple} ." for quad in dataset}
    return "".join(f"{line}\n" for line in sorted(lines))
