"""What a page shows first of an entity: the edges that the sections of its classes ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ..namespaces import Namespaces
from ..records.dates import by_time, date_of
from ..records.evidence import Weight
from ..records.languages import words_of
from ..records.names import listed_names
from ..records.pages import (
    Aspect,
    Byname,
    Direction,
    EntityPage,
    EntityRef,
    Group,
    Link,
    Mentioned,
    Portrait,
    Statement,
)
from ..records.sections import Section, Way
from ..schema.schema import Schema
from ..sparql.queries import narrowed, question
from ..sparql.terms import Iri, Row
from ..store.interface import Queryable
from .edge_details import detailed, details_of
from .entity import Stated
from .listed_names import listing
from .rows import ref_of
from .weights import weights_of

_SHOWN: Final = 7
"""The most statements that a page shows under a heading; the neighbourhood has all."""
_OF_EACH_CLASS: Final = 2
"""The least number of these that are of each class under the heading, where it has that many."""


def portrait(store: Queryable, namespaces: Namespaces, schema: Schema, page: EntityPage, entity: Stated) -> Portrait:
    """Return what the page of an entity shows first, in the sections of its classes."""
    statements = _Statements(page, entity, store, namespaces, schema)
    sections = schema.sections_of(entity.types)
    # What is near is shown before what is two steps away, which does not repeat it.
    near = {one.iri: statements.aspect(one) for one in sections if not one.through}
    found = [(one, near[one.iri] if one.iri in near else statements.aspect(one)) for one in sections]
    is_weighed = any(one.stance for one in sections)
    wanted = [statement.entity.iri for section, one in found if section.shows_weights for statement in one.statements]
    weights = weights_of(store, namespaces, schema, [entity.ref.iri, *wanted] if sections else ())
    found = list(_anchored(_weighed(found, weights)))
    own = [one for section, one in found if not section.through]
    shown = frozenset(link.edge for one in own for statement in one.shown for link in statement.links)
    return Portrait(
        sides=tuple(one for section, one in found if section.stands_beside),
        aspects=tuple(one for section, one in found if not section.stands_beside and (one.has_something or one.empty)),
        weight=weights.get(entity.ref.iri, Weight() if is_weighed else None),
        newest=max(
            (statement for one in own for statement in one.statements if date_of(statement.issued)),
            key=lambda statement: by_time(statement.issued),
            default=None,
        ),
        beyond=tuple(_beyond(page.groups, shown)),
    )


def _weighed(
    found: Sequence[tuple[Section, Aspect]], weights: Mapping[str, Weight]
) -> Iterator[tuple[Section, Aspect]]:
    """Yield sections whose statements have the weight of what is at their other end, where a section asks for it."""
    for section, aspect in found:
        if not section.shows_weights:
            yield section, aspect
            continue
        statements = (replace(one, weight=weights.get(one.entity.iri)) for one in aspect.statements)
        yield section, replace(aspect, statements=tuple(statements))


def _anchored(found: Iterator[tuple[Section, Aspect]]) -> Iterator[tuple[Section, Aspect]]:
    """Yield sections whose statements know to which edges their place on the page belongs, each edge once."""
    taken: set[str] = set()
    for section, aspect in found:
        if section.through:
            yield section, aspect
            continue
        statements = {id(one): one for one in aspect.statements}
        for one in aspect.shown:
            edges = tuple(link.edge for link in one.links if link.edge not in taken)
            taken.update(edges)
            statements[id(one)] = replace(one, anchors=edges)
        names = (
            replace(one, statement=statements.get(id(one.statement), one.statement)) if one.statement else one
            for one in aspect.names
        )
        yield section, replace(aspect, statements=tuple(statements.values()), names=tuple(names))


def _with_each_class(found: Sequence[Statement]) -> list[Statement]:
    """Return statements with two of each class among those that a page shows, where there are more than these.

    Else twenty claims about something would hide the one question about it.
    """
    by_class: dict[str, list[Statement]] = {}
    for one in found:
        by_class.setdefault(one.entity.class_name, []).append(one)
    if len(found) <= _SHOWN or len(by_class) == 1:
        return list(found)
    first = {id(one) for those in by_class.values() for one in those[:_OF_EACH_CLASS]}
    for one in found:
        if len(first) >= _SHOWN:
            break
        first.add(id(one))
    # What comes first of two stays so.
    return sorted(found, key=lambda one: id(one) not in first)


def _beyond(groups: Sequence[Group], shown: frozenset[str]) -> Iterator[Group]:
    for group in groups:
        rest = ((one, tuple(link for link in one.links if link.edge not in shown)) for one in group.neighbours)
        if kept := tuple(replace(one, links=links) for one, links in rest if links):
            yield replace(group, neighbours=kept)


class _Statements:
    """The edges that touch an entity, by predicate and direction, with what is known of their other ends."""

    def __init__(
        self, page: EntityPage, entity: Stated, store: Queryable, namespaces: Namespaces, schema: Schema
    ) -> None:
        self._page = page
        self._entity = entity
        self._store = store
        self._namespaces = namespaces
        self._schema = schema
        self._roles = roles = schema.roles
        rows = store.select(question("neighbour_details", roles), {"entity": Iri(entity.ref.iri)})
        self._details: dict[str, Row] = {}
        self._names: dict[str, set[str]] = {}
        for row in rows:
            iri = str(row["neighbour"])
            self._details[iri] = {**row, **self._details.get(iri, {})}
            if "name" in row:
                self._names.setdefault(iri, set()).add(str(row["name"]))
        self._by_way: dict[tuple[str, Direction], list[Statement]] = {}
        self._weighed: set[str] = set()
        """The IRIs of what sections so far show with what speaks for and against it."""
        for group in page.groups:
            for neighbour in group.neighbours:
                for link in neighbour.links:
                    made = self._statement(neighbour.entity, link)
                    self._by_way.setdefault((link.predicate, link.direction), []).append(made)

    def aspect(self, section: Section) -> Aspect:
        """Return the content of a section."""
        if section.through:
            # What is weighed once on a page is not listed again by way of works.
            weighed = self._weighed if section.shows_weights else ()
            found = [one for one in self._through(section) if one.entity.iri not in weighed]
        else:
            found = self._own(section)
        if section.shows_weights:
            self._weighed.update(one.entity.iri for one in found)
        is_in_order = section.by_date or section.ordered_by or section.through
        # What is two steps away is at those to which the first leads.
        ways = section.through or section.ways
        names = [self._namespaces.compact(way.predicate).removeprefix("akb:") for way in ways]
        directions = dict.fromkeys(way.direction for way in ways)
        return Aspect(
            name=section.name,
            heading=section.heading,
            statements=tuple(found if is_in_order else _with_each_class(found)),
            # What a list of names orders is shown with the whole list.
            at_most=len(found) if section.ordered_by else _SHOWN,
            filters=(
                *(("predicate", name) for name in dict.fromkeys(names)),
                *(("direction", str(one)) for one in directions),
            ),
            empty=section.empty.replace("THIS", self._entity.ref.curie),
            in_full=section.in_full,
            by_work=bool(section.through),
            hides_predicate=section.hides_predicate,
            shows_notes=section.shows_notes,
            order=section.order,
            ordered_by=section.ordered_by,
            stance=section.stance,
            is_position=section.is_position,
            names=tuple(self._listed(section.ordered_by, found)),
            mentioned=tuple(self._mentioning(section, found)) if section.also_listed_in else (),
        )

    def _own(self, section: Section) -> list[Statement]:
        """Return the edges of the entity itself that a section shows, in its order."""
        ways = [(self._namespaces.compact(way.predicate), way.direction) for way in section.ways]
        found = [one for way in dict.fromkeys(ways) for one in self._by_way.get(way, ())]
        if not section.in_full:
            # Without notes and sources, two edges that say the same look the same.
            same: dict[tuple[str, str], Statement] = {}
            for one in found:
                first = same.setdefault((one.link.label, one.entity.iri), one)
                if first is not one:
                    same[one.link.label, one.entity.iri] = replace(first, others=(*first.others, one.link))
            found = list(same.values())
        if section.by_date:
            found.sort(key=lambda one: by_time(one.issued), reverse=True)
        if section.ordered_by:
            places = {name: place for place, name in enumerate(self._names_in(section.ordered_by))}
            found.sort(key=lambda one: min(places.get(name, len(places)) for name in self._called(one.entity)))
        return found

    def _names_in(self, property_: str) -> list[str]:
        """Return the names that the lists of the entity have, in their order."""
        lists = sorted(str(row["value"]) for row in self._entity.rows if row["property"] == property_)
        return list(dict.fromkeys(listed.name for one in lists for listed in listed_names(one)))

    def _called(self, entity: EntityRef) -> set[str]:
        return {entity.label, *self._names.get(entity.iri, ())}

    def _listed(self, property_: str, found: Sequence[Statement]) -> Iterator[Byname]:
        """Yield every name of a list, with the statement about whom it names, and then whom the list does not name."""
        names = self._names_in(property_) if property_ else []
        by_name = {name: one for one in reversed(found) for name in self._called(one.entity)}
        for name in names:
            yield Byname(name, by_name.get(name))
        if names:
            yield from (Byname(one.entity.label, one) for one in found if self._called(one.entity).isdisjoint(names))

    def _mentioning(self, section: Section, found: Sequence[Statement]) -> Iterator[Mentioned]:
        """Yield what lists a name of the entity and has no edge to it, the newest first."""
        called = {self._entity.ref.label, *self._page.alt_labels}
        joined = {one.entity.iri for one in found}
        listed = listing(self._store, self._schema, [section.also_listed_in], called)
        yield from (one for one in listed if one.entity.iri not in joined)

    def _through(self, section: Section) -> Iterator[Statement]:
        """Yield the edges that a section shows of the entities to which it leads, the newest of these first."""
        ways = {(way.predicate, direction): way for way in section.ways for direction in _directions(way)}
        if not ways:
            return
        leading = {(way.predicate, str(direction)) for way in section.through for direction in _directions(way)}
        terms = {
            "via": list(dict.fromkeys(f"<{way.predicate}>" for way in section.through)),
            "predicate": list(dict.fromkeys(f"<{way.predicate}>" for way in section.ways)),
        }
        query = narrowed(question("through", self._roles), terms)
        rows = self._store.select(query, {"entity": Iri(self._entity.ref.iri)})
        details = details_of(
            self._store, self._namespaces, (self._namespaces.compact(str(row["edge"])) for row in rows)
        )
        seen = set()
        for row in sorted(rows, key=lambda row: by_time(str(row.get("issued", ""))), reverse=True):
            way = ways.get((str(row["predicate"]), Direction(str(row["way"]))))
            edge = str(row["edge"])
            # A work with two dates is two rows.
            if way is None or (str(row["via"]), str(row["via_way"])) not in leading or edge in seen:
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
                confidence=str(row.get("confidence", "")),
                status=str(row["status"]),
            )
            [link] = detailed([link], details)
            yield Statement(ref_of(row, "end"), link, str(row.get("issued", "")), work=work)

    def _statement(self, entity: EntityRef, link: Link) -> Statement:
        details = self._details.get(entity.iri, {})
        work = ref_of(details, "work") if "work_id" in details else None
        source = link.source or work
        of_source = self._details.get(source.iri, {}) if source else {}
        return Statement(
            entity,
            link,
            str(details.get("issued", "")),
            words_of(details.get("text", "")),
            work,
            source_kind=str(of_source.get("kind", "")),
            source_issued=str(of_source.get("issued", "")),
        )


def _directions(way: Way) -> tuple[Direction, ...]:
    return (Direction.OUT, Direction.IN) if way.direction is Direction.BOTH else (way.direction,)
