"""The downloads of the current release: as the build made them, or made now where it did not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...errors import UsageError
from ...formats.croissant import croissant
from ...formats.ro_crate import ro_crate
from ...knowledge.dataset import dataset_header, dataset_summary
from ...leftovers import temporary_folder
from ...namespaces import Namespaces
from ...records.dataset import DatasetSummary
from ...records.downloads import FORMATS, Downloads
from ...records.progress import Progress, no_progress
from ...records.releases import ReleaseInfo
from ...schema.reading import read_schema
from ...schema.schema import Schema
from ...settings import Settings
from ...sparql.queries import question
from ...store.interface import Queryable
from ...store.prepared import Prepared
from ...turtle.parsing import parse
from ..beside import work_beside
from ..releases import Releases
from ..stages import Stages
from .making import DownloadMaker, possible
from .manifest import FOLDER, read_downloads
from .parquet import HOW_TO_INSTALL
from .tabular import Source


@dataclass(frozen=True)
class Exports:
    """Downloads of the current release, and where they are."""

    info: ReleaseInfo
    downloads: Downloads
    folder: Path
    namespaces: Namespaces
    store: Prepared

    @property
    def dataset(self) -> str:
        """The IRI of the base as a dataset."""
        return dataset_header(self.store, self.namespaces.dataset).iri or self.namespaces.dataset

    def croissant(self, place: str) -> str:
        """Describe them as Croissant; `place` is what the address of each begins with, or nothing."""
        return croissant(self.downloads, self._summary, self.info, self.dataset, place)

    def ro_crate(self) -> str:
        """Describe them as an RO-Crate."""
        return ro_crate(self.downloads, self._summary, self.info, self.dataset)

    @property
    def _summary(self) -> DatasetSummary:
        return dataset_summary(self.store, _schema(self.store, self.namespaces), self.namespaces.dataset)


@contextmanager
def exports(settings: Settings, formats: Sequence[str] = (), progress: Progress = no_progress) -> Iterator[Exports]:
    """Yield the downloads of the current release in some formats, or without a word of these all that there are.

    Raises NotFoundError when there is no release, UnreadableError when it is damaged, and UsageError for a format for
    which a package is missing.
    """
    release, _hold, _ = Releases(settings.releases).held()
    info, namespaces, store = Releases(settings.releases).open(release, settings.namespaces, settings.memory_triples)
    prepared = Prepared(store, release)
    known = read_downloads(release)
    if missing := [one for one in formats if one not in possible(FORMATS)]:
        raise UsageError(f"What writes {missing[0]} is not installed.", HOW_TO_INSTALL)
    if not formats or {*formats} <= {*known.formats}:
        yield Exports(info, known, release / FOLDER, namespaces, prepared)
        return
    with temporary_folder("akb-export-") as folder:
        source = Source(release / "store", namespaces, _schema(store, namespaces), store.view)
        with work_beside() as beside:
            work = DownloadMaker(
                folder, source, store, formats, Stages(folder, None), before=None, now=info.built, beside=beside
            )
            made = work.finish(progress)
        yield Exports(info, made, folder / FOLDER, namespaces, prepared)


def _schema(store: Queryable, namespaces: Namespaces) -> Schema:
    return read_schema(*(parse(store.construct(question(one)), "nt") for one in ("ontology", "shapes")), namespaces)
