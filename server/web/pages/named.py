"""The entities that a request names, as people type them: by CURIE, by another identifier, or by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ...knowledge.resolving import resolve_name
from ...records.pages import EntityRef
from ...records.sentences import sentence
from ..open_release import OpenRelease

LONGEST: Final = 300
"""Characters: a longer text is no name."""


@dataclass(frozen=True)
class Named:
    """What a parameter names: the text as typed, and its entity, or entities with similar names."""

    name: str
    """The name of the parameter."""
    typed: str
    entity: EntityRef | None = None
    close: tuple[EntityRef, ...] = ()

    @property
    def is_unknown(self) -> bool:
        """Whether a text was given that names no entity, or several."""
        return bool(self.typed) and self.entity is None

    @property
    def written(self) -> str:
        """The CURIE of the entity, or else what was typed."""
        return self.entity.curie if self.entity else self.typed

    @property
    def problem(self) -> str:
        """What is said of a text that names no entity, or several."""
        return sentence(
            "No entity, or more than one, is known by %(typed)s, which `%(name)s` names.",
            typed=repr(self.typed),
            name=self.name,
        )


def named(release: OpenRelease, name: str, text: str) -> Named:
    """Return the entity that the text of a parameter names, if it names one."""
    typed = text.strip()
    if not typed:
        return Named(name, "")
    one = resolve_name(release.store, release.namespaces, release.finder, lambda: release.identifiers, typed)
    return Named(name, typed, one.entity, one.close)
