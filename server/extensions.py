"""Extensions from other packages: objects that they declare as entry points in their metadata.

docs/extending.md has an example of each kind. Nothing is loaded before it is asked for, and each object once in a
process.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from .errors import UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, EntryPoints


class Group(StrEnum):
    """The groups of entry points, each with what the entry points of it name."""

    FORMATS = "akb.formats"
    """`server.serialization.Format`."""
    IMPORTERS = "akb.importers"
    """`server.importers.importing.Importer`."""
    RULES = "akb.rules"
    """`server.validation.lint.added.Rule`."""
    SECTIONS = "akb.sections"
    """`server.knowledge.added_sections.Section`."""


@cache
def added(group: Group) -> Mapping[str, Any]:
    """Return what other packages add to a group, by name, in the order of the names.

    Raises UsageError for an entry point that cannot be loaded, or a name that two packages use.
    """
    found: dict[str, Any] = {}
    for point in sorted(_all().select(group=group), key=lambda point: point.name):
        if point.name in found:
            raise UsageError(
                f"Two packages add {point.name!r} to {group}; one is {_package(point)}.", "uninstall one of them."
            )
        try:
            found[point.name] = point.load()
        except Exception as error:
            raise UsageError(
                f"{point.name!r} of {group}, from {_package(point)}, cannot be loaded: {type(error).__name__}: {error}",
                "fix that package, or uninstall it.",
            ) from error
    return found


def of_type(group: Group, kind: type) -> tuple[Any, ...]:
    """Return what is added to a group. Raises UsageError as `added` does, and for what is not of the type `kind`."""
    for name, one in added(group).items():
        if not isinstance(one, kind):
            raise UsageError(
                f"{name!r} of {group} is of the type {type(one).__name__}, not {kind.__module__}.{kind.__qualname__}.",
                "docs/extending.md has an example.",
            )
    return tuple(added(group).values())


def packages() -> tuple[str, ...]:
    """Return the packages that add something, each with its version, sorted; nothing is loaded."""
    return tuple(sorted({_package(point) for group in Group for point in _all().select(group=group)}))


# Reading the metadata of all installed packages takes some milliseconds.
@cache
def _all() -> EntryPoints:
    from importlib.metadata import entry_points  # noqa: PLC0415 - it brings the parser of e-mail

    return cast("EntryPoints", entry_points())  # Python 3.11 has another type that selects alike


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "a package without a name"
