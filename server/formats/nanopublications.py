"""An answer as a nanopublication: the assertion, where it comes from, and who publishes it (nanopub.net, Guidelines).

Its IRI is a Trusty URI of the module RA ("Trusty URI Specification" of trustyuri.net): it has the hash of the triples,
so that nobody can change one of them unnoticed. What comes before the hash is the address of the answer, to which the
IRI leads.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from ..namespaces import DCTERMS, PROV, RDF, RDFS, SCHEMA, SH, XSD
from ..records.answers import Answer
from ..turtle.statements import Statement, iri_of, is_blank, is_iri, unescaped

NP: Final = "http://www.nanopub.org/nschema#"
RESULTS: Final = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
"""The vocabulary of results as RDF (of the SPARQL working groups' tests)."""
_PLACE: Final = " "
"""What stands for the hash while it is computed: no IRI contains it."""
_EXECUTABLES: Final = {
    "solutions": ("SPARQLSelectExecutable", "select"),
    "boolean": ("SPARQLAskExecutable", "ask"),
    "triples": ("SPARQLConstructExecutable", "construct"),
}

Quad = tuple[str, str, str, str]
"""A graph, a subject, a predicate and an object, as in N-Quads."""


@dataclass(frozen=True)
class Published:
    """What a nanopublication says of the answer that it asserts."""

    address: str
    """The address of the answer, without a fragment."""
    title: str
    query: str
    dataset: str
    """The IRI of the base."""
    at: str
    """Since when its state was so, as an xsd:dateTime."""
    revision: str
    """The commit of the state; may be empty."""
    state: str
    """The hash of the state."""
    publisher: str
    """The IRI of who publishes the base; may be empty."""
    licences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Nanopublication:
    """A nanopublication: its IRI, and its triples as N-Quads, graph by graph."""

    iri: str
    nquads: str


def nanopublication(answer: Answer, rows: Sequence[tuple[str, ...]], about: Published) -> Nanopublication:
    """Return the nanopublication of an answer.

    `rows` are its rows, or its triples, of terms as in N-Triples; an empty one is unbound.
    """
    quads = [*_quads(answer, rows, about)]
    before = f"<{about.address}#"
    after = f"{before}{trusty_code(quads)}"

    def named(term: str) -> str:
        return term.replace(f"{before}{_PLACE}", after, 1) if term.startswith(before) else term

    lines = dict.fromkeys(" ".join(map(named, (s, p, o, g))) + " .\n" for g, s, p, o in quads)
    return Nanopublication(after[1:], "".join(lines))


def trusty_code(quads: Iterable[Quad]) -> str:
    """Return the artifact code of quads, whose own IRIs have a space where it comes."""
    keyed = sorted({tuple(_key(term) for term in quad) for quad in quads})
    text = "".join(shown for quad in keyed for *_, shown in quad)
    digest = hashlib.sha256(text.encode()).digest()
    return f"RA{urlsafe_b64encode(digest).decode().rstrip('=')}"


def _key(term: str) -> tuple[bool, bytes, bytes, bytes, str]:
    """Return by what a term is sorted, and at last what goes into the hash."""
    if is_iri(term):
        return False, iri_of(term).encode(), b"", b"", f"{iri_of(term)}\n"
    end = term.rindex('"')
    text, kind = unescaped(term[1:end]), term[end + 1 :]
    shown = text.replace("\\", "\\\\").replace("\n", "\\n")
    if kind.startswith("@"):
        return True, text.encode(), b"", kind[1:].lower().encode(), f"{kind.lower()} {shown}\n"
    datatype = kind[3:-1] if kind else f"{XSD}string"
    return True, text.encode(), datatype.encode(), b"", f"^{datatype} {shown}\n"


def _quads(answer: Answer, rows: Sequence[tuple[str, ...]], about: Published) -> Iterator[Quad]:
    this = f"{about.address}#{_PLACE}"

    def own(name: str) -> str:
        return f"<{this}/{name}>"

    head, assertion, provenance, info = map(own, ("head", "assertion", "provenance", "pubinfo"))
    publication = f"<{this}>"
    yield head, publication, _iri(RDF, "type"), _iri(NP, "Nanopublication")
    yield head, publication, _iri(NP, "hasAssertion"), assertion
    yield head, publication, _iri(NP, "hasProvenance"), provenance
    yield head, publication, _iri(NP, "hasPublicationInfo"), info
    for subject, predicate, value in _assertion(answer, rows, own):
        yield assertion, subject, predicate, value

    query, state = own("query"), own("state")
    kind, has_text = _EXECUTABLES[answer.kind]
    yield provenance, assertion, _iri(PROV, "wasGeneratedBy"), query
    yield provenance, assertion, _iri(PROV, "wasDerivedFrom"), state
    yield provenance, assertion, _iri(SCHEMA, "sha256"), _text(answer.hash)
    yield provenance, query, _iri(RDF, "type"), _iri(PROV, "Activity")
    yield provenance, query, _iri(RDF, "type"), _iri(SH, kind)
    yield provenance, query, _iri(SH, has_text), _text(about.query)
    yield provenance, query, _iri(PROV, "used"), state
    yield provenance, state, _iri(RDF, "type"), _iri(PROV, "Entity")
    yield provenance, state, _iri(PROV, "specializationOf"), f"<{about.dataset}>"
    yield provenance, state, _iri(DCTERMS, "issued"), _text(about.at, f"{XSD}dateTime")
    yield provenance, state, _iri(SCHEMA, "sha256"), _text(about.state)
    if about.revision:
        yield provenance, state, _iri(SCHEMA, "version"), _text(about.revision)

    yield info, publication, _iri(RDFS, "label"), _text(about.title)
    # It is the state that was published; the same answer over it is the same nanopublication whenever it is asked for.
    yield info, publication, _iri(DCTERMS, "created"), _text(about.at, f"{XSD}dateTime")
    yield info, publication, _iri(PROV, "wasAttributedTo"), f"<{about.publisher or about.dataset}>"
    if about.publisher:
        yield info, publication, _iri(DCTERMS, "creator"), f"<{about.publisher}>"
    for licence in about.licences:
        yield info, publication, _iri(DCTERMS, "license"), f"<{licence}>"


def _assertion(answer: Answer, rows: Sequence[tuple[str, ...]], own: Callable[[str], str]) -> Iterator[Statement]:
    """Yield what was found: the triples of a CONSTRUCT as they are, rows and truth values as a result set."""
    nodes = count(1)

    def term(written: str) -> str:
        # A Trusty URI is of triples without blank nodes.
        return own(f"node{next(nodes)}") if is_blank(written) else written

    if answer.kind == "triples" and rows:
        for subject, predicate, value in rows:
            yield term(subject), predicate, term(value)
        return
    result = own("result")
    yield result, _iri(RDF, "type"), _iri(RESULTS, "ResultSet")
    if answer.kind == "boolean":
        yield result, _iri(RESULTS, "boolean"), _text(answer.lines[0], f"{XSD}boolean")
        return
    yield result, _iri(RESULTS, "size"), _text(str(len(rows)), f"{XSD}integer")
    for name in answer.names:
        yield result, _iri(RESULTS, "resultVariable"), _text(name.removeprefix("?"))
    for number, row in enumerate(rows, 1):
        solution = own(f"row{number}")
        yield result, _iri(RESULTS, "solution"), solution
        for place, (name, value) in enumerate(zip(answer.names, row, strict=True), 1):
            if value:
                binding = own(f"row{number}.{place}")
                yield solution, _iri(RESULTS, "binding"), binding
                yield binding, _iri(RESULTS, "variable"), _text(name.removeprefix("?"))
                yield binding, _iri(RESULTS, "value"), term(value)


def _iri(namespace: str, name: str) -> str:
    return f"<{namespace}{name}>"


def _text(text: str, datatype: str = "") -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"' + (f"^^<{datatype}>" if datatype else "")
