"""By what the lists of a release are narrowed: topics, authors, organizations, venues, years, and evidence.

The question about them has one row for each edge; what takes two edges, such as the organizations of the authors of a
work, is worked out here, so that a row is about one entity alone and a small build can ask for some of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ..knowledge.rows import ref_of
from ..records.dates import date_of
from ..records.lists import EVIDENCE, Facet
from ..records.names import listed_names
from ..records.pages import EntityRef
from ..search.records import Tag
from ..sparql.terms import Row

_Values = Mapping[str, Sequence[str]]


def tags_of(
    rows: Iterable[Row], entities: Iterable[Row], dates: Mapping[str, str], only: Collection[str] | None = None
) -> dict[str, tuple[Tag, ...]]:
    """Return the values of each entity in use, by its IRI, from the rows of `facets` and of `searched_entities`.

    `dates` has when entities came out. If `only` some are wanted, the others are looked at all the same.
    """
    refs = {one.iri: one for one in map(ref_of, entities)}
    said: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        said[str(row["facet"])][str(row["entity"])].append(str(row["value"]))
    people = _people(refs, said)
    organizations = {one for values in said["organization"].values() for one in values}
    found: dict[str, tuple[Tag, ...]] = {}
    # What takes a side is asked of the classes of what is debated.
    debated = {refs[iri].class_name for side in EVIDENCE for iri in said[side] if iri in refs}
    for iri, ref in refs.items():
        if only is not None and iri not in only:
            continue
        authors = list(_authors(said["author"].get(iri, ()), said["authors"].get(iri, ()), refs, people))
        known = [refs[value] for value, _ in authors if value in refs]
        tags = [
            *_entities(Facet.TOPIC, said["topic"].get(iri, ()), refs),
            *(Tag(Facet.AUTHOR, refs[value].curie if value in refs else value, label) for value, label in authors),
            *_entities(Facet.ORGANIZATION, _organizations(iri, known, said["organization"], organizations), refs),
            *_entities(Facet.VENUE, said["venue"].get(iri, ()), refs),
            *_years(dates.get(iri, "")),
        ]
        if ref.class_name in debated:
            sides = frozenset(side for side in EVIDENCE if said[side].get(iri))
            tags += [Tag(Facet.EVIDENCE, *_evidence(sides))]
        if tags:
            found[iri] = tuple(dict.fromkeys(tags))
    return found


def _people(refs: Mapping[str, EntityRef], said: Mapping[str, _Values]) -> dict[str, str]:
    """Return the IRIs of those who may be in a list of authors, by their names; a name of two of them is nobody's."""
    known = {iri for values in said["author"].values() for iri in values} | {*said["organization"]}
    classes = {refs[iri].class_name for iri in known if iri in refs}
    found: dict[str, list[str]] = {}
    for ref in refs.values():
        if ref.class_name in classes:
            found.setdefault(ref.label, []).append(ref.iri)
    return {name: iris[0] for name, iris in found.items() if len(iris) == 1}


def _authors(
    linked: Sequence[str], lists: Sequence[str], refs: Mapping[str, EntityRef], people: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield who wrote a work: the IRI where there is one, else the name, with the name."""
    yield from ((iri, refs[iri].label) for iri in linked if iri in refs)
    named = {refs[iri].label for iri in linked if iri in refs}
    for one in (listed for authors in lists for listed in listed_names(authors)):
        if one.name not in named:
            yield people.get(one.name, one.name), one.name


def _organizations(
    iri: str, authors: Sequence[EntityRef], affiliations: _Values, organizations: Collection[str]
) -> Iterator[str]:
    """Yield the organizations of an entity or its authors, and those of its authors that are organizations."""
    yield from affiliations.get(iri, ())
    for one in authors:
        yield from affiliations.get(one.iri, ())
        if one.iri in organizations:
            yield one.iri


def _entities(facet: Facet, iris: Iterable[str], refs: Mapping[str, EntityRef]) -> Iterator[Tag]:
    return (Tag(facet, refs[iri].curie, refs[iri].label) for iri in iris if iri in refs)


def _years(issued: str) -> Iterator[Tag]:
    date = date_of(issued)
    if date is not None:
        yield Tag(Facet.YEAR, str(date.year), date.year_in_words)


def _evidence(sides: frozenset[str]) -> tuple[str, str]:
    if len(sides) > 1:
        return "both", "for and against"
    return ("".join(sides), f"only {''.join(sides)}") if sides else ("none", "none yet")
