"""The review queue as a reviewer at a terminal sees it: pairs, why they are there, and edges that could join them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .build import release_to_read
from .common import must_be_classes

if TYPE_CHECKING:
    from ..knowledge.offers import Offer
    from ..namespaces import Namespaces
    from ..records.candidates import Pair, QueueSelection, Thresholds
    from ..schema.schema import Schema
    from ..settings import Settings
    from ..store.interface import Queryable


@dataclass(frozen=True)
class Desk:
    """What a reviewer looks at: the queue as the current release has it."""

    store: Queryable
    namespaces: Namespaces
    schema: Schema
    settings: Settings
    selection: QueueSelection
    thresholds: Thresholds

    def queue(self, limit: int) -> tuple[tuple[Pair, ...], int]:
        """Return the first pairs of the queue, and how many there are."""
        from ..knowledge.candidates import queue

        found = queue(self.store, self.schema, self.selection, limit)
        return found.pairs, found.total

    def pair(self, name: str) -> Pair:
        """Return a pair by its id. Raises NotFoundError when it does not wait."""
        from ..knowledge.candidates import pair

        return pair(self.store, self.namespaces, name.removeprefix("candidate:"))

    def reasons(self, pair: Pair) -> tuple[str, ...]:
        """Return in words why a pair is in the queue."""
        from ..knowledge.candidates import reasons

        return reasons(pair, self.thresholds)

    def text(self, pair: Pair) -> str:
        """Return a pair as lines of text."""
        lines = [f"candidate:{pair.id}  worth {pair.worth:.3f}  {pair.state}"]
        for member in (pair.first, pair.second):
            lines += ["", f"{member.curie}  {member.label}", f"  {member.definition}"]
        lines += ["", "Why it is here:", *(f"  - {reason}" for reason in self.reasons(pair))]
        offers = [f"{one.start.curie} {one.term.notation} {one.end.curie}" for one in self.offers(pair)]
        return "\n".join([*lines, "", "Edges that could join them:", *(f"  {offer}" for offer in offers)])

    def offers(self, pair: Pair) -> tuple[Offer, ...]:
        """Return the edges that could join a pair, the most exact first."""
        from ..knowledge.offers import offers

        return offers(self.store, self.schema, pair)


def open_desk(settings: Settings, selection: QueueSelection) -> Desk:
    """Open the queue of the current release, which is built if there is none."""
    from ..build.releases import Releases
    from ..knowledge.candidates import thresholds
    from ..schema.reading import schema_of
    from ..turtle.reader import empty_base

    release_to_read(settings)
    _, namespaces, store = Releases(settings.releases).open_current(settings.namespaces, settings.memory_triples)
    must_be_classes(selection.classes, namespaces.classes)
    schema = schema_of(empty_base(settings.root, settings.namespaces))
    return Desk(store, namespaces, schema, settings, selection, thresholds(store))
