"""Runs the rules of `shapes/rules/` on the whole base: each row that a rule yields is a finding."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from rdflib import BNode

from ..guessing import nearest
from ..namespaces import Namespaces
from ..records.findings import Finding
from ..schema.schema import Schema
from ..sparql.terms import Row
from ..store.embedded import Store
from ..turtle.base import Base
from ..turtle.edges import VOCAB
from ..turtle.loading import loaded
from ..turtle.statements import iri_of
from .locating import Locator
from .rule_files import Rule


def rule_findings(
    base: Base,
    schema: Schema,
    rules: list[Rule],
    locator: Locator,
    nodes: Collection[str] | None = None,
    store: Store | None = None,
) -> Iterator[Finding]:
    """Yield what every rule finds in the asserted data together with the ontology, about all nodes or only some.

    Both are read from `store` where it is given, else loaded into one.
    """
    store = store or loaded(base)
    names = _Names(base, schema)
    for rule in rules:
        for row in store.select(rule.query):
            owner = locator.owner(str(row["focus"]).removeprefix("_:"))
            if (nodes is None or not owner or owner in nodes) and not _is_unknown(base, row):
                yield _finding(rule, row, base.namespaces, names, locator)


def _is_unknown(base: Base, row: Row) -> bool:
    """Tell whether a row may be due only to a file that cannot be read.

    It may be when it is about an entity of such a file, and when it misses something (no triple is wrong) at a node
    of which such a file speaks.
    """
    ends = {row["focus"], row.get("value")}
    return bool(base.unknown & ends) or ("predicate" not in row and row["focus"] in base.half_known)


class _Names:
    """The known names for suggestions, by kind, as CURIEs."""

    def __init__(self, base: Base, schema: Schema) -> None:
        def entities() -> list[str]:
            nodes = {iri_of(node) for node, _ in base.pairs(str(VOCAB.status))} | {*base.rest.entities}
            named = (base.namespaces.compact(node) for node in nodes if not node.startswith(base.namespaces.edge))
            return sorted(named)

        self._sources: dict[str, Callable[[], list[str]]] = {
            "class": lambda: [term.curie for term in schema.classes.values()],
            "property": lambda: [term.curie for term in schema.properties.values()],
            "predicate": lambda: [term.curie for term in schema.predicates.values()],
            "entity": entities,
        }
        self._choices: dict[str, list[str]] = {}

    def suggestion(self, kind: str, wrong: str) -> str:
        """Return a phrase that offers the nearest name, or nothing when none is near."""
        if not kind:
            return ""
        if kind not in self._choices:
            self._choices[kind] = self._sources[kind]()
        best = nearest(wrong, self._choices[kind])
        return f" (did you mean {best}?)" if best else ""


def _finding(rule: Rule, row: Row, namespaces: Namespaces, names: _Names, locator: Locator) -> Finding:
    focus = str(row["focus"]).removeprefix("_:")
    value, expected = (
        "a blank node"
        if (text := str(row.get(name, ""))).startswith("_:")
        else namespaces.compact_all(namespaces.compact(text))
        for name in ("value", "expected")
    )
    words = {"value": value, "expected": expected, "suggestion": names.suggestion(rule.suggest, value)}
    return locator.finding(
        rule.name,
        focus,
        rule.message.format_map(words),
        rule.mend.format_map(words),
        predicate=str(row.get("predicate", "")),
        value=_term(str(row.get("object", row.get("value", "")))) if "predicate" in row else "",
        severity=rule.severity,
        about=tuple(locator.written(_term(str(row.get(name, "")))) for name in ("value", "expected", "object")),
    )


def _term(text: str) -> str | BNode:
    return BNode(text.removeprefix("_:")) if text.startswith("_:") else text
