"""Chooses what rules run on: of an ontology its axioms, of the files the types and plain triples of entities.

Edge nodes, reviews and texts are left out: nothing follows from those, and they are most of a base. Literals stay where
the ontology says something of their property. A blank node or a literal is replaced by an IRI that represents it, so
that every engine treats it as the node that it is in the rules (OWL 2 Profiles, 4.3: generalized RDF).

The text of a large base is never held as a whole or as a list of lines, and no graph is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Final

from rdflib import Graph

from ..namespaces import AKB, OWL, RDF, RDFS, Namespaces
from ..turtle.pieces import Pieces, pieces_of
from .literals import Literals

Triple = tuple[str, str, str]
"""Three IRIs; only a cardinality is a literal, written as in N-Triples."""

TYPE: Final = f"{RDF}type"
SAME: Final = f"{OWL}sameAs"
DIFFERENT: Final = f"{OWL}differentFrom"
BLANK: Final = "urn:akb:blank:"
"""The prefix of the IRIs that represent blank nodes."""
NODE: Final = "urn:akb:node:"
"""The prefix of the IRI of a class or a property where facts speak of it as of a thing (OWL 2 calls that punning)."""

LOGIC: Final = (RDF, RDFS, OWL)
CARDINALITIES: Final = frozenset(
    f"{OWL}{name}"
    for name in (
        *("cardinality", "maxCardinality", "minCardinality"),
        *("qualifiedCardinality", "maxQualifiedCardinality", "minQualifiedCardinality"),
    )
)
AS_WRITTEN: Final = CARDINALITIES | {f"{RDF}first", f"{RDF}rest"}
"""What axioms are made of, and what is read as it is written: members that are the same would spoil a list."""
_BLOCK: Final = re.compile(r"(\S+) [^\n]*\n(?:\1 [^\n]*\n)*")
"""Lines that follow each other and have the same subject."""
_LINE: Final = re.compile(r"(?:<([^>]*)>|_:(\S+)) <([^>]*)> (?:<([^>]*)>|_:(\S+)|(\".*\"\S*)) \.")
_ROW: Final = re.compile(r"(\S+) <([^>]*)> (?:(<[^>]*>)|([^\n]*)) \.\n")
_TERM: Final = rf"<(?:{'|'.join(map(re.escape, LOGIC))})"
_LOGICAL: Final = re.compile(
    rf"^\S+ (?:{_TERM}(?!type>|sameAs>|differentFrom>)[^>]*> |<{re.escape(TYPE)}> {_TERM}(?!Thing>|Nothing>))[^\n]*\n",
    re.MULTILINE,
)


@dataclass
class Facts:
    """What rules run on, of a base."""

    axioms: list[Triple]
    literals: Literals
    lines: list[str] = field(default_factory=list)
    """Facts as N-Triples, without a line's end, sorted and each once."""
    entities: set[str] = field(default_factory=set)
    """The nodes of the facts as N-Triples: those of whom something can follow."""
    stated: set[str] = field(default_factory=set)
    """Lines between nodes that are asserted, and which are not facts."""


def choose(ntriples: str | Pieces, ontology: Graph, namespaces: Namespaces) -> Facts:
    """Choose the axioms of an ontology, and the facts of a base that is given as N-Triples."""
    literals = Literals()
    axioms = axioms_of(ontology, literals)
    facts = Facts(axioms, literals)
    _add(facts, ntriples, properties_in(axioms), f"<{namespaces.base}")
    # A list can be read among the axioms only.
    axioms += [axiom for line in _logical(ntriples) if (axiom := parsed(line, literals)) and not _is_note(axiom)]
    return facts


def gather(ntriples: str | Pieces, ontology: str, namespaces: Namespaces) -> Facts:
    """Return the axioms and the facts in data and ontology, both given as N-Triples, wherever they are stated."""
    literals = Literals()
    stated = [axiom for text in (ontology, ntriples) for line in _logical(text) if (axiom := parsed(line, literals))]
    facts = Facts(list(dict.fromkeys(axiom for axiom in stated if not _is_note(axiom))), literals)
    spoken_of = properties_in(facts.axioms)
    own = "<" if namespaces.is_foreign else f"<{namespaces.base}"
    for text in (ontology, ntriples):
        _add(facts, text, spoken_of, own, _without_logical)
    facts.lines = sorted(set(facts.lines))
    return facts


def _without_logical(ntriples: str) -> str:
    return _LOGICAL.sub("", ntriples)


def _add(
    facts: Facts,
    ntriples: str | Pieces,
    spoken_of: frozenset[str],
    own: str,
    left: Callable[[str], str] = lambda piece: piece,
) -> None:
    """Add what N-Triples state, but for what is the same as an item of another base: that does not start with `own`.

    `left` returns what is left of a piece: no edge or review is taken from it.
    """
    literals = facts.literals
    others = _edges_and_reviews(ntriples)
    lines: list[str] = []
    status = f"{AKB}status"
    for block in _blocks(ntriples, left):
        if block[1] in others:
            continue
        for row in _ROW.finditer(block[0]):
            subject, predicate, iri, other = row.groups()
            if iri is None and other.startswith('"'):
                if predicate in spoken_of:
                    lines.append(f"{subject} <{predicate}> <{literals.iri(other)}> .")
                    facts.entities.add(subject)
            elif iri is None:
                lines.append(f"{subject} <{predicate}> <{BLANK}{other[2:]}> .")
                facts.entities |= {subject, other} if predicate != TYPE else {subject}
            # What an item of another base is the same as tells nothing here, and would only say all twice.
            elif predicate == status or (predicate == SAME and not iri.startswith(own)):
                facts.stated.add(row[0][:-1])
            else:
                lines.append(row[0][:-1])
                facts.entities.add(subject)
                if predicate != TYPE:
                    facts.entities.add(iri)
    if edges := others & facts.entities:
        facts.stated.update(_stated_of(edges, _blocks(ntriples, left)))
    if any(entity.startswith("_:") for entity in facts.entities):
        lines = [_without_blank(line) for line in lines]
        facts.entities = {_without_blank(f"{entity} ")[:-1] for entity in facts.entities}
    facts.lines += sorted(set(lines))


