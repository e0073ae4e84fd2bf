"""Names that two entities of a class share, or nearly share, and definitions that two entities share.

Comparing every pair would take minutes for ten thousand entities. So only those are compared that agree in all words
but one (or in all letters): names that differ in more words are not slips of one another.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from rdflib import OWL, RDF, RDFS, SKOS

from ...namespaces import Namespaces
from ...records.findings import Finding, Severity
from ...schema.schema import Schema
from ...text.names import name_words
from ...turtle.base import ByPredicate
from ...turtle.statements import iri_of, literal_of
from ..locating import Locator
from ..rule_text import RuleText
from .text import excerpt

DUPLICATE_LABEL = RuleText(
    "duplicate-label",
    "No two entities of a class go by the same name.",
    "{other} goes by the same name: {label}.",
    "if the two are the same, merge one into the other; if not, make the labels tell them apart.",
)
SIMILAR_LABEL = RuleText(
    "similar-label",
    "No two entities of a class have labels that differ by a slip of the keyboard.",
    "{other} has nearly the same label: {label} and {label_of_other}.",
    "if the two are the same, merge one into the other; if not, choose labels further apart.",
    Severity.INFO,
)
DUPLICATE_DEFINITION = RuleText(
    "duplicate-definition",
    "No two entities have the same definition.",
    "{other} has the same definition: {excerpt}.",
    "say in each what sets it apart, or merge the two.",
)

RULES = (DUPLICATE_LABEL, SIMILAR_LABEL, DUPLICATE_DEFINITION)

NAME = "name "
"""What the keys of names begin with."""

_LONG_ENOUGH = 5
"""Shorter words are near one another by chance."""
_OPPOSITES = re.compile(r"\A(?:un|in|im|ir|il|non|mis|dis|de|re|a|anti|over|under|pre|post|co|sub|self|multi)\Z")
_MOST_COMPARED = 400
"""Words in one block beyond which it says nothing: names that are counted out, or made by a program."""


@dataclass(frozen=True)
class _Name:
    """A name of an entity, as written and as compared."""

    entity: str
    class_name: str
    predicate: str
    text: str
    words: tuple[str, ...]

    @property
    def triple(self) -> tuple[str, str, str]:
        """The statement that gives the name."""
        return self.entity, self.predicate, self.text


def name_findings(said: ByPredicate, schema: Schema, namespaces: Namespaces, locator: Locator) -> Iterator[Finding]:
    """Yield the names and definitions that entities share; each pair once, at the one that sorts second."""
    retired = {iri_of(node) for node, value in said.get(str(OWL.deprecated), ()) if value.startswith('"true"')}
    names = sorted(_names(said, retired, schema), key=lambda name: name.triple)
    seen: set[tuple[str, str]] = set()
    for first, second in _equal(names):
        if (first.entity, second.entity) not in seen:
            seen.add((first.entity, second.entity))
            yield DUPLICATE_LABEL.broken_by(
                locator,
                *second.triple,
                other=namespaces.compact(first.entity),
                label=excerpt(second.text, around=60),
            )
    for first, second in _similar([name for name in names if name.predicate != str(SKOS.altLabel)]):
        if (first.entity, second.entity) not in seen:
            seen.add((first.entity, second.entity))
            yield SIMILAR_LABEL.broken_by(
                locator,
                *second.triple,
                other=namespaces.compact(first.entity),
                label=excerpt(second.text, around=60),
                label_of_other=excerpt(first.text, around=60),
            )
    yield from _definitions(said, retired, namespaces, locator)


def _names(said: ByPredicate, retired: Container[str], schema: Schema) -> Iterator[_Name]:
    classes: dict[str, str] = {}
    for entity, type_ in sorted(said.get(str(RDF.type), ())):
        kind = iri_of(type_)
        page_class = schema.page_class_of(kind)
        classes[iri_of(entity)] = page_class.iri if page_class else kind
    for property_ in map(str, (SKOS.prefLabel, SKOS.altLabel, RDFS.label)):
        for node, value in said.get(property_, ()):
            entity, literal = iri_of(node), literal_of(value)
            if literal and entity not in retired and (words := name_words(literal.text)):
                yield _Name(entity, classes.get(entity, ""), property_, literal.text, words)


def keys_of(predicate: str, text: str) -> Iterator[str]:
    """Yield what two entities share whenever one of the rules here tells the one of the other."""
    if predicate in {str(SKOS.prefLabel), str(SKOS.altLabel), str(RDFS.label)}:
        words = name_words(text)
        yield f"{NAME}{''.join(words)}"
        for rest, end, _ in _ends(words):
            yield f"{NAME}{' '.join((*rest, end))}"
    elif predicate == str(SKOS.definition):
        yield f"definition {_folded(text)}"


def _ends(words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield for each word that may hold a slip the other words, its start or end, and the word itself."""
    for place, word in enumerate(words):
        # A digit is never a slip: it tells versions and parts of a series from one another.
        if len(word) < _LONG_ENOUGH or any(c.isdigit() for c in word):
            continue
        rest = (*words[:place], "", *words[place + 1 :])
        # One slip leaves the start of a word or its end as it was.
        for end in (word[:2], word[-2:]):
            yield rest, end, word


