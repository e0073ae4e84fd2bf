"""The edges that could join a pair, by the domains and ranges of the predicates and by what joins others like it."""

from __future__ import annotations

from dataclasses import dataclass

from ..records.candidates import Pair
from ..records.pages import EntityRef
from ..records.terms import PropertyTerm
from ..schema.schema import Schema
from ..sparql.queries import narrowed, question
from ..store.interface import Queryable


@dataclass(frozen=True)
class Offer:
    """A predicate with the members of a pair as its ends."""

    term: PropertyTerm
    start: EntityRef
    end: EntityRef

    @property
    def name(self) -> str:
        """What tells it from the other offers of the pair, as forms send it."""
        return f"{self.term.notation} {self.start.curie}"


def offers(store: Queryable, schema: Schema, pair: Pair) -> tuple[Offer, ...]:
    """Return the edges that could join a pair, in either direction; a symmetric one once.

    First comes what joins the most entities of these two classes in the base, then the most exact.
    """
    rows = store.select(
        narrowed(question("asserted_class"), {"entity": [f"<{one.iri}>" for one in (pair.first, pair.second)]})
    )
    classes = {str(row["entity"]): str(row["class"]) for row in rows}
    found = schema.joining(classes[pair.first.iri], classes[pair.second.iri])
    known = [
        Offer(term, pair.second, pair.first) if turned else Offer(term, pair.first, pair.second)
        for term, turned in found
    ]
    used = {
        tuple(str(row[name]) for name in ("predicate", "subject_class", "object_class")): int(row["count"])
        for row in store.select(question("predicates_between"))
    }
    return tuple(sorted(known, key=lambda one: -used.get((one.term.iri, one.start.class_name, one.end.class_name), 0)))
