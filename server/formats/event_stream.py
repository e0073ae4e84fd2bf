"""A node of an event stream in RDF (LDES 1.0; TREE hypermedia specification).

A member is an activity (ActivityStreams 2.0) of one of three kinds, which says when what came, changed or went. What an
entity was from then on is a graph with the name of the member; formats that cannot name graphs have it as the text of
its N-Triples. By the TREE profile specification what leads on comes first, then one member after another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from ..namespaces import DCTERMS, PROV, RDF, SCHEMA, SH, XSD
from ..records.event_stream import Member, Relation, StreamNode
from ..records.history import Fate
from ..turtle.statements import is_blank, statements

AS: Final = "https://www.w3.org/ns/activitystreams#"
LDES: Final = "https://w3id.org/ldes#"
TREE: Final = "https://w3id.org/tree#"
DC: Final = "http://purl.org/dc/elements/1.1/"
PREFIXES: Final = {"as": AS, "dc": DC, "ldes": LDES, "tree": TREE}

TIME: Final = f"{AS}published"
PLACE: Final = f"{SCHEMA}position"
SUBJECT: Final = f"{AS}object"
HASH: Final = f"{SCHEMA}sha256"
REVISION: Final = f"{SCHEMA}version"
CONTENT: Final = f"{PROV}value"
COUNT: Final = f"{TREE}remainingItems"
KINDS: Final = {Fate.CREATED: f"{AS}Create", Fate.CHANGED: f"{AS}Update", Fate.REMOVED: f"{AS}Delete"}
"""What a member says: when, its place in the stream, of what, its hash, after which commit, what it says; its kinds."""

_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
_ESCAPED: Final = re.compile('[\\\\"\n\r]')


def node_quads(node: StreamNode, *, named: bool) -> Iterator[str]:
    """Yield a node as lines of N-Quads; the content of members in graphs that are `named`, or as texts."""
    yield from map(_line, _controls(node))
    for relation in node.relations:
        yield from map(_line, _relation(node, relation))
    for member in node.members:
        yield _line((node.stream, f"{TREE}member", f"<{member.iri}>"))
        yield from member_quads(member, named=named)


def member_quads(member: Member, *, named: bool) -> Iterator[str]:
    """Yield a member as lines of N-Quads, likewise."""
    yield from map(_line, _member(member))
    version = member.version
    if version.kind is Fate.REMOVED:
        return
    if named:
        for said in statements(version.ntriples):
            yield " ".join((*(_own(term, member.position) for term in said), f"<{member.iri}> .\n"))
    else:
        yield _line((member.iri, CONTENT, _text(version.ntriples)))


_Said = tuple[str, str, str]
"""The IRIs of a subject and a predicate, and an object as N-Triples has it."""


def _controls(node: StreamNode) -> Iterator[_Said]:
    """Yield what the node is, and of the root what the stream is (LDES Server Primer, section 3)."""
    stream, address = node.stream, node.address
    yield address, f"{RDF}type", f"<{TREE}Node>"
    if not node.is_root:
        yield address, f"{LDES}immutable", _typed("true", "boolean")
        return
    retention, shape = (f"{stream.partition('#')[0]}#{name}" for name in ("retention", "member"))
    yield address, f"{RDF}type", f"<{LDES}EventSource>"
    yield stream, f"{RDF}type", f"<{LDES}EventStream>"
    yield stream, f"{TREE}view", f"<{node.root}>"
    yield stream, f"{DCTERMS}title", f"{_text(node.title)}@en"
    for licence in node.licences:
        yield stream, f"{DCTERMS}license", f"<{licence}>"
    yield stream, f"{LDES}timestampPath", f"<{TIME}>"
    yield stream, f"{LDES}sequencePath", f"<{PLACE}>"
    yield stream, f"{LDES}versionOfPath", f"<{SUBJECT}>"
    for name, fate in (("Create", Fate.CREATED), ("Update", Fate.CHANGED), ("Delete", Fate.REMOVED)):
        yield stream, f"{LDES}version{name}Object", f"<{KINDS[fate]}>"
    # Every version is kept, from the first one on (LDES vocabulary, section 2.9).
    yield address, f"{LDES}retentionPolicy", f"<{retention}>"
    yield retention, f"{RDF}type", f"<{LDES}RetentionPolicy>"
    if node.since is not None:
        yield retention, f"{LDES}startingFrom", _moment(node.since)
    yield stream, f"{TREE}shape", f"<{shape}>"
    yield from _shape(shape)


def _shape(shape: str) -> Iterator[_Said]:
    """Yield the shape of a member (SHACL)."""
    yield shape, f"{RDF}type", f"<{SH}NodeShape>"
    paths = {"time": (TIME, "dateTime"), "place": (PLACE, "integer"), "revision": (REVISION, "string")}
    for name, (path, datatype) in paths.items():
        yield from _property(shape, name, path, least=1)
        yield f"{shape}-{name}", f"{SH}datatype", f"<{XSD}{datatype}>"
    yield from _property(shape, "object", SUBJECT, least=1)
    yield f"{shape}-object", f"{SH}nodeKind", f"<{SH}IRI>"
    yield from _property(shape, "hash", HASH, least=0)
    yield f"{shape}-hash", f"{SH}pattern", _text("^[0-9a-f]{64}$")


def _property(shape: str, name: str, path: str, *, least: int) -> Iterator[_Said]:
    one = f"{shape}-{name}"
    yield shape, f"{SH}property", f"<{one}>"
    yield one, f"{SH}path", f"<{path}>"
    yield one, f"{SH}minCount", _typed(str(least), "integer")
    yield one, f"{SH}maxCount", _typed("1", "integer")


def _relation(node: StreamNode, relation: Relation) -> Iterator[_Said]:
    """Yield two relations to one node, which both hold: between which moments its members are (TREE, section 4.2).

    Beside that it says where they are in the stream. Bounds of that too would mislead clients that take every bound
    for a moment, whatever it is of.
    """
    yield relation.address, PLACE, _typed(str(relation.first), "integer")
    bounds = {"since": ("GreaterThan", relation.since), "until": ("LessThan", relation.until)}
    for name, (kind, moment) in bounds.items():
        one = f"{node.address}#{relation.first}-{name}"
        yield node.address, f"{TREE}relation", f"<{one}>"
        yield one, f"{RDF}type", f"<{TREE}{kind}OrEqualToRelation>"
        yield one, f"{TREE}node", f"<{relation.address}>"
        yield one, f"{TREE}path", f"<{TIME}>"
        yield one, f"{TREE}value", _moment(moment)
        yield one, COUNT, _typed(str(relation.last - relation.first + 1), "integer")


def _member(member: Member) -> Iterator[_Said]:
    version = member.version
    commit, iri = version.commit, member.iri
    yield iri, f"{RDF}type", f"<{KINDS[version.kind]}>"
    yield iri, SUBJECT, f"<{version.entity}>"
    yield iri, TIME, _moment(commit.at)
    yield iri, PLACE, _typed(str(member.position), "integer")
    yield iri, REVISION, _text(commit.revision)
    if commit.author:
        yield iri, f"{DC}creator", _text(commit.author)
    if commit.subject:
        yield iri, f"{AS}summary", _text(commit.subject)
    if version.kind is not Fate.REMOVED:
        yield iri, HASH, _text(version.hash)


def _own(term: str, position: int) -> str:
    """Return a term of a member: labels of blank nodes hold for a whole document, and each version has its own."""
    return f"_:m{position}{term[2:]}" if is_blank(term) else term


def _line(said: _Said) -> str:
    subject, predicate, value = said
    return f"<{subject}> <{predicate}> {value} .\n"


def _text(text: str) -> str:
    return '"' + _ESCAPED.sub(lambda found: _ESCAPES[found[0]], text) + '"'


def _typed(text: str, datatype: str) -> str:
    return f'"{text}"^^<{XSD}{datatype}>'


def _moment(moment: datetime) -> str:
    return _typed(f"{moment:%Y-%m-%dT%H:%M:%SZ}", "dateTime")
