"""Reads a node of an event stream, and refuses what is not as the stream says (see `formats/event_stream.py`)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..errors import RemoteError
from ..formats.event_stream import COUNT, HASH, KINDS, PLACE, REVISION, SUBJECT, TIME, TREE
from ..namespaces import RDF
from ..records.history import Fate
from ..store.canonical import canonical
from ..store.datasets import graphs_in
from ..turtle.statements import iri_of, is_iri, statements, value_of

_FATES: Final = {iri: fate for fate, iri in KINDS.items()}
_MEND: Final = (
    "mirror the event stream of an akb, such as https://kb.example/ldes; its maintainers may know what happened."
)


@dataclass(frozen=True)
class Change:
    """A change as a member says it, held against its hash."""

    iri: str
    position: int
    entity: str
    fate: Fate
    at: str
    revision: str
    ntriples: str
    """All that is said of the entity from then on, in canonical form; empty when it was removed."""


@dataclass(frozen=True)
class Lead:
    """A node to which another one leads, and the places of the first and the last change on it or behind it."""

    address: str
    first: int
    last: int


@dataclass(frozen=True)
class Node:
    """A node of the stream: its changes and what it leads to, both in the order of the stream."""

    stream: str
    """The IRI of the stream; a node without changes need not name it."""
    view: str
    """The address of the first node, which says it of itself; empty in the others."""
    changes: tuple[Change, ...]
    leads: tuple[Lead, ...]

    @property
    def total(self) -> int:
        """How many changes the stream has up to the last that this node knows of."""
        return max((one.last for one in self.leads), default=0) if not self.changes else self.changes[-1].position


def read_node(content: bytes, address: str) -> Node:
    """Return the node that an address answered with, as N-Quads. Raises RemoteError where it is none, or is wrong."""
    try:
        graphs = graphs_in(content)
    except (SyntaxError, ValueError) as error:
        raise RemoteError(f"{address} answered with what is no N-Quads: {error}.", _MEND) from error
    return _Reader(graphs, address).node()


class _Reader:
    """What a node says, by subject and predicate."""

    def __init__(self, graphs: Mapping[str, str], address: str) -> None:
        self._graphs = graphs
        self._address = address
        self._said: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._subjects: defaultdict[str, list[str]] = defaultdict(list)
        for subject, predicate, value in statements(graphs.get("", "")):
            self._said[iri_of(subject), iri_of(predicate)].append(value)
            self._subjects[iri_of(predicate)].append(iri_of(subject))

    def node(self) -> Node:
        views, streams = self._subjects[f"{TREE}view"], set(self._subjects[f"{TREE}member"])
        named = {*views, *streams}
        if len(named) > 1:
            raise self._wrong(f"it has the members of several streams: {', '.join(sorted(named))}")
        stream = next(iter(named), "")
        view = self._iri(stream, f"{TREE}view") if views else ""
        members = [self._as_iri(value) for value in self._said[stream, f"{TREE}member"]]
        if strays := self._graphs.keys() - {*members, ""}:
            raise self._wrong(f"the graph <{min(strays)}> is of no member")
        changes = sorted(map(self._change, members), key=lambda one: one.position)
        return Node(stream, view, tuple(changes), tuple(self._leads()))

    def _change(self, iri: str) -> Change:
        fates = [_FATES[one] for value in self._said[iri, f"{RDF}type"] if (one := iri_of(value)) in _FATES]
        if len(fates) != 1:
            raise self._wrong(f"the member <{iri}> is neither a creation, nor a change, nor a removal")
        change = Change(
            iri=iri,
            position=self._number(iri, PLACE),
            entity=self._iri(iri, SUBJECT),
            fate=fates[0],
            at=value_of(self._one(iri, TIME)),
            revision=value_of(self._one(iri, REVISION)),
            ntriples=canonical(self._graphs.get(iri, "")),
        )
        if bool(change.ntriples) is (change.fate is Fate.REMOVED):
            raise self._wrong(f"the member <{iri}> has no content, or is a removal and has some")
        if change.ntriples:
            said, found = value_of(self._one(iri, HASH)), hashlib.sha256(change.ntriples.encode()).hexdigest()
            if said != found:
                raise self._wrong(f"the content of the member <{iri}> has not the hash {said}, but {found}")
        return change

    def _leads(self) -> list[Lead]:
        leads: set[Lead] = set()
        for one in set(self._subjects[COUNT]):
            address = self._iri(one, f"{TREE}node")
            first = self._number(address, PLACE)
            leads.add(Lead(address, first, first + self._number(one, COUNT) - 1))
        return sorted(leads, key=lambda one: one.first)

    def _one(self, subject: str, predicate: str) -> str:
        values: Sequence[str] = self._said[subject, predicate]
        if len(values) != 1:
            raise self._wrong(f"<{subject}> has {len(values)} values of <{predicate}>, and must have one")
        return values[0]

    def _iri(self, subject: str, predicate: str) -> str:
        return self._as_iri(self._one(subject, predicate))

    def _as_iri(self, value: str) -> str:
        if not is_iri(value):
            raise self._wrong(f"{value[:100]} is no IRI")
        return iri_of(value)

    def _number(self, subject: str, predicate: str) -> int:
        text = value_of(self._one(subject, predicate))
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise self._wrong(f"<{subject}> has {text[:40]!r} for <{predicate}>")
        return int(text)

    def _wrong(self, why: str) -> RemoteError:
        return RemoteError(f"{self._address} is refused: {why}.", _MEND)
