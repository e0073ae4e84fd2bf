"""Which entity somebody means who types a name: an id, an identifier of others, or a name that one entity alone has."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from ..errors import NotFoundError
from ..namespaces import Namespaces
from ..records.pages import EntityRef
from ..sparql.queries import question
from ..store.interface import Queryable
from .entity import Stated, retired, stated
from .finding import Finder
from .identifiers import Identifiers, identified

_NO_IRI: Final = re.compile(r'[\x00-\x20<>"{}|\\^`]')
"""What cannot be part of an IRI cannot be asked about either (SPARQL 1.1 Query, section 19.8, IRIREF)."""
_CLOSE: Final = 6


@dataclass(frozen=True)
class Resolved:
    """The entity with a name; if there is none or several, entities with similar names."""

    entity: EntityRef | None
    close: tuple[EntityRef, ...] = ()


def resolve_name(
    store: Queryable, namespaces: Namespaces, finder: Finder, known: Callable[[], Identifiers], name: str
) -> Resolved:
    """Return which entity a name means. `known` returns the identifiers of others, and is called only for a need.

    What was merged is its successor; what was withdrawn is itself.
    """
    entity = _own(store, namespaces, name)
    if entity is None and (iri := identified(known(), name)) is not None:
        entity = stated(store, iri)
    if entity is not None:
        gone = retired(store, entity)
        return Resolved(gone.successor if gone and gone.successor else entity.ref)
    ranking = finder.index.rank(name)
    page = finder.index.page(ranking, classes=(), statuses=(), limit=_CLOSE, offset=0)
    hits = tuple(hit.entity for hit in page.hits)
    # A corrected name is a guess, and so is one with other punctuation: `C` for `C++`.
    if len(ranking.namesakes) == 1 and not ranking.meant:
        one = replace(ranking, entities=tuple(one for one in ranking.entities if one.row in ranking.namesakes))
        return Resolved(finder.index.page(one, classes=(), statuses=(), limit=1, offset=0).hits[0].entity)
    return Resolved(None, hits or tuple(one.entity for one in finder.suggest(name, _CLOSE)))


def _own(store: Queryable, namespaces: Namespaces, name: str) -> Stated | None:
    """Return the entity that has this CURIE or IRI, or None."""
    prefix, colon, _ = name.partition(":")
    if prefix in namespaces.classes and colon:
        rows = store.select(question("ids"), {"id": name})
        iri = str(rows[0]["entity"]) if rows else ""
    else:
        iri = namespaces.expand(name) if colon and prefix in namespaces.prefixes() else name
    if ":" in iri and not _NO_IRI.search(iri):
        with suppress(NotFoundError, ValueError):  # what is no IRI cannot be asked about
            return stated(store, iri)
    return None
