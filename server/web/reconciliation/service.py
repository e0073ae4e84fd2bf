"""What both versions of the reconciliation service do alike: matching, suggestions, previews, values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask import Response, abort, render_template, request

from ...errors import NotFoundError
from ...knowledge.reconciliation.apart import given_to_match, matches_of, values_of
from ...knowledge.reconciliation.matching import entity_of, named_entities, shown_types
from ...knowledge.reconciliation.properties import (
    offered_properties,
    offered_types,
    properties_of_type,
    type_named,
)
from ...knowledge.reconciliation.records import Match, Named, PropertyValue, Wanted
from ...namespaces import AKB
from ...records.terms import PropertyTerm, Term
from ...serialization import HTML
from ...store.jobs import Task
from ...text.forms import folded
from ...text.names import same_name
from ..given.entities import PreviewPage
from ..http.parameters import number
from ..open_release import OpenRelease
from ..pages.card import card_page
from ..pages.oembed import FRAMED
from .reading import Column, text_of

KINDS: Final = ("entity", "property", "type")
"""What can be suggested."""

_SUGGESTED: Final = 20
_OFFSET_AT_MOST: Final = 10_000
_REACHED: Final = 1_000
"""How many suggestions of entities there are at most for one prefix."""
_FEWER: Final = "send fewer queries or entities at once, with fewer conditions, values or properties each."

Item = dict[str, Any]

ENTITY_CLASS: Final = f"{AKB}Entity"


def matches(release: OpenRelease, queries: Sequence[Wanted]) -> list[list[Match]]:
    """Return the candidates for each query, which a worker finds, and is stopped when it takes too long."""
    return matches_of(release.queries.do(Task("match", given_to_match(queries), "batch", _FEWER)))


def entity_meant(release: OpenRelease, text: str) -> str | None:
    """Return the IRI that a CURIE, an IRI of the base, or an identifier of others denotes."""
    return entity_of(release.namespaces, release.identifiers, text)


def candidate(release: OpenRelease, match: Match, *, named_features: bool) -> Item:
    """Return a candidate as JSON (section "Reconciliation Query Responses"); the 1.0 draft names its features."""
    entity = match.entity
    return {
        "id": entity.curie,
        "name": entity.label,
        **({"description": entity.definition} if entity.definition else {}),
        "type": types_of(release, entity),
        "score": match.score,
        "match": match.match,
        "features": [
            {"id": one.id, **({"name": one.name} if named_features else {}), "value": one.value}
            for one in match.features
        ],
    }


def types_of(release: OpenRelease, entity: Named) -> list[Item]:
    """Return the types of an entity, the most exact first."""
    classes = release.schema.classes
    return [{"id": classes[iri].curie, "name": classes[iri].label} for iri in shown_types(release.schema, entity)]


def default_types(release: OpenRelease) -> list[Item]:
    """Return the page classes as types, with the classes above them (section "Types")."""
    return [type_item(release, term) for term in release.schema.page_classes]


def type_item(release: OpenRelease, term: Term) -> Item:
    """Return a class as a type, with the broader ones up to akb:Entity."""
    by_curie = {one.curie: one for iri, one in release.schema.classes.items() if is_ours(release, iri)}
    broader = [type_item(release, by_curie[parent]) for parent in term.parents if parent in by_curie]
    return {"id": term.curie, "name": term.label, **({"broader": broader} if broader else {})}


def is_ours(release: OpenRelease, iri: str) -> bool:
    """Tell whether a class is one of entities."""
    return release.schema.is_under(iri, ENTITY_CLASS)


def suggestions(release: OpenRelease, kind: str) -> list[Item]:
    """Return what the request's `prefix` may become: entities, properties or types (section "Suggest Responses").

    The draft has called `offset` since July 2025 what 0.2 calls `cursor`.
    """
    _check(kind)
    prefix = request.args.get("prefix", "").strip()[:200]
    skipped = number("offset" if "offset" in request.args else "cursor", 0, _OFFSET_AT_MOST, least=0)
    most = number("limit", _SUGGESTED, 100)
    if kind == "entity":
        found = [_entity_item(release, entity) for entity in _suggested(release, prefix, min(skipped + most, _REACHED))]
    else:
        found = [_term_item(term) for term in _terms(release, kind, prefix)]
    return found[skipped : skipped + most]


def flyout(release: OpenRelease, kind: str) -> dict[str, str]:
    """Return a few lines of HTML on an entity, a property or a type (section "Flyout Services")."""
    _check(kind)
    wanted = _id()
    if kind == "entity":
        entity = _entity(release, wanted)
        label, curie, text = entity.label, entity.curie, entity.definition
    else:
        term = next((one for one in _all_terms(release, kind) if wanted in {one.curie, one.iri}), None)
        if term is None:
            raise NotFoundError(f"There is no {kind} {wanted[:80]!r}.")
        label, curie, text = term.label, term.curie, term.definition
    return {"id": wanted, "html": render_template("flyout.html", label=label, curie=curie, text=text).strip()}


def preview(release: OpenRelease) -> Response:
    """Return a small page on an entity, for a frame of any client (sections "Preview Queries", "Preview Metadata")."""
    entity = _entity(release, _id())
    page = card_page(release, entity, PreviewPage)
    return Response(page, content_type=HTML.content_type, headers={"Content-Security-Policy": FRAMED})


def proposed(release: OpenRelease) -> Item:
    """Return the properties that entities of a type have (section "Data Extension Property Proposals")."""
    name = request.args.get("type", "").strip()
    iri = type_named(release.schema, name) if name else ENTITY_CLASS
    if iri is None:
        raise NotFoundError(f"There is no type {name[:80]!r}.", "ask the suggest service for types.")
    found = release.once(("proposed", iri), lambda: properties_of_type(release.store, release.schema, iri))
    most = number("limit", 100, 1000)
    return {
        **({"type": name} if name else {}),
        **({"limit": most} if "limit" in request.args else {}),
        "properties": [{"id": term.curie, "name": term.label} for term in found[:most]],
    }


def extended(release: OpenRelease, ids: Sequence[str], columns: Sequence[Column]) -> dict[str, dict[str, list[Item]]]:
    """Return the values of properties of entities, by the ids of both that were asked for."""
    texts = {one: text_of(one) for one in ids}
    given = {"ids": [*texts.values()], "properties": list({column.iri for column in columns})}
    values = values_of(release.queries.do(Task("extend", given, "data extension query", _FEWER)))
    return {
        one: {
            column.id: [value_item(value) for value in values[text][column.iri][: column.most or None]]
            for column in columns
        }
        for one, text in texts.items()
    }


def extension_metadata(release: OpenRelease, columns: Iterable[Column]) -> list[Item]:
    """Return what the columns of an extension are; where all values are of one class, which (section as above)."""
    classes = release.schema.classes
    terms = [(column.id, release.schema.properties[column.iri]) for column in columns]
    return [
        {
            "id": id_,
            "name": term.label,
            **({"type": {"id": at.curie, "name": at.label}} if (at := _range(classes, term)) else {}),
        }
        for id_, term in terms
    ]


def _range(classes: Mapping[str, Term], term: PropertyTerm) -> Term | None:
    return classes.get(term.range) if term.is_predicate else None


def value_item(value: PropertyValue) -> Item:
    """Return a value as JSON (section "Data Extension Responses")."""
    if value.id:
        return {"id": value.id, "name": value.text}
    return {"str": value.text}


def _suggested(release: OpenRelease, prefix: str, most: int) -> list[Named]:
    if not prefix:
        return []
    iris = [entity_meant(release, prefix), *(one.entity.iri for one in release.finder.index.suggest(prefix, most))]
    known = named_entities(release.store, [iri for iri in iris if iri])
    found = [known[iri] for iri in dict.fromkeys(iris) if iri in known]
    # What is so called comes before what only begins so, however well that is known.
    return sorted(
        found, key=lambda one: not any(same_name(name) == same_name(prefix) for name in (one.curie, *one.names))
    )


def _terms(release: OpenRelease, kind: str, prefix: str) -> list[Term]:
    """Return the terms that begin with a text in a word of their name, or have it as id; all of them for no text."""
    wanted = folded(prefix)

    def place(term: Term) -> int | None:
        names = [*map(folded, (term.label, term.notation, term.curie, term.curie.partition(":")[2]))]
        if wanted in {*names, folded(term.iri)}:
            return 0
        if any(name.startswith(wanted) for name in names):
            return 1
        return 2 if any(word.startswith(wanted) for name in names[:2] for word in name.split()) else None

    found = [(rank, term) for term in _all_terms(release, kind) if (rank := place(term)) is not None]
    return [term for _, term in sorted(found, key=lambda one: one[0])]


def _all_terms(release: OpenRelease, kind: str) -> Sequence[Term]:
    if kind == "property":
        return offered_properties(release.schema)
    return [release.schema.classes[iri] for iri in offered_types(release.schema)]


def _entity_item(release: OpenRelease, entity: Named) -> Item:
    description = {"description": entity.definition} if entity.definition else {}
    return {"id": entity.curie, "name": entity.label, **description, "notable": types_of(release, entity)}


def _term_item(term: Term) -> Item:
    return {"id": term.curie, "name": term.label, **({"description": term.definition} if term.definition else {})}


def _check(kind: str) -> None:
    if kind not in KINDS:
        raise NotFoundError(f"There is no {kind[:80]!r} to suggest.", f"ask for one of {', '.join(KINDS)}.")


def _id() -> str:
    wanted = request.args.get("id", "").strip()
    if not wanted:
        abort(400, "Name what is wanted: ?id= with its identifier.")
    return wanted


def _entity(release: OpenRelease, wanted: str) -> Named:
    iri = entity_meant(release, wanted)
    found = named_entities(release.store, [iri]) if iri else {}
    if not iri or iri not in found:
        raise NotFoundError(f"There is no entity {wanted[:200]!r}.", f"give a CURIE such as {release.examples.curie}.")
    return found[iri]
