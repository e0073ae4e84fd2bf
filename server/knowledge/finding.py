"""Finds entities by their words, by what a text means, or by both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from ..errors import UsageError
from ..search.index import SearchIndex
from ..search.records import Found, Ranking, Suggestion
from ..similarity.choosing import how_to_install
from ..similarity.querying import can_embed, embed_query
from ..similarity.reading import Similarity

LONGEST: Final = 200
"""Characters: a longer text is not looked for."""

_NEAREST: Final = 50
"""How many entities are near to a text at most."""
NEAR: Final = {"minilm": 0.3, "tfidf": 0.3}
"""From which cosine on an entity is near to a text, by the kind of the embedding."""


class Mode(StrEnum):
    """How entities are found."""

    TEXT = "text"
    """By the words of the text."""
    SEMANTIC = "semantic"
    """By the nearness of their embeddings to that of the text."""
    HYBRID = "hybrid"
    """By both: nearness in meaning is part of the score."""


@dataclass(frozen=True)
class Finder:
    """Searches one release."""

    index: SearchIndex
    similarity: Similarity | None

    @classmethod
    def open(cls, release: Path) -> Finder:
        """Open the index of a release, and its vectors where it has some. Raises UnreadableError."""
        return cls(SearchIndex.open(release), Similarity.open(release))

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The modes that there are, the default one first."""
        if self.similarity is None or not can_embed(self.similarity):
            return (Mode.TEXT,)
        # What was measured decides: docs/search.md.
        if self.similarity.kind == "minilm":
            return (Mode.HYBRID, Mode.TEXT, Mode.SEMANTIC)
        return (Mode.TEXT, Mode.HYBRID, Mode.SEMANTIC)

    def find(
        self,
        text: str,
        mode: Mode | None = None,
        *,
        classes: Sequence[str] = (),
        statuses: Sequence[str] = (),
        limit: int = 20,
        offset: int = 0,
    ) -> Found:
        """Return a page of the entities that fit a text, the best first; see `SearchIndex.search`.

        Raises UsageError for a mode that this release, or this machine, does not have.
        """
        ranking = self.rank(text, self.modes[0] if mode is None else mode)
        return self.index.page(ranking, classes=classes, statuses=statuses, limit=limit, offset=offset)

    def rank(self, text: str, mode: Mode) -> Ranking:
        """Return all that fits a text, the best first."""
        if mode not in self.modes:
            raise UsageError(f"There is no search by meaning here: mode {mode} needs an embedding.", how_to_install())
        if mode is Mode.TEXT or self.similarity is None or not text.strip():
            return self.index.rank(text)
        meaning = _Meaning(self.similarity)
        if mode is Mode.HYBRID:
            return self.index.rank(text, meaning)
        return self.index.ranking_of(list(meaning.cosines(self.index.rank(text).meant or text, ())))

    def suggest(self, typed: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return entities that what was typed so far may become."""
        return self.index.suggest(typed, limit)


@dataclass(frozen=True)
class _Meaning:
    """How near entities are to a text in meaning, by the vectors of a release."""

    similarity: Similarity

    def cosines(self, text: str, iris: Sequence[str]) -> dict[str, float]:
        """Return how near a text is to the nearest entities, the nearest first, then to those with some IRIs."""
        vector = embed_query(self.similarity, text)
        least = NEAR[self.similarity.kind]
        nearest = {one.iri: one.cosine for one in self.similarity.nearest(vector, _NEAREST) if one.cosine >= least}
        others = self.similarity.nearest(vector, len(iris), among=iris) if iris else ()
        return nearest | {one.iri: one.cosine for one in others}
