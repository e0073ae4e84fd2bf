"""What the rest of a query says of the variables of a SERVICE: the bindings that are sent along.

A call is joined with the patterns beside it. So only those rows of the peer matter that agree with some solution of the
patterns beside it, and those solutions can be found before the peer is asked. The patterns that are taken must yield at
least every solution that can meet a row of the peer:

- in the group of the call, what comes before it, and what comes after it and is joined;
- where that group is in another one by itself, as an arm of UNION, or in GRAPH: the same of the outer group;
- where it is the body of OPTIONAL, MINUS, LATERAL or FILTER EXISTS: only what comes before, and nothing further out,
  since there a row that is missing can change what other rows do;
- out of a subquery nothing is visible.

Patterns that share no variable are separated, for together they would be a product.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from .structure import Element, Group, certain

_JOINED: Final = frozenset({"triples", "group", "graph", "values"})
_PASSED: Final = frozenset({"group", "graph"})

Path = tuple[tuple[Group, int], ...]
"""The way to an element: each group from the outside in, and the place in it; it begins anew in a subquery."""


@dataclass(frozen=True)
class Pattern:
    """A text that may be put in a group, and the variables in it."""

    kind: str
    text: str
    variables: frozenset[str]


def find_call(group: Group, path: Path = ()) -> tuple[Element, Path] | None:
    """Return the first SERVICE of a query in the order of the text, and the way to it."""
    if group.select is not None:
        return find_call(group.select.where)
    for place, element in enumerate(group.elements):
        here = (*path, (group, place))
        if element.kind == "service":
            return element, here
        for inner in element.groups:
            if found := find_call(inner, here):
                return found
    return None


def context(query: str, path: Path, shared: frozenset[str]) -> list[Pattern]:
    """Return the patterns beside the call at the end of `path` that hold a variable of `shared`.

    Each can be asked by itself, and no two have a variable in common.
    """
    inner: list[Pattern] = []
    for group, place in reversed(path):
        element = group.elements[place]
        follow = element.kind in _PASSED or element.kind == "service"
        patterns = [*_beside(query, group, place, follow), *(_wrap(element, pattern) for pattern in inner)]
        inner = [_joined(part) for part in _parts(patterns) if any(one.variables & shared for one in part)]
        if not follow:
            break
    return inner


def _beside(query: str, group: Group, place: int, follow: bool) -> Iterator[Pattern]:
    """Yield the patterns of a group before an element and, with `follow`, those joined after it."""
    taken, left = dict[int, Element](), list[Element]()
    for at, element in enumerate(group.elements):
        if element.kind == "filter":
            continue
        after = follow and element.kind in _JOINED and find_call(Group(0, 0, [element])) is None
        if at != place and (at < place or after):
            taken[at] = element
        else:
            left.append(element)
    settled = (_variables(taken.values()) - _variables(left)) | certain(Group(0, 0, [*taken.values()]))
    for at, element in enumerate(group.elements):
        # A filter whose variables have their final values narrows what is taken; any other might see one too early.
        narrows = element.kind == "filter" and not element.groups and element.variables <= settled
        if narrows or at in taken:
            yield Pattern(element.kind, query[element.start : element.end].strip(" \t\r\n."), element.variables)


def _variables(elements: Iterable[Element]) -> frozenset[str]:
    return frozenset[str]().union(*(element.variables for element in elements))


def _wrap(element: Element, pattern: Pattern) -> Pattern:
    named = f"GRAPH {element.name.text} " if element.kind == "graph" and element.name is not None else ""
    own = frozenset({element.name.text[1:]} if named and element.name and element.name.kind == "var" else ())
    return Pattern("group", f"{named}{{ {pattern.text} }}", pattern.variables | own)


def _parts(patterns: list[Pattern]) -> list[list[Pattern]]:
    """Put those together that have a variable in common, directly or by way of others; keep their order."""
    # Each pattern leads to one of its part (union-find); a variable to the first pattern that holds it.
    leads, holders = list(range(len(patterns))), dict[str, int]()

    def first(at: int) -> int:
        while leads[at] != at:
            leads[at] = at = leads[leads[at]]
        return at

    for at, pattern in enumerate(patterns):
        for name in pattern.variables:
            leads[first(at)] = first(holders.setdefault(name, at))
    parts: dict[int, list[Pattern]] = {}
    for at, pattern in enumerate(patterns):
        parts.setdefault(first(at), []).append(pattern)
    return [*parts.values()]


def _joined(part: list[Pattern]) -> Pattern:
    text = ""
    for before, pattern in zip([None, *part], part, strict=False):
        dot = before is not None and before.kind == pattern.kind == "triples"
        text += (" .\n" if dot else "\n" if text else "") + pattern.text
    kind = part[0].kind if len(part) == 1 else "group"
    variables = frozenset[str]().union(*(pattern.variables for pattern in part))
    return Pattern(kind, text, variables)
