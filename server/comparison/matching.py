"""Finds what is the same under another name: entities that were renamed, and edges whose ends or source changed.

An edge's IRI is made of its ends and its source, so that an edge gets another one whenever one of these changes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rapidfuzz.fuzz import ratio

from ..namespaces import AKB, DCTERMS
from .describing import Description, Descriptions
from .records import Value

_ALIKE: Final = 0.5
"""The least part of all that is said of two entities that must be said of both, for them to be one entity renamed."""
_CROWD: Final = 20
"""What more nodes than this have in common does not tell which is which."""
_IDENTIFIER: Final = f"{DCTERMS}identifier"

Pair = tuple[str, str]


@dataclass(frozen=True)
class Ends:
    """What an edge joins, and who says so; IRIs, empty where there is none."""

    subject: str
    predicate: str
    object: str
    source: str
    note: str

    def renamed(self, names: Mapping[str, str]) -> Ends:
        """Return the ends under the new names of the entities."""
        subject, object_, source = (names.get(end, end) for end in (self.subject, self.object, self.source))
        return Ends(subject, self.predicate, object_, source, self.note)


def ends_of(description: Description) -> Ends:
    """Read the ends off the description of an edge; of several values the first counts."""

    def one(name: str) -> str:
        values = sorted(description.get(f"{AKB}{name}", ()))
        return (values[0].iri or values[0].text) if values else ""

    return Ends(one("subject"), one("predicate"), one("object"), one("assertedIn"), one("note"))


def renamed_entities(removed: Descriptions, added: Descriptions) -> dict[str, str]:
    """Return the new IRI of each entity that is gone under its old one and there under a new one.

    They are the same when at least half of what is said of either is said of both, a text among it.
    """
    before = {iri: _said(description) for iri, description in removed.items()}
    after = {iri: _said(description) for iri, description in added.items()}
    candidates = _sharing(
        {iri: {said for said in all_said if not said[1].iri} for iri, all_said in before.items()},
        {iri: {said for said in all_said if not said[1].iri} for iri, all_said in after.items()},
    )

    def likeness(pair: Pair) -> float:
        old, new = before[pair[0]], after[pair[1]]
        return len(old & new) / len(old | new)

    likely = [pair for pair in candidates if likeness(pair) >= _ALIKE]
    return dict(_best(likely, lambda pair: (likeness(pair), ratio(*pair))))


def same_edges(removed: Mapping[str, Ends], added: Mapping[str, Ends], names: Mapping[str, str]) -> dict[str, str]:
    """Return the new IRI of each edge that is gone under its old one and there under a new one.

    First come edges whose ends are the same under the new names of entities; then those between the same ends with the
    same predicate or source; then those with the same note that agree in two of subject, predicate, object and source.
    """
    before = {iri: ends.renamed(names) for iri, ends in removed.items()}
    found: dict[str, str] = {}

    def agreement(pair: Pair) -> int:
        old, new = before[pair[0]], added[pair[1]]
        return sum(getattr(old, end) == getattr(new, end) for end in ("subject", "predicate", "object", "source"))

    def same_note(pair: Pair) -> bool:
        return before[pair[0]].note == added[pair[1]].note

    def look(key: Callable[[Ends], Iterable[Hashable]], fits: Callable[[Pair], bool]) -> None:
        old = {iri: set(key(ends)) for iri, ends in before.items() if iri not in found}
        taken = set(found.values())
        new = {iri: set(key(ends)) for iri, ends in added.items() if iri not in taken}
        likely = [pair for pair in _sharing(old, new) if fits(pair)]
        found.update(_best(likely, lambda pair: (agreement(pair), same_note(pair))))

    look(lambda ends: [(ends.subject, ends.predicate, ends.object, ends.source)], lambda _: True)
    # A symmetric predicate sorts its ends, so that a new name may swap them.
    look(lambda ends: [(frozenset((ends.subject, ends.object)), ends.predicate, ends.source)], lambda _: True)
    look(lambda ends: [(ends.subject, ends.object)], lambda pair: agreement(pair) >= 3)
    look(lambda ends: [ends.note] if ends.note else [], lambda pair: agreement(pair) >= 2)
    return found


def _said(description: Description) -> set[tuple[str, Value]]:
    return {(name, value) for name, values in description.items() if name != _IDENTIFIER for value in values}


def _sharing(before: Mapping[str, set[Hashable]], after: Mapping[str, set[Hashable]]) -> set[Pair]:
    """Return the pairs that have something in common which few others have."""
    old, new = _by_key(before), _by_key(after)
    return {
        (one, other)
        for key in old.keys() & new.keys()
        if len(old[key]) <= _CROWD and len(new[key]) <= _CROWD
        for one in old[key]
        for other in new[key]
    }


def _by_key(keys: Mapping[str, set[Hashable]]) -> dict[Hashable, list[str]]:
    index: dict[Hashable, list[str]] = {}
    for name, of_name in keys.items():
        for key in of_name:
            index.setdefault(key, []).append(name)
    return index


def _best(pairs: Iterable[Pair], score: Callable[[Pair], tuple[float, ...]]) -> list[Pair]:
    """Choose pairs, the likeliest first, so that nothing is in two of them."""
    chosen: list[Pair] = []
    used: set[str] = set()
    for old, new in sorted(pairs, key=lambda pair: ([-part for part in score(pair)], pair)):
        if old not in used and new not in used:
            chosen.append((old, new))
            used |= {old, new}
    return chosen
