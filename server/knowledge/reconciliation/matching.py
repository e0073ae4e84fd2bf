"""Finds the entities that queries may mean, and says how well each fits.

Candidates come from identifiers, from the search by names, and, for a query without a name, from what has the values
that it names. How they are scored is left to the service (Reconciliation Service API 0.2, "A Note on Candidate
Retrieval and Scoring"); docs/reconciliation.md says how it is done here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz import fuzz

from ...errors import TooLargeError
from ...namespaces import AKB, SKOS, Namespaces
from ...records.dates import is_within
from ...records.identifiers import keys_of
from ...records.languages import Text
from ...schema.schema import Schema
from ...sparql.queries import narrowed, question
from ...store.interface import Queryable
from ...text.names import name_words, same_name
from ..identifiers import Identifiers, identified
from .properties import Values, property_values
from .records import Condition, Feature, Kind, Match, Named, PropertyValue, Quantifier, Wanted

FITS: Final = 80.0
"""From how high a score on a condition counts as fitting."""
_RETRIEVED: Final = 50
"""How many entities are looked at for one name."""
_NAMESAKES: Final = 10
"""How many entities are looked at for a value."""
MOST_VALUES: Final = 2_000
"""The names and values of a batch: 50 queries of a name and 20 properties have 1,050."""
MOST_COMPARISONS: Final = 250_000
"""How many times a candidate is compared with a name or value for a batch: some seconds of work."""
_WEIGHTS: Final = {Kind.ID: 4.0, Kind.NAME: 2.0, Kind.PROPERTY: 1.0}
_IDENTIFYING_WEIGHT: Final = 4.0
_UNKNOWN_WEIGHT: Final = 0.25
"""What part of its weight a condition keeps on a property of which the candidate has no value."""
_WORDS_IN_ANOTHER_ORDER: Final = 0.98
"""What the same words in another order are worth."""
_WORDS_OF_A_LONGER_NAME: Final = 0.7
"""What all words of a longer name are worth: a title is often cited without what follows its colon."""
_WORTH_SHOWING: Final = 40.0
"""The least score of a candidate: below it are those whose texts, but not names, have the words."""

Retrieve = Callable[[str, Sequence[str], int], Iterable[str]]
"""Returns the IRIs of the entities of some page classes (none given: of all) that a text may name, at most so many."""


@dataclass(frozen=True)
class Matcher:
    """What the reconciliation works on."""

    store: Queryable
    namespaces: Namespaces
    schema: Schema
    identifiers: Identifiers
    retrieve: Retrieve

    def matches(self, queries: Sequence[Wanted]) -> list[list[Match]]:
        """Return the candidates for each query, the best first.

        Raises TooLargeError when there are too many values to look up, or to compare with the candidates.
        """
        values_in = [sum(len(one.values) for one in query.conditions) for query in queries]
        _refuse_many(sum(values_in), MOST_VALUES, "names and values")
        called: dict[str, list[str]] = {}
        retrieved = [self._candidates(query, called) for query in queries]
        comparisons = sum(len(found) * count for found, count in zip(retrieved, values_in, strict=True))
        _refuse_many(comparisons, MOST_COMPARISONS, "comparisons of a candidate with a name or value")
        entities = named_entities(self.store, {iri for found in retrieved for iri in found})
        properties = {one.property for query in queries for one in query.conditions if one.property}
        values = property_values(self.store, self.namespaces, entities, properties)
        return [
            self._ranked(query, [entities[iri] for iri in found if iri in entities], values)
            for query, found in zip(queries, retrieved, strict=True)
        ]

    def entity(self, text: str) -> str | None:
        """Return the IRI that a text denotes: see `entity_of`."""
        return entity_of(self.namespaces, self.identifiers, text)

    def _candidates(self, query: Wanted, called: dict[str, list[str]]) -> list[str]:
        """Return the IRIs of what a query may mean, without any twice; `called` has what values were found to mean."""
        identifying = tuple(
            value for one in query.conditions if one.property in self.schema.identifying for value in one.values
        )
        texts = query.values(Kind.NAME)
        found = [self.entity(text) for text in (*query.values(Kind.ID), *identifying, *texts)]
        pages = {page.notation for iri in query.types if (page := self.schema.page_class_of(iri))}
        # A class above the page classes narrows nothing down here; the types are looked at again below.
        classes = sorted(pages) if all(self.schema.page_class_of(iri) for iri in query.types) else []
        for text in texts:
            found += self.retrieve(text, classes, _RETRIEVED)
        if not texts:
            found += self._having(query, called)
        return list(dict.fromkeys(iri for iri in found if iri))

    def _having(self, query: Wanted, called: dict[str, list[str]]) -> list[str]:
        """Return what has one of the values that a query names."""
        found: list[str] = []
        for one in query.conditions:
            if (
                one.kind is not Kind.PROPERTY
                or one.property in self.schema.identifying
                or one.quantifier is Quantifier.NONE
            ):
                continue
            for value in one.values:
                if value not in called:
                    called[value] = self._called(value)
                ends = [f"<{iri}>" for iri in called[value] if is_safe(iri)]
                if ends:
                    terms = {"property": [f"<{one.property}>"], "value": ends}
                    found += [str(row["entity"]) for row in self.store.select(narrowed(question("having"), terms))]
        return found

    def _called(self, value: str) -> list[str]:
        """Return the IRIs of what a value identifies, or of what has a name like it."""
        if iri := self.entity(value):
            return [iri]
        near = named_entities(self.store, self.retrieve(value, (), _NAMESAKES))
        return [iri for iri, one in near.items() if any(name_likeness(value, name) >= FITS for name in one.names)]

    def _ranked(self, query: Wanted, entities: Iterable[Named], values: Values) -> list[Match]:
        # Whoever gives an identifier as a name means what it identifies (section "A Note on ...", as above).
        meant = {value: self.entity(value) for value in query.values(Kind.NAME, Kind.ID, every=True)}
        scored = [(self._scored(query, entity, values, meant), entity) for entity in entities if _is_of(query, entity)]
        kept = sorted(
            ((fit, entity) for fit, entity in scored if fit is not None and fit.score >= _WORTH_SHOWING),
            key=lambda one: (-one[0].score, -one[1].edges, one[1].curie),
        )
        best = max((fit.certainty for fit, _ in kept), default=0)
        sure = [entity for fit, entity in kept if fit.certainty == best > 0]
        return [
            Match(entity, fit.score, fit.features, match=len(sure) == 1 and entity is sure[0])
            for fit, entity in kept[: query.limit]
        ]

    def _scored(self, query: Wanted, entity: Named, values: Values, meant: Mapping[str, str | None]) -> _Fit | None:
        """Return how well an entity fits, or None when it lacks what is required."""
        total = weights = 0.0
        by_name = by_id = False
        contradicted = False
        features: dict[str, Feature] = {}
        for one in query.conditions:
            is_identifying = one.property in self.schema.identifying
            known = values[entity.iri].get(one.property, ()) if one.property else ()
            score = self._condition(one, entity, known, meant)
            weight = _IDENTIFYING_WEIGHT if is_identifying else _WEIGHTS[one.kind]
            is_unknown = one.kind is Kind.PROPERTY and not known
            if one.required and score < FITS:
                return None
            contradicted |= score < FITS and not is_unknown
            by_name |= one.kind is Kind.NAME and score == 100
            by_id |= score == 100 and (one.kind is Kind.ID or is_identifying) and not is_unknown
            total += weight * score * (_UNKNOWN_WEIGHT if is_unknown else 1)
            weights += weight * (_UNKNOWN_WEIGHT if is_unknown else 1)
            feature = self._feature(one, score)
            before = features.get(feature.id)
            features[feature.id] = feature if before is None else replace(feature, value=max(before.value, score))
        if query.types:
            features["type"] = Feature("type", "Is of a type that was asked for", value=True)
        features["edges"] = Feature("edges", "Edges in the knowledge base", entity.edges)
        certainty = 2 if by_id else int(by_name and not contradicted)
        return _Fit(round(total / weights, 1) if weights else 0.0, tuple(features.values()), certainty)

    def _feature(self, one: Condition, score: float) -> Feature:
        if one.kind is Kind.PROPERTY:
            term = self.schema.properties[one.property]
            return Feature(f"property:{term.curie}", f"Likeness of the values of “{term.label}”", round(score, 1))
        words = {Kind.NAME: "Likeness of the nearest name", Kind.ID: "Has the identifier"}
        return Feature(str(one.kind), words[one.kind], round(score, 1))

    def _condition(
        self, one: Condition, entity: Named, known: Sequence[PropertyValue], meant: Mapping[str, str | None]
    ) -> float:
        if one.kind is Kind.PROPERTY:
            like = identity if one.property in self.schema.identifying else likeness
            scores = [max((like(value, it) for it in known), default=0.0) for value in one.values]
        else:
            is_meant = [meant[value] == entity.iri for value in one.values]
            named = [
                max((name_likeness(value, name) for name in entity.names), default=0.0)
                if one.kind is Kind.NAME
                else 0.0
                for value in one.values
            ]
            scores = [100.0 if is_exact else score for is_exact, score in zip(is_meant, named, strict=True)]
        if one.quantifier is Quantifier.ALL:
            return min(scores, default=0.0)
        best = max(scores, default=0.0)
        return 100.0 - best if one.quantifier is Quantifier.NONE else best


@dataclass(frozen=True)
class _Fit:
    score: float
    features: tuple[Feature, ...]
    certainty: int
    """2 for a match by an identifier, 1 for one by a name that nothing contradicts, else 0."""


def entity_of(namespaces: Namespaces, known: Identifiers, text: str) -> str | None:
    """Return the IRI that a CURIE, an IRI of ours, or an identifier of others denotes."""
    text = text.strip()
    prefix, _, slug = text.partition(":")
    if prefix in namespaces.classes and slug:
        return namespaces.entity(prefix, slug)
    return text if text.startswith(namespaces.base) else identified(known, text)


def _refuse_many(count: int, most: int, what: str) -> None:
    if count > most:
        raise TooLargeError(
            f"The batch has {count:,} {what}; {most:,} are taken at once.",
            "send fewer queries at once, with fewer conditions or values each.",
        )


def named_entities(store: Queryable, iris: Iterable[str]) -> dict[str, Named]:
    """Return what the reconciliation knows of entities in use, by their IRIs; others are left out."""
    wanted = [f"<{iri}>" for iri in iris if is_safe(iri)]
    if not wanted:
        return {}
    found: dict[str, Named] = {}
    for row in store.select(narrowed(question("reconciled_entities"), {"entity": wanted})):
        iri, curie = str(row["entity"]), str(row["id"])
        one = found.get(iri, Named(iri, curie, curie, "", (), frozenset(), 0))
        if "class" in row:
            one = replace(one, types=one.types | {str(row["class"])})
        elif "count" in row:
            one = replace(one, edges=int(row["count"]))
        else:
            words = row["value"] if isinstance(row["value"], Text) else str(row["value"])
            is_english = not isinstance(words, Text)
            if row["property"] == f"{SKOS}definition":
                one = replace(one, definition=words) if is_english or not one.definition else one
            else:
                is_label = row["property"] == f"{SKOS}prefLabel" and (is_english or one.label == curie)
                one = replace(one, names=(*one.names, words), label=words if is_label else one.label)
        found[iri] = one
    return found


def shown_types(schema: Schema, entity: Named) -> list[str]:
    """Return the IRIs of the classes by which an entity is known: its most exact ones, then its page class."""
    known = [iri for iri in entity.types if schema.is_under(iri, f"{AKB}Entity")]
    exact = sorted(iri for iri in known if not any(other != iri and schema.is_under(other, iri) for other in known))
    pages = [page.iri for iri in exact if (page := schema.page_class_of(iri))]
    return list(dict.fromkeys((*exact, *pages)))


def name_likeness(one: str, other: str) -> float:
    """Return how alike two names are, from 0 to 100.

    100 is reserved for the same name (`same_name`), on which an automatic match may rest: case, width and blanks do not
    count, and punctuation does. Below it, names are compared by their folded words, of which signs are a part.
    """
    if (same := same_name(one)) == same_name(other):
        return 100.0 if same else 0.0
    one, other = (" ".join(name_words(name)) for name in (one, other))
    if not one or not other:
        return 0.0
    near = max(
        fuzz.ratio(one, other),
        _WORDS_IN_ANOTHER_ORDER * fuzz.token_sort_ratio(one, other),
        _WORDS_OF_A_LONGER_NAME * fuzz.token_set_ratio(one, other),
    )
    return min(near, 99.0)


def identity(wanted: str, value: PropertyValue) -> float:
    """Return 100 for a value that identifies what is wanted, in any of the usual ways of writing it, else 0."""
    return 100.0 if set(keys_of(wanted.strip())) & set(keys_of(value.text)) else 0.0


def likeness(wanted: str, value: PropertyValue) -> float:
    """Return how well a value fits what is wanted, from 0 to 100."""
    if wanted.strip() in {value.id, value.iri, value.text} - {""}:
        return 100.0
    if is_within(value.text, wanted):
        return 100.0
    return name_likeness(wanted, value.text)


def is_safe(iri: str) -> bool:
    """Tell whether an IRI can be written in angle brackets in a query (SPARQL 1.1, rule IRIREF)."""
    return not any(sign in '<>"{}|^`\\' or sign <= " " for sign in iri)


def _is_of(query: Wanted, entity: Named) -> bool:
    if not query.types:
        return True
    fits = [iri in entity.types for iri in query.types]
    return all(fits) if query.every_type else any(fits)
