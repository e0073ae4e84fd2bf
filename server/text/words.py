"""The words of a text, and the pieces of them by which they are found.

A word in a script with blanks between words is one piece, and found by its beginning. Elsewhere nobody could say where
a word begins without a dictionary for each language; and where articles and prepositions are written as one with a
word, nobody would type those. There each word, or run of letters, is found by all its parts: an index has every group
of two letters of it (of three for alphabets), and what is looked for is a sequence of such groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Final

from .forms import FOLDS, clusters, composed
from .letters import KINDS, Kind

_LONGEST: Final = 64
"""Letters of a piece: a longer word is several that follow each other."""
_ASCII: Final = re.compile(rf"[a-z0-9]{{1,{_LONGEST}}}")
_PART: Final = re.compile(r"\S+")
_MOST_CACHED: Final = 32
"""Letters: whatever is longer is not likely to come again."""
_SIZES: Final = {Kind.OF_PAIRS: 2, Kind.OF_TRIPLES: 3}


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded.

    >>> words_of("Größenwahn der Straße: 篡改行為, C++")
    ['grossenwahn', 'der', 'strasse', '篡改行為', 'c']
    """
    if text.isascii():
        return _ASCII.findall(text.lower())
    return [word for part in composed(text).split() for word in _words_in(part)]


def pieces_of(words: Iterable[str]) -> list[str]:
    """Return the pieces under which an index has words.

    >>> pieces_of(["alignment", "篡改行"])
    ['alignment', '篡改', '改行', '行']
    """
    words = list(words)
    if all(map(str.isascii, words)):
        return words
    return [piece for word in words for piece in (_groups(word) if size_of(word) else (word,))]


def sought(words: list[str], *, is_beginning: bool = False) -> tuple[list[str], bool]:
    """Return the pieces that follow each other wherever these words do, and whether the last one is a beginning.

    `is_beginning` says that the last word may go on.

    >>> sought(["改行"]), sought(["行"]), sought(["align"], is_beginning=True)
    ((['改行'], False), (['行'], True), (['align'], True))
    """
    *others, last = words
    size = size_of(last)
    if not size:
        return [*pieces_of(others), last], is_beginning
    # The last groups of a word are shorter: they end where the word does, and here it may go on.
    ends = len(last) - size + 1
    return [*pieces_of(others), *(_groups(last)[:ends] if ends > 0 else [last])], ends < 1


def places_of(text: str) -> list[tuple[int, int]]:
    """Return where in `composed(text)` each of its pieces is: `pieces_of(words_of(text))`, in their order."""
    if text.isascii():
        return [match.span() for match in _ASCII.finditer(text.lower())]
    found = []
    for part in _PART.finditer(composed(text)):
        if part[0].isascii():
            found += [
                (part.start() + one.start(), part.start() + one.end()) for one in _ASCII.finditer(part[0].lower())
            ]
            continue
        for word, letters in _located(part[0]):
            size = size_of(word)
            for at in range(len(word)) if size else (0,):
                end = min(at + size, len(word)) if size else len(word)
                found.append((part.start() + letters[at][0], part.start() + letters[end - 1][1]))
    return found


def size_of(word: str) -> int:
    """Return of how many letters the groups are by which a word is found; 0 for a word that is found as a whole."""
    return 0 if word.isascii() else _SIZES.get(KINDS[word[0]], 0)


def _groups(word: str) -> list[str]:
    size = size_of(word)
    return [word[at : at + size] for at in range(len(word))]


def _words_in(part: str) -> Iterable[str]:
    if part.isascii():
        return _ASCII.findall(part.lower())
    return _few_words_in(part) if len(part) <= _MOST_CACHED else [word for word, _ in _located(part)]


@lru_cache(maxsize=1 << 16)  # the words of a base come again and again while its index is written
def _few_words_in(part: str) -> tuple[str, ...]:
    return tuple(word for word, _ in _located(part))


def _located(part: str) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Yield the words of a part of a text without blanks, each with where its letters are."""
    word, letters, kind = "", list[tuple[int, int]](), Kind.SEPARATOR
    pieces = list(clusters(part))
    for start, cluster in zip(accumulate(map(len, pieces), initial=0), pieces, strict=False):
        for letter in FOLDS[cluster]:
            now = KINDS[letter]
            if now is Kind.MARK:
                # A sign has no marks, and nothing begins with one.
                now = kind if word and kind is not Kind.SIGN else Kind.SEPARATOR
            is_full = kind is Kind.LETTER and len(word) == _LONGEST
            if word and (now is not kind or now is Kind.SIGN or is_full):
                yield word, letters
                word, letters = "", []
            kind = now
            if now is not Kind.SEPARATOR:
                word += letter
                letters.append((start, start + len(cluster)))
    if word:
        yield word, letters
