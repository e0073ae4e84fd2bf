"""Tools on two entities: what links them, and how they differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..formats.texts import one_line
from ..knowledge.entity import entity_page, stated
from ..knowledge.paths import MOST_STEPS, shortest_paths
from ..records.pages import EntityPage, Neighbour
from ..records.paths import Path
from .base import AgentBase
from .naming import entity_of, entity_parameter
from .reading import head_of
from .tools import Arguments, Parameter, Tool
from .writing import Answer, Lines, Mentions, counted, listed, named, short

_SHARED: Final = 15
"""How many shared neighbours are shown, at most."""


def tools(base: AgentBase) -> Iterator[Tool]:
    """Yield the tools of this module."""
    yield Tool(
        "path",
        "Find what links two entities",
        "Return the shortest chains of edges from one entity to another, whichever way each edge runs, with notes and "
        "sources.",
        (
            entity_parameter(base, "from", "Where to start"),
            entity_parameter(base, "to", "Where to end"),
            Parameter("limit", "How many paths to return.", default=4, most=20),
        ),
        _path,
    )
    yield Tool(
        "compare",
        "Compare two entities",
        "Return what two entities are, the edges between them, what both are joined to and by which edges, and what "
        "only one has.",
        (entity_parameter(base, "one", "The first"), entity_parameter(base, "other", "The second")),
        _compare,
    )


def _path(base: AgentBase, given: Arguments) -> Answer:
    start, end = entity_of(base, given["from"]), entity_of(base, given["to"])
    lines = Lines()
    if start.iri == end.iri:
        return lines.add(f"Both are {named(start)}. Try: two different entities.").answer(base.state)
    found = shortest_paths(base.store, base.namespaces, start.iri, end.iri, max(1, given["limit"]))
    if not found.shown:
        reason = (
            f"the search stopped after {found.steps} steps: they have too many connections"
            if found.is_cut
            else f"no path of at most {MOST_STEPS} steps"
        )
        lines.add(f"{named(start)} and {named(end)}: {reason}. Try: compare, or similar with one of them.")
        return lines.answer(base.state)
    lines.add(
        f"{named(start)} to {named(end)}: {counted(found.total, 'shortest path', 'shortest paths')} of "
        f"{counted(found.steps, 'step', 'steps')}, those over the least connected entities first."
    )
    said = Mentions(start, end)
    items = (_way(number, way, said) for number, way in enumerate(found.shown, 1))
    lines.items(items, found.total, "raise limit")
    return lines.answer(base.state)


def _way(number: int, way: Path, said: Mentions) -> str:
    lines = []
    for place, step in enumerate(way):
        mark = f"{number}. " if place == 0 else "   "
        ends = f"{said.named(step.start)} -> {said.named(step.end)}"
        edges = "; ".join(
            f"{link.label}{f': {short(link.note, 200)}' if link.note else ''}{said.source(link)}" for link in step.links
        )
        lines.append(f"{mark}{ends}: {edges}")
    return "\n".join(lines)


def _compare(base: AgentBase, given: Arguments) -> Answer:
    pages = [_page(base, given[name]) for name in ("one", "other")]
    first, second = pages
    lines = Lines()
    for page in pages:
        facts = "; ".join(f"{one_line(fact.name)}: {short(fact.value, 120)}" for fact in page.facts)
        lines.add(*head_of(page), f"Facts: {facts}" if facts else "")
    if first.entity.iri == second.entity.iri:
        return lines.add("Both are the same entity. Try: two different ones.").answer(base.state)
    similarity = base.finder.similarity
    cosine = similarity.cosine(first.entity.iri, second.entity.iri) if similarity else None
    lines.add(f"Nearness in meaning: {cosine:.2f} (cosine, 1 is the same text)." if cosine is not None else "")
    ones, others = _neighbours(first), _neighbours(second)
    direct = ones.get(second.entity.iri)
    if direct:
        said = Mentions(first.entity, second.entity)
        edges = (said.edge(direct.entity, one) for one in direct.links)
        lines.add("Edges between them, as read from the first:", *edges)
    else:
        lines.add("No edge joins them directly; path shows what lies between.")
    shared = sorted(ones.keys() & others.keys(), key=lambda iri: ones[iri].edge_count)
    lines.add(f"Joined to both: {len(shared)}, the least connected first." if shared else "Nothing is joined to both.")
    items = (
        f"- {named(ones[iri].entity)}: {_phrases(first, ones[iri])}; {_phrases(second, others[iri])}"
        for iri in shared[:_SHARED]
    )
    lines.items(items, len(shared), "call neighbourhood with each")
    for page, own, theirs in ((first, ones, others), (second, others, ones)):
        alone = [one for iri, one in own.items() if iri not in theirs and one.entity.iri != second.entity.iri]
        of = sorted(alone, key=lambda one: -one.edge_count)
        lines.add(f"Only {page.entity.curie}: {len(of)}{': ' if of else ''}{listed([one.entity.curie for one in of])}")
    return lines.answer(base.state)


def _page(base: AgentBase, name: str) -> EntityPage:
    entity = stated(base.store, entity_of(base, name).iri)
    return entity_page(base.store, base.schema, base.namespaces, entity)


def _neighbours(page: EntityPage) -> dict[str, Neighbour]:
    return {one.entity.iri: one for group in page.groups for one in group.neighbours}


def _phrases(page: EntityPage, one: Neighbour) -> str:
    return f"{page.entity.curie} {listed(dict.fromkeys(link.label for link in one.links), 3)} it"
