"""A proposal as a form: the fields of its parts, and the parts that a reviewer makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..turtle.authoring import slug_of
from .texts import PASSAGE

_OFFERED: Final[Mapping[str, tuple[str, ...]]] = {
    "entity": ("label", "definition"),
    "claim": ("label", "definition", "predicate", "note", "quote", "locator"),
    "edge": ("subject", "predicate", "object", "note", "locator"),
    "merger": ("survivor", "lost"),
    "correction": ("property", "was", "is"),
}
"""The fields that a form has of each kind of part, in this order, before the others that the part has."""
_LONG: Final = frozenset({"label", "definition", "note", "quote", "was", "is"})
_HIDDEN: Final = frozenset({"kind", PASSAGE})
_LINE: Final = "\n"

Parts = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Field:
    """A field of a part, as a form has it."""

    part: int
    """The number of the part, from 1."""
    kind: str
    name: str
    value: str
    """Several values are on lines of their own."""

    @property
    def key(self) -> str:
        """What the field is called in a form."""
        return f"{self.part}.{self.name}"

    @property
    def is_long(self) -> bool:
        """Whether it holds a sentence, or several values."""
        return self.name in _LONG or _LINE in self.value


def fields_of(parts: Parts) -> tuple[Field, ...]:
    """Return the fields of parts, in the order in which a reviewer reads them."""
    found = []
    for number, part in enumerate(parts, 1):
        kind = str(part["kind"])
        names = dict.fromkeys((*_OFFERED.get(kind, ()), *(name for name in part if name not in _HIDDEN)))
        found += [Field(number, kind, name, _shown(part.get(name, ""))) for name in names]
    return tuple(found)


def edited(parts: Parts, given: Mapping[str, str]) -> list[dict[str, Any]] | None:
    """Return parts with the values of a form, by the keys of their fields; None where that changes nothing.

    What is missing in the form stays, and what is empty goes. Another label makes another name of what is new, so that
    other parts then name it by that.
    """
    changed = [dict(part) for part in parts]
    for field in fields_of(parts):
        value = given.get(field.key)
        if value is None or _plain(value) == _plain(field.value):
            continue
        was = parts[field.part - 1].get(field.name)
        values = [line.strip() for line in value.splitlines() if line.strip()]
        if isinstance(was, list):
            changed[field.part - 1][field.name] = values
        else:
            changed[field.part - 1][field.name] = " ".join(values)
        if not values:
            del changed[field.part - 1][field.name]
    if changed == [dict(part) for part in parts]:
        return None
    for before, after in zip(parts, list(changed), strict=True):
        if before["kind"] in {"entity", "claim"} and not (before.get("slug") or after.get("slug")):
            old, new = (slug_of(str(one.get("label", ""))) for one in (before, after))
            if old != new:
                changed = [_renamed(part, old, new) for part in changed]
    return changed


def _renamed(part: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """Return a part in which what is named by an old slug is named by a new one."""

    def renamed(name: str, value: Any) -> Any:
        prefix, colon, slug = str(value).partition(":")
        is_id = name not in _LONG and colon and slug == old and " " not in prefix
        return f"{prefix}:{new}" if is_id else value

    return {
        name: [renamed(name, one) for one in value] if isinstance(value, list) else renamed(name, value)
        for name, value in part.items()
    }


def _shown(value: Any) -> str:
    return _LINE.join(map(str, value)) if isinstance(value, list) else str(value)


def _plain(text: str) -> str:
    return _LINE.join(" ".join(line.split()) for line in text.splitlines()).strip()
