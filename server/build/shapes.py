"""The shapes and rules of a base as one graph, for the release.

A shape is copied as it is. A rule of `shapes/rules/` is described as an executable query (SHACL Advanced Features,
section 5.1.2), with its message and mend in one text as in the shapes.
"""

from __future__ import annotations

from rdflib import RDF, RDFS, SH, XSD, Graph, Literal, URIRef

from ..namespaces import SHAPES
from ..records.findings import Severity
from ..turtle.base import Base
from ..validation.rule_files import Rule, read_rules

_SEVERITIES = {Severity.INFO: SH.Info, Severity.WARNING: SH.Warning, Severity.VIOLATION: SH.Violation}


def shapes_texts(base: Base) -> list[str]:
    """Return the shapes and the rules as Turtle texts, each with its own blank nodes.

    Raises UnreadableError for a file of shapes that is not Turtle.
    """
    return [*(file.text for file in base.shapes_files), *(_described(rule) for rule in read_rules(base)[0])]


def _described(rule: Rule) -> str:
    node = URIRef(f"{SHAPES}rule-{rule.name}")
    graph = Graph(bind_namespaces="none")
    for kind in (SH.SPARQLExecutable, SH.SPARQLSelectExecutable):
        graph.add((node, RDF.type, kind))
    graph.add((node, RDFS.label, Literal(rule.name)))
    graph.add((node, SH.message, Literal(f"{rule.message} Mend: {rule.mend}", lang="en")))
    graph.add((node, SH.severity, _SEVERITIES[rule.severity]))
    graph.add((node, SH.select, Literal(rule.query, datatype=XSD.string)))
    return graph.serialize(format="nt")
