"""A release that is open for reading, with what is derived from it for pages and data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from ..build.dumps.manifest import FOLDER as DOWNLOADS
from ..build.lookups import Lookups
from ..build.map.records import Map
from ..build.releases import Hold
from ..errors import AkbError
from ..federation.federate import Federation
from ..knowledge.dataset import dataset_header
from ..knowledge.examples import examples
from ..knowledge.finding import Finder
from ..knowledge.history import History
from ..knowledge.identifiers import Identifiers, identifiers
from ..knowledge.listing import class_summaries
from ..namespaces import Namespaces
from ..records.downloads import Download, Downloads
from ..records.examples import ExampleQuery, Examples
from ..records.gaps import Gap
from ..records.kept import KeptQuery
from ..records.languages import OtherLanguages
from ..records.lists import ClassSummary
from ..records.releases import ReleaseInfo
from ..records.site import DatasetHeader, Site, SiteText, site_of
from ..review.matches import Proposal
from ..schema.looks import style_of
from ..schema.reading import read_schema
from ..schema.schema import Schema
from ..sparql.queries import question
from ..sparql.terms import Iri, Value
from ..store.embedded import Store
from ..store.interface import Queryable
from ..store.workers import QueryPool
from ..turtle.parsing import parse
from .http.cache import Cache
from .http.spool import Files
from .theme import Theme

T = TypeVar("T")


@dataclass
class OpenRelease:
    """A release, open for reading, with what is derived from it."""

    info: ReleaseInfo
    store: Queryable
    local: Store
    """The release on disk, the source of whole graphs; it also answers queries when no other store is set."""
    namespaces: Namespaces
    context: Mapping[str, object]
    queries: QueryPool
    federation: Federation
    cache: Cache
    mark: str
    """An identifier of the release, the version of the engine, the site and the theme: a part of cache keys."""
    lookups: Lookups
    """Modification dates of documents, creation dates of entities, and texts in languages other than English."""
    proposals: tuple[Proposal, ...]
    """The matches with other bases that waited for a decision when the release was built."""
    finder: Finder
    """The search over it."""
    map: Map
    example_templates: tuple[ExampleQuery, ...]
    """The example queries of the base, before entities are filled in."""
    kept: tuple[KeptQuery, ...]
    """The kept queries of the base."""
    gaps: tuple[Gap, ...]
    """The kinds of missing data that pages list."""
    hold: Hold
    """A lock that stops builds from removing the release from disk."""
    said: SiteText
    """The texts of the site from the settings."""
    theme: Theme
    """The theme of the base."""
    files: Files
    """Long documents of it, made once for all clients."""
    history: History
    """The commits of the base, and the versions of its entities."""
    folder: Path
    """Where it lies."""
    downloads: Downloads
    """The files in which the whole can be taken away."""

    def download_path(self, one: Download) -> Path:
        """Return where the file of a download is."""
        return self.folder / DOWNLOADS / one.name

    def iri_of(self, name: str, slug: str) -> str:
        """Return the IRI of the entity with an id, whether it exists or not."""
        if self.info.is_lifted:
            found = self.once(("iri", name, slug), lambda: self._found("ids", id=f"{name}:{slug}"))
            return found or self.namespaces.entity(name, slug)
        return self.namespaces.entity(name, slug)

    def path_of(self, iri: str) -> str:
        """Return the path of the page of an IRI of the base; return other IRIs unchanged."""
        if self.info.is_lifted and (curie := self.once(("id", iri), lambda: self._found("ids", entity=Iri(iri)))):
            return "/" + curie.replace(":", "/", 1)
        base = self.namespaces.base
        return "/" + iri.removeprefix(base) if iri.startswith(base) else iri

    def _found(self, name: str, **bindings: Value) -> str:
        """Return the value of the only unbound variable of a question about one entity, or an empty string."""
        rows = self.store.select(question(name), bindings)
        return next((str(value) for row in rows for key, value in row.items() if key not in bindings), "")

    @cached_property
    def schema(self) -> Schema:
        """The schema of the release, read from its ontology and shapes."""
        return read_schema(
            *(parse(self.store.construct(question(name)), "nt") for name in ("ontology", "shapes")), self.namespaces
        )

    @cached_property
    def header(self) -> DatasetHeader:
        """The description of the base in its data."""
        return dataset_header(self.store, self.namespaces.dataset)

    @cached_property
    def site(self) -> Site:
        """The texts about the base on its pages."""
        return site_of(self.header, self.said, self.namespaces.dataset)

    @cached_property
    def examples(self) -> Examples:
        """The entities that serve as examples on pages."""
        return examples(self.store, self.namespaces, self.header.examples)

    @cached_property
    def class_style(self) -> bytes:
        """The style sheet with the colours of the classes."""
        return style_of(self.schema.looks).encode()

    def prepare(self) -> None:
        """Make what every page needs, before the first of them asks for it; what fails here fails again for that."""
        with suppress(AkbError, ValueError, LookupError):
            _ = self.schema, self.site, self.examples, self.class_style

    def once(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """Return what `make` returned for this key before, or cache and return what it returns now.

        A release never changes, so nothing derived from it becomes stale; the least recently used values are evicted.
        """
        return self.cache.once((self.mark, *key), make)

    @property
    def identifiers(self) -> Identifiers:
        """The identifiers under which others know the entities in use."""
        return self.once(("identifiers",), lambda: identifiers(self.store))

    @property
    def classes(self) -> tuple[ClassSummary, ...]:
        """Every page class with its number of entities in use, in display order, as counted by the build."""
        return class_summaries(self.schema, self.info)

    @property
    def languages(self) -> OtherLanguages:
        """The texts of the base in languages other than English."""
        return self.lookups.languages

    def modified(self, path: str) -> datetime:
        """Return when a document was last changed, by its path or the path of a part of it.

        Without a date of its own, that is when anything was last changed.
        """
        return self.lookups.modified("/".join(path.split("/")[1:3]))
