"""The canonical form of a file in `kb/`: sorted, one statement a line, so that one new edge is a small diff.

A file starts with the prefixes it uses, then the entity (or the review), then its edges: each plain triple is right
before the edge node that explains it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.term import Node

from ..errors import UnreadableError, UsageError
from ..leftovers import sweep_files, temporary_prefix
from ..namespaces import AKB, DCTERMS, PROV, SKOS, XSD, Namespaces
from .parsing import parse
from .statements import Statement, iri_of, is_blank, is_iri, unescaped

_ORDER = {
    f"<{iri}>": place
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
            f"{AKB}sourceVersion",
            f"{AKB}locator",
            f"{AKB}consultedAt",
            f"{AKB}basis",
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
_TYPE = f"<{RDF.type}>"
_EDGE = f"<{AKB}Edge>"
_ENDS = tuple(f"<{AKB}{end}>" for end in ("subject", "predicate", "object"))
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
    return canonical_text(statements_of(graph), namespaces)


def canonical_text(said: Iterable[Statement], namespaces: Namespaces) -> str:
    """Write statements in canonical form; one that is given twice is written once. Raises as `canonical` does."""
    terms = Terms(namespaces)
    blocks: dict[str, dict[tuple[str, str], None]] = {}
    for subject, predicate, value in said:
        blocks.setdefault(subject, {})[predicate, value] = None
    edges = {subject: ends for subject in sorted(blocks) if (ends := _ends(blocks[subject]))}
    # Several edges may share their ends; the plain triple is before the first of them.
    first: dict[Statement, str] = {}
    for edge, ends in edges.items():
        if (ends[1], ends[2]) in blocks.get(ends[0], ()):
            first.setdefault(ends, edge)
    written: list[tuple[tuple[object, ...], str]] = []
    for subject, of_subject in blocks.items():
        pairs = [pair for pair in of_subject if (subject, *pair) not in first]
        has_type = any(predicate == _TYPE for predicate, _ in of_subject)
        key: tuple[object, ...] = (0, not has_type, terms.write(subject), "", "")
        lead = ""
        if ends := edges.get(subject):
            shown = [terms.write(end) for end in ends]
            key = (1, *shown, subject)
            if first.get(ends) == subject:
                lead = " ".join(shown) + " .\n"
        if pairs:
            written.append((key, lead + _block(terms, subject, pairs)))
    body = "\n".join(block for _, block in sorted(written))
    return with_prefixes(terms, body)


def statements_of(graph: Graph) -> Iterator[Statement]:
    """Yield the triples of a graph as statements."""
    for subject, predicate, value in graph:
        yield _term(subject), _term(predicate), _term(value)


def _term(node: Node) -> str:
    if isinstance(node, URIRef):
        return f"<{node}>"
    if not isinstance(node, Literal):
        return f"_:{node}"
    quoted = f'"{_escaped(str(node))}"'
    if node.language:
        return f"{quoted}@{node.language}"
    return f"{quoted}^^<{node.datatype}>" if node.datatype else quoted


def _ends(of_subject: Iterable[tuple[str, str]]) -> Statement | None:
    """Return the three ends of a subject that is an edge with all of them."""
    ends: dict[str, str] = {}
    is_edge = False
    for predicate, value in of_subject:
        is_edge |= predicate == _TYPE and value == _EDGE
        if predicate in _ENDS and is_iri(value):
            ends.setdefault(predicate, value)
    if not is_edge or len(ends) < len(_ENDS):
        return None
    subject, predicate, object_ = (ends[end] for end in _ENDS)
    return subject, predicate, object_


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
            f"{name}: the formatted text would not have the same triples; nothing was written.",
            "this is a fault in akb: please report it with the file.",
        )
    return written


def write_atomically(path: Path, text: str, newline: str = "\n") -> None:
    """Write a file so that a reader, or a crash, finds either the old text or the new one, never a part.

    Its lines end with `newline`.
    """
    write_together({path: text}, newline)


def write_together(texts: Mapping[Path, str], newline: str = "\n") -> None:
    """Write files as `write_atomically` does; where one cannot be written, as on a full disk, none is.

    An OSError names the file.
    """
    written: dict[Path, Path] = {}
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            sweep_files(path.parent)
            _write_beside(path, text, newline, written)
        for path, temporary in written.items():
            temporary.replace(path)
    except OSError as error:
        error.filename = str(path)
        raise
    finally:
        for temporary in written.values():
            temporary.unlink(missing_ok=True)


def _write_beside(path: Path, text: str, newline: str, written: dict[Path, Path]) -> None:
    with NamedTemporaryFile(
        "w", encoding="utf-8", newline=newline, dir=path.parent, prefix=temporary_prefix(), delete=False
    ) as file:
        written[path] = temporary = Path(file.name)
        file.write(text)
    temporary.chmod(path.stat().st_mode if path.exists() else 0o644)


class Terms:
    """Writes terms, and remembers which prefixes were needed."""

    def __init__(self, namespaces: Namespaces) -> None:
        self.namespaces = namespaces
        self.used: set[str] = set()
        self._written: dict[str, str] = {}

    def write(self, term: str) -> str:
        """Return a term of N-Triples as Turtle writes it."""
        written = self._written.get(term)
        if written is None:
            written = self._written[term] = self._write(term)
        return written

    def _write(self, term: str) -> str:
        if is_iri(term):
            return self._iri(iri_of(term))
        if is_blank(term):
            raise UsageError(
                "There is a blank node, which the canonical form does not allow.",
                "give the node an IRI of its own.",
            )
        end = term.rindex('"')
        body, kind = term[1:end], term[end + 1 :]
        if kind.startswith("^^"):
            datatype = kind[3:-1]
            if datatype in _BARE and _BARE[datatype].fullmatch(body):
                return body
            kind = f"^^{self._iri(datatype)}"
        return f'"{body if body.isprintable() else _escaped(unescaped(body))}"{kind}'

    def _iri(self, iri: str) -> str:
        curie = self.namespaces.compact(iri)
        if curie == iri:
            return f"<{iri}>"
        self.used.add(curie.partition(":")[0])
        return curie


def predicate_order(predicate: str) -> int:
    """Return the place of a predicate, written as in N-Triples, among those of one subject."""
    return _ORDER.get(predicate, len(_ORDER))


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(c) or (c if c.isprintable() else _unicode(c)) for c in text)


def _unicode(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def with_prefixes(terms: Terms, body: str) -> str:
    """Return a text with the prefixes that its terms need before it."""
    prefixes = terms.namespaces.prefixes()
    heads = "".join(f"@prefix {prefix}: <{prefixes[prefix]}> .\n" for prefix in sorted(terms.used))
    return f"{heads}\n{body}" if heads else body


def ordered(terms: Terms, pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return predicates and their objects as Turtle writes them, in canonical order."""
    shown = ((predicate, terms.write(value)) for predicate, value in pairs)
    in_order = sorted(shown, key=lambda pair: (predicate_order(pair[0]), pair))
    return [f"{'a' if predicate == _TYPE else terms.write(predicate)} {value}" for predicate, value in in_order]


def _block(terms: Terms, subject: str, pairs: list[tuple[str, str]]) -> str:
    return f"{terms.write(subject)} " + " ;\n    ".join(ordered(terms, pairs)) + " .\n"
