"""Mends words that the index does not have, by those that it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST: Final = 3
"""Letters: of a shorter word too little is left when one of them is wrong."""
_LONG: Final = 6
"""From so many letters on, two of them may be wrong."""
_MOST: Final = 4
"""How many words one may be mended by."""


class Spelling:
    """The words of an index: for each one whether it stands in a name, and in how many documents it stands."""

    def __init__(self, words: Mapping[str, tuple[bool, int]]) -> None:
        self._words = words
        self._list = list(words)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def near(self, wrong: str) -> list[str]:
        """Return the words that a word may have been meant to be, the likeliest first.

        Counted are letters left out, put in, mistaken, and put in each other's place.
        """
        if len(wrong) < _SHORTEST:
            return []
        found = process.extract(
            wrong, self._list, scorer=OSA.distance, score_cutoff=2 if len(wrong) >= _LONG else 1, limit=50
        )

        def rank(one: tuple[str, float, int]) -> tuple[object, ...]:
            word, distance, _ = one
            named, count = self._words[word]
            # Few people get the first letter wrong.
            return (distance + (word[0] != wrong[0]) * 0.5, not named, -count, word)

        return [word for word, *_ in sorted(found, key=rank)[:_MOST]] or self._joined(wrong)

    def beginning(self, start: str) -> list[str]:
        """Return how the words begin that a beginning may have been meant for."""
        if len(start) < _SHORTEST:
            return []
        length = len(start)
        starts: dict[str, int] = {}
        for word, (_, count) in self._words.items():
            starts[word[:length]] = starts.get(word[:length], 0) + count
        found = process.extract(start, list(starts), scorer=OSA.distance, score_cutoff=1 + (length >= _LONG), limit=50)
        return [word for word, *_ in sorted(found, key=lambda one: (one[1], -starts[one[0]], one[0]))[:_MOST]]

    def _joined(self, wrong: str) -> list[str]:
        """Return the two words that were written as one, as words that follow each other."""
        places = range(_SHORTEST, len(wrong) - _SHORTEST + 1)
        pairs = [(wrong[:place], wrong[place:]) for place in places]
        return [f"{one} {other}" for one, other in pairs if one in self._words and other in self._words][:1]
