"""Proposals in the order in which a reviewer takes them: those about one source together, what others need first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .queue import Queued
from .texts import clean_line

_IDS: Final = ("subject", "object", "assertedIn", "of", "survivor", "lost")
"""The fields with the ids of entities and edges."""


@dataclass(frozen=True)
class Batch:
    """The proposals about one source."""

    source: str
    """Its CURIE; empty for those that name none."""
    proposals: tuple[Queued, ...]


def batches(found: Iterable[Queued]) -> tuple[Batch, ...]:
    """Return proposals by their sources, each batch at the place of the first that came; what is for later is last."""
    groups: dict[tuple[bool, str], list[Queued]] = {}
    for one in found:
        groups.setdefault((one.decision is not None, source_of(one)), []).append(one)
    return tuple(Batch(source, tuple(_needed_first(group))) for (_, source), group in groups.items())


def in_order(found: Iterable[Queued]) -> tuple[Queued, ...]:
    """Return proposals batch after batch."""
    return tuple(one for batch in batches(found) for one in batch.proposals)


def source_of(one: Queued) -> str:
    """Return the CURIE of what a proposal is read off: where it is asserted, or else where its first edge starts."""
    for field in ("assertedIn", "subject", "of", "survivor"):
        for part in one.parts:
            if value := part.get(field):
                return str(value)
    return ""


def title_of(one: Queued) -> str:
    """Return a proposal in one line: what it is about, or else what it changes."""
    first = one.parts[0]
    ends = " ".join(str(first[name]) for name in ("subject", "predicate", "object") if name in first)
    said = first.get("label") or ends or one.record["summary"]
    more = len(one.parts) - 1
    return clean_line(f"{first['kind']}: {said}") + (f" (+{more})" if more else "")


def created_by(one: Queued) -> frozenset[str]:
    """Return the CURIEs of the entities that a proposal adds, as it was when it came."""
    difference = one.record.get("difference") or {}
    return frozenset(str(new["name"]) for new in difference.get("entities", ()) if new.get("change") == "added")


def named_by(one: Queued) -> frozenset[str]:
    """Return the CURIEs of the entities and edges that a proposal speaks of."""
    return frozenset(value for part in one.parts for name in _IDS for value in _values(part.get(name)))


def _needed_first(found: Sequence[Queued]) -> list[Queued]:
    makers = {name: one for one in found for name in created_by(one)}
    ordered: dict[str, Queued] = {}
    begun: set[str] = set()

    def put(one: Queued) -> None:
        if one.id in begun:
            return
        begun.add(one.id)
        for name in sorted(named_by(one)):
            if name in makers:
                put(makers[name])
        ordered[one.id] = one

    for one in found:
        put(one)
    return list(ordered.values())


def _values(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
