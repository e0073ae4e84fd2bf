"""Whether two proposals are one: what was rejected stays away, however it is spelled the next time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..text.names import key_of
from ..text.spelling import is_same_but_for_spelling

_NAMES: Final = ("subject", "object", "assertedIn", "of", "survivor", "lost", "class", "type", "property", "predicate")
"""The fields that name something, whatever the base calls it: another name is another thing."""
_TEXTS: Final = ("label", "definition", "note", "quote", "was", "is")
"""The fields that say something, which may be spelled in several ways. All others are about the proposal."""

Parts = Sequence[Mapping[str, Any]]


def key_of_parts(parts: Parts) -> tuple[tuple[str, ...], ...]:
    """Return what two proposals have in common if they are one, to look for one among many."""
    return tuple(sorted((str(part.get("kind", "")), *(_name(part, name) for name in _NAMES)) for part in parts))


def are_same(ones: Parts, others: Parts) -> bool:
    """Tell whether two proposals are the same but for the spelling of their texts and the order of their parts."""
    left = list(others)
    for part in ones:
        found = next((other for other in left if _are_one(part, other)), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def _are_one(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return key_of_parts([one]) == key_of_parts([other]) and all(
        is_same_but_for_spelling(_text(one, name), _text(other, name)) for name in _TEXTS
    )


def _name(part: Mapping[str, Any], field: str) -> str:
    # A predicate has a notation and a CURIE: has_part, akb:hasPart.
    text = _text(part, field)
    return key_of(text.rpartition(":")[2]).replace(" ", "").replace("_", "") if field == "predicate" else text


def _text(part: Mapping[str, Any], field: str) -> str:
    value = part.get(field, "")
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
