"""The reconciliation in a worker process, where it can be stopped: it takes and returns what JSON can carry.

A batch within all limits can still be hours of work: every value of every condition is looked up and compared with
every candidate. Both functions are tasks of the pool of queries (`store/worker.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from ...namespaces import Namespaces
from ...schema.reading import read_schema
from ...search.index import SearchIndex
from ...sparql.queries import question
from ...store.embedded import Store
from ...store.interface import Queryable
from ...store.prepared import Prepared
from ...turtle.parsing import parse
from ..identifiers import identifiers
from .matching import Matcher, named_entities
from .properties import property_values
from .records import Condition, Feature, Kind, Match, Named, PropertyValue, Quantifier, Wanted

TASKS: Final[Mapping[str, str]] = MappingProxyType({"match": f"{__name__}:match", "extend": f"{__name__}:extend"})
"""The functions of this module as a pool takes them."""


def surroundings(namespaces: Namespaces, view: Sequence[str]) -> dict[str, Any]:
    """Return what the tasks need to know of a release, beside its folder; `view` is that of its store."""
    return {"namespaces": asdict(namespaces), "view": tuple(view)}


def given_to_match(queries: Iterable[Wanted]) -> list[dict[str, Any]]:
    """Return what `match` is to work on."""
    return [asdict(query) for query in queries]


def matches_of(found: Iterable[Iterable[dict[str, Any]]]) -> list[list[Match]]:
    """Return the candidates for each query from what `match` returned."""
    return [
        [
            Match(
                Named(
                    **{**one["entity"], "names": (*one["entity"]["names"],), "types": frozenset(one["entity"]["types"])}
                ),
                one["score"],
                tuple(Feature(**feature) for feature in one["features"]),
                one["match"],
            )
            for one in matches
        ]
        for matches in found
    ]


def match(store: Queryable, folder: Path, around: Mapping[str, Any], given: list[dict[str, Any]]) -> object:
    """Return the candidates for some queries: see `Matcher.matches`."""
    found = _matcher(store, folder, around).matches([_wanted(query) for query in given])
    return [[_plain(one) for one in matches] for matches in found]


def extend(store: Queryable, folder: Path, around: Mapping[str, Any], given: Mapping[str, Any]) -> object:
    """Return the values of `properties` (their IRIs) of entities by their `ids`: of each id, of each property.

    A value is its text, its CURIE and its IRI.
    """
    matcher = _matcher(store, folder, around)
    iris = {one: matcher.entity(one) for one in given["ids"]}
    known = named_entities(matcher.store, {iri for iri in iris.values() if iri})
    values = property_values(matcher.store, matcher.namespaces, known, given["properties"])
    return {
        one: {
            name: [(value.text, value.id, value.iri) for value in values.get(iri or "", {}).get(name, ())]
            for name in given["properties"]
        }
        for one, iri in iris.items()
    }


def values_of(found: Mapping[str, Mapping[str, Iterable[Sequence[str]]]]) -> dict[str, dict[str, list[PropertyValue]]]:
    """Return the values of each id and each property from what `extend` returned."""
    return {
        one: {name: [PropertyValue(*value) for value in values] for name, values in properties.items()}
        for one, properties in found.items()
    }


_MATCHERS: Final[dict[Path, Matcher]] = {}
"""By the folder of the release. A worker has one release, and what matches in it is made for the first batch."""


def _matcher(store: Queryable, folder: Path, around: Mapping[str, Any]) -> Matcher:
    if folder not in _MATCHERS:
        _MATCHERS[folder] = _new_matcher(store, folder, around)
    return _MATCHERS[folder]


def _new_matcher(store: Queryable, folder: Path, around: Mapping[str, Any]) -> Matcher:
    namespaces = Namespaces(**around["namespaces"])
    asked = store
    # A remote store may hold another release than that of the folder, which the prepared answers belong to.
    if isinstance(store, Store):
        store.view = tuple(around["view"])
        asked = Prepared(store, folder)
    schema = read_schema(*(parse(asked.construct(question(name)), "nt") for name in ("ontology", "shapes")), namespaces)
    index = SearchIndex.open(folder)

    def retrieve(text: str, classes: Sequence[str], limit: int) -> Iterable[str]:
        return [hit.entity.iri for hit in index.search(text, classes=classes, limit=limit).hits]

    return Matcher(asked, namespaces, schema, identifiers(asked), retrieve)


def _wanted(given: dict[str, Any]) -> Wanted:
    conditions = (
        Condition(
            **{
                **one,
                "kind": Kind(one["kind"]),
                "values": tuple(one["values"]),
                "quantifier": Quantifier(one["quantifier"]),
            }
        )
        for one in given["conditions"]
    )
    return Wanted(**{**given, "conditions": tuple(conditions), "types": tuple(given["types"])})


def _plain(one: Match) -> dict[str, Any]:
    plain = asdict(one)
    return {**plain, "entity": {**plain["entity"], "types": sorted(one.entity.types)}}
