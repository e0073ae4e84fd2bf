"""Defaults for a vocabulary that lacks what pages and queries need: which classes have pages, and labels of its terms.

The ontology of a base of our form states all of it, and nothing is added. For another ontology, or none, the missing
statements about classes and properties are derived here from the ontology and the data.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Final
from urllib.parse import unquote

from ..namespaces import AKB, CLASS_SLUG, DCTERMS, OWL, RDF, RDFS, RESERVED, SKOS, Namespaces
from ..records.languages import is_english
from .statements import Statement, iri_of, is_iri, literal_of, statements

_DC: Final = "http://purl.org/dc/elements/1.1/"
_FOAF: Final = "http://xmlns.com/foaf/0.1/"
_SCHEMA: Final = ("http://schema.org/", "https://schema.org/")
LABELS: Final = (
    *(f"{SKOS}prefLabel", f"{RDFS}label", f"{DCTERMS}title", f"{_DC}title", *(f"{one}name" for one in _SCHEMA)),
    *(f"{_FOAF}name", *(f"{one}headline" for one in _SCHEMA), f"{SKOS}altLabel"),
)
"""The properties that name a thing, in order of preference."""
TEXTS: Final = (
    *(f"{SKOS}definition", f"{DCTERMS}description", f"{_DC}description", *(f"{one}description" for one in _SCHEMA)),
    *(f"{DCTERMS}abstract", f"{RDFS}comment", f"{SKOS}scopeNote", f"{SKOS}note"),
)
"""The properties that describe a thing, in order of preference."""
RESOURCE: Final = f"{AKB}Resource"
"""The class of resources without a type."""
TRIVIAL: Final = frozenset((f"{OWL}Thing", f"{OWL}NamedIndividual", f"{RDFS}Resource"))
"""The classes that say nothing about their members."""
_CLASSES: Final = frozenset((f"<{OWL}Class>", f"<{RDFS}Class>"))
_JOINING: Final = frozenset(
    f"<{OWL}{kind}Property>" for kind in ("Object", "Transitive", "Symmetric", "Asymmetric", "Irreflexive")
)
_KINDS: Final = frozenset(f"<{OWL}{kind}Property>" for kind in ("Object", "Datatype", "Annotation"))
_PROPERTIES: Final = _JOINING | {f"<{OWL}DatatypeProperty>", f"<{RDF}Property>"}
_TYPE: Final = f"<{RDF}type>"
_ENTITY, _RELATED, _ORDER = f"<{AKB}Entity>", f"<{AKB}related>", f"<{AKB}displayOrder>"
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_A-Za-z]+")


@dataclass(frozen=True)
class Usage:
    """The terms that data in another form than ours use."""

    classes: tuple[str, ...]
    """The IRIs of the classes under which entities are listed, the one with the most entities first."""
    joining: frozenset[str]
    """The IRIs of the properties that join two entities."""
    others: frozenset[str]
    """The IRIs of all other properties."""


def usage_of(said: Iterable[Statement]) -> Usage:
    """Return the terms that statements use. An entity is listed under the most frequent of its classes."""
    types: dict[str, list[str]] = {}
    values: defaultdict[str, set[str]] = defaultdict(set)
    literal: set[str] = set()
    for subject, predicate, value in said:
        if predicate == _TYPE and is_iri(value) and is_iri(subject):
            types.setdefault(subject, []).append(iri_of(value))
            continue
        if is_iri(subject):
            types.setdefault(subject, [])
        if is_iri(value):
            values[predicate].add(value)
        else:
            literal.add(predicate)
    counts = Counter(one for of_entity in types.values() for one in of_entity if one not in TRIVIAL)
    listed = Counter(listing_class(of_entity, counts) for of_entity in types.values())
    joining = {iri_of(one) for one, ends in values.items() if not ends.isdisjoint(types)}
    return Usage(
        tuple(sorted(listed, key=lambda one: (one == RESOURCE, -listed[one], one))),
        frozenset(joining),
        frozenset(map(iri_of, literal | values.keys())) - joining,
    )


def listing_class(types: Iterable[str], counts: Mapping[str, int]) -> str:
    """Return the class under which an entity with some classes is listed: the one with the highest count."""
    known = [one for one in types if one in counts]
    return max(known, key=lambda one: (counts[one], one), default=RESOURCE)


def term_defaults(ontology: Iterable[str], namespaces: Namespaces, usage: Usage | None = None) -> str:
    """Return the statements that an ontology lacks about its terms, as N-Triples; empty for one of our form.

    `ontology` are its files as N-Triples, including the terms of the engine. The page classes are those with a display
    order; without any, those that the data use, else all top classes. A property joins entities if it does in the data;
    without data, if it is an object property whose range allows an entity.
    """
    terms = _Terms(ontology, namespaces)
    lines = [*terms.class_lines(usage), *terms.property_lines(usage)]
    return "".join(f"{line}\n" for line in lines)


def name_of(iri: str) -> str:
    """Return the last part of an IRI, decoded: what follows its last hash, slash or colon."""
    return unquote(re.split(r"[#/:]", iri.rstrip("#/:"))[-1])


def words_of(iri: str) -> str:
    """Return the last part of an IRI in words, such as `research paper` for ResearchPaper."""
    name = name_of(iri)
    return " ".join(one if one.isupper() and len(one) > 1 else one.lower() for one in _WORDS.findall(name)) or name


def slug_of(text: str) -> str:
    """Return a text as lower-case letters and digits of ASCII with hyphens between, or nothing where it has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", " ".join(_WORDS.findall(plain)).lower()))


