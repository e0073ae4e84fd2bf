"""Recipes: which addresses answer which questions, for language models that read `llms.txt` and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from ...records.lists import ListSelection
from ..open_release import OpenRelease
from ..site import overviews_of

_COUNTING: Final = "SELECT ?class (COUNT(*) AS ?n) WHERE { ?x a ?class } GROUP BY ?class ORDER BY DESC(?n)"
_ALL: Final = ListSelection()


@dataclass(frozen=True)
class Recipe:
    """What somebody wants to know, the address of an example, and how to make others like it."""

    task: str
    address: str
    """Without the host."""
    how: str


def recipes(release: OpenRelease) -> Iterator[Recipe]:
    """Yield the recipes of a base, with entities of its own in the examples."""
    one, other = release.examples.entity, release.examples.other
    yield Recipe(
        "From words to ids",
        f"/search.md?{urlencode({'q': one.label if one else 'word', 'size': 5})}",
        "`q=` takes words and what they mean; `class=` and `status=` narrow it, `size=` and `page=` page it",
    )
    if one:
        path = release.path_of(one.iri)
        yield from _about_claims(release, path)
        yield Recipe(
            "The edges of an entity, with notes and sources",
            f"{path}/neighbourhood.md?size=10",
            "`predicate=` (a name of `/ontology.md`), `direction=` (`in`, `out`) and `class=` choose, each several "
            "times if wanted",
        )
        yield Recipe("All of an entity", f"{path}.md", "long for one with many edges; its neighbourhood is shorter")
        if release.history:
            yield Recipe("Who changed an entity, when, and what", f"{path}/history.md", "`/changes.md` has all changes")
        yield Recipe(
            "From an identifier to an entity",
            f"/resolve?{urlencode({'id': one.curie})}",
            "a redirect, for an id, an IRI, a DOI, an arXiv id or a Wikidata id",
        )
    if one and other:
        asked = {"from": one.curie, "to": other.curie}
        yield Recipe("What links two entities", f"/path.md?{urlencode(asked)}", "`from=` and `to=` take ids and names")
    for overview in overviews_of(release):
        yield Recipe(overview.label, f"{overview.address}.md", "the whole list")
    if release.examples.inferred:
        inferred = release.examples.inferred
        asked = {"subject": inferred.subject.curie, "predicate": inferred.predicate, "object": inferred.object.curie}
        how = "the rules and the asserted statements that it follows from"
        yield Recipe("Why a statement holds", f"/explain.json?{urlencode(asked)}", how)
    yield Recipe(
        "Counts, and all else",
        f"/sparql?{urlencode({'query': _COUNTING, 'format': 'csv'})}",
        "SPARQL 1.1; prefixes need not be declared, and `/ontology.md` has the terms",
    )


def _about_claims(release: OpenRelease, topic: str) -> Iterator[Recipe]:
    """Yield how to find what speaks for and against something, in a base whose pages take sides."""
    schema = release.schema
    sided = [term for term in schema.page_classes if any(section.stance for section in schema.sections_of([term.iri]))]
    for term in sided:
        for found in release.finder.index.lists.of_class(term.notation, _ALL, 1):
            yield Recipe(
                f"What speaks for and against a {term.label}",
                f"{release.path_of(found.entity.iri)}.md",
                "its first sections, with notes, sources and confidence; then what qualifies it",
            )
            yield Recipe(
                f"The {term.plural.lower()} about a topic",
                f"{topic}/neighbourhood.md?class={term.notation}",
                "then the page of each has what speaks for and against it",
            )
