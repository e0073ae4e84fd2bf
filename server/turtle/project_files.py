"""Which files of a place are read: those whose names end as those of RDF do, but hidden ones and what git ignores."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import UsageError
from ..serialization import read_formats
from .kinds import suffix_of, unread_kind

Ignored = Callable[[Path], Collection[str]]
"""Returns what git ignores in a folder: paths relative to it, folders with a slash at their end."""


def nothing_ignored(_: Path) -> Collection[str]:
    """Ignore nothing."""
    return ()


@dataclass(frozen=True)
class Listing:
    """The files of a place, each list sorted."""

    files: tuple[Path, ...]
    """Those that are read."""
    unread: tuple[Path, ...] = ()
    """Those that hold statements of a kind that is not read."""
    ignored: tuple[str, ...] = ()
    """What git ignores in the place and nobody looked into: paths relative to it."""
    is_named: bool = False
    """Whether the place is one file, which somebody named."""


def files_in(place: Path, ignored: Ignored = nothing_ignored, *, rules_do: bool = False) -> list[Path]:
    """Return the files of a place that are read, sorted, as `list_files` does."""
    return list(list_files(place, ignored, rules_do=rules_do).files)


def rules_in(place: Path) -> list[Path]:
    """Return the rules of a place of shapes, a folder or a file in one, sorted: they are SPARQL, and no RDF."""
    folder = place.parent if place.is_file() else place
    return sorted(folder.glob("rules/*.rq"))


def list_files(
    place: Path,
    ignored: Ignored = nothing_ignored,
    is_left_out: Callable[[Path], bool] = lambda _: False,
    *,
    rules_do: bool = False,
) -> Listing:
    """Return the files of a place, a folder or one file, but for some. Raises UsageError where none can be read.

    Hidden files and folders are passed over. In a place of shapes rules alone will do.
    """
    place = place.absolute()
    if not place.exists():
        raise UsageError(f"{place} is not there.", "name a folder of RDF files, or one such file.")
    suffixes = read_formats()
    if not place.is_dir():
        if suffix_of(place) not in suffixes:
            raise _no_file(place)
        return Listing((place,), is_named=True)
    left_out = frozenset(ignored(place))
    found = sorted(path for path in _walk(place, left_out) if not is_left_out(path))
    files = tuple(path for path in found if suffix_of(path) in suffixes)
    if not files and not (rules_do and rules_in(place)):
        raise _no_file(place)
    shown = sorted(name for name in left_out if not any(part.startswith(".") for part in Path(name).parts))
    return Listing(files, tuple(path for path in found if unread_kind(path)), tuple(shown))


def _no_file(place: Path) -> UsageError:
    return UsageError(f"{place} has no RDF file.", f"name one with files that end in {', '.join(read_formats())}.")


def _walk(place: Path, left_out: Collection[str]) -> Iterator[Path]:
    for folder, folders, names in os.walk(place):
        here = Path(folder)
        start = "" if here == place else f"{here.relative_to(place).as_posix()}/"
        folders[:] = [one for one in folders if not one.startswith(".") and f"{start}{one}/" not in left_out]
        # A link to a folder is not followed; whoever reads what is called as a file says so.
        for name in (*names, *(one for one in folders if (here / one).is_symlink())):
            path = here / name
            if not name.startswith(".") and f"{start}{name}" not in left_out:
                yield path
