"""What the words of a question are: classes, properties and entities of the base, years, and words that say what to do.

Classes and properties go by their labels, notations and names in the ontology, in any inflection that English makes by
its endings; entities by their names in the search index. What is none of these is a text to search for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal

from ...namespaces import AKB, DCTERMS, PROV, SCHEMA, Namespaces
from ...records.terms import ClassTerm, PropertyTerm, Term
from ...schema.schema import Schema
from ..finding import Finder

Kind = Literal["class", "property", "entity", "code", "text", "year", "do", "by"]

_PIECE: Final = re.compile(r'"[^"]*"|“[^”]*”|[^\s"“”]+')
_EDGES: Final = "?!.,;:()[]{}<>«»„'\u2019"
_CAMEL: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_YEAR: Final = re.compile(r"[12]\d{3}")
_LONGEST: Final = 8
"""Words of the longest name that is looked for."""

_DO: Final[Mapping[str, str]] = {
    "how many": "count", "number of": "count", "count": "count", "most": "most", "per": "per", "for each": "per",
    "by each": "per", "without": "not", "no": "not", "not": "not", "never": "not", "lack": "not", "lacking": "not",
    "since": "since", "from": "from", "after": "after", "before": "before", "until": "until", "in": "in",
    "latest": "latest", "newest": "latest", "most recent": "latest", "recent": "latest", "oldest": "oldest",
    "earliest": "oldest", "similar to": "near", "similar": "near", "like": "near", "near": "near", "between": "between",
    "related to": "related", "related": "related", "connected": "related", "of": "of",
    "does": "does", "do": "does", "did": "does", "and": "and",
}  # fmt: skip
"""Words that say what to do; those of two words first."""
_EMPTY: Final = frozenset(
    re.findall(
        r"\w+",
        "a an the on for to that which who whom whose what when where how is are was were be been being has have had "
        "there any all some with or it its their them they this these those show me list give find get please tell us "
        "can could i you we our every each much at as into than then ones one things thing entities entity ever",
    )
)
"""Words that say nothing by themselves, unless a term of the base is so called."""
_ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    f"{SCHEMA}author": ("author", "^wrote", "written", "^writes"),
    f"{DCTERMS}creator": ("author", "^wrote", "written", "^writes", "^made", "^created"),
    f"{SCHEMA}citation": ("cite", "reference"),
    f"{SCHEMA}about": ("about", "on"),
    f"{SCHEMA}datePublished": ("date", "published", "appeared", "year"),
    f"{PROV}wasQuotedFrom": ("quoted",),
}
"""Other words for what a property means, by the common vocabularies that the ontology maps it to.

