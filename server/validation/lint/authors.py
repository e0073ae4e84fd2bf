"""Authors who have a page, and whom no edge joins to the work that lists them.

The author of a work is looked for by name, accents folded; whether two of one name are one person only a reader knows,
so that an edge of any status is an answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from rdflib import OWL, RDF, SKOS, XSD

from ...namespaces import Namespaces
from ...records.findings import Finding
from ...records.names import listed_names, parts_of
from ...schema.roles import AUTHOR, AUTHORS, with_meaning
from ...schema.schema import Schema
from ...text.names import name_words
from ...turtle.base import ByPredicate
from ...turtle.edges import VOCAB
from ...turtle.statements import LiteralTerm, iri_of, literal_of
from ..locating import Locator
from ..rule_text import RuleText

NOT_JOINED = RuleText(
    "author-not-joined",
    "An author who has a page is joined to each work that lists them.",
    "The list of authors names {name}, and no edge joins the work to {other}.",
    "join them (`akb people` does it for all); where it is somebody else of that name, write the edge with "
    "akb:status akbv:retracted.",
)

RULES = (NOT_JOINED,)

_LONGEST: Final = 20_000
"""Characters of a list: thousands of authors have fewer."""
_MOST_WORDS: Final = 6
"""Words of the name of an author."""


def author_findings(said: ByPredicate, schema: Schema, namespaces: Namespaces, locator: Locator) -> Iterator[Finding]:
    """Yield the listed authors with a page and without an edge."""
    lists = with_meaning(schema, schema.properties | schema.borrowed, AUTHORS)
    predicates = with_meaning(schema, schema.predicates, AUTHOR)
    if not lists or not predicates:
        return
    people = _people(said, schema, frozenset(term.range for term in predicates.values()))
    joined = _joined(said, predicates.keys())
    for property_ in lists:
        for node, value in said.get(property_, ()):
            work, literal = iri_of(node), literal_of(value)
            for name, key in _listed(literal) if literal else ():
                others = people.get(key, ())
                if others and not any((work, other) in joined for other in others):
                    for other in others:
                        yield NOT_JOINED.broken_by(
                            locator,
                            work,
                            property_,
                            literal.text if literal else "",
                            name=name,
                            other=namespaces.compact(other),
                        )


def names_in(literal: LiteralTerm) -> Iterator[str]:
    """Yield the names that a text has if it is a list of authors, each as names are compared."""
    if not literal.language and literal.datatype in {"", str(XSD.string)}:
        for _, key in _listed(literal):
            yield key


def _listed(literal: LiteralTerm) -> Iterator[tuple[str, str]]:
    """Yield the names in a list, each with what it is compared by; none of a text that is no list of names."""
    text = literal.text
    if len(text) > _LONGEST or (";" not in text and " " not in text):
        return
    for one in listed_names(text):
        words = one.name.split()
        if not 0 < len(words) <= _MOST_WORDS or any(sign.isdigit() for sign in one.name):
            continue
        parts = parts_of(one.name)
        name = one.name if one.is_group or "," not in one.name else f"{parts.given} {parts.whole_family}"
        if key := "".join(name_words(name)):
            yield one.name, key


def _people(said: ByPredicate, schema: Schema, ranges: frozenset[str]) -> Mapping[str, list[str]]:
    retired = {iri_of(node) for node, value in said.get(str(OWL.deprecated), ()) if value.startswith('"true"')}
    authors = {
        iri_of(node)
        for node, kind in said.get(str(RDF.type), ())
        if any(schema.is_under(iri_of(kind), one) for one in ranges)
    } - retired
    found: defaultdict[str, list[str]] = defaultdict(list)
    for property_ in map(str, (SKOS.prefLabel, SKOS.altLabel)):
        for node, value in said.get(property_, ()):
            literal = literal_of(value)
            key = "".join(name_words(literal.text)) if literal else ""
            if key and iri_of(node) in authors and iri_of(node) not in found[key]:
                found[key].append(iri_of(node))
    return found


def _joined(said: ByPredicate, predicates: Collection[str]) -> set[tuple[str, str]]:
    """Return the works and people that edges for authors join, whatever their status, or plain triples do."""
    subjects, objects = (
        {node: iri_of(value) for node, value in said.get(str(VOCAB[end]), ())} for end in ("subject", "object")
    )

    plain = {(iri_of(node), iri_of(value)) for one in predicates for node, value in said.get(one, ())}
    return plain | {
        (subjects[node], objects[node])
        for node, value in said.get(str(VOCAB.predicate), ())
        if iri_of(value) in predicates and node in subjects and node in objects
    }
