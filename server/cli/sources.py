"""What a check reads: a base, or data, shapes and ontology of any project; as it lies in the folder, or as staged."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..records.progress import Progress
from .common import settings_for

if TYPE_CHECKING:
    from ..settings import Settings
    from ..turtle.base import Base

_PARTS = ("kb", "ontology", "shapes", "examples")
"""The folders of a base whose files people write."""


@dataclass(frozen=True)
class Sources:
    """Where a check reads. Without `data` that is the base in `root`, or the nearest one."""

    root: Path | None = None
    data: Path | None = None
    shapes: Path | None = None
    ontology: Path | None = None
    imports: Mapping[str, Path] = field(default_factory=dict)
    written: Collection[Path] = ()
    """Files that the check writes."""
    here: Path | None = None
    """What stands for the working directory; None for that itself."""
    origin: Sources | None = None
    """What these stand for, when they are what is staged of it."""
    copy: Path | None = None
    """The folder in the place of the repository then."""
    top: Path | None = None
    """The folder of the repository then."""

    @property
    def places(self) -> tuple[Path, ...]:
        """The folders and files that are read."""
        if self.data is not None:
            return tuple(place for place in (self.data, self.shapes, self.ontology) if place)
        return sources_of(settings_for(self.root).root)

    def settings(self, engine: str | None = None) -> Settings:
        """Return the settings of the base; what is kept between two checks is where it is for the folder itself."""
        settings = settings_for(self.root, engine=engine)
        return replace(settings, state=self.origin.settings().state) if self.origin else settings

    def real(self, path: Path) -> Path:
        """Return the path that one of these stands for."""
        return self.top / path.resolve().relative_to(self.copy) if self.top and self.copy else path

    def read(self, progress: Progress) -> Base:
        """Read the base or the project."""
        from ..history.ignored import ignored_in
        from ..settings import read_limits
        from ..turtle.limits import use_limits
        from ..turtle.project_files import nothing_ignored
        from ..turtle.projects import Reading, read_project
        from ..turtle.reader import read_base

        if self.data is None:
            settings = settings_for(self.root)
            return read_base(settings.root, settings.namespaces, progress, is_tolerant=True)
        use_limits(read_limits(os.environ))
        ignored = nothing_ignored if self.here else ignored_in
        reading = Reading(self.imports, ignored, self.is_own, self.here)
        return read_project(self.data, self.shapes, self.ontology, progress, reading)

    @cached_property
    def is_own(self) -> Callable[[Path], bool]:
        """What tells whether this run writes a file: a report, or what the shell makes of its output."""
        written = {file.resolve() for file in self.written}
        names, outputs = {file.name for file in written}, _outputs()

        def is_own(path: Path) -> bool:
            return (path.name in names and path.resolve() in written) or (bool(outputs) and _identity(path) in outputs)

        return is_own

    @contextmanager
    def staged(self) -> Iterator[Sources]:
        """Give way to what is staged of the same places."""
        from ..history.staged import staged_copy

        root = None if self.data is not None else settings_for(self.root).root
        given = [root] if root else list(self.places)
        # Beside a file that is named may be its catalogue, and what it imports.
        wanted = [place if place.is_dir() else place.parent for place in given if place]
        inside = [path for path in self.imports.values() if path.resolve().is_relative_to(Path.cwd())]
        with staged_copy(wanted[0], [*wanted, *inside]) as (top, copy):
            here = Path.cwd() if Path.cwd().is_relative_to(top) else top
            stand_in = copy / here.relative_to(top)
            stand_in.mkdir(parents=True, exist_ok=True)

            def moved(path: Path | None) -> Path | None:
                return stand_in / os.path.relpath(path.resolve(), here) if path else None

            for place in given:
                if place and not (moved(place) or place).exists():
                    raise UsageError(f"Nothing of {place} is staged.", "run `git add`, or leave --staged out.")
            imports = {iri: (moved(path) or path) if path in inside else path for iri, path in self.imports.items()}
            yield replace(
                self,
                root=moved(root),
                data=moved(self.data),
                shapes=moved(self.shapes),
                ontology=moved(self.ontology),
                imports=imports,
                here=stand_in,
                origin=self,
                copy=copy,
                top=top,
            )


def sources_of(root: Path) -> tuple[Path, ...]:
    """Return the folders of a base whose files people write."""
    return tuple(place for name in _PARTS if (place := root / name).is_dir())


def read_sources(
    root: Path | None,
    data: Path | None,
    shapes: Path | None,
    ontology: Path | None,
    imports: Collection[str],
    written: Collection[Path],
) -> Sources:
    """Read the options that say what is checked. Raises UsageError for such as do not go together."""
    if data is not None and root is not None:
        raise UsageError("--data and --root are two bases.", "leave one of them out.")
    if data is None and (shapes or ontology or imports):
        raise UsageError("--shapes, --ontology and --import belong to --data.", "name the data too, or use --root.")
    return Sources(root, data, shapes, ontology, read_imports(imports), written)


def read_imports(values: Collection[str]) -> dict[str, Path]:
    """Read the values of --import. Raises UsageError for one that names no IRI, or no file that is there."""
    found: dict[str, Path] = {}
    for value in values:
        # An IRI may hold an equals sign; of those that part it from a file, the last one counts.
        iri, _, name = value.rpartition("=")
        if not iri or not name:
            raise UsageError(f"--import {value} names no file for an IRI.", "write --import IRI=FILE.")
        if not Path(name).is_file():
            raise UsageError(f"--import {value}: {name} is not a file.", "name the copy of the document.")
        found[iri] = Path(name)
    return found


def _identity(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None


def _outputs() -> set[tuple[int, int] | None]:
    """Return the files to which standard output and standard error go, if they go to files."""
    found: set[tuple[int, int] | None] = set()
    for stream in (sys.__stdout__, sys.__stderr__):
        with suppress(OSError, ValueError, AttributeError):
            about = os.fstat(stream.fileno())  # type: ignore[union-attr] # what has none raises AttributeError
            if stat.S_ISREG(about.st_mode):
                found.add((about.st_dev, about.st_ino))
    return found