Behind `^` is a verb whose subject is the object of the property: who wrote something.
"""


@dataclass(frozen=True)
class Item:
    """Some words that follow each other, and what they are."""

    kind: Kind
    words: str
    iri: str = ""
    value: str = ""
    """The label of a term, the text that is searched for, the year, or what to do."""
    is_turned: bool = False
    """Whether a property leads from its object to its subject."""
    is_literal: bool = False
    """Whether the values of a property are not entities."""
    classes: frozenset[str] = frozenset()
    """The IRIs of the classes of an entity."""


@dataclass(frozen=True)
class Lexicon:
    """The words of a base."""

    schema: Schema
    namespaces: Namespaces
    finder: Finder

    def items(self, question: str) -> list[Item]:
        """Return what the words of a question are, in their order."""
        words = [piece.strip(_EDGES) if piece[0] not in '"“' else piece for piece in _PIECE.findall(question)]
        words = [word for word in words if word.strip('"“”')]
        found: list[Item] = []
        at = 0
        while at < len(words):
            item, width = self._longest(words[at : at + _LONGEST])
            if item is None:
                text = words[at].strip('"“”')
                if text.lower() not in {*_EMPTY, "about"} or words[at] != text:
                    found.append(Item("text", text, value=text))
            else:
                found.append(item)
            at += width
        return [*_joined(found)]

    def _longest(self, words: list[str]) -> tuple[Item | None, int]:
        """Return what the most words at the beginning are, and how many these are."""
        if words[0][0] in '"“':
            text = words[0].strip('"“”')
            return self._entity(text) or Item("text", text, value=text), 1
        for width in range(len(words), 0, -1):
            if any(word[0] in '"“' for word in words[:width]):
                continue
            text = " ".join(words[:width])
            is_bare = not {words[0].lower(), words[width - 1].lower()} & _EMPTY
            if item := (self._term(text, words[width:]) if is_bare else None) or self._do(text):
                return item, width
            # Names such as "The Alignment Forum" begin with such a word.
            if (is_bare or width > 2) and (entity := self._entity(text)):
                return entity, width
        return None, 1

    def _do(self, text: str) -> Item | None:
        text = text.lower()
        if text in _DO:
            return Item("do", text, value=_DO[text])
        if text == "by":
            return Item("by", text)
        return Item("year", text, value=text) if _YEAR.fullmatch(text) else None

    def _term(self, text: str, after: list[str]) -> Item | None:
        """Return the class or property that some words are called."""
        key = _key(text)
        if not key:
            return None
        if (term := self._classes.get(key)) is not None:
            return Item("class", text, term.iri, term.label)
        if (found := self._properties.get(key)) is not None:
            item = replace(found, words=text)
            passive = text.lower().endswith(("ed", "en")) and after[:1] == ["by"]
            # "cited by" where the ontology has no name for the inverse.
            return replace(item, is_turned=not item.is_turned) if passive and "by" not in key else item
        return replace(code, words=text) if (code := self._codes.get(key)) is not None else None

    @property
    def author(self) -> Item | None:
        """The property that says by whom a work is."""
        makers = {f"{SCHEMA}author", f"{DCTERMS}creator"}
        found = (iri for iri in self.schema.predicates if not makers.isdisjoint(self.schema.meanings(iri)))
        iri = next(found, "")
        return Item("property", "by", iri, self.schema.predicates[iri].label) if iri else None

    def _entity(self, text: str) -> Item | None:
        named = self.finder.index.named(text)
        if not named:
            return None
        best = named[0]
        page = self.schema.page_class_by_name.get(best.class_name)
        classes = frozenset({page.iri} if page else ())
        return Item("entity", text, best.iri, best.label, classes=classes)

    @cached_property
    def _classes(self) -> dict[str, ClassTerm]:
        found: dict[str, ClassTerm] = {}
        for term in (*self.schema.page_classes, *self.schema.classes.values()):
            for phrase in (*_phrases(term), term.plural):
                if key := _key(phrase):
                    found.setdefault(key, term)
        return found

    @cached_property
    def _properties(self) -> dict[str, Item]:
        """The properties by what they are called; an inverse is the property itself, turned."""
        found: dict[str, Item] = {}
        # What is said of every entity, such as its definition, comes last.
        said = (
            term for term in self.schema.properties.values() if not term.is_predicate and not term.iri.startswith(AKB)
        )
        terms = [*self.schema.predicates.values(), *self.schema.facts.values(), *said]
        for term in terms:
            one = Item("property", "", term.iri, term.label, is_literal=not term.is_predicate and not term.is_iri)
            for phrase in (*_phrases(term), term.name):
                found.setdefault(_key(phrase), one)
            inverse = self.schema.properties.get(term.inverse)
            if inverse is not None and not inverse.is_asserted:
                for phrase in _phrases(inverse):
                    found.setdefault(_key(phrase), replace(one, is_turned=True, value=inverse.label))
        for term in terms:
            one = Item("property", "", term.iri, term.label, is_literal=not term.is_predicate and not term.is_iri)
            for meaning in self.schema.meanings(term.iri):
                for word in _ALSO.get(meaning, ()):
                    found.setdefault(_key(word.removeprefix("^")), replace(one, is_turned=word.startswith("^")))
        found.pop("", None)
        return found

    @cached_property
    def _codes(self) -> dict[str, Item]:
        """The codes by their notations, with the property of which they are values."""
        return {
            _key(notation): Item("code", "", code, iri)
            for iri, term in self.schema.facts.items()
            for notation, code in self.schema.codes.get(term.scheme, {}).items()
        }

    def property_of(self, iri: str) -> PropertyTerm | None:
        """Return the record of a property."""
        return self.schema.properties.get(iri) or self.schema.borrowed.get(iri)


def _phrases(term: Term) -> Iterator[str]:
    """Yield what a term is called."""
    yield term.label
    yield term.notation.replace("_", " ")
    yield " ".join(_CAMEL.findall(re.split("[:/#]", term.curie)[-1]))


def _joined(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items, with texts that follow each other as one."""
    before: Item | None = None
    for item in items:
        if before is not None and before.kind == item.kind == "text":
            text = f"{before.words} {item.words}"
            before = replace(before, words=text, value=text)
            continue
        if before is not None:
            yield before
        before = item
    if before is not None:
        yield before


def _key(phrase: str) -> str:
    """Return the words of a phrase without their endings and without those that say nothing.

    >>> _key("is cited by"), _key("studies"), _key("studied"), _key("AI systems"), _key("about")
    ('cit by', 'study', 'study', 'ai system', 'about')
    """
    words = [word.strip(_EDGES) for word in phrase.lower().replace("-", " ").split()]
    telling = [word for word in words if word not in _EMPTY] or words
    return " ".join(stem(word) for word in telling if word)


def stem(word: str) -> str:
    """Return an English word without its ending.

    >>> [stem(word) for word in ("papers", "cites", "cited", "citing", "uses", "used", "hypotheses", "class")]
    ['paper', 'cit', 'cit', 'cit', 'us', 'us', 'hypothes', 'class']
    """
    for endings in ((("ies", "y"), ("s", "")), (("ied", "y"), ("ing", ""), ("ed", ""))):
        for ending, instead in endings:
            left = len(word) - len(ending)
            if word.endswith(ending) and not word.endswith("ss") and left >= 2:
                word = word[:left] + instead
                break
    return word[:-1] if word.endswith("e") and len(word) > 2 else word