def _blocks(ntriples: str | Pieces, left: Callable[[str], str]) -> Iterator[re.Match[str]]:
    return chain.from_iterable(map(_BLOCK.finditer, map(left, pieces_of(ntriples))))


def _stated_of(subjects: set[str], blocks: Iterable[re.Match[str]]) -> Iterator[str]:
    """Yield the lines about some subjects that lead to an IRI."""
    for block in blocks:
        if block[1] in subjects:
            yield from (row[0][:-1] for row in _ROW.finditer(block[0]) if row[3] is not None)


def axioms_of(ontology: Graph, literals: Literals) -> list[Triple]:
    """Return the part of an ontology that rules can act on: labels, definitions and examples entail nothing."""
    return axioms_in(_written_axioms(ontology), literals)


@lru_cache(maxsize=2)
def _written_axioms(ontology: Graph) -> str:
    """Return what an ontology says in words of the logic, as N-Triples."""
    axioms = Graph(bind_namespaces="none")
    for subject, predicate, value in ontology:
        if str(predicate).startswith(LOGIC):
            axioms.add((subject, predicate, value))
    return axioms.serialize(format="nt")


def axioms_in(ntriples: str, literals: Literals) -> list[Triple]:
    """Return the part that rules can act on of an ontology that is given as N-Triples."""
    return [
        triple
        for line in ntriples.split("\n")
        if (triple := parsed(line, literals)) and triple[1].startswith(LOGIC) and not _is_note(triple)
    ]


def parsed(line: str, literals: Literals) -> Triple | None:
    """Return the triple of a line of N-Triples, with IRIs in place of blank nodes and literals; None for another."""
    match = _LINE.fullmatch(line.strip())
    if match is None:
        return None
    subject = match[1] if match[1] is not None else BLANK + match[2]
    if match[4] is not None:
        return subject, match[3], match[4]
    if match[5] is not None:
        return subject, match[3], BLANK + match[5]
    return subject, match[3], match[6] if match[3] in CARDINALITIES else literals.iri(match[6])


def written(triple: Triple) -> str:
    """Return a triple as N-Triples, without a line's end."""
    subject, predicate, value = triple
    object_ = value if value.startswith('"') else f"<{value}>"
    return f"<{subject}> <{predicate}> {object_} ."


def triple_of(line: str) -> Triple:
    """Return the triple of a line that `written` made."""
    subject, predicate, value = line[:-2].split(" ", 2)
    return subject[1:-1], predicate[1:-1], value if value.startswith('"') else value[1:-1]


def is_silent(ntriples: str, ontology: Graph) -> bool:
    """Tell whether inference ignores these triples: all values are literals, and no axiom mentions their predicates."""
    spoken_of = properties_in(axioms_of(ontology, Literals()))
    rows = [row.groups() for row in _ROW.finditer(ntriples)]
    return all(other and other.startswith('"') and predicate not in spoken_of for _, predicate, _, other in rows)


def properties_in(axioms: list[Triple]) -> frozenset[str]:
    """Return the properties of which something follows: those that axioms name, but for the mere saying what they are.

    A literal of any other property contradicts nothing, and nothing follows of it.
    """
    kinds = {f"{OWL}{name}" for name in ("DatatypeProperty", "ObjectProperty", "AnnotationProperty")}
    kinds |= {f"{RDF}Property", f"{OWL}Class", f"{RDFS}Class", f"{OWL}Ontology", f"{RDFS}Datatype"}
    quiet = {f"{RDFS}isDefinedBy", f"{RDFS}seeAlso", f"{OWL}versionIRI", f"{OWL}priorVersion", f"{OWL}imports"}
    found: set[str] = set()
    for subject, predicate, value in axioms:
        if predicate == TYPE:
            if value not in kinds and value.startswith(LOGIC):
                found.add(subject)
        elif predicate not in quiet:
            found |= {subject, value}
    return frozenset(iri for iri in found if not iri.startswith(("urn:akb:", '"', *LOGIC)))


def _logical(ntriples: str | Pieces) -> Iterator[str]:
    """Yield the lines that say something of the logic, but for what is the same as or different from what."""
    return (match[0] for piece in pieces_of(ntriples) for match in _LOGICAL.finditer(piece))


def _is_note(triple: Triple) -> bool:
    return triple[1] in {f"{RDFS}label", f"{RDFS}comment", f"{OWL}versionInfo", f"{OWL}deprecated"}


def _edges_and_reviews(ntriples: str | Pieces) -> set[str]:
    found: set[str] = set()
    for piece in pieces_of(ntriples):
        for name in ("Edge", "Review"):
            end = f" <{TYPE}> <{AKB}{name}> .\n"
            position = piece.find(end)
            while position >= 0:
                found.add(piece[piece.rfind("\n", 0, position) + 1 : position])
                position = piece.find(end, position + 1)
    return found


def _without_blank(line: str) -> str:
    subject, space, rest = line.partition(" ")
    return f"<{BLANK}{subject[2:]}>{space}{rest}" if subject.startswith("_:") else line