def text_in(values: Iterable[str], languages: Sequence[str]) -> str:
    """Return the best text among literals, written as in N-Triples: in a preferred language, none, or any other."""
    ranked = []
    for value in values:
        if (literal := literal_of(value)) is not None and literal.text.strip():
            language = literal.language.lower()
            place = next((n for n, one in enumerate(languages) if language.split("-")[0] == one), None)
            rank = place if place is not None else len(languages) + bool(language)
            ranked.append((rank, literal.text))
    return min(ranked)[1] if ranked else ""


def quoted(text: str, language: str = "") -> str:
    """Return a literal as N-Triples write it."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
    body = "".join(escapes.get(one, one) for one in text)
    return f'"{body}"@{language}' if language else f'"{body}"'


def _plural(label: str) -> str:
    """Return the plural of an English label, as far as its ending tells."""
    start, end = label[:1].upper() + label[1:-1], label[-1:]
    if label.endswith(("s", "x", "ch", "sh")):
        return f"{start}{end}" if end == "s" and not label.endswith("ss") else f"{start}{end}es"
    if end == "y" and label[-2:-1] not in "aeiou":
        return f"{start}ies"
    return f"{start}{end}s"


class _Terms:
    """The classes and properties of an ontology, with its statements about them."""

    def __init__(self, ontology: Iterable[str], namespaces: Namespaces) -> None:
        self._namespaces = namespaces
        self._said: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for file in ontology:
            for subject, predicate, value in statements(file):
                if is_iri(subject):
                    self._said[subject][predicate].append(value)
        self._names = set(self._notations(lambda said: _ORDER in said))
        self._property_names = set(self._notations(lambda said: not _PROPERTIES.isdisjoint(said[_TYPE])))

    def _notations(self, is_wanted: Callable[[Mapping[str, list[str]]], bool]) -> Iterator[str]:
        """Yield the notations of some of the terms."""
        for said in self._said.values():
            if is_wanted(said):
                yield from (literal.text for one in said[f"<{SKOS}notation>"] if (literal := literal_of(one)))

    def class_lines(self, usage: Usage | None) -> Iterator[str]:
        """Yield the missing statements about the page classes."""
        for term in [term for term in self._said if self._is_own_class(term)]:
            yield from self._as_class(term)
        ordered = [term for term, said in self._said.items() if _ORDER in said]
        if not ordered and usage:
            ordered = [f"<{iri}>" for iri in usage.classes]
        elif not ordered:
            ordered = sorted(self._top_classes())
        for place, term in enumerate(ordered, 1):
            said, iri = self._said[term], iri_of(term)
            label = text_in(said[f"<{RDFS}label>"], ("en",)) or words_of(iri)
            if usage:
                yield from self._as_class(term)
            if _ORDER not in said:
                yield f'{term} {_ORDER} "{place}"^^<http://www.w3.org/2001/XMLSchema#integer> .'
            if not self._is_under_entity(term):
                yield f"{term} <{RDFS}subClassOf> {_ENTITY} ."
            yield from self._naming(
                term, self._class_name(iri), f"Everything of the type {self._namespaces.compact(iri)}."
            )
            if not self._has_english(term, f"<{AKB}pluralLabel>"):
                yield f"{term} <{AKB}pluralLabel> {quoted(_plural(label), 'en')} ."

    def property_lines(self, usage: Usage | None) -> Iterator[str]:
        """Yield the missing statements about the properties; those of the engine are complete."""
        declared = {term for term, said in self._said.items() if not _PROPERTIES.isdisjoint(said[_TYPE])}
        used = {f"<{iri}>" for iri in usage.joining | usage.others} if usage else set()
        for term in sorted(declared | used):
            iri = iri_of(term)
            if iri.startswith(AKB) or iri == f"{RDF}type":
                continue
            joins = iri in usage.joining if usage else self._may_join(term)
            if _KINDS.isdisjoint(self._said[term][_TYPE]):
                yield f"{term} {_TYPE} <{OWL}{'Object' if joins else 'Datatype'}Property> ."
            yield from self._naming(term, self._property_name(iri), f"The property {self._namespaces.compact(iri)}.")
            if joins and not self._leads_to(term, f"<{RDFS}subPropertyOf>", _RELATED):
                yield f"{term} <{RDFS}subPropertyOf> {_RELATED} ."

    def _as_class(self, term: str) -> Iterator[str]:
        if f"<{OWL}Class>" not in self._said[term][_TYPE]:
            yield f"{term} {_TYPE} <{OWL}Class> ."

    def _naming(self, term: str, notation: str, definition: str) -> Iterator[str]:
        said, iri = self._said[term], iri_of(term)
        if not said[f"<{SKOS}notation>"]:
            yield f"{term} <{SKOS}notation> {quoted(notation)} ."
        if not self._has_english(term, f"<{RDFS}label>"):
            label = text_in(said[f"<{RDFS}label>"], ("en",)) or words_of(iri)
            yield f"{term} <{RDFS}label> {quoted(label, 'en')} ."
        if not self._has_english(term, f"<{SKOS}definition>"):
            text = next((text for one in TEXTS if (text := text_in(said[f"<{one}>"], ("en",)))), "")
            yield f"{term} <{SKOS}definition> {quoted(text or definition, 'en')} ."

    def _has_english(self, term: str, property_: str) -> bool:
        found = (literal_of(value) for value in self._said[term][property_])
        return any(one is not None and is_english(one.language) for one in found)

    def _top_classes(self) -> Iterator[str]:
        """Yield the base's own classes that have no super-class among them."""
        for term, said in self._said.items():
            parents = [one for one in said[f"<{RDFS}subClassOf>"] if is_iri(one)]
            if not self._is_own_class(term) or any(map(self._is_own_class, parents)):
                continue
            yield term

    def _is_own_class(self, term: str) -> bool:
        iri = iri_of(term)
        is_class = term in self._said and not _CLASSES.isdisjoint(self._said[term][_TYPE])
        return is_class and is_iri(term) and not iri.startswith(AKB) and iri not in TRIVIAL

    def _is_under_entity(self, term: str) -> bool:
        return self._leads_to(term, f"<{RDFS}subClassOf>", _ENTITY)

    def _leads_to(self, term: str, property_: str, goal: str) -> bool:
        seen, queue = {term}, [term]
        while queue:
            for one in self._said[queue.pop()][property_]:
                if one == goal:
                    return True
                if is_iri(one) and one not in seen:
                    seen.add(one)
                    queue.append(one)
        return False

    def _may_join(self, term: str) -> bool:
        """Tell whether the range of a property allows an entity: of one of the base's own classes, or of any."""
        said = self._said[term]
        if _JOINING.isdisjoint(said[_TYPE]):
            return False
        ranges = [one for one in said[f"<{RDFS}range>"] if is_iri(one)]
        return all(
            self._is_own_class(one) or iri_of(one) in TRIVIAL or self._is_under_entity(one) or one == _ENTITY
            for one in ranges
        )

    def _property_name(self, iri: str) -> str:
        """Return a unique name for a property: the last part of its IRI, after its prefix if necessary."""
        name = slug_of(name_of(iri)).replace("-", "_") or "property"
        if f"<{iri}>" in self._said and self._said[f"<{iri}>"][f"<{SKOS}notation>"]:
            return name
        prefix, _, local = self._namespaces.compact(iri).partition(":")
        longer = f"{prefix}_{name}" if local and not local.startswith("//") else name
        candidates = chain((name, longer), (f"{name}_{n}" for n in count(2)))
        found = next(one for one in candidates if one not in self._property_names)
        self._property_names.add(found)
        return found

    def _class_name(self, iri: str) -> str:
        """Return a name for a page class that is unique, also among the pages of the site."""
        name = slug_of(name_of(iri))
        if not CLASS_SLUG.fullmatch(name):
            name = f"class-{name}".rstrip("-")
        candidates = chain((name,), (f"{name}-{n}" for n in count(2)))
        found = next(one for one in candidates if one not in self._names and one not in RESERVED)
        self._names.add(found)
        return found
