"""Tools that read one entity: what it is, what it is joined to, and how it came to be so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from ..comparison.reports.wording import summary
from ..comparison.versions import compare_versions
from ..errors import NotFoundError, UsageError
from ..formats.texts import one_line
from ..guessing import guess
from ..knowledge.entity import entity_page, neighbourhood, retired, stated
from ..knowledge.neighbourhood import neighbourhood_page
from ..knowledge.portrait import portrait
from ..records.history import Version
from ..records.pages import Aspect, Direction, EntityPage, Link, Selection
from .base import AgentBase
from .naming import entity_of, entity_parameter
from .tools import Arguments, Parameter, Tool
from .writing import Answer, Lines, Mentions, counted, listed, named, short

_SOURCES: Final = 5
_NAMES: Final = 6


def tools(base: AgentBase) -> Iterator[Tool]:
    """Yield the tools of this module."""
    yield Tool(
        "entity",
        "Read an entity",
        "Return what an entity is: definition, status, other names, facts such as dates and identifiers, and under "
        "headings what it is joined to. For notes and sources of edges call neighbourhood or evidence.",
        (entity_parameter(base),),
        _entity,
    )
    yield Tool(
        "neighbourhood",
        "Read the edges of an entity",
        "Return the edges of an entity, each with its phrase, the other end, a note, its source and its confidence. "
        "Narrow it by class, predicate and direction: entities with many edges have several pages.",
        (
            entity_parameter(base),
            Parameter("class", "Only neighbours of these classes.", (), tuple(one.name for one in base.classes)),
            Parameter("predicate", "Only these predicates, such as those that schema lists.", ()),
            Parameter(
                "direction",
                "Only edges from the entity (out), to it (in), or without a direction (both).",
                (),
                tuple(map(str, Direction)),
            ),
            Parameter("limit", "How many neighbours to return.", default=15, most=100),
            Parameter("offset", "How many to skip.", default=0, most=100_000),
        ),
        _neighbourhood,
    )
    if base.history:
        yield Tool(
            "history",
            "Read the history",
            "Return who changed an entity, when, and what; without id, the newest changes of the whole base.",
            (
                Parameter("id", "The entity: its id, IRI or exact name."),
                Parameter("limit", "How many changes to return.", default=10, most=100),
                Parameter("offset", "How many to skip.", default=0, most=1_000_000),
            ),
            _history,
        )


def head_of(page: EntityPage) -> tuple[str, str]:
    """Return the line that says which entity it is, and its definition."""
    entity = page.entity
    return f"{named(entity)} ({page.type_label}, {page.status})", short(entity.definition, 1_200)


def _entity(base: AgentBase, given: Arguments) -> Answer:
    ref = entity_of(base, given["id"])
    entity = stated(base.store, ref.iri)
    page = entity_page(base.store, base.schema, base.namespaces, entity)
    shown = portrait(base.store, base.namespaces, base.schema, page, entity)
    lines = Lines().add(*head_of(page), f"IRI: {ref.iri}")
    if gone := retired(base.store, entity):
        lines.add("It is retired" + (f"; in its place is {named(gone.successor)}." if gone.successor else "."))
    lines.add(f"Also called: {'; '.join(map(short, page.alt_labels[:_NAMES]))}" if page.alt_labels else "")
    facts = [f"{one_line(fact.name)}: {short(fact.value)}" for fact in page.facts]
    lines.add(f"Facts: {'; '.join(facts)}" if facts else "")
    groups = ", ".join(f"{group.class_name} {len(group.neighbours)}" for group in page.groups)
    lines.add(f"Neighbours by class: {groups}." if groups else "No edge joins it to anything.")
    headings = [_aspect(one) for one in (*shown.sides, *shown.aspects) if one.statements]
    if headings:
        lines.items(headings, len(headings), "call neighbourhood")
    else:
        lines.items(_by_phrase(page), len(_by_phrase(page)), "call neighbourhood")
    sources = [one_line(one) for one in page.sources[:_SOURCES]]
    lines.add(f"Checked in: {' '.join(sources)}" if sources else "")
    return lines.answer(base.state)


def _aspect(aspect: Aspect) -> str:
    """Return a section of the page in one line: the other ends by their phrases."""
    of: dict[str, list[str]] = {}
    for one in aspect.statements:
        work = f" [{one.work.curie}]" if one.work and aspect.by_work else ""
        of.setdefault(one.link.label, []).append(named(one.entity) + work)
    parts = [f"{phrase} {listed(dict.fromkeys(names))}" for phrase, names in of.items()]
    return f"{aspect.heading} ({aspect.total}): {'; '.join(parts)}"


def _by_phrase(page: EntityPage) -> list[str]:
    """Return the neighbours by the phrases that lead to them, in a base that has no sections."""
    of: dict[str, list[str]] = {}
    for group in page.groups:
        for one in group.neighbours:
            for link in one.links:
                of.setdefault(link.label, []).append(named(one.entity))
    return [f"{phrase} ({len(names)}): {listed(dict.fromkeys(names))}" for phrase, names in of.items()]


def _neighbourhood(base: AgentBase, given: Arguments) -> Answer:
    ref = entity_of(base, given["id"])
    selection = Selection(
        given["class"],
        tuple(_predicate(base, one) for one in given["predicate"]),
        tuple(map(Direction, given["direction"])),
    )
    limit, offset = given["limit"], given["offset"]
    found = neighbourhood_page(base.store, base.namespaces, ref, selection, limit, offset)
    counts = ", ".join(f"{name} {number}" for name, number in found.counts)
    lines = Lines()
    if not found.neighbours:
        whole = neighbourhood_page(base.store, base.namespaces, ref, Selection(), 1)
        lines.add(f"{named(ref)} has no such edge; it has {counted(whole.edges, 'edge', 'edges')} in all.")
        there = Counter(link.notation for link in _links(base, ref.iri))
        names = ", ".join(f"{name} {number}" for name, number in there.most_common(12))
        return lines.add(f"Try: one of its predicates: {names}." if names else "").answer(base.state)
    lines.add(
        f"{named(ref)}: {counted(found.neighbours, 'neighbour', 'neighbours')} ({counts}), "
        f"{counted(found.edges, 'edge', 'edges')}; of each class those with the most edges first."
    )
    said = Mentions(ref)
    items = ("\n".join(said.edge(one.entity, link) for link in one.links) for one in found.items)
    lines.items(items, found.neighbours, "call neighbourhood again with offset={next}, or narrow it", offset)
    return lines.answer(base.state)


def _links(base: AgentBase, iri: str) -> Iterator[Link]:
    for group in neighbourhood(base.store, base.namespaces, iri):
        for one in group.neighbours:
            yield from one.links


def _predicate(base: AgentBase, name: str) -> str:
    """Return the CURIE of a predicate by its CURIE, its local name or its notation. Raises UsageError."""
    known = {
        written: term.curie
        for term in base.schema.predicates.values()
        for written in (term.curie, term.curie.partition(":")[2], term.notation)
    }
    if name not in known:
        raise UsageError(f"There is no predicate {name[:80]!r}.", f"{guess(name, known)}schema lists the predicates.")
    return known[name]


def _history(base: AgentBase, given: Arguments) -> Answer:
    limit, offset = given["limit"], given["offset"]
    iri = ""
    if given["id"]:
        try:
            iri = entity_of(base, given["id"]).iri
        except NotFoundError:
            # What was removed is in the history alone.
            prefix, _, _ = given["id"].partition(":")
            iri = base.namespaces.expand(given["id"]) if prefix in base.namespaces.prefixes() else given["id"]
            if not base.history.count_changes(entity=iri):
                raise
    total = base.history.count_changes(entity=iri)
    about = f"Changes of {base.namespaces.compact(iri)}" if iri else "Changes of the whole base"
    lines = Lines().add(f"{about}, newest first: {total} in all.")
    versions = base.history.changes(offset, limit, entity=iri)
    lines.items((_change(base, one) for one in versions), total, "call history again with offset={next}", offset)
    return lines.answer(base.state)


def _change(base: AgentBase, version: Version) -> str:
    before = base.history.before(version)
    texts = [{version.entity: before.ntriples if before else ""}, {version.entity: version.ntriples}]
    found = compare_versions(texts[0], texts[1], ("", ""), base.namespaces, base.schema.in_use)
    commit = version.commit
    return (
        f"- {commit.at:%Y-%m-%d} {base.namespaces.compact(version.entity)} {version.kind}: {one_line(summary(found))} "
        f"Commit {commit.short} by {one_line(commit.author)}: {short(commit.subject, 120)}"
    )
