"""What speaks for a claim and what against it, what qualifies it, in whose words, by which sources.

Which edges speak for and against something the sections of a base say (`akb:stance`); no predicate is named here.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..knowledge.entity import Stated, entity_page, stated
from ..knowledge.portrait import portrait
from ..knowledge.weights import weights_of
from ..records.evidence import AGAINST, FOR, Weight
from ..records.pages import Aspect, EntityPage, Neighbour, Portrait
from .base import AgentBase
from .naming import entity_of, entity_parameter
from .reading import head_of
from .tools import Arguments, Parameter, Tool
from .writing import Answer, Lines, Mentions, counted, named, short


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
                _aspect(lines, said, aspect, aspect.heading if aspect.is_position else title)
            if not any(one.statements for one in of_side if not one.is_position):
                lines.add(f"{title} (0): nothing is recorded here, which does not mean that there is nothing.")
    for stance, aspect in aspects:
        if not side and stance not in {FOR, AGAINST} and aspect.in_full:
            _aspect(lines, said, aspect, aspect.heading)


def _has_quotes(aspect: Aspect) -> bool:
    return not aspect.by_work and any(one.text or one.work for one in aspect.statements)


def _aspect(lines: Lines, said: Mentions, aspect: Aspect, title: str) -> None:
    if aspect.statements:
        lines.add(f"{title} ({aspect.total}):")
        items = (said.edge(one.entity, one.link, one.text, one.work) for one in aspect.statements)
        lines.items(items, aspect.total, "call neighbourhood")


def _claims(base: AgentBase, page: EntityPage) -> list[Neighbour]:
    """Return the neighbours of an entity in the classes of which sections take a side."""
    debatable = {
        term.notation
        for term in base.schema.page_classes
        if any(one.stance for one in base.schema.sections_of([term.iri]))
    }
    return [one for group in page.groups if group.class_name in debatable for one in group.neighbours]


def _about(base: AgentBase, lines: Lines, claims: list[Neighbour], offset: int) -> None:
    """Add the claims about an entity, those with something on both sides first."""
    weights = weights_of(base.store, base.namespaces, base.schema, [one.entity.iri for one in claims])
    weighed = [(weights.get(one.entity.iri, Weight()), one) for one in claims]
    weighed.sort(key=lambda pair: (not pair[0].is_contested, -min(pair[0].total(FOR), pair[0].total(AGAINST))))
    lines.add(
        f"{counted(len(claims), 'claim bears', 'claims bear')} on it, those with the most on both sides first; "
        "evidence with the id of one has the details:"
    )
    items = [
        f"- {named(one.entity)}: {weight.words or 'no evidence yet'}. {short(one.entity.definition, 140)}"
        for weight, one in weighed
    ]
    lines.items(items[offset:], len(items), "call evidence again with offset={next}", offset)


def _all(lines: Lines, said: Mentions, page: EntityPage, entity: Stated) -> None:
    """Add every edge with its source, where nothing of the base says what is for and what against."""
    edges = [said.edge(one.entity, link) for group in page.groups for one in group.neighbours for link in one.links]
    lines.add(
        f"No claim is recorded about {entity.ref.curie}, and its class has no sides. Its edges and their sources:"
        if edges
        else f"Nothing is recorded about {entity.ref.curie}. Try: search for claims with words of it."
    )
    lines.items(edges, len(edges), "call neighbourhood")
