"""What the addresses of data as a whole take and answer: changes, feeds, downloads, graphs, the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ....serialization import CSV, FEED_FORMATS, HTML, JSON, MARKDOWN, document_formats, triples_formats
from ...open_release import OpenRelease
from .. import event_stream
from .describing import (
    DATA,
    DIFFERENCE,
    MEDIA_TYPE,
    MOMENTS,
    Address,
    Parameter,
    Schema,
    classes,
    one_of,
    paged,
    text,
    whole,
    with_html,
)


def _graphs(release: OpenRelease) -> Schema:
    start = release.namespaces.graph
    return one_of(*(iri.removeprefix(start) for iri in release.local.graphs() if iri.startswith(start)))


def _downloads(release: OpenRelease) -> Schema:
    return one_of(*(one.name for one in release.downloads.files))


_HASH: Final[Schema] = MappingProxyType({"type": "string", "pattern": "^[0-9a-f]+$"})
ADDRESSES: Final[Mapping[str, Address]] = MappingProxyType(
    {
        "entities.dataset": Address(DATA, leads=True, parameters=(MEDIA_TYPE,)),
        "changes.changes": Address(
            DATA,
            (HTML, MARKDOWN, JSON, CSV),
            parameters=(
                Parameter("class", "Only entities of this class; may be repeated.", classes, is_repeated=True),
                Parameter("topic", "Only entities that name this one: a CURIE or an IRI.", text(500)),
                Parameter("author", "Only what this author committed."),
                *paged(50, 200),
                MEDIA_TYPE,
            ),
        ),
        "changes.difference": Address(DATA, DIFFERENCE, parameters=(*MOMENTS, *paged(50, 200), MEDIA_TYPE)),
        "feeds.feed": Address(
            DATA,
            (HTML, *FEED_FORMATS),
            parameters=(
                Parameter(
                    "class", "Only changes of entities of this class; may be repeated.", classes, is_repeated=True
                ),
                Parameter("entity", "Only changes of this entity: a CURIE or an IRI.", text(1_000)),
                Parameter("topic", "Only changes of what names this entity.", text(1_000)),
                Parameter("author", "Only what this author committed.", text(200)),
                Parameter("query", "Only changes of the entities that this query finds now.", text(4_000)),
                Parameter(
                    "archive", "Which archive of the feed, from 1; without it, the newest changes.", whole(1, 10**9)
                ),
                MEDIA_TYPE,
            ),
            has_links=False,
        ),
        "event_stream.root": Address(DATA, event_stream.FORMATS, parameters=(MEDIA_TYPE,)),
        "event_stream.node": Address(DATA, event_stream.FORMATS, parameters=(MEDIA_TYPE,)),
        "event_stream.member": Address(
            DATA,
            media_types=tuple(one.media_type for one in event_stream.FORMATS),
            parts={"revision": _HASH},
            parameters=(MEDIA_TYPE,),
        ),
        "download.downloads": Address(DATA, lambda: (HTML, *triples_formats(), CSV, JSON), parameters=(MEDIA_TYPE,)),
        "download.download": Address(DATA, media_types=("*/*",), parts={"file": _downloads, "digest": _HASH}),
        "download.as_croissant": Address(DATA, media_types=("application/ld+json",)),
        "download.as_ro_crate": Address(DATA, media_types=("application/ld+json",)),
        "home.home": Address(DATA, with_html, parameters=(MEDIA_TYPE,)),
        "home.context": Address(DATA, media_types=("application/ld+json",)),
        "description.void": Address(DATA, document_formats, parameters=(MEDIA_TYPE,)),
        "vocabulary.ontology": Address(DATA, document_formats, parameters=(MEDIA_TYPE,)),
        "vocabulary.version": Address(DATA, document_formats, parameters=(MEDIA_TYPE,)),
        "vocabulary.shapes": Address(DATA, lambda: (*with_html(), MARKDOWN), parameters=(MEDIA_TYPE,)),
        "profile_list.profiles": Address(DATA, with_html, parameters=(MEDIA_TYPE,)),
        "graphs.graph": Address(DATA, triples_formats, parts={"name": _graphs}),
        "graphs.graph_store": Address(
            DATA,
            triples_formats,
            parameters=(
                Parameter("graph", "The IRI of a named graph.", {"type": "string", "format": "iri"}),
                Parameter("default", "Given, whatever its value, for the union of all graphs."),
            ),
        ),
        "map.picture": Address(DATA, media_types=("image/svg+xml",)),
        "map.data": Address(DATA, media_types=(JSON.media_type,)),
        "offering.current_name": Address(DATA, media_types=("text/plain",)),
        "offering.release_file": Address(DATA, media_types=("application/octet-stream",)),
    }
)
