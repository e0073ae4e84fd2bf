"""What a page tells first of an entity: the edges that its class asks for, under the headings of `aspects.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..namespaces import AKB, Namespaces
from ..records.languages import words_of
from ..records.pages import Aspect, Direction, EntityPage, EntityRef, Link, Portrait, Statement
from ..store.embedded import Iri, Row
from ..store.interface import Queryable
from ..store.queries import question
from .aspects import ASPECTS, SIDES, Heading

_SHOWN: Final = 25
"""How many statements stand under a heading; the neighbourhood has all."""


def portrait(store: Queryable, namespaces: Namespaces, page: EntityPage) -> Portrait:
    """Return what the page of an entity tells first."""
    entity = page.entity
    statements = _Statements(page, store)
    return Portrait(
        sides=tuple(statements.aspect(heading) for heading in SIDES.get(entity.class_name, ())),
        aspects=tuple(
            aspect
            for heading in ASPECTS.get(entity.class_name, ())
            if (aspect := statements.aspect(heading)).statements or aspect.empty
        ),
        positions=tuple(_positions(store, namespaces, entity.iri)) if entity.class_name == "thinker" else (),
    )


class _Statements:
    """The edges that touch an entity, by predicate and direction, with what is known of their other ends."""

    def __init__(self, page: EntityPage, store: Queryable) -> None:
        self._curie = page.entity.curie
        lists = [fact.value for fact in page.facts if fact.property == f"{AKB}authorList"]
        self._authors = {name: place for one in lists for place, name in enumerate(one.split("; "))}
        rows = store.select(question("neighbour_details"), {"entity": Iri(page.entity.iri)})
        details: dict[str, Row] = {}
        for row in rows:
            details[str(row["neighbour"])] = {**row, **details.get(str(row["neighbour"]), {})}
        self._by_way: dict[tuple[str, Direction], list[Statement]] = {}
        for group in page.groups:
            for neighbour in group.neighbours:
                for link in neighbour.links:
                    made = _statement(neighbour.entity, link, details.get(neighbour.entity.iri, {}))
                    self._by_way.setdefault((link.predicate, link.direction), []).append(made)

    def aspect(self, heading: Heading) -> Aspect:
        """Return what stands under a heading."""
        found = [one for way in heading.ways for one in self._by_way.get(way, ())]
        if not heading.in_full:
            # Without notes and sources, two edges that say the same look the same.
            found = list({(one.link.label, one.entity.iri): one for one in reversed(found)}.values())[::-1]
        if heading.by_date:
            found.sort(key=lambda one: one.issued, reverse=True)
        if heading.name == "authors":
            found.sort(key=lambda one: self._authors.get(one.entity.label, len(self._authors)))
        predicates = dict.fromkeys(name.partition(":")[2] for name, _ in heading.ways)
        directions = dict.fromkeys(direction for _, direction in heading.ways)
        return Aspect(
            name=heading.name,
            heading=heading.text,
            statements=tuple(found[:_SHOWN]),
            total=len(found),
            filters=(*(("predicate", name) for name in predicates), *(("direction", str(one)) for one in directions)),
            empty=heading.empty.replace("THIS", self._curie),
            in_full=heading.in_full,
        )


def _statement(entity: EntityRef, link: Link, details: Row) -> Statement:
    work = None
    if "work_id" in details:
        work = EntityRef.of_curie(str(details["work"]), str(details["work_id"]), str(details["work_label"]))
    return Statement(entity, link, str(details.get("issued", "")), words_of(details.get("text", "")), work)


def _positions(store: Queryable, namespaces: Namespaces, thinker: str) -> Iterator[Statement]:
    seen = set()
    for row in store.select(question("positions"), {"entity": Iri(thinker)}):
        if (edge := str(row["edge"])) in seen:
            # A work with two dates is two rows.
            continue
        seen.add(edge)
        work = EntityRef(str(row["work"]), str(row["work_id"]), str(row["work_label"]), str(row["work_class"]))
        link = Link(
            edge=namespaces.compact(edge),
            predicate=namespaces.compact(str(row["predicate"])),
            notation=str(row["predicate"]).removeprefix(AKB),
            label=str(row["phrase"]),
            direction=Direction.OUT,
            note=str(row.get("note", "")),
            source=work,
            locator=str(row.get("locator", "")),
            confidence="",
            status=str(row["status"]),
        )
        claim = EntityRef.of_curie(str(row["claim"]), str(row["id"]), str(row["label"]), str(row["definition"]))
        yield Statement(claim, link, str(row.get("issued", "")), work=work)
