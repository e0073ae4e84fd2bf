"""What the base says in other languages than English, and records in the languages of their reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from ..namespaces import Namespaces
from ..records.languages import OtherLanguages, Said, Text, Wording
from ..records.overviews import Bearing
from ..records.pages import Direction, EntityPage, EntityRef, Link
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
    if type(value) in {tuple, list}:
        return type(value)(_localized(one, others, wanted) for one in value)
    # Other dataclasses are no data: stores, settings, what is open.
    if not is_dataclass(value) or isinstance(value, type) or ".records" not in type(value).__module__:
        return value
    parts = {part.name: getattr(value, part.name) for part in fields(value)}
    said = {name: _localized(part, others, wanted) for name, part in parts.items()}

    def words(curie: str, what: Said, name: str) -> None:
        said[name] = others.said(curie, what, parts[name], wanted)

    if isinstance(value, EntityRef):
        words(value.curie, Said.LABEL, "label")
        if value.definition:
            words(value.curie, Said.DEFINITION, "definition")
    elif isinstance(value, Link):
        words(value.edge, Said.NOTE, "note")
        words(value.predicate, Said.INVERSE_PHRASE if value.direction is Direction.IN else Said.PHRASE, "label")
    elif isinstance(value, Bearing):
        words(value.edge, Said.NOTE, "note")
    elif isinstance(value, EntityPage) and isinstance(said["entity"].label, Text):
        said["alt_labels"] = (value.entity.label, *(one for one in value.alt_labels if one != said["entity"].label))
    changed = {name: part for name, part in said.items() if part is not parts[name]}
    return replace(value, **changed) if changed else value
