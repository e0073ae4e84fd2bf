"""The groups of a query and their elements, with their positions (SPARQL 1.1 Query, section 19.8).

It is made for queries that an engine has found well-formed; in any other text it raises QueryError, or sees no call.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final

from ..errors import QueryError
from .lexer import Token, tokens

_STARTS: Final = ("OPTIONAL", "MINUS", "GRAPH", "SERVICE", "FILTER", "BIND", "VALUES", "LATERAL")
_CLOSING: Final = {")": "(", "]": "[", "}": "{"}


@dataclass
class Element:
    """One part of a group, from `start` up to `end` in the text.

    Its kind is `triples` (of one subject, up to the dot), `group` (with the arms of its UNION), or the keyword that it
    begins with, in lower case; `name` is what GRAPH or SERVICE names.
    """

    kind: str
    start: int
    end: int = 0
    variables: frozenset[str] = frozenset()
    groups: list[Group] = field(default_factory=list)
    name: Token | None = None
    silent: bool = False


@dataclass
class Group:
    """A group graph pattern, braces included; one that is a subquery has a `select` and no elements."""

    start: int
    end: int = 0
    elements: list[Element] = field(default_factory=list)
    select: Select | None = None


@dataclass
class Select:
    """A query without its prologue: its group, the variables that it projects (None for all), its dataset clauses."""

    where: Group
    projected: frozenset[str] | None
    dataset: str


def read_structure(query: str, prologue_end: int) -> Select:
    """Read a query of any form from the end of its prologue on. Raises QueryError when its groups are unclear."""
    cut = [token for token in tokens(query) if token.kind != "space" and token.start >= prologue_end]
    return _Reader(cut).select(query)


def certain(group: Group) -> frozenset[str]:
    """Return variables that every solution of a group binds."""
    if group.select is not None:
        inside = certain(group.select.where)
        return inside if group.select.projected is None else inside & group.select.projected
    found: set[str] = set()
    for element in group.elements:
        if element.kind == "triples":
            found |= element.variables
        elif element.kind in {"group", "graph", "lateral"}:
            found |= frozenset.intersection(*map(certain, element.groups))
            if element.name is not None and element.name.kind == "var":
                found.add(element.name.text[1:])
    return frozenset(found)


class _Reader:
    def __init__(self, cut: list[Token]) -> None:
        self.cut = cut
        self.at = 0
        self.closing = _pairs(cut)
        # What is in a group is asked for once for each group around it, so it is looked up and not read again.
        self.places = [place for place, token in enumerate(cut) if token.kind == "var"]
        self.names = [cut[place].text[1:] for place in self.places]

    def select(self, text: str) -> Select:
        """Read up to the end of the group of WHERE; what is behind it does not matter here."""
        first = self.at
        template = self._token().is_word("CONSTRUCT")
        names: set[str] = set()
        everything = False
        dataset = dataset_end = 0
        while not self._is("{") or (template and self.at == first + 1):
            token = self._token()
            everything = everything or token.is_mark("*")
            if token.kind == "var":
                names.add(token.text[1:])
            elif token.is_word("FROM"):
                dataset = dataset or token.start
            elif dataset and token.kind in {"iri", "pname"}:
                dataset_end = token.end
            self._skip()
        return Select(self.group(text), None if everything else frozenset(names), text[dataset:dataset_end])

    def group(self, text: str) -> Group:
        """Read a group from its opening brace to its closing one."""
        group = Group(self._token().start)
        self.at += 1
        if self._token().is_word("SELECT"):
            group.select = self.select(text)
            while not self._is("}"):
                self._skip()
        while not self._is("}"):
            group.elements.append(self._element(text))
        group.end = self._token().end
        self.at += 1
        return group

    def _element(self, text: str) -> Element:
        first, token = self.at, self._token()
        element = Element("triples", token.start)
        if self._opens_group():
            element.kind = "group"
            element.groups.append(self.group(text))
            while self._token().is_word("UNION"):
                self.at += 1
                element.groups.append(self.group(text))
        elif token.is_word(*_STARTS):
            element.kind = token.text.lower()
            self.at += 1
            self._rest(element, text)
        else:
            while not self._is("}") and not self._opens_group() and not self._token().is_word(*_STARTS):
                ended = self._is(".")
                self._skip()
                if ended:
                    break
        element.end = self.cut[self.at - 1].end
        element.variables = frozenset(self.names[bisect_left(self.places, first) : bisect_left(self.places, self.at)])
        return element

    def _rest(self, element: Element, text: str) -> None:
        """Read what follows the keyword of an element."""
        if element.kind == "values":
            self._skip()
            self._skip()
            return
        if element.kind in {"filter", "bind"}:
            while not self._is("(") and not self._is("{"):
                self._skip()
            if self._is("("):
                end = self.closing[self.at]
                while self.at < end:
                    if self._is("{"):
                        element.groups.append(self.group(text))
                    else:
                        self.at += 1
                self.at = end + 1
                return
        if element.kind == "service" and self._token().is_word("SILENT"):
            element.silent = True
            self.at += 1
        if element.kind in {"graph", "service"}:
            element.name = self._token()
            self.at += 1
        if not self._is("{"):
            raise _unclear(self._token())
        element.groups.append(self.group(text))

    def _token(self) -> Token:
        if self.at >= len(self.cut):
            raise QueryError("The query ends before its groups do.", "give every opening brace its closing one.")
        return self.cut[self.at]

    def _is(self, mark: str) -> bool:
        return self._token().is_mark(mark)

    def _opens_group(self) -> bool:
        # `{|` opens an annotation (SPARQL 1.2).
        annotates = self.at + 1 < len(self.cut) and self.cut[self.at + 1].is_mark("|")
        return self._is("{") and not annotates

    def _skip(self) -> None:
        """Go past one token, or all that its bracket holds."""
        self._token()
        self.at = self.closing.get(self.at, self.at) + 1


def _pairs(cut: list[Token]) -> dict[int, int]:
    """Return for the place of each opening bracket that of its closing one."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for place, token in enumerate(cut):
        if token.kind != "mark":
            continue
        if token.text in _CLOSING.values():
            opened.append(place)
        elif token.text in _CLOSING:
            if not opened or cut[opened[-1]].text != _CLOSING[token.text]:
                raise _unclear(token)
            pairs[opened.pop()] = place
    return pairs


def _unclear(token: Token) -> QueryError:
    return QueryError(f"The groups of the query are unclear at {token.text!r:.40}.", "check the braces before it.")