def _folded(definition: str) -> str:
    return "".join(name_words(definition))


def _pairs(names: Iterable[_Name]) -> Iterator[tuple[_Name, _Name]]:
    for one, other in combinations(sorted(names, key=lambda name: (name.entity, name.text)), 2):
        if one.entity != other.entity:
            yield one, other


def _equal(names: Iterable[_Name]) -> Iterator[tuple[_Name, _Name]]:
    """Yield pairs of entities with names of the same letters and signs, whatever case, accents and punctuation."""
    blocks: dict[tuple[str, str], list[_Name]] = defaultdict(list)
    for name in names:
        blocks[name.class_name, "".join(name.words)].append(name)
    for block in blocks.values():
        first, *others = sorted(block, key=lambda name: (name.entity, name.text))
        # Each is reported with the first only: a hundred entities of one name would have thousands of pairs.
        yield from ((first, other) for other in others if other.entity != first.entity)


def _similar(names: Iterable[_Name]) -> Iterator[tuple[_Name, _Name]]:
    """Yield pairs of entities whose labels agree in all words but one, and there differ by a slip."""
    blocks: dict[tuple[str, tuple[str, ...], str], dict[str, list[_Name]]] = defaultdict(lambda: defaultdict(list))
    for name in names:
        for rest, end, word in _ends(name.words):
            blocks[name.class_name, rest, end][word].append(name)
    for words in blocks.values():
        if 1 < len(words) <= _MOST_COMPARED:
            for one, other in combinations(sorted(words), 2):
                if _is_slip(one, other):
                    yield from _pairs([*words[one][:1], *words[other][:1]])


def _is_slip(one: str, other: str) -> bool:
    """Tell whether two words differ by one letter added, lost, changed or swapped, or by an ending of the plural."""
    short, long = sorted((one, other), key=len)
    if long.endswith(short) and _OPPOSITES.match(long.removesuffix(short)):
        return False
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - it takes longer to import than a small base to check

    return OSA.distance(one, other, score_cutoff=1) <= 1 or long in (short + "s", short + "es")


def _definitions(
    said: ByPredicate, retired: Container[str], namespaces: Namespaces, locator: Locator
) -> Iterator[Finding]:
    blocks: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for node, value in said.get(str(SKOS.definition), ()):
        literal = literal_of(value)
        if literal and iri_of(node) not in retired and (words := _folded(literal.text)):
            blocks[words].append((iri_of(node), literal.text))
    for block in blocks.values():
        (first, _), *others = sorted(block)
        for entity, definition in others:
            if entity != first:
                yield DUPLICATE_DEFINITION.broken_by(
                    locator,
                    entity,
                    str(SKOS.definition),
                    definition,
                    other=namespaces.compact(first),
                    excerpt=excerpt(definition, around=60),
                )
