"""The classes with their counts, what describes and counts their lists, and the names that are near to a wrong one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz, process

from ..namespaces import NOWHERE
from ..records.dates import DATE
from ..records.lists import EVIDENCE, ClassSummary, Facet, ListSelection
from ..records.pages import EntityRef
from ..records.releases import ReleaseInfo
from ..schema.schema import Schema
from ..sparql.queries import narrowed, question, quoted
from ..store.interface import Queryable
from ..text.names import name_words
from .rows import ref_of

_SAME_CLASS = 5
"""By how much of 100 a name in the class that was asked for is nearer than the same name in another."""

YEAR: Final = f'xsd:integer(IF(REGEX(STR(?issued), {quoted(DATE)}), REPLACE(STR(?issued), {quoted(DATE)}, "$1"), ""))'
"""The year of a date in SPARQL; an error where there is none."""


def class_summaries(schema: Schema, info: ReleaseInfo) -> tuple[ClassSummary, ...]:
    """Return every page class with the number of its entities in use in a release, in display order."""
    return tuple(
        ClassSummary(one.notation, one.label, one.plural, one.definition, info.entities.get(one.notation, 0))
        for one in schema.page_classes
    )


def counting_query(
    schema: Schema, class_term: str, selection: ListSelection, term_of: Callable[[str], str] = lambda value: value
) -> str:
    """Return the query that counts what a selection leaves of a class; `class_term` is a term of SPARQL.

    `term_of` returns the term of an entity from its CURIE, and nothing for a name.

    SPARQL folds nothing but case: where the words of a selection or a name have accents, it may count fewer.
    """
    patterns, conditions, roles = [], [], schema.roles
    if selection.statuses:
        patterns.append("?entity akb:status/skos:notation ?status .")
        conditions.append(f"?status IN ({_literals(selection.statuses)})")
    if selection.kinds:
        patterns.append(f"?entity (a|{roles['kinds']})/skos:notation ?kind .")
        conditions.append(f"?kind IN ({_literals(selection.kinds)})")
    years = [
        f"{YEAR} {sign} {year}" for sign, year in ((">=", selection.since), ("<=", selection.until)) if year is not None
    ]
    if years:
        patterns.append(f"?entity {roles['issued']} ?issued .")
        conditions += years
    if selection.words:
        patterns.append("?entity skos:prefLabel ?label .")
        conditions += [
            'LANGMATCHES(LANG(?label), "en")',
            f"CONTAINS(LCASE(?label), {_literals([selection.words.lower()])})",
        ]
    conditions += [
        f"({' || '.join(_having(schema.roles, facet, value, term_of) for value in selection.chosen(facet))})"
        for facet in dict.fromkeys(facet for facet, _ in selection.tags)
    ]
    return narrowed(question("count_entities"), {"class": [class_term]}, " && ".join(conditions), " ".join(patterns))


def describe_class(store: Queryable, class_name: str, only: Sequence[str] | None = None) -> str:
    """Return a page class and its entities in use, or those of them that `only` names, as sorted N-Triples."""
    query = question("describe_class")
    if only is not None:
        query = narrowed(query, {"entity": [f"<{iri}>" for iri in only] or [f"<{NOWHERE}>"]})
    return store.construct(query, {"class": class_name})


def _having(roles: Mapping[str, str], facet: Facet, value: str, term_of: Callable[[str], str]) -> str:
    """Return the expression that an entity has a value of a facet."""
    term = term_of(value)
    author, belongs = f"({roles['author']})", f"({roles['affiliation']})"
    match facet:
        case Facet.TOPIC:
            return _exists(f"?entity {roles['topics']} {term}")
        case Facet.VENUE:
            return _exists(f"?entity {roles['venue']} {term}")
        case Facet.YEAR:
            return _exists(f"?entity {roles['issued']} ?issued . FILTER({YEAR} = {int(value)})")
        case Facet.AUTHOR:
            # Who has no page is known by a name alone.
            name = _named(term) if term else f"BIND({quoted(value)} AS ?name) {_IN_NAMES}"
            listed = _exists(f"?entity {roles['authors']} ?names . {name}")
            return _any(_exists(f"?entity {author} {term}"), listed) if term else listed
        case Facet.ORGANIZATION:
            of_listed = f"?person {belongs} {term} . ?entity {roles['authors']} ?names . {_named('?person')}"
            return _any(
                _exists(f"?entity {author}?/{belongs}|{author} {term}"),
                _exists(f"{of_listed}"),
            )
        case Facet.EVIDENCE:
            sides = {side: _any(*map(_exists, _sides(roles, side))) for side in EVIDENCE}
            has = {side: value in (side, "both") for side in EVIDENCE}
            return f"({' && '.join(said if has[side] else f'!{said}' for side, said in sides.items())})"
        case _:
            raise ValueError(facet)


_IN_NAMES: Final = (
    'FILTER(CONTAINS(CONCAT("; ", REPLACE(STR(?names), "[{}]", ""), ";"), CONCAT("; ", STR(?name), ";")))'
)


def _named(term: str) -> str:
    """Return the pattern that an entity has a name of a list, whose variable is `?names`."""
    return f"{term} skos:prefLabel ?name . {_IN_NAMES}"


def _sides(roles: Mapping[str, str], side: str) -> tuple[str, ...]:
    """Return the patterns of the edges that take a side on an entity."""
    # The plain triple of an edge is there if the edge is in use, and is found at once.
    ways, mutual = ("|".join(roles[name].split()) for name in (side, f"{side}_mutual"))
    in_use = "akb:status ?in_use . akbv:in-use skos:member ?in_use"
    return (
        f"?end {ways} ?entity",
        f"?entity {mutual} ?end",
        f"?edge akb:object ?entity ; akb:stance/akb:stance akbv:{side} ; {in_use}",
    )


def _exists(pattern: str) -> str:
    return f"EXISTS {{ {pattern} }}"


def _any(*expressions: str) -> str:
    return f"({' || '.join(expressions)})"


def _literals(values: Sequence[str]) -> str:
    return ", ".join(map(quoted, values))


def near_names(store: Queryable, wrong: str, limit: int = 5) -> tuple[EntityRef, ...]:
    """Return the entities whose CURIE or a name is nearest to what was asked for, best first."""
    rows = store.select(question("names"))
    ids = [str(row["id"]).partition(":") for row in rows]
    class_name, _, slug = wrong.rpartition(":")
    best: dict[int, float] = {}
    for choices in ([local for _, _, local in ids], [str(row["label"]) for row in rows]):
        found = process.extract(
            " ".join(name_words(slug)),
            [" ".join(name_words(choice)) for choice in choices],
            scorer=fuzz.WRatio,
            score_cutoff=70,
            limit=limit * 3,
        )
        for _, score, place in found:
            in_class = ids[place][0] == class_name
            best[place] = max(score + (_SAME_CLASS if in_class else 0), best.get(place, 0.0))
    refs: dict[str, EntityRef] = {}
    for place in sorted(best, key=lambda place: (-best[place], place)):
        row = rows[place]
        ref = ref_of(row)
        refs.setdefault(ref.iri, ref)
    return tuple(refs.values())[:limit]
