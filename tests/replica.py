"""What a client of the event stream makes of its members, held against the history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from server.formats.event_stream import KINDS, PLACE, REVISION, SUBJECT, TIME
from server.knowledge.history import History
from server.namespaces import RDF
from server.records.history import Fate, Version
from server.store.canonical import canonical
from server.store.datasets import graphs_in
from server.turtle.statements import statements, value_of


@dataclass(frozen=True)
class Member:
    """A member, as its quads say it."""

    position: int
    entity: str
    at: str
    revision: str
    is_removal: bool
    content: str


def member(iri: str, nquads: str) -> Member:
    """Return the member that some N-Quads are."""
    graphs = graphs_in(nquads.encode())
    said = {(value_of(one), value_of(predicate)): value_of(value) for one, predicate, value in statements(graphs[""])}
    assert graphs.keys() <= {"", iri}
    return Member(
        int(said[iri, PLACE]),
        said[iri, SUBJECT],
        said[iri, TIME],
        said[iri, REVISION],
        said[iri, f"{RDF}type"] == KINDS[Fate.REMOVED],
        graphs.get(iri, ""),
    )


def must_be_the_same_at_each_commit(members: Iterable[Member], history: History) -> None:
    """Replay members in order, and compare what there is after each commit with what the base was then."""
    left = sorted(members, key=lambda one: one.position)
    state: dict[str, str] = {}
    for commit in history.commits(0, 1_000):
        while left and left[0].revision == commit.revision:
            one = left.pop(0)
            if one.is_removal:
                del state[one.entity]
            else:
                state[one.entity] = one.content
        assert canonical("".join(state.values())) == canonical("".join(history.state_at(commit.revision))), commit
    assert not left


class Younger:
    """A history as it was when it had fewer versions."""

    def __init__(self, history: History, total: int) -> None:
        self._history, self.total = history, total

    def __getattr__(self, name: str) -> Any:
        return getattr(self._history, name)

    def versions_after(self, number: int, size: int) -> list[Version]:
        return [one for one in self._history.versions_after(number, size) if one.id <= self.total]
