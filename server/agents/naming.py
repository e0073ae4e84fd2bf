"""Which entity an agent means, and what to try where that is not clear."""

from __future__ import annotations

from ..errors import NotFoundError
from ..knowledge.listing import near_names
from ..knowledge.resolving import resolve_name
from ..records.pages import EntityRef
from .base import AgentBase
from .tools import Parameter
from .writing import named

_OFFERED = 5


def entity_parameter(base: AgentBase, name: str = "id", meaning: str = "The entity") -> Parameter:
    """Return the parameter that names an entity."""
    return Parameter(
        name,
        f"{meaning}: its id, its IRI, an identifier such as a DOI, or its exact name.",
        is_required=True,
        example=base.examples.curie,
    )


def entity_of(base: AgentBase, name: str) -> EntityRef:
    """Return the entity that a text names; of one that was merged, its successor.

    Raises NotFoundError, whose mend offers the entities with similar names, where it names none, or several.
    """
    found = resolve_name(base.store, base.namespaces, base.finder, base.identifiers, name)
    if found.entity is not None:
        return found.entity
    close = (found.close or near_names(base.store, name))[:_OFFERED]
    raise NotFoundError(
        f"No entity, or more than one, is known by {name[:200]!r}.",
        f"use one of these ids: {', '.join(map(named, close))}; or call search."
        if close
        else f"call search with words of it, or give an id such as {base.examples.curie}.",
    )
