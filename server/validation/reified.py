"""The edges of a base in RDF 1.2 form: each edge node as the reifier of the triple that it explains."""

from __future__ import annotations

from collections.abc import Iterator

from ..turtle.base import Base
from ..turtle.edges import VOCAB
from ..turtle.reifiers import REIFIES


def reifying(base: Base) -> Iterator[str]:
    """Yield a line of RDF 1.2 N-Triples for each edge: that it reifies its triple (RDF 1.2 Concepts, section 1.5)."""
    subjects, predicates, objects = (dict(base.pairs(str(VOCAB[end]))) for end in ("subject", "predicate", "object"))
    for edge, subject in subjects.items():
        if edge in predicates and edge in objects:
            yield f"{edge} <{REIFIES}> <<( {subject} {predicates[edge]} {objects[edge]} )>> .\n"
