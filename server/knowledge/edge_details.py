"""What edges say beside their ends, note and source: the version of the source, where it was read, and facts of theirs.

Which properties are facts of edges the shapes say: those of `akb:Edge` with a name and a place (`sh:name`,
`sh:order`), as those of entities are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from ..namespaces import AKB, AKBV, DCTERMS, Namespaces
from ..records.identifiers import address_of
from ..records.languages import words_of
from ..records.pages import Fact, Group, Link
from ..sparql.queries import narrowed, question
from ..sparql.terms import Iri, Row
from ..store.interface import Queryable

_ASKED_AT_ONCE: Final = 500
"""Edges that one query names."""
_WEB: Final = ("http://", "https://")
_PLACES: Final = (f"{AKB}consultedAt", f"{DCTERMS}source")
"""By which an edge says where it was read: by address, and as edges did before and in words."""


@dataclass(frozen=True)
class Details:
    """What one edge says; what it does not say is empty."""

    version: str = ""
    version_address: str = ""
    read_at: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    is_own_reading: bool = False


def details_around(store: Queryable, namespaces: Namespaces, entity: str) -> dict[str, Details]:
    """Return what the edges that touch an entity say, by their CURIEs."""
    return _read(store.select(question("edge_details"), {"entity": Iri(entity)}), namespaces)


def details_of(store: Queryable, namespaces: Namespaces, edges: Iterable[str]) -> dict[str, Details]:
    """Return what certain edges say, by their CURIEs."""
    wanted = [f"<{one}>" if one.startswith(_WEB) else one for one in dict.fromkeys(edges)]
    found: dict[str, Details] = {}
    for start in range(0, len(wanted), _ASKED_AT_ONCE):
        part = wanted[start : start + _ASKED_AT_ONCE]
        found |= _read(store.select(narrowed(question("edge_details"), {"edge": part})), namespaces)
    return found


def detailed(links: Iterable[Link], details: Mapping[str, Details]) -> tuple[Link, ...]:
    """Return edges with what they say."""
    return tuple(replace(link, **vars(details[link.edge])) if link.edge in details else link for link in links)


def with_details(store: Queryable, namespaces: Namespaces, links: Sequence[Link]) -> tuple[Link, ...]:
    """Return edges with what they say, which is read here."""
    return detailed(links, details_of(store, namespaces, (link.edge for link in links)))


def groups_with_details(groups: Iterable[Group], details: Mapping[str, Details]) -> tuple[Group, ...]:
    """Return groups of neighbours, whose edges have what they say."""
    return tuple(
        replace(group, neighbours=tuple(replace(one, links=detailed(one.links, details)) for one in group.neighbours))
        for group in groups
    )


def _read(rows: Iterable[Row], namespaces: Namespaces) -> dict[str, Details]:
    return {
        namespaces.compact(edge): _details(list(of_edge))
        for edge, of_edge in groupby(rows, key=lambda row: str(row["edge"]))
    }


def _details(rows: list[Row]) -> Details:
    said: dict[str, dict[str, Row]] = {}
    # An edge between two entities is found from both, and a source may have two identifiers.
    for row in rows:
        said.setdefault(str(row["property"]), {}).setdefault(str(row["value"]), row)
    version, row = next(iter(said.pop(f"{AKB}sourceVersion", {}).items()), ("", {}))
    template = str(row.get("template", "")).replace("{version}", version)
    places = [value for name in _PLACES for value in said.pop(name, {})]
    return Details(
        version=version,
        version_address=address_of(template, str(row["identified"])) if template else "",
        # Addresses first, then words that name what has none here.
        read_at=tuple(sorted(dict.fromkeys(places), key=lambda one: not one.startswith(_WEB))),
        facts=tuple(_fact(one) for values in said.values() for one in values.values()),
        is_own_reading=f"{AKBV}our-reading" in said.get(f"{AKB}basis", ()),
    )


def _fact(row: Row) -> Fact:
    value = words_of(row["value"])
    return Fact(
        name=str(row["name"]),
        value=str(row.get("value_label", value)),
        href=value if value.startswith(_WEB) and "value_label" not in row else "",
        property=str(row["property"]),
        code=str(row.get("value_notation", "")),
        is_quotation=bool(row.get("language")),
    )
