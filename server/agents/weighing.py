"""What speaks for a claim and what against it, what qualifies it, in whose words, by which sources.

Which edges speak for and against something the sections of a base say (`akb:stance`); no predicate is named here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from ..knowledge.entity import Stated, entity_page, neighbourhood, stated
from ..knowledge.portrait import portrait
from ..records.pages import Aspect, Direction, EntityPage, Group, Neighbour, Portrait
from ..records.sections import Section
from .base import AgentBase
from .naming import entity_of, entity_parameter
from .reading import head_of
from .tools import Arguments, Parameter, Tool
from .writing import Answer, Lines, Mentions, counted, named, short

_CLAIMS: Final = 40
"""Of how many claims about an entity both sides are counted."""
FOR, AGAINST = "for", "against"


def tools(base: AgentBase) -> Iterator[Tool]:
    """Yield the tools of this module."""
    yield Tool(
        "evidence",
        "Weigh the evidence",
        "Return what speaks for a claim, what against it and what qualifies it, each with note, source, locator, "
        "confidence and quotes. For a question, what answers it; for any other entity, the claims about it with how "
        "much speaks for and against each.",
        (
            entity_parameter(base, meaning="The claim, question or topic"),
            Parameter("side", "Only what speaks for it, or only what speaks against it.", choices=(FOR, AGAINST)),
            Parameter("offset", "Of a topic: how many claims to skip.", default=0, most=10_000),
        ),
        _evidence,
    )


def _evidence(base: AgentBase, given: Arguments) -> Answer:
    ref = entity_of(base, given["id"])
    entity = stated(base.store, ref.iri)
    page = entity_page(base.store, base.schema, base.namespaces, entity)
    shown = portrait(base.store, base.namespaces, base.schema, page, entity)
    stances = {section.name: section.stance for section in base.schema.sections_of(entity.types)}
    said = Mentions(ref)
    lines = Lines().add(*head_of(page))
    if any(stances.values()):
        _sides(lines, said, shown, stances, given["side"])
    elif shown.sides:
        for aspect in (*shown.sides, *(one for one in shown.aspects if one.in_full)):
            _aspect(lines, said, aspect, aspect.heading)
    elif claims := _claims(base, page):
        _about(base, lines, claims, given["offset"])
        for aspect in shown.aspects:
            if _has_quotes(aspect):
                _aspect(lines, said, aspect, aspect.heading)
    else:
        _all(lines, said, page, entity)
    return lines.answer(base.state)


def _sides(lines: Lines, said: Mentions, shown: Portrait, stances: dict[str, str], side: str) -> None:
    """Add what is for and what is against a claim, and then what qualifies it, and what else has notes and sources."""
    aspects = [(stances[one.name], one) for one in (*shown.sides, *shown.aspects)]
    for stance, title in ((FOR, "For"), (AGAINST, "Against")):
        if side in {"", stance}:
            of_side = [one for taken, one in aspects if taken == stance]
            for aspect in of_side:
                _aspect(lines, said, aspect, title)
            if not any(one.statements for one in of_side):
                lines.add(f"{title} (0): nothing is recorded here, which does not mean that there is nothing.")
    for stance, aspect in aspects:
        if not (side or stance) and aspect.in_full:
            _aspect(lines, said, aspect, aspect.heading)


def _has_quotes(aspect: Aspect) -> bool:
    return not aspect.by_work and any(one.text or one.work for one in aspect.statements)


def _aspect(lines: Lines, said: Mentions, aspect: Aspect, title: str) -> None:
    if aspect.statements:
        lines.add(f"{title} ({aspect.total}):")
        items = (said.edge(one.entity, one.link, one.text, one.work) for one in aspect.statements)
        lines.items(items, aspect.total, "call neighbourhood")


def _debatable(base: AgentBase) -> dict[str, list[Section]]:
    """Return the page classes of which sections take a side, each with these sections."""
    found = {
        term.notation: [one for one in base.schema.sections_of([term.iri]) if one.stance]
        for term in base.schema.page_classes
    }
    return {name: sections for name, sections in found.items() if sections}


def _claims(base: AgentBase, page: EntityPage) -> list[Neighbour]:
    debatable = _debatable(base)
    return [one for group in page.groups if group.class_name in debatable for one in group.neighbours]


def _about(base: AgentBase, lines: Lines, claims: list[Neighbour], offset: int) -> None:
    """Add the claims about an entity, those with something on both sides first."""
    debatable = _debatable(base)
    weighed = []
    for one in claims[:_CLAIMS]:
        counts = _counts(base, neighbourhood(base.store, base.namespaces, one.entity.iri), debatable, one)
        weighed.append((counts, one))
    weighed.sort(key=lambda pair: (-min(pair[0][FOR], pair[0][AGAINST]), -sum(pair[0].values())))
    rest = [(Counter[str](), one) for one in claims[_CLAIMS:]]
    lines.add(
        f"{counted(len(claims), 'claim bears', 'claims bear')} on it, those with the most on both sides first; "
        "evidence with the id of one has the details:"
    )
    items = [
        f"- {named(one.entity)}: {counts[FOR]} for, {counts[AGAINST]} against. {short(one.entity.definition, 140)}"
        if counts or one in claims[:_CLAIMS]
        else f"- {named(one.entity)}"
        for counts, one in (*weighed, *rest)
    ]
    lines.items(items[offset:], len(items), "call evidence again with offset={next}", offset)


def _counts(
    base: AgentBase, groups: tuple[Group, ...], debatable: dict[str, list[Section]], claim: Neighbour
) -> Counter[str]:
    """Count what speaks for and against a claim."""
    sides = {
        (base.namespaces.compact(way.predicate), direction): section.stance
        for section in debatable[claim.entity.class_name]
        for way in section.ways
        for direction in (way.direction, *((Direction.OUT, Direction.IN) if way.direction is Direction.BOTH else ()))
    }
    links = (link for group in groups for one in group.neighbours for link in one.links)
    return Counter(side for link in links if (side := sides.get((link.predicate, link.direction))))


def _all(lines: Lines, said: Mentions, page: EntityPage, entity: Stated) -> None:
    """Add every edge with its source, where nothing of the base says what is for and what against."""
    edges = [said.edge(one.entity, link) for group in page.groups for one in group.neighbours for link in one.links]
    lines.add(
        f"No claim is recorded about {entity.ref.curie}, and its class has no sides. Its edges and their sources:"
        if edges
        else f"Nothing is recorded about {entity.ref.curie}. Try: search for claims with words of it."
    )
    lines.items(edges, len(edges), "call neighbourhood")
