"""What blank nodes are known by: they have no name, and their labels differ in each reading (RDF 1.1 Concepts, 3.4).

Terms are written as in N-Triples.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import Final

from rdflib import RDF

from .statements import Statement, is_blank

_FIRST, _REST = RDF.first.n3(), RDF.rest.n3()
_OPEN: Final = "the node itself"
"""Stands for a node whose statements lead back to where they are read from."""


class BlankNodes:
    """The blank nodes of some statements: what is said of each, and where it is."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._said: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self._holders: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self.order: dict[str, None] = {}
        """The nodes, in the order of their first mention."""
        for subject, predicate, value in statements:
            if is_blank(subject):
                self._said[subject].append((predicate, value))
                self.order[subject] = None
            if is_blank(value):
                self._holders[value].append((subject, predicate))
                self.order[value] = None
        self._contents: dict[str, str] = {}

    def __contains__(self, node: str) -> bool:
        return node in self.order

    def said(self, node: str, without: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
        """Return the predicates and values of a node, sorted, with what blank values say in place of their labels."""
        return sorted(
            (predicate, self.content(value) if is_blank(value) else value)
            for predicate, value in set(self._said.get(node, ()))
            if predicate not in without
        )

    def content(self, node: str) -> str:
        """Return a hash of what is said of a node, and of the blank nodes that it leads to, whatever their labels."""
        if node in self._contents:
            return self._contents[node]
        found: dict[str, str] = {}
        # What leads back to a node that is being read depends on where reading began, and is not kept.
        circular: set[str] = set()
        seen: set[str] = set()
        stack = [(node, False)]
        while stack:
            one, is_read = stack.pop()
            values = [value for _, value in self._said.get(one, ()) if is_blank(value)]
            if not is_read and one not in seen:
                seen.add(one)
                stack.append((one, True))
                stack += [(value, False) for value in values if value not in self._contents]
            elif is_read:
                hashes = {value: self._contents.get(value) or found.get(value, _OPEN) for value in values}
                said = sorted({(predicate, hashes.get(value, value)) for predicate, value in self._said.get(one, ())})
                found[one] = digest(*(part for pair in said for part in pair))
                if _OPEN in hashes.values() or not circular.isdisjoint(values):
                    circular.add(one)
                else:
                    self._contents[one] = found[one]
        return found[node]

    def place(self, node: str) -> tuple[str, tuple[str, ...]]:
        """Return the named node that a node belongs to (or an empty string), and the predicates that lead from it.

        A member of a collection is wherever the collection is, in whatever order.
        """
        trail: list[str] = []
        seen: set[str] = set()
        while is_blank(node) and node not in seen:
            seen.add(node)
            holders = self._holders.get(node)
            if not holders:
                return "", tuple(reversed(trail))
            named = [pair for pair in holders if not is_blank(pair[0])]
            node, step = min(named) if named else min(holders, key=lambda pair: (pair[1], self.content(pair[0])))
            if step != _REST:
                trail.append(step)
        return "" if is_blank(node) else node, tuple(reversed(trail))

    def holder(self, node: str) -> tuple[str, str] | None:
        """Return the node that has a node as a value, a named one before others, and by which predicate."""
        return min(self._holders.get(node, ()), key=lambda pair: (is_blank(pair[0]), pair), default=None)

    def roots(self) -> dict[str, tuple[str, str]]:
        """Return the nodes that no other blank node has as a value, each with who has it and how; in their order."""
        return {node: holder for node in self.order if not (holder := self.holder(node) or ("", ""))[0].startswith("_")}

    def below(self, nodes: Iterable[str], without: Collection[str]) -> dict[str, tuple[str, str]]:
        """Return the blank values of some nodes but for those known, each with whose it is and by which predicate."""
        found: dict[str, tuple[str, str]] = {}
        for node in nodes:
            for predicate, value in self._said.get(node, ()):
                if is_blank(value) and value not in without:
                    found.setdefault(value, (node, predicate))
        return found

    def key(self, node: str) -> str:
        """Return where a node is and what is said of it, the same in each reading."""
        owner, trail = self.place(node)
        return " ".join((owner or "_", *trail, f"[{self.content(node)}]"))


def matched(ours: list[Statement], theirs: list[Statement]) -> dict[str, str] | None:
    """Return which blank node of the one side is which of the other, or None where the two do not say the same.

    Nodes that are alike in place and content are taken in the order in which they are mentioned.
    """
    sides = BlankNodes(ours), BlankNodes(theirs)
    labels: dict[str, str] = {}
    # Outermost nodes first: of the others it is then known whose they are.
    levels = [nodes.roots() or dict.fromkeys(nodes.order, ("", "")) for nodes in sides]
    while levels[0] or levels[1]:
        groups: list[defaultdict[tuple[str, ...], list[str]]] = [defaultdict(list), defaultdict(list)]
        for nodes, level, group in zip(sides, levels, groups, strict=True):
            for node, holder in level.items():
                owner, step = holder
                known = labels.get(owner, owner) if nodes is sides[0] else owner
                group[nodes.content(node), known, step].append(node)
        one, other = groups
        if {key: len(found) for key, found in one.items()} != {key: len(found) for key, found in other.items()}:
            return None
        labels |= {x: y for key, found in one.items() for x, y in zip(found, other[key], strict=True)}
        seen_by = (labels.keys(), set(labels.values()))
        levels = [nodes.below(level, seen) for nodes, level, seen in zip(sides, levels, seen_by, strict=True)]
        if not levels[0]:
            # Nodes that lead to each other, and to which nothing else leads.
            levels = [
                dict.fromkeys((node for node in nodes.order if node not in seen), ("", ""))
                for nodes, seen in zip(sides, seen_by, strict=True)
            ]
    named = Counter((labels.get(s, s), p, labels.get(o, o)) for s, p, o in ours)
    return labels if named == Counter(theirs) else None


def digest(*parts: str) -> str:
    """Return 16 hex digits of SHA-256 over some texts."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
