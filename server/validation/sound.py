"""Graphs in which nothing was wrong, so that a process does not look at them again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from weakref import WeakKeyDictionary

from rdflib import Graph

from ..records.findings import Finding


class Sound:
    """Remembers the graphs that one kind of check found nothing in.

    It is for graphs that `shared_union` returns, which never change.
    """

    def __init__(self) -> None:
        self._keys: WeakKeyDictionary[Graph, object] = WeakKeyDictionary()

    def findings(self, graph: Graph, key: object, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
        """Yield what `look` finds in a graph; nothing, without looking, where it found nothing with the same key.

        The key is all else that the findings depend on.
        """
        if self._keys.get(graph) == key:
            return
        found = list(look())
        if not found:
            self._keys[graph] = key
        yield from found
