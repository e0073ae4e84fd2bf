"""The changes of a base as an event stream: on which node each is, and which nodes there are.

A node other than the first has a fixed number of changes, or leads to a fixed number of such, and is called after the
first and the last of them and the commit of the last. A commit determines all before it, so that what is behind such an
address never changes, and where the history was written anew there are other addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from ..errors import NotFoundError
from ..records.event_stream import PATH, Member, Relation, StreamNode
from ..records.history import Commit, Version
from .history import History

SIZE: Final = 100
"""Members of a node."""
NODES: Final = 100
"""Nodes with members to which another one leads."""
_NAME: Final = re.compile(r"([1-9][0-9]{0,15})-([1-9][0-9]{0,15})-([0-9a-f]{12})")
_REVISION: Final = 16
"""Digits of the revision in the IRI of a member."""
_MEND: Final = "begin at /ldes: the history of this base was written anew, or the address is not one of its own."


@dataclass(frozen=True)
class EventStream:
    """The event stream of a base with an IRI, published at the address of a site."""

    history: History
    base: str
    site: str
    title: str
    licences: tuple[str, ...]
    size: int = SIZE
    nodes: int = NODES

    @property
    def iri(self) -> str:
        """The IRI of the stream, wherever it is published."""
        return f"{self.base}{PATH}#stream"

    def root(self) -> StreamNode:
        """Return the first node: what the stream is, its newest members, and what leads to all others."""
        whole = self.history.total // self.size
        grouped = whole // self.nodes * self.nodes
        spans = [
            *self._spans(range(0, grouped, self.nodes), self.size * self.nodes),
            *self._spans(range(grouped, whole), self.size),
        ]
        return self._node("", self._members(whole * self.size, self.size), spans)

    def node(self, name: str) -> StreamNode:
        """Return another node by its name. Raises NotFoundError when the stream has none of that name."""
        found = _NAME.fullmatch(name)
        first, last = (int(found[1]), int(found[2])) if found else (0, 0)
        length = last - first + 1
        is_place = length in {self.size, self.size * self.nodes} and first % length == 1 % length
        if not is_place or last > self.history.total or self._name(first, last) != name:
            raise NotFoundError(f"The event stream has no node {name}.", _MEND)
        if length == self.size:
            return self._node(name, self._members(first - 1, self.size), ())
        start = (first - 1) // self.size
        return self._node(name, (), self._spans(range(start, start + self.nodes), self.size))

    def member(self, revision: str, local: str) -> Member:
        """Return a member by the end of its IRI, without escapes. Raises NotFoundError when there is none."""
        if len(revision) == _REVISION:
            commit = self.history.resolve(revision)
            version = self.history.version_at(local if "://" in local else self.base + local, commit)
            if version is not None and version.commit == commit:
                return self.member_of(version)
        raise NotFoundError("The event stream has no such member.", _MEND)

    def member_of(self, version: Version) -> Member:
        """Return a version as a member."""
        local = version.entity.removeprefix(self.base)
        path = quote(local, safe="") if local == version.entity else local
        return Member(f"{self.base}{PATH}/member/{version.commit.revision[:_REVISION]}/{path}", version.id, version)

    def _node(self, name: str, members: Iterable[Version], spans: Iterable[tuple[int, int]]) -> StreamNode:
        root = f"{self.site}{PATH}"
        listed = list(spans)
        marks = self.history.commits_of([place for span in listed for place in span])
        first = next(iter(self.history.commits(0, 1)), None)
        return StreamNode(
            stream=self.iri,
            address=f"{root}/{name}" if name else root,
            root=root,
            title=self.title,
            licences=self.licences,
            members=tuple(map(self.member_of, members)),
            relations=tuple(
                Relation(f"{root}/{_named(since, until, marks[until])}", since, until, marks[since].at, marks[until].at)
                for since, until in listed
            ),
            since=first.at if first else None,
        )

    def _spans(self, starts: Iterable[int], length: int) -> list[tuple[int, int]]:
        """Return the places of the first and last members of nodes that start after so many whole ones."""
        return [(start * self.size + 1, start * self.size + length) for start in starts]

    def _members(self, after: int, size: int) -> list[Version]:
        return self.history.versions_after(after, size)

    def _name(self, first: int, last: int) -> str:
        return _named(first, last, self.history.commits_of([last])[last])


def _named(first: int, last: int, commit: Commit) -> str:
    return f"{first}-{last}-{commit.short}"
