"""What the base says in other languages than English, and records in the languages of their reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from ..namespaces import Namespaces
from ..records.languages import Localizable, OtherLanguages, Wording
from ..sparql.queries import question
from ..store.interface import Queryable

T = TypeVar("T")


def other_languages(store: Queryable, namespaces: Namespaces) -> Iterator[Wording]:
    """Yield all that a base says in other languages than English."""
    for row in store.select(question("other_languages")):
        yield Wording(namespaces.compact(str(row["focus"])), str(row["what"]), str(row["tag"]), str(row["words"]))


def localize(value: T, others: OtherLanguages, wanted: Sequence[str]) -> T:
    """Return a record, or a sequence of records, with its words in the first language that is wanted and there is.

    What has no words in any of them stays in English.
    """
    return cast("T", _localized(value, others, wanted)) if others.tags else value


def _localized(value: Any, others: OtherLanguages, wanted: Sequence[str]) -> Any:
    kind = type(value)
    if kind in {tuple, list}:
        return kind(_localized(one, others, wanted) for one in value)
    if not (is_dataclass(kind) and _may_hold_words(kind)):
        return value
    parts = {part.name: getattr(value, part.name) for part in fields(value)}
    said = {name: _localized(part, others, wanted) for name, part in parts.items()}
    if isinstance(value, Localizable):
        said |= value.localized(lambda curie, what, english: others.said(curie, what, english, wanted))
    changed = {name: part for name, part in said.items() if part is not parts[name]}
    return replace(value, **changed) if changed else value


@cache
def _may_hold_words(kind: type) -> bool:
    """Tell whether a dataclass has words, or its fields may have records with words.

    Records are frozen; what is not holds state, such as a store.
    """
    return _reaches_words(kind, set())


def _reaches_words(kind: Any, seen: set[Any]) -> bool:
    if kind in seen:
        return False
    seen.add(kind)
    if inner := get_args(kind):
        return get_origin(kind) is not Callable and any(_reaches_words(one, seen) for one in inner)
    if not isinstance(kind, type):
        # Of Any and of a type variable, nothing is known.
        return kind is Any or isinstance(kind, TypeVar)
    return issubclass(kind, Localizable) or kind is object or any(_reaches_words(one, seen) for one in _parts(kind))


def _parts(kind: type) -> list[Any]:
    """Return the types of the fields of a record, of what is none nothing."""
    if not is_dataclass(kind) or not kind.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        return []
    try:
        return list(get_type_hints(kind).values())
    except NameError:
        # A type is imported for type checkers alone.
        return [Any]
