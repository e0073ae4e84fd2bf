"""Extracts proposals from the text of a work: a maker finds candidates, and each is tried on the base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import BusyError, UsageError
from ..proposals.queue import Queued
from ..proposals.submitting import submit
from ..schema.reading import schema_of
from ..settings import Settings
from ..similarity.querying import can_embed, embed_query
from ..similarity.reading import Similarity
from ..texts.shelf import Shelf
from ..turtle.reader import read_base
from .candidates import Candidate, Maker
from .known import Known
from .parts import proposal_of
from .rules import Alike
from .works import Work, work_named

_ALIKE: int = 5
"""How many entities that are near say what codes a new one has."""


@dataclass(frozen=True)
class Extracted:
    """A candidate, and what became of it as a proposal."""

    candidate: Candidate
    record: dict[str, Any]
    """What was found of it (`proposals.writing.outcome_record`); empty where the base has no place for it."""
    queued: Queued | None = None
    is_new: bool = False
    why_not: str = ""
    """Why it did not come into the queue, as a sentence."""

    @property
    def nearest(self) -> str:
        """The CURIE of the entity of the base that is nearest to it."""
        found = self.record.get("near") or [{"id": ""}]
        return str(found[0]["id"])


@dataclass
class Extraction:
    """What is extracted from the text of one work."""

    settings: Settings
    work: Work
    known: Known
    maker: Maker
    similarity: Similarity | None
    notes: tuple[str, ...] = field(default=())

    def run(self, *, lands: bool, least: float = 0.0, most: int = 0) -> Iterator[Extracted]:
        """Yield what was found, the best first: with a score of at least `least`, `most` of them (0: all).

        With `lands`, what the base can take is put into the queue. Raises NotFoundError where there is no text.
        """
        passages = Shelf(self.settings).must_have(self.work.name)
        found = self.maker.find(passages, self.work, self.known)
        self.notes = found.notes
        chosen = [one for one in found.candidates if one.score >= least]
        for one in chosen[: most or None]:
            yield self._tried(one, lands=lands)

    def _tried(self, one: Candidate, *, lands: bool) -> Extracted:
        proposal = proposal_of(one, self.work, self.known, self.maker, self._alike(one))
        if proposal is None:
            return Extracted(one, {}, why_not="The base has no class or predicate for it.")
        try:
            found = submit(self.settings, proposal, similarity=self.similarity, lands=lands)
        except (UsageError, BusyError) as error:
            return Extracted(one, {}, why_not=error.message)
        why_not = "" if found.record["accepted"] else _reason(found.record)
        return Extracted(one, found.record, found.queued, found.is_new, why_not)

    def _alike(self, one: Candidate) -> tuple[str, ...]:
        term = self.known.classes.get(one.role)
        if self.similarity is None or term is None or not can_embed(self.similarity):
            return ()
        entities = self.known.entities
        of_class = [iri for iri, entity in entities.items() if entity.class_iri == term.iri]
        vector = embed_query(self.similarity, f"{one.label}. {one.definition}")
        return tuple(near.iri for near in self.similarity.nearest(vector, _ALIKE, of_class))


def extraction(settings: Settings, name: str, maker: Maker, similarity: Similarity | None) -> Extraction:
    """Make an extraction ready. Raises NotFoundError and UsageError for what is no work of the base."""
    base = read_base(settings.root, settings.namespaces)
    schema = schema_of(base)
    return Extraction(settings, work_named(base, schema, name), Known(base, schema), maker, similarity)


def alike_by(similarity: Similarity | None) -> Alike | None:
    """Return what tells how near texts are to each other, by the embedding of a release; None where there is none.

    Only the sentence model knows which sentences say the same.
    """
    if similarity is None or similarity.kind != "minilm" or not can_embed(similarity):
        return None

    def alike(texts: Sequence[str]) -> Sequence[Sequence[float]]:
        vectors = [embed_query(similarity, text) for text in texts]
        return [[float(one @ other) for other in vectors] for one in vectors]

    return alike


def _reason(record: dict[str, Any]) -> str:
    """Return why a proposal is refused, in a sentence."""
    first = next(one for one in record["findings"] if one["severity"] == "violation")
    return str(first["message"])
