"""What differs between two moments of some entities, given what their files said then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..namespaces import Namespaces
from ..turtle.source_files import SourceFile
from ..turtle.statements import lines_of
from .compare import Side, compare
from .records import Difference


def compare_versions(
    before: Mapping[str, str],
    after: Mapping[str, str],
    names: tuple[str, str],
    namespaces: Namespaces,
    in_use: Iterable[str],
) -> Difference:
    """Return what differs between two moments, of each of which there is the N-Triples of entities by their IRIs.

    An entity that was not there has no text. `names` are those of the moments; `in_use` has the IRIs of the statuses in
    use, which are taken to be the same at both.
    """
    statuses = frozenset(in_use)
    sides = [
        Side(name, tuple(_file(iri, text, namespaces) for iri, text in sorted(said.items()) if text), in_use=statuses)
        for name, said in zip(names, (before, after), strict=True)
    ]
    return compare(sides[0], sides[1], namespaces)


def patch_lines(before: Iterable[str], after: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the lines of N-Triples that only the one and that only the other of two moments has, each sorted."""
    old, new = ({line for text in texts for line in lines_of(text)} for texts in (before, after))
    return sorted(old - new), sorted(new - old)


def _file(iri: str, ntriples: str, namespaces: Namespaces) -> SourceFile:
    return SourceFile(f"kb/{iri.removeprefix(namespaces.base)}.ttl", "", ntriples)
