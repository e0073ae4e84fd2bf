"""Reads a base: the ontology, the shapes, and every Turtle file of `kb/`, without stopping at the first bad one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from ..namespaces import AKB, CLASS_SLUG, SKOS, Namespaces
from ..records.findings import Finding
from ..records.progress import Progress, no_progress
from .base import DEFAULTS, Base
from .defaults import Usage, term_defaults
from .files import is_passed_over, kb_files
from .prefixes import declared_in
from .source_files import SourceFile, certain, read_file, read_known
from .statements import pairs_in, value_of

CORE = Path(__file__).parent / "core.ttl"
"""The vocabulary of the engine itself, a part of the ontology of every base."""


def read_base(
    root: Path, namespaces: Namespaces, progress: Progress = no_progress, *, is_tolerant: bool = False
) -> Base:
    """Read the base in the folder `root`.

    A bad file in `kb/` becomes a finding. Raises UnreadableError for a bad file of the ontology; a tolerant base is
    read without it, and has a finding in its place.
    """
    empty = empty_base(root, namespaces, is_tolerant=is_tolerant)
    paths = sorted(kb_files(root))
    files: list[SourceFile] = []
    unreadable: list[Finding] = []
    for done, path in enumerate(paths):
        progress("read", done, len(paths))
        read = read_file(path, root)
        if isinstance(read, Finding):
            unreadable.append(read)
        else:
            files.append(read)
    progress("read", len(paths), len(paths))
    return replace(empty, files=tuple(files), unreadable=tuple(unreadable))


def empty_base(root: Path, namespaces: Namespaces, *, is_tolerant: bool = False) -> Base:
    """Return the base in the folder `root` without the files of `kb/`. Raises UnreadableError as `read_base` does."""
    unusable: tuple[Finding, ...] = ()
    if is_tolerant:
        read = [read_known(path, root) for path in ontology_paths(root)]
        found = (read_core(), *(one for one in read if isinstance(one, SourceFile)))
        unusable = tuple(replace(one, blocks=True) for one in read if isinstance(one, Finding))
    else:
        found = read_ontology(root)
    ontology, namespaces = _of_ontology(found, namespaces)
    return Base(
        root=root,
        namespaces=namespaces,
        files=(),
        unreadable=(),
        ontology_files=ontology,
        unusable=unusable,
        lacks_ontology=bool(unusable),
        is_tolerant=is_tolerant,
    )


@lru_cache(maxsize=4)
def _of_ontology(read: tuple[SourceFile, ...], namespaces: Namespaces) -> tuple[tuple[SourceFile, ...], Namespaces]:
    """Return the files of an ontology with its defaults, and the namespaces of a base that has it."""
    ontology = with_defaults(read, namespaces)
    declared = {prefix: namespace for prefix, namespace in declared_in(file.text for file in ontology) if prefix}
    return ontology, namespaces.of(page_class_names(ontology), declared)


def namespaces_of(root: Path, namespaces: Namespaces) -> Namespaces:
    """Return the namespaces of the base in the folder `root`. Raises UnreadableError for a bad file of the ontology."""
    return empty_base(root, namespaces).namespaces


def page_class_names(ontology: Iterable[SourceFile]) -> list[str]:
    """Return the names of the page classes that the files of an ontology declare, in display order.

    One that cannot be a prefix is skipped; `akb check` reports it.
    """
    files = tuple(ontology)

    def said(property_: str) -> dict[str, str]:
        return {term: value_of(value) for file in files for term, value in pairs_in(file.ntriples, property_)}

    names, orders = said(f"{SKOS}notation"), said(f"{AKB}displayOrder")
    ranked = sorted(orders, key=lambda one: (float(orders[one]), one))
    return [name for term in ranked if CLASS_SLUG.fullmatch(name := names.get(term, ""))]


def read_ontology(root: Path) -> tuple[SourceFile, ...]:
    """Read the vocabulary of the engine and the files of the ontology, whatever their names.

    Raises UnreadableError for a file that is not Turtle.
    """
    return (read_core(), *(certain(path, root) for path in ontology_paths(root)))


def ontology_paths(root: Path) -> list[Path]:
    """Return the files of the ontology of the base in the folder `root`, sorted."""
    return sorted(path for path in (root / "ontology").rglob("*.ttl") if not is_passed_over(path.name))


def read_core() -> SourceFile:
    """Read the vocabulary of the engine."""
    return certain(CORE, CORE.parent)


def with_defaults(
    ontology: tuple[SourceFile, ...], namespaces: Namespaces, usage: Usage | None = None
) -> tuple[SourceFile, ...]:
    """Return the files of an ontology, with one more for the defaults of what they do not state."""
    missing = term_defaults((file.ntriples for file in ontology), namespaces, usage)
    return (*ontology, SourceFile(DEFAULTS, missing, missing)) if missing else ontology
