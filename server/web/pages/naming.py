"""Entities that a form or an address names, by whatever name somebody knows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ...knowledge.identifiers import identifiers
from ...knowledge.resolving import resolve_name
from ...records.pages import EntityRef
from ..current import OpenRelease

LONGEST: Final = 300
"""Characters: a longer text is no name."""


@dataclass(frozen=True)
class Named:
    """What a parameter names: the text as typed, and its entity, or entities with similar names."""

    name: str
    """That of the parameter."""
    typed: str
    entity: EntityRef | None = None
    close: tuple[EntityRef, ...] = ()

    @property
    def is_unknown(self) -> bool:
        """Whether something was typed, and it is no name that one entity alone has."""
        return bool(self.typed) and self.entity is None


def named(release: OpenRelease, name: str, typed: str) -> Named:
    """Return what a parameter names, which has been stripped of blanks; nothing where it is empty."""
    if not typed:
        return Named(name, "")
    one = resolve_name(
        release.store,
        release.namespaces,
        release.finder,
        lambda: release.once(("identifiers",), lambda: identifiers(release.store)),
        typed,
    )
    return Named(name, typed, one.entity, one.close)
