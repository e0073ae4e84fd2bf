"""Edges in RDF 1.2: each edge node is the reifier of the triple that it explains (RDF 1.2 Concepts, section 3.1).

The three triples that name the ends of an edge become one, that the edge reifies a triple term; nothing else changes,
so that the way back is exact. In Turtle an edge whose triple is asserted is an annotation of it (RDF 1.2 Turtle,
section 2.11).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from ..namespaces import AKB, RDF, Namespaces
from .statements import Statement, is_iri, statements
from .writer import Terms, ordered, with_prefixes

REIFIES: Final = f"{RDF}reifies"
_REIFIES: Final = f"<{REIFIES}>"
_TERM: Final = re.compile(r"<<\( (\S+) (\S+) (.*) \)>>", re.DOTALL)
_TYPE: Final = f"<{RDF}type>"
_EDGE: Final = f"<{AKB}Edge>"
_ENDS: Final = tuple(f"<{AKB}{end}>" for end in ("subject", "predicate", "object"))


def reified(ntriples: str) -> str:
    """Return N-Triples with their edges as reifiers: sorted N-Triples of RDF 1.2."""
    said = list(statements(ntriples))
    ends = _edges(said)
    lines = {f"{s} {p} {o} .\n" for s, p, o in said if not (s in ends and p in _ENDS)}
    lines |= {f"{edge} {_REIFIES} <<( {' '.join(triple)} )>> .\n" for edge, triple in ends.items()}
    return "".join(sorted(lines))


def unreified(ntriples: str) -> str:
    """Return N-Triples of RDF 1.2 with the reifiers that are edges in our own form: the inverse of `reified`.

    Single spaces separate the terms of a triple, and those of a triple term from each other and from its brackets.
    """
    said = list(statements(ntriples))
    edges = {subject for subject, predicate, value in said if (predicate, value) == (_TYPE, _EDGE)}
    lines: set[str] = set()
    for subject, predicate, value in said:
        term = _TERM.fullmatch(value) if predicate == _REIFIES and subject in edges else None
        pairs = zip(_ENDS, term.groups(), strict=True) if term else [(predicate, value)]
        lines |= {f"{subject} {name} {part} .\n" for name, part in pairs}
    return "".join(sorted(lines))


def annotated(ntriples: str, namespaces: Namespaces) -> str:
    """Write N-Triples without blank nodes as Turtle of RDF 1.2, in the order of the canonical form."""
    said = list(dict.fromkeys(statements(ntriples)))
    ends, there = _edges(said), set(said)
    explained: dict[Statement, list[str]] = {}
    for edge, triple in sorted(ends.items()):
        if triple in there:
            explained.setdefault(triple, []).append(edge)
    inside = {edge for edges in explained.values() for edge in edges}
    pairs: dict[str, list[tuple[str, str]]] = {subject: [] for subject, _, _ in said}
    for subject, predicate, value in said:
        # What is explained comes with its annotations, wherever else its subject is.
        if (subject, predicate, value) not in explained and not (subject in ends and predicate in _ENDS):
            pairs[subject].append((predicate, value))
    terms = Terms(namespaces)
    written: list[tuple[tuple[object, ...], str]] = []
    for subject, own in pairs.items():
        if subject in inside:
            continue
        lines = ordered(terms, own)
        if subject in ends:
            lines.insert(0, f"{terms.write(_REIFIES)} <<( {_shown(terms, ends[subject])} )>>")
        if lines:
            has_type = any(predicate == _TYPE for predicate, _ in own)
            key = (subject in ends, not has_type, terms.write(subject))
            written.append((key, f"{terms.write(subject)} " + " ;\n    ".join(lines) + " .\n"))
    for triple, edges in explained.items():
        notes = "".join(_annotation(terms, edge, pairs[edge]) for edge in edges)
        written.append(((2, False, _shown(terms, triple)), f"{_shown(terms, triple)}{notes} .\n"))
    return 'VERSION "1.2"\n' + with_prefixes(terms, "\n".join(text for _, text in sorted(written)))


def _annotation(terms: Terms, edge: str, pairs: Iterable[tuple[str, str]]) -> str:
    lines = " ;\n        ".join(ordered(terms, pairs))
    return f"\n    ~ {terms.write(edge)}" + (f" {{|\n        {lines}\n    |}}" if lines else "")


def _shown(terms: Terms, triple: Statement) -> str:
    return " ".join(map(terms.write, triple))


def _edges(said: Iterable[Statement]) -> Mapping[str, Statement]:
    """Return the three ends of each edge that has each of them once, such that they make a triple."""
    values: dict[str, dict[str, set[str]]] = {}
    edges = set()
    for subject, predicate, value in said:
        if predicate in _ENDS:
            values.setdefault(subject, {}).setdefault(predicate, set()).add(value)
        elif (predicate, value) == (_TYPE, _EDGE):
            edges.add(subject)
    found: dict[str, Statement] = {}
    for edge in edges & values.keys():
        ends = [values[edge].get(end, set()) for end in _ENDS]
        if all(len(end) == 1 for end in ends):
            [[subject], [predicate], [value]] = ends
            if is_iri(predicate) and not subject.startswith('"'):
                found[edge] = (subject, predicate, value)
    return found
