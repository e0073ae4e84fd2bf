"""Which SPARQL queries of shapes are ill-formed, or are none that a shape may have (SHACL, sections 5 and 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from rdflib import SH, Graph, Literal, URIRef
from rdflib.term import Node

from ..store.embedded import query_problem
from .shape_parameters import Fault, is_string

_FORBIDDEN: Final = re.compile(r"(?<![\w?$:.%-])(?:SERVICE|MINUS|VALUES)(?![\w:-])", re.IGNORECASE)
"""What no query of a constraint may have (SHACL, appendix A.1), and SERVICE no query at all."""
_INSTEAD: Final = {
    "SERVICE": "take the call out: no query of a shape leaves this machine",
    "MINUS": "write FILTER NOT EXISTS { ... }",
    "VALUES": "write FILTER (?x IN (...))",
}
_YIELDS_THIS: Final = re.compile(r"\bSELECT\b(?:[^{]*[?$]this\b|\s*\*)", re.IGNORECASE)


def ill_formed_queries(shapes: Graph) -> Iterator[Fault]:
    """Yield the queries of constraints, targets, functions and validators that are ill-formed."""
    constraints = set(shapes.objects(None, SH.sparql))
    for constraint in constraints:
        if isinstance(constraint, Literal):
            continue
        selects = list(shapes.objects(constraint, SH.select))
        if len(selects) != 1 or not is_string(shapes, selects[0]):
            mend = "give the constraint one sh:select, a text in quotes"
            yield Fault(constraint, SH.select, selects[0] if selects else None, "must be one query", mend, True)
            continue
        faults = list(_query(shapes, constraint, SH.select, selects[0]))
        yield from faults
        if not faults and not _YIELDS_THIS.search(_bare(str(selects[0]))):
            mend = "let the query be a SELECT that yields $this, the node that is wrong"
            yield Fault(constraint, SH.select, selects[0], "does not yield $this", mend, True)
    # Those of targets, functions and validators run too.
    for holder, query in shapes.subject_objects(SH.select):
        if holder not in constraints:
            yield from _query(shapes, holder, SH.select, query)
    for validator, query in shapes.subject_objects(SH.ask):
        yield from _query(shapes, validator, SH.ask, query)


def _query(shapes: Graph, constraint: Node, parameter: URIRef, query: Node) -> Iterator[Fault]:
    found = {one.upper() for one in _FORBIDDEN.findall(_bare(str(query)))}
    word = "SERVICE" if "SERVICE" in found else min(found, default="")
    is_bound_before = parameter == SH.ask or (None, SH.sparql, constraint) in shapes
    if word == "SERVICE" or (word and is_bound_before):
        mend = _INSTEAD[word]
        yield Fault(constraint, parameter, query, f"has {word}, which a shape may not have", mend, True)
        return
    prefixes = _prefixes(shapes, constraint)
    # $PATH stands for a property path, whatever it is (SHACL, section 5.2.3).
    problem = query_problem(str(query).replace("$PATH", "<urn:p>"), prefixes, of_any_form=True)
    if problem is None or not _is_refused(str(query), prefixes):
        return
    used = set(re.findall(r"(?<![\w<?$:])([A-Za-z][\w.-]*|):[\w%\\-]", str(query)))
    missing = sorted(used - prefixes.keys() - set(re.findall(r"(?i)prefix\s+([\w.-]*):", str(query))) - {"_"})
    where = f"line {problem.line}, column {problem.column} of the query"
    if "prefix" in problem.message and missing:
        what = f"uses the prefix {missing[0]}:, which is not declared for it ({where})"
        mend = f"declare {missing[0]}: with sh:declare at what sh:prefixes of the constraint names, or write whole IRIs"
        yield Fault(constraint, parameter, query, what, mend, True)
        return
    yield Fault(constraint, parameter, query, f"is not SPARQL ({problem.message}; {where})", "correct the query", True)


def _bare(query: str) -> str:
    """Return a query without its comments, strings and IRIs."""
    return re.sub(r"#.*|\"[^\"]*\"|'[^']*'|<[^<>\"{}|^`\\\s]*>", "", query)


def _is_refused(query: str, prefixes: Mapping[str, str]) -> bool:
    """Tell whether rdflib, on which pyshacl runs queries, refuses one: some are only SPARQL with $this bound before."""
    from rdflib.plugins.sparql import prepareQuery  # noqa: PLC0415 - it takes long to import, and is seldom asked

    try:
        prepareQuery(query.replace("$PATH", "<urn:p>"), initNs=dict(prefixes))
    except Exception:  # noqa: BLE001 - it raises whatever its parser does
        return True
    return False


def _prefixes(shapes: Graph, constraint: Node) -> dict[str, str]:
    """Return the prefixes of a constraint (SHACL, section 5.2.1)."""
    found: dict[str, str] = {}
    for named in shapes.objects(constraint, SH.prefixes):
        for one in {named, *shapes.transitive_objects(named, URIRef("http://www.w3.org/2002/07/owl#imports"))}:
            for declaration in shapes.objects(one, SH.declare):
                prefix, namespace = shapes.value(declaration, SH.prefix), shapes.value(declaration, SH.namespace)
                if prefix is not None and namespace is not None:
                    found[str(prefix)] = str(namespace)
    return found
