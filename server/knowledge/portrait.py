"""What a page shows first of an entity: the edges that the sections of its classes ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ..namespaces import Namespaces
from ..records.dates import by_time
from ..records.languages import words_of
from ..records.names import listed_names
from ..records.pages import Aspect, Direction, EntityPage, EntityRef, Link, Portrait, Statement
from ..records.sections import Section, Way
from ..schema.schema import Schema
from ..sparql.queries import narrowed, question
from ..sparql.terms import Iri, Row
from ..store.interface import Queryable
from .edge_details import detailed, details_of
from .entity import Stated
from .rows import ref_of

_SHOWN: Final = 25
"""The most statements under a heading; the neighbourhood has all."""


def portrait(store: Queryable, namespaces: Namespaces, schema: Schema, page: EntityPage, entity: Stated) -> Portrait:
    """Return what the page of an entity shows first, in the sections of its classes."""
    statements = _Statements(page, entity, store, namespaces, schema.roles)
    sections = schema.sections_of(entity.types)
    return Portrait(
        sides=tuple(statements.aspect(section) for section in sections if section.stands_beside),
        aspects=tuple(
            aspect
            for section in sections
            if not section.stands_beside and ((aspect := statements.aspect(section)).statements or aspect.empty)
        ),
    )


class _Statements:
    """The edges that touch an entity, by predicate and direction, with what is known of their other ends."""

    def __init__(
        self, page: EntityPage, entity: Stated, store: Queryable, namespaces: Namespaces, roles: Mapping[str, str]
    ) -> None:
        self._entity = entity
        self._store = store
        self._namespaces = namespaces
        self._roles = roles
        rows = store.select(question("neighbour_details", roles), {"entity": Iri(entity.ref.iri)})
        details: dict[str, Row] = {}
        for row in rows:
            details[str(row["neighbour"])] = {**row, **details.get(str(row["neighbour"]), {})}
        self._by_way: dict[tuple[str, Direction], list[Statement]] = {}
        for group in page.groups:
            for neighbour in group.neighbours:
                for link in neighbour.links:
                    made = _statement(neighbour.entity, link, details.get(neighbour.entity.iri, {}))
                    self._by_way.setdefault((link.predicate, link.direction), []).append(made)

    def aspect(self, section: Section) -> Aspect:
        """Return the content of a section."""
        if section.through:
            found = shown = list(self._through(section.through, section))
        else:
            found = self._own(section)
            shown = found[:_SHOWN]
        names = [self._namespaces.compact(way.predicate).removeprefix("akb:") for way in section.ways]
        directions = dict.fromkeys(way.direction for way in section.ways)
        return Aspect(
            name=section.name,
            heading=section.heading,
            statements=tuple(shown),
            total=len(found),
            filters=(
                *(("predicate", name) for name in dict.fromkeys(names)),
                *(("direction", str(one)) for one in directions),
            ),
            empty=section.empty.replace("THIS", self._entity.ref.curie),
            in_full=section.in_full,
            by_work=section.through is not None,
            hides_predicate=section.hides_predicate,
            shows_notes=section.shows_notes,
        )

    def _own(self, section: Section) -> list[Statement]:
        """Return the edges of the entity itself that a section shows, in its order."""
        ways = [(self._namespaces.compact(way.predicate), way.direction) for way in section.ways]
        found = [one for way in dict.fromkeys(ways) for one in self._by_way.get(way, ())]
        if not section.in_full:
            # Without notes and sources, two edges that say the same look the same.
            found = list({(one.link.label, one.entity.iri): one for one in reversed(found)}.values())[::-1]
        if section.by_date:
            found.sort(key=lambda one: by_time(one.issued), reverse=True)
        if section.ordered_by:
            lists = sorted(str(row["value"]) for row in self._entity.rows if row["property"] == section.ordered_by)
            names = (enumerate(listed_names(one)) for one in lists)
            places = {listed.name: place for one in names for place, listed in one}
            found.sort(key=lambda one: places.get(one.entity.label, len(places)))
        return found

    def _through(self, through: Way, section: Section) -> Iterator[Statement]:
        """Yield the edges that a section shows of the entities to which `through` leads, the newest of these first."""
        ways = {(way.predicate, direction): way for way in section.ways for direction in _directions(way)}
        if not ways:
            return
        predicates = dict.fromkeys(f"<{way.predicate}>" for way in section.ways)
        query = narrowed(
            question("through", self._roles), {"via": [f"<{through.predicate}>"], "predicate": list(predicates)}
        )
        rows = self._store.select(query, {"entity": Iri(self._entity.ref.iri)})
        details = details_of(
            self._store, self._namespaces, (self._namespaces.compact(str(row["edge"])) for row in rows)
        )
        seen = set()
        for row in sorted(rows, key=lambda row: by_time(str(row.get("issued", ""))), reverse=True):
            way = ways.get((str(row["predicate"]), Direction(str(row["way"]))))
            edge = str(row["edge"])
            # A work with two dates is two rows.
            if way is None or row["via_way"] not in _directions(through) or edge in seen:
                continue
            seen.add(edge)
            work, predicate = ref_of(row, "middle"), self._namespaces.compact(way.predicate)
            link = Link(
                edge=self._namespaces.compact(edge),
                predicate=predicate,
                notation=predicate.partition(":")[2],
                label=way.label,
                direction=way.direction,
                note=str(row.get("note", "")),
                source=work,
                locator=str(row.get("locator", "")),
                confidence="",
                status=str(row["status"]),
            )
            [link] = detailed([link], details)
            yield Statement(ref_of(row, "end"), link, str(row.get("issued", "")), work=work)


def _statement(entity: EntityRef, link: Link, details: Row) -> Statement:
    work = ref_of(details, "work") if "work_id" in details else None
    return Statement(entity, link, str(details.get("issued", "")), words_of(details.get("text", "")), work)


def _directions(way: Way) -> tuple[Direction, ...]:
    return (Direction.OUT, Direction.IN) if way.direction is Direction.BOTH else (way.direction,)
