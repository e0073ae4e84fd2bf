"""The entities that a request names, as people type them: by CURIE, by another identifier, or by name."""

from __future__ import annotations

from dataclasses import dataclass

from ...knowledge.identifiers import identifiers
from ...knowledge.resolving import resolve_name
from ...records.pages import EntityRef
from ..current import OpenRelease


@dataclass(frozen=True)
class Named:
    """What was typed, and its entity, or entities with similar names."""

    typed: str
    entity: EntityRef | None = None
    close: tuple[EntityRef, ...] = ()

    @property
    def is_unknown(self) -> bool:
        """Whether something was typed that names no entity."""
        return bool(self.typed) and self.entity is None

    @property
    def written(self) -> str:
        """The CURIE of the entity, or else what was typed."""
        return self.entity.curie if self.entity else self.typed


def named(release: OpenRelease, typed: str) -> Named:
    """Return the entity that a text names, if it names one."""
    if not typed.strip():
        return Named("")
    one = resolve_name(
        release.store,
        release.namespaces,
        release.finder,
        lambda: release.once(("identifiers",), lambda: identifiers(release.store)),
        typed.strip(),
    )
    return Named(typed.strip(), one.entity, one.close)
