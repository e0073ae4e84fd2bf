"""Mends words that the index does not have, by those that it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST: Final = 3
"""Letters: of a shorter word too little is left when one of them is wrong."""
_LONG: Final = 6
"""From so many letters on, two of them may be wrong."""
_BEGINNING: Final = 8
"""Letters of a beginning that are compared: what follows hardly tells words apart."""
_MOST: Final = 4
"""The most corrections of a word."""
_INNER: Final = 4
"""Letters: a shorter part of a word is in too many."""


class Spelling:
    """The words of an index: for each one whether it is in a name, and its document frequency."""

    def __init__(self, words: Mapping[str, tuple[bool, int]]) -> None:
        self._words = words
        self._list = list(words)
        # The likeliest first, so that the first few with some letters in them are the best.
        ranked = sorted(words, key=lambda word: (not words[word][0], -words[word][1], word))
        self._lines = "".join(f"\n{word}" for word in ranked) + "\n"
        # Cached by length: cutting every word again at every key press would take most of the time.
        self._starts = lru_cache(maxsize=None)(self._count_starts)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def count(self, term: str) -> int:
        """Return an upper bound of the document frequency of a term."""
        return min((self._words.get(word, (False, 0))[1] for word in term.split()), default=0)

    def with_inside(self, part: str) -> list[str]:
        """Return the words that have a part which is not their beginning, such as the end of a compound."""
        found, place = list[str](), 0
        while len(part) >= _INNER and len(found) < _MOST and (place := self._lines.find(part, place)) >= 0:
            place = self._lines.index("\n", place)
            found.append(self._lines[self._lines.rindex("\n", 0, place) + 1 : place])
        return found

    def near(self, wrong: str) -> list[str]:
        """Return the likely corrections of a word, the likeliest first.

        Counted are letters left out, put in, mistaken, and put in each other's place.
        """
        if len(wrong) < _SHORTEST:
            return []
        found = process.extract(wrong, self._list, scorer=OSA.distance, score_cutoff=_wrong_letters(wrong), limit=50)

        def rank(one: tuple[str, float, int]) -> tuple[object, ...]:
            word, distance, _ = one
            named, count = self._words[word]
            # Few people get the first letter wrong.
            return (distance + (word[0] != wrong[0]) * 0.5, not named, -count, word)

        return [word for word, *_ in sorted(found, key=rank)[:_MOST]] or self._joined(wrong)

    def beginning(self, start: str) -> list[str]:
        """Return the likely corrections of a prefix."""
        if len(start) < _SHORTEST:
            return []
        wrong = start[:_BEGINNING]
        starts = self._starts(len(wrong))
        found = process.extract(wrong, starts.keys(), scorer=OSA.distance, score_cutoff=_wrong_letters(wrong), limit=50)
        ranked = sorted(found, key=lambda one: (one[1], -starts[one[0]], one[0]))
        return [word for word, *_ in ranked[:_MOST]]

    def _count_starts(self, length: int) -> dict[str, int]:
        """Return how the words begin, and how many documents have words that begin so."""
        starts: Counter[str] = Counter()
        for word, (_, count) in self._words.items():
            starts[word[:length]] += count
        return starts

    def _joined(self, wrong: str) -> list[str]:
        """Return the two words that were written as one, as words that follow each other."""
        places = range(_SHORTEST, len(wrong) - _SHORTEST + 1)
        pairs = [(wrong[:place], wrong[place:]) for place in places]
        return [f"{one} {other}" for one, other in pairs if one in self._words and other in self._words][:1]


def _wrong_letters(word: str) -> int:
    """Return how many letters may be wrong."""
    return 2 if len(word) >= _LONG else 1
