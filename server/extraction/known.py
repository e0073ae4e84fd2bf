"""What the base knows, as far as makers of proposals ask: names, what plays a role, and what is usual in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rdflib import RDF, SKOS

from ..namespaces import PROV, SCHEMA
from ..records.terms import ClassTerm, PropertyTerm
from ..schema.schema import Schema
from ..text.names import name_words
from ..turtle.base import Base
from ..turtle.edges import VOCAB
from ..turtle.statements import iri_of, is_iri, literal_of

_MEANINGS: Final = {
    "claim": (f"{SCHEMA}Claim",),
    "question": (f"{SCHEMA}Question",),
    "quote": (f"{SCHEMA}Quotation",),
    "method": (f"{PROV}Plan", f"{SCHEMA}HowTo"),
    "artifact": (
        f"{SCHEMA}SoftwareApplication",
        f"{SCHEMA}SoftwareSourceCode",
        f"{SCHEMA}Dataset",
        f"{SCHEMA}CreativeWork",
    ),
}
"""What the class of a role is in the terms of others; works, quotations and claims are creative works too."""
_SHORTEST: Final = 4
"""Letters: shorter names are found only as they are written, in capitals."""


@dataclass(frozen=True)
class Named:
    """An entity that a text may name."""

    name: str
    """Its CURIE."""
    label: str
    class_iri: str


@dataclass(frozen=True)
class Known:
    """A base, and its schema."""

    base: Base
    schema: Schema

    @cached_property
    def classes(self) -> dict[str, ClassTerm]:
        """The page class of each role for which the base has one."""
        found: dict[str, ClassTerm] = {}
        for role, meanings in _MEANINGS.items():
            for meaning in meanings:
                term = next(
                    (
                        one
                        for one in self.schema.page_classes
                        if self._is_for(one, meaning) and one not in found.values()
                    ),
                    None,
                )
                if term is not None and role not in found:
                    found[role] = term
        return found

    def _is_for(self, term: ClassTerm, meaning: str) -> bool:
        return meaning in self.schema.meanings(term.iri) and term.iri not in self.schema.works

    @cached_property
    def entities(self) -> dict[str, Named]:
        """The entities of page classes, by IRI."""
        labels = self._english(str(SKOS.prefLabel))
        compact = self.base.namespaces.compact
        return {
            node: Named(compact(node), labels.get(node, compact(node)), kind)
            for node, kind in self._types.items()
            if self.schema.page_class_of(kind) is not None
        }

    @cached_property
    def by_curie(self) -> dict[str, Named]:
        """The same by CURIE."""
        return {one.name: one for one in self.entities.values()}

    @cached_property
    def _names(self) -> dict[str, list[tuple[tuple[str, ...], str, Named]]]:
        """The names that a text may use, by their first words: their words, the name, and what has it."""
        found: dict[str, list[tuple[tuple[str, ...], str, Named]]] = {}
        for property_ in (str(SKOS.prefLabel), str(SKOS.altLabel)):
            for node, value in self.base.by_predicate.get(property_, ()):
                entity = self.entities.get(iri_of(node))
                literal = None if is_iri(value) else literal_of(value)
                if entity is None or literal is None or not self._is_topic(entity.class_iri):
                    continue
                if words := _singular(name_words(literal.text)):
                    found.setdefault(words[0], []).append((words, literal.text, entity))
        for names in found.values():
            names.sort(key=lambda one: -len(one[0]))
        return found

    def _is_topic(self, class_iri: str) -> bool:
        """Tell whether sentences name entities of a class: those of works, people and sentences have other names."""
        page = self.schema.page_class_of(class_iri)
        if page is None or page.iri in self.schema.works:
            return False
        spoken = {self.classes[role].iri for role in ("claim", "question", "quote") if role in self.classes}
        agents = {f"{SCHEMA}Person", f"{SCHEMA}Organization", f"{PROV}Agent", "http://xmlns.com/foaf/0.1/Agent"}
        return page.iri not in spoken and agents.isdisjoint(self.schema.meanings(page.iri))

    def named_in(self, text: str) -> tuple[Named, ...]:
        """Return the entities that a text names, the longest names first, each once."""
        words = _singular(name_words(text))
        found: dict[str, tuple[int, Named]] = {}
        at = 0
        while at < len(words):
            match = next(
                (one for one in self._names.get(words[at], ()) if words[at : at + len(one[0])] == one[0]), None
            )
            if match is not None and (len("".join(match[0])) >= _SHORTEST or match[1] in text):
                found.setdefault(match[2].name, (len(match[0]), match[2]))
                at += len(match[0])
            else:
                at += 1
        return tuple(one for _, one in sorted(found.values(), key=lambda one: -one[0]))

    def predicate(self, start: str, end: str) -> PropertyTerm | None:
        """Return the predicate by which most edges of the base join two classes; else the most exact one that may."""
        fitting = [term for term, turned in self.schema.joining(start, end) if not turned]
        used = self._used.get((self._page(start), self._page(end)), Counter[str]())
        return max(fitting, key=lambda term: used[term.iri], default=None)

    def usual_codes(self, class_iri: str, alike: tuple[str, ...] = ()) -> dict[str, str]:
        """Return, for each property with a list of codes that entities of a class have, the code that most have.

        With `alike`, IRIs, these are asked first.
        """
        found = {}
        for term in self.schema.facts.values():
            names = {code: name for name, code in self.schema.codes.get(term.scheme, {}).items()}
            if not names or not any(
                self.schema.is_under(class_iri, one) for one in (*term.classes, term.domain) if one
            ):
                continue
            said = {iri_of(node): iri_of(value) for node, value in self.base.by_predicate.get(term.iri, ())}
            near = Counter(said[one] for one in alike if one in said)
            of_class = (said[node] for node, kind in self._types.items() if kind == class_iri and node in said)
            code = next((one for one, _ in (near or Counter(of_class)).most_common(1)), next(iter(names)))
            found[term.key] = names[code]
        return found

    @cached_property
    def _types(self) -> dict[str, str]:
        return {iri_of(node): iri_of(kind) for node, kind in self.base.by_predicate.get(str(RDF.type), ())}

    @cached_property
    def _used(self) -> dict[tuple[str, str], Counter[str]]:
        """How often each predicate joins two page classes."""
        found: dict[tuple[str, str], Counter[str]] = {}
        for start, predicate, end in self._edges():
            pair = self._page(self._types.get(start, "")), self._page(self._types.get(end, ""))
            found.setdefault(pair, Counter())[predicate] += 1
        return found

    def _edges(self) -> Iterator[tuple[str, str, str]]:
        ends = [
            {iri_of(node): iri_of(value) for node, value in self.base.by_predicate.get(str(VOCAB[end]), ())}
            for end in ("subject", "predicate", "object")
        ]
        for edge, start in ends[0].items():
            if edge in ends[1] and edge in ends[2]:
                yield start, ends[1][edge], ends[2][edge]

    def joined(self, first: str, second: str) -> bool:
        """Tell whether an edge of the base joins two entities, by their IRIs."""
        return (first, second) in self._pairs or (second, first) in self._pairs

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset((start, end) for start, _, end in self._edges())

    def _page(self, class_iri: str) -> str:
        page = self.schema.page_class_of(class_iri)
        return page.iri if page is not None else ""

    def _english(self, property_: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for node, value in self.base.by_predicate.get(property_, ()):
            literal = None if is_iri(value) else literal_of(value)
            if literal is not None and (literal.language in ("", "en") or iri_of(node) not in found):
                found[iri_of(node)] = literal.text
        return found


def _singular(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return words without the s of a plural, so that a name is found in either number."""
    return tuple(
        one[:-1] if len(one) > 4 and one.endswith("s") and not one.endswith(("ss", "us", "is")) else one
        for one in words
    )
