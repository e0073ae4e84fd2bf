"""The canonical form of a file in `kb/`: sorted, one statement a line, so that one new edge is a small diff.

A file starts with the prefixes it uses, then the entity (or the review), then its edges: each plain triple stands right
before the edge node that explains it.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import NamedTemporaryFile

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.term import Node

from ..errors import UnreadableError, UsageError
from ..namespaces import AKB, DCTERMS, PROV, SKOS, XSD, Namespaces
from .edges import edges_in
from .parsing import parse

_ORDER = {
    iri: place
    for place, iri in enumerate(
        [
            str(RDF.type),
            f"{DCTERMS}identifier",
            f"{SKOS}prefLabel",
            f"{SKOS}altLabel",
            f"{SKOS}definition",
            f"{AKB}subject",
            f"{AKB}predicate",
            f"{AKB}object",
            f"{AKB}member",
            f"{AKB}outcome",
            f"{AKB}reason",
            f"{AKB}reviewer",
            f"{AKB}note",
            f"{AKB}assertedIn",
            f"{AKB}locator",
            f"{AKB}confidence",
            f"{AKB}status",
            f"{AKB}agentType",
            f"{PROV}generatedAtTime",
        ]
    )
}
# What rdflib reads back as it was written; other forms of a number are quoted, with their datatype.
_BARE = {
    f"{XSD}decimal": re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]{1,6}"),
    f"{XSD}integer": re.compile(r"0|-?[1-9][0-9]*"),
    f"{XSD}boolean": re.compile(r"true|false"),
}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_TOKENS = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r"|<[^<>\s]*>"
    r"|\\."
    r"|(?P<comment>\#[^\n]*)",
    re.DOTALL,
)


def first_comment(text: str) -> int:
    """Return the line (from 1) of the first comment in a Turtle text, or 0."""
    offset = comment_offset(text)
    return text.count("\n", 0, offset) + 1 if offset is not None else 0


def comment_offset(text: str) -> int | None:
    """Return where the first comment of a Turtle text starts, if it has one (RDF 1.1 Turtle, section 6.2)."""
    return next((match.start() for match in _TOKENS.finditer(text) if match["comment"] is not None), None)


def without_literals(text: str) -> str:
    """Return a Turtle text with spaces in the place of strings and comments, so that offsets stay as they are."""
    return _TOKENS.sub(lambda match: match[0] if match[0][0] in "<\\" else re.sub(r"\S", " ", match[0]), text)


def canonical(graph: Graph, namespaces: Namespaces) -> str:
    """Write a graph in canonical form.

    Raises UsageError when it holds a blank node, which has no stable name to sort by.
    """
    terms = _Terms(namespaces)
    edges = {edge.iri: edge for edge in edges_in(graph)}
    # Several edges may share their ends; the plain triple stands before the first of them.
    first = {edge.ends: edge.iri for edge in sorted(edges.values(), key=lambda edge: edge.iri, reverse=True)}
    plain = first.keys() & set(graph)
    blocks: list[tuple[tuple[object, ...], str]] = []
    for subject in set(graph.subjects()):
        statements = [(p, o) for p, o in graph.predicate_objects(subject) if (subject, p, o) not in plain]
        has_type = (subject, RDF.type, None) in graph
        key: tuple[object, ...] = (0, not has_type, terms.write(subject), "", "")
        lead = ""
        if isinstance(subject, URIRef) and subject in edges:
            edge = edges[subject]
            ends = [terms.write(end) for end in edge.ends]
            key = (1, *ends, str(subject))
            if edge.ends in plain and first[edge.ends] == subject:
                lead = " ".join(ends) + " .\n"
        if statements:
            blocks.append((key, lead + _block(terms, subject, statements)))
    body = "\n".join(block for _, block in sorted(blocks))
    heads = "".join(f"@prefix {p}: <{namespaces.prefixes()[p]}> .\n" for p in sorted(terms.used))
    return f"{heads}\n{body}" if heads else body


def format_text(text: str, graph: Graph, namespaces: Namespaces, name: str) -> str:
    """Return the canonical form of a file's text, proven to hold the same triples.

    Raises UsageError when the text has comments, which would be lost, or when the proof fails.
    """
    line = first_comment(text)
    if line:
        raise UsageError(
            f"{name}:{line}: the file has a comment, which formatting would lose.",
            "move what it says into akb:note, or into the commit message, and delete it.",
        )
    written = canonical(graph, namespaces)
    if set(parse(written)) != set(graph):
        raise UnreadableError(
            f"{name}: the formatted text would not hold the same triples; nothing was written.",
            "this is a fault in akb: please report it with the file.",
        )
    return written


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that a reader, or a crash, finds either the old text or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", newline="\n", dir=path.parent, prefix=".", delete=False) as file:
        file.write(text)
    temporary = Path(file.name)
    temporary.chmod(path.stat().st_mode if path.exists() else 0o644)
    temporary.replace(path)


class _Terms:
    """Writes terms, and remembers which prefixes were needed."""

    def __init__(self, namespaces: Namespaces) -> None:
        self.namespaces = namespaces
        self.used: set[str] = set()

    def write(self, term: Node) -> str:
        if isinstance(term, URIRef):
            return self._iri(str(term))
        if isinstance(term, Literal):
            return self._literal(term)
        raise UsageError(
            "There is a blank node, which the canonical form does not allow.",
            "give the node an IRI of its own.",
        )

    def _iri(self, iri: str) -> str:
        curie = self.namespaces.compact(iri)
        if curie == iri:
            return f"<{iri}>"
        self.used.add(curie.partition(":")[0])
        return curie

    def _literal(self, literal: Literal) -> str:
        text = str(literal)
        kind = str(literal.datatype) if literal.datatype else ""
        if kind in _BARE and _BARE[kind].fullmatch(text):
            return text
        quoted = '"' + "".join(_ESCAPES.get(c) or (c if c.isprintable() else _unicode(c)) for c in text) + '"'
        if literal.language:
            return f"{quoted}@{literal.language}"
        return f"{quoted}^^{self._iri(kind)}" if kind else quoted


def _unicode(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _block(terms: _Terms, subject: Node, statements: list[tuple[Node, Node]]) -> str:
    lines = []
    for predicate, object_ in sorted(
        statements, key=lambda po: (_ORDER.get(str(po[0]), len(_ORDER)), str(po[0]), terms.write(po[1]))
    ):
        verb = "a" if predicate == RDF.type else terms.write(predicate)
        lines.append(f"{verb} {terms.write(object_)}")
    return f"{terms.write(subject)} " + " ;\n    ".join(lines) + " .\n"
