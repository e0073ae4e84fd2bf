"""A question in words as SPARQL, by templates over the schema: classes and entities are nodes, joined by the rest.

The words are read from left to right. A class or an entity is a node; a property leads from the node before it to the
next one, or the other way round where domain and range or the words say so. What is not understood is searched for. No
model takes part, and the same words always make the same query.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ...outgoing.failures import one_line
from ...records.asked import Understood, Written
from ...records.terms import PropertyTerm
from ...sparql.solutions import literal
from .lexicon import Item, Lexicon
from .sketches import MOST, RELATED, Node, Sketch

_YEARS: Final = {"since": ">=", "from": ">=", "after": ">", "before": "<", "until": "<=", "in": "="}


def write_query(words: str, lexicon: Lexicon) -> Written:
    """Return the query for a question in words; it is empty where nothing is understood."""
    items = lexicon.items(words)
    query = _Reader(one_line(words), lexicon.schema, lexicon.namespaces, lexicon=lexicon, items=items).query()
    understood = tuple(
        Understood(item.words, lexicon.namespaces.written(item.iri) if item.iri else item.value, _kind(item))
        for item in items
        if item.kind != "by" and item.value not in {"and", "of", "does"}
    )
    notes = () if query else ("Nothing of this is in the base: name a class, a property or an entity.",)
    return Written(words, query, understood, "templates", notes)


def _kind(item: Item) -> str:
    return item.value if item.kind == "do" else item.kind


@dataclass
class _Reader(Sketch):
    lexicon: Lexicon = field(kw_only=True)
    items: list[Item] = field(kw_only=True)
    current: Node | None = None
    pending: Item | None = None
    waiting: Node | None = None
    """An entity before a property of which it may be the subject: "papers that X cites"."""
    is_denied: bool = False
    adjectives: list[Item] = field(default_factory=list)

    def query(self) -> str:
        entities = [item for item in self.items if item.kind == "entity"]
        told = {item.value for item in self.items if item.kind == "do"}
        properties = [item for item in self.items if item.kind == "property"]
        if len(entities) == 2 and told & {"between", "related"} and not properties:
            return self.between(*(self.written(item.iri) for item in entities))
        for at, item in enumerate(self.items):
            getattr(self, f"on_{item.kind}")(item, self.items[at + 1 :])
        self.flush()
        if self.head is not None:
            self.describe(self.head)
        elif self.adjectives:
            self.head = self.variable("item")
            self.describe(self.head)
        else:
            return ""
        if not self.patterns and not self.head.is_variable:
            return f"# {self.asked}\nSELECT ?property ?value WHERE {{ {self.head.text} ?property ?value }} LIMIT {MOST}"
        return self.written_out()

    # ---- reading, item by item ---------------------------------------------------------------------------------

    def on_do(self, item: Item, after: list[Item]) -> None:
        if item.value == "not":
            self.is_denied = True
        elif item.value in _YEARS and after and after[0].kind == "year":
            self.years.append((_YEARS[item.value], after[0].value))
        elif item.value == "and":
            self.flush()
            self.current = self.head
        else:
            self.does.add(item.value)

    def on_year(self, item: Item, _after: list[Item]) -> None:
        if not any(year == item.value for _, year in self.years):
            self.years.append(("=", item.value))

    def on_by(self, _item: Item, after: list[Item]) -> None:
        if self.pending is not None or not after:
            return
        if after[0].kind == "class" and "count" in self.does:
            self.does.add("per")
        elif self.current is not None and self.current.is_variable:
            self.pending = self.lexicon.author

    def on_code(self, item: Item, after: list[Item]) -> None:
        self.adjectives.append(item)
        if self.current is not None and not any(one.kind == "class" for one in after[:1]):
            self.describe(self.current)

    def describe(self, node: Node) -> None:
        """Write of a node what the words before it said."""
        for one in self.adjectives:
            self.patterns.append(f"{node.text} {self.written(one.value)} {self.written(one.iri)} .")
        self.adjectives.clear()

    def on_class(self, item: Item, after: list[Item]) -> None:
        node = self.variable(item.value, item.iri)
        type_ = f"{node.text} a {self.written(item.iri)} ."
        if self.is_denied and self.current is not None:
            self.deny(self.current, self.pending, node, type_)
            return
        self.patterns.append(type_)
        self.describe(node)
        if "per" in self.does and self.grouped is None and self.head is not None:
            self.grouped = node
        self.place(node, after)

    def on_entity(self, item: Item, after: list[Item]) -> None:
        node = Node(self.written(item.iri), item.classes)
        if "near" in self.does:
            self.search("near", "nearTo", node.text)
            return
        if self.is_denied and self.current is not None:
            self.deny(self.current, self.pending, node, "")
            return
        self.place(node, after)

    def on_text(self, item: Item, after: list[Item]) -> None:
        text = literal(item.value)
        if self.pending is not None and self.current is not None and not self.fits(self.current, self.pending):
            # "papers about X", where papers are about nothing by the ontology.
            self.pending = None
        if "near" in self.does:
            self.search("near", "nearTo", text)
        elif self.pending is not None or self.current is None or not self.current.is_variable:
            node = self.variable("found")
            self.patterns.append(f"SERVICE akb:search {{ {node.text} akb:matches {text} }}")
            self.place(node, after)
        else:
            self.search("search", "matches", text)

    def on_property(self, item: Item, after: list[Item]) -> None:
        if self.waiting is not None and not self.has_object(after):
            # "papers that X cites": X is the subject, the papers are the object.
            assert self.current is not None
            self.join(self.waiting, item, self.current)
            self.waiting = None
            return
        self.relate_waiting()
        self.flush()
        self.pending = item
        if self.is_denied and self.current is not None and not self.has_object(after):
            self.deny(self.current, item, self.variable("other"), "")

    # ---- putting together --------------------------------------------------------------------------------------

    def place(self, node: Node, after: list[Item]) -> None:
        """Join a node with the one before it."""
        self.relate_waiting()
        if self.current is None:
            if self.pending is not None:
                # A property came first: "authors of X", "who cites X".
                self.first(node)
                return
            self.head = self.current = node
            return
        if self.pending is not None:
            pending, self.pending = self.pending, None
            self.join(self.current, pending, node)
        elif not node.is_variable and after and after[0].kind == "property":
            self.waiting = node
            return
        else:
            self.relate(self.current, node)
        # An entity has no more to say; a class may.
        self.current = node if node.is_variable else self.head

    def first(self, node: Node) -> None:
        """Join the property with which a question begins, with the node after it."""
        assert self.pending is not None
        pending, self.pending = self.pending, None
        if "most" in self.does and node.is_variable and not pending.is_literal:
            # "the most studied concepts": these are the object.
            is_passive = pending.words.lower().endswith(("ed", "en"))
            other = self.variable("other")
            self.join(*((other, pending, node) if is_passive else (node, pending, other)))
            self.head = self.current = node
            return
        self.head = self.variable("value" if pending.is_literal else "found")
        if pending.is_literal or ("of" in self.does and self.fits(node, pending)):
            self.join(node, pending, self.head)
            self.values += [self.head.text] if pending.is_literal else []
        else:
            self.join(self.head, pending, node)
        self.current = node if node.is_variable else self.head

    def fits(self, subject: Node, item: Item) -> bool:
        """Tell whether a node can be the subject of a property as it is asked for."""
        term = self.lexicon.property_of(item.iri)
        return term is None or self.can_be(subject, term.range if item.is_turned else term.domain)

    def flush(self) -> None:
        """Write the property that still has no object."""
        self.relate_waiting()
        if self.pending is None:
            return
        pending, self.pending = self.pending, None
        if self.current is None:
            self.head = self.current = self.variable("item")
        value = self.variable("value" if pending.is_literal else "other")
        self.values += [value.text] if pending.is_literal else []
        self.join(self.current, pending, value)

    def relate_waiting(self) -> None:
        if self.waiting is not None and self.current is not None:
            node, self.waiting = self.waiting, None
            self.relate(self.current, node)

    def has_object(self, after: list[Item]) -> bool:
        """Tell whether what follows a property is its object."""
        following = [item for item in after if item.kind != "by" and item.value not in {"of", "does"}]
        return bool(following) and following[0].kind in {"class", "entity", "text"}

    def join(self, subject: Node, item: Item, object_: Node) -> None:
        self.patterns.append(self.joined(subject, item, object_))

    def joined(self, subject: Node, item: Item, object_: Node) -> str:
        one, other = (object_, subject) if item.is_turned else (subject, object_)
        term = self.lexicon.property_of(item.iri)
        predicate = self.written(item.iri)
        if term is not None and not item.is_literal and not self.can_join(one, term, other):
            if self.can_join(other, term, one):
                one, other = other, one
            else:
                # By the ontology the two cannot be joined so: any edge will do.
                predicate = self.written(RELATED)
        return f"{one.text} {predicate} {other.text} ."

    def can_join(self, one: Node, term: PropertyTerm, other: Node) -> bool:
        """Tell whether a property may lead from one node to another."""
        return self.can_be(one, term.domain) and self.can_be(other, term.range)

    def can_be(self, node: Node, class_iri: str) -> bool:
        """Tell whether a node can be of a class, as far as its own classes are known."""
        if not node.classes or class_iri not in self.schema.classes:
            return True
        under = self.schema.is_under
        return any(under(one, class_iri) or under(class_iri, one) for one in node.classes)

    def relate(self, one: Node, other: Node) -> None:
        self.patterns.append(f"{one.text} {self.written(RELATED)} {other.text} .")

    def deny(self, subject: Node, item: Item | None, object_: Node, type_: str) -> None:
        """Write that something does not hold."""
        self.pending, self.is_denied = None, False
        if object_ in self.nodes:
            self.nodes.remove(object_)
        joined = (
            f"{subject.text} {self.written(RELATED)} {object_.text} ."
            if item is None
            else self.joined(subject, item, object_)
        )
        self.patterns.append(f"FILTER NOT EXISTS {{ {' '.join(filter(None, (joined, type_)))} }}")

    def search(self, service: str, predicate: str, sought: str) -> None:
        """Write that the node before is found by words, or by meaning."""
        if self.current is None or not self.current.is_variable:
            self.head = self.current = self.variable("found")
        score = "" if any("?score" in pattern for pattern in self.patterns) else " ; akb:score ?score"
        self.patterns.append(f"SERVICE akb:{service} {{ {self.current.text} akb:{predicate} {sought}{score} }}")
        self.does.discard("near")
        self.does.add("found")
