"""What a question was understood to ask, and how it is written as SPARQL."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from ...namespaces import AKB, Namespaces
from ...schema.schema import Schema

MOST: Final = 100
"""Rows of a list."""
_FIRST: Final = 10
"""Rows of what has the most, or is the latest."""
RELATED: Final = f"{AKB}related"
_NAME: Final = re.compile(r"[a-z][a-z0-9]*")


@dataclass
class Node:
    """A variable or an entity of the query."""

    text: str
    classes: frozenset[str] = frozenset()

    @property
    def is_variable(self) -> bool:
        """Whether it is a variable."""
        return self.text.startswith("?")


@dataclass
class Sketch:
    """The nodes and patterns of a query, and what is asked about them."""

    asked: str
    """The question, on one line."""
    schema: Schema
    namespaces: Namespaces
    patterns: list[str] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    head: Node | None = None
    """What the question is about."""
    does: set[str] = field(default_factory=set)
    """What is to be done: `count`, `most`, `latest` and the like."""
    grouped: Node | None = None
    years: list[tuple[str, str]] = field(default_factory=list)
    """Comparisons of years."""
    values: list[str] = field(default_factory=list)
    """The variables whose values are literals."""

    def between(self, one: str, other: str) -> str:
        """Return a query for how two entities are joined, directly or by one thing between them."""
        entity = self.written(f"{AKB}Entity")
        return (
            f"# {self.asked}\n"
            "SELECT ?predicate ?between ?then WHERE {\n"
            f"  {{ {one} ?predicate {other} }}\n"
            f"  UNION {{ {other} ?predicate {one} }}\n"
            f"  UNION {{ {one} ?predicate ?between . ?between a {entity} ; ?then {other} }}\n"
            f"}} LIMIT {MOST}"
        )

    def variable(self, name: str, class_iri: str = "") -> Node:
        """Return a new variable, called after what it is."""
        base = "".join(_NAME.findall(name.lower())) or "item"
        base = base if base[0].isalpha() else f"item{base}"
        taken = {node.text for node in self.nodes}
        number = next(number for number in range(1, 1000) if f"?{base}{number if number > 1 else ''}" not in taken)
        node = Node(f"?{base}{number if number > 1 else ''}", frozenset({class_iri} if class_iri else ()))
        self.nodes.append(node)
        return node

    def written(self, iri: str) -> str:
        """Return an IRI as the query writes it."""
        return self.namespaces.written(iri)

    def written_out(self) -> str:
        """Return the query."""
        assert self.head is not None
        head = self.head
        if not head.is_variable:
            head = next((node for node in self.nodes if node.is_variable), head)
        self.dated(head)
        body = "\n".join(f"  {pattern}" for pattern in self.patterns)
        comment = f"# {self.asked}\n"
        if "most" in self.does or self.grouped is not None:
            return comment + self.ranked(head, body)
        if "count" in self.does:
            return f"{comment}SELECT (COUNT(DISTINCT {head.text}) AS ?count) WHERE {{\n{body}\n}}"
        named = dict.fromkeys(node.text for node in self.nodes if node.is_variable and node.text not in self.values)
        named = {text: None for text in named if re.search(rf"\{text}\b", body)}
        labels = "".join(f"\n  {self.label(text)}" for text in named)
        shown = [part for text in named for part in (text, f"{text}Label")]
        shown += [text for text in self.values if text not in shown]
        order, most = "", MOST
        if "?date" in body:
            shown.append("?date")
        if self.does & {"latest", "oldest"} and "?date" in body:
            order, most = f" ORDER BY {'DESC(?date)' if 'latest' in self.does else '?date'}", _FIRST
        elif "found" in self.does and "?score" in body:
            shown.append("?score")
            order = " ORDER BY DESC(?score)"
        return f"{comment}SELECT DISTINCT {' '.join(shown)} WHERE {{\n{body}{labels}\n}}{order} LIMIT {most}"

    def ranked(self, head: Node, body: str) -> str:
        """Return a query for how many of one thing each of another has."""
        others = [node for node in self.nodes if node.is_variable and node.text != head.text and node.text in body]
        by, counted = (self.grouped, head) if self.grouped is not None else (head, others[0] if others else None)
        if counted is None:
            counted = self.variable("other")
            body += f"\n  {by.text} {self.written(RELATED)} {counted.text} ."
        limit = "" if self.grouped is not None else f" LIMIT {_FIRST}"
        return (
            f"SELECT {by.text} {by.text}Label (COUNT(DISTINCT {counted.text}) AS ?count) WHERE {{\n{body}\n"
            f"  {self.label(by.text)}\n}} GROUP BY {by.text} {by.text}Label ORDER BY DESC(?count){limit}"
        )

    def label(self, text: str) -> str:
        """Return the pattern that finds what the value of a variable is called."""
        label = f"{text}Label"
        return f'OPTIONAL {{ {text} skos:prefLabel {label} FILTER(LANG({label}) IN ("en", "")) }}'

    def dated(self, head: Node) -> None:
        """Write what years there are, with the property for the date of a work."""
        issued = self.schema.roles["issued"]
        if not (self.years or self.does & {"latest", "oldest"}) or "urn:akb" in issued:
            return
        subject = next((node for node in self.nodes if node.is_variable), head)
        self.patterns.append(f"{subject.text} {issued} ?date .")
        for sign, year in self.years:
            self.patterns.append(f"FILTER(xsd:integer(SUBSTR(STR(?date), 1, 4)) {sign} {int(year)})")
