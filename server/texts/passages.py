"""Where a text has a quote: word by word, or nearly.

Word by word means that the tokens of the quote follow each other in the text (`tokens.py`); an ellipsis, or words in
square brackets, stand for what is left out. Nearly means that what differs is not what the sentence says: a citation
that one of both lacks, a word spelled another way, "percent" for "%", or the letters `fi`, `fl` and `ff` that some PDFs
lose. A changed number, a word more, less or in place of another is no quote.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import accumulate
from typing import Final

from ..text.forms import composed
from .numbers import spelled_out
from .records import SourceText, Spot
from .tokens import Token, tokens_of, without_citations

_GAP: Final = re.compile(
    r"\s*(?:\[\s*(?:\.\.\.|\u2026)\s*\]|\(\s*(?:\.\.\.|\u2026)\s*\)|\.\.\.+|\u2026|\[[^\[\]]*[^\W\d_]{2}[^\[\]]*\])\s*"
)
"""What stands in a quote for words of the source that it leaves out, or puts in other words: `...`, `[the model]`."""
_FARTHEST: Final = 150
"""How many tokens an ellipsis may stand for."""
_RUN: Final = 3
"""How many tokens in a row a quote and a text must share for the place to be looked at."""
_SPELLED: Final = 5
"""Letters: shorter words are not taken for the same word spelled another way."""
_WORDS_A_SLIP: Final = 10
"""One in so many words of a quote may be spelled another way."""
_LIGATURE: Final = re.compile("f[fil]+")


@dataclass(frozen=True)
class Passage:
    """Where a quote is in a text."""

    spots: tuple[Spot, ...]
    """The sentences that hold it."""
    is_exact: bool
    """Whether it is there word by word."""
    words: str
    """The words of the text."""

    @property
    def text(self) -> str:
        """The sentences that hold it, as a line."""
        return " ".join(spot.sentence.text for spot in self.spots)


@dataclass(frozen=True)
class Missing:
    """A quote is not in a text; `nearest` are the words that are most like it, empty where none are."""

    nearest: str = ""
    likeness: float = 0.0
    """How like they are, from 0 to 1."""


@dataclass(frozen=True)
class _Line:
    """Tokens in a row, and the same as one word."""

    tokens: tuple[Token, ...]
    owners: tuple[int, ...]
    """For each token, the number of its sentence."""
    stream: str
    starts: dict[int, int]
    """The number of the token that begins at a place of the stream."""
    ends: dict[int, int]
    """The number of the token that ends there."""
    after: tuple[int, ...]
    """For each token, where it ends in the stream."""

    @classmethod
    def of(cls, tokens: Sequence[Token], owners: Sequence[int]) -> _Line:
        after = tuple(accumulate(len(token.key) for token in tokens))
        ends = {end: number for number, end in enumerate(after)}
        starts = {end - len(token.key): number for number, (token, end) in enumerate(zip(tokens, after, strict=True))}
        return cls(tuple(tokens), tuple(owners), "".join(token.key for token in tokens), starts, ends, after)

    def find(self, pieces: Sequence[str]) -> tuple[int, int] | None:
        """Return the numbers of the first and last token of pieces in their order; None where they are not there."""
        at = -1
        while (at := self.stream.find(pieces[0], at + 1)) >= 0:
            if (found := self._from(at, pieces)) is not None:
                return found
        return None

    def _from(self, at: int, pieces: Sequence[str]) -> tuple[int, int] | None:
        first = self.starts.get(at)
        last = self.ends.get(at + len(pieces[0]))
        if first is None or last is None:
            return None
        for piece in pieces[1:]:
            limit = min(len(self.tokens) - 1, last + _FARTHEST)
            where = self.stream.find(piece, self.after[last])
            while where >= 0 and not (where in self.starts and where + len(piece) in self.ends):
                where = self.stream.find(piece, where + 1)
            if where < 0 or self.starts[where] > limit:
                return None
            last = self.ends[where + len(piece)]
        return first, last


class Passages:
    """The sentences of a text, made ready to be searched."""

    def __init__(self, text: SourceText) -> None:
        self.text = text
        self._spots = text.places
        self._exact = self._line(lambda words: words)

    def find(self, quote: str) -> Passage | Missing:
        """Return where a quote is, or what is nearest to it."""
        pieces = [piece for part in _GAP.split(composed(quote)) if (piece := tokens_of(part))]
        if not pieces:
            return Missing()
        found = self._exact.find([_key(piece) for piece in pieces])
        if found is not None:
            return self._passage(self._exact, *found, is_exact=True)
        return self._nearly(quote)

    def _nearly(self, quote: str) -> Passage | Missing:
        parts = [part for part in _GAP.split(composed(quote)) if tokens_of(part)]
        pieces = [tokens_of(_plain(part)) for part in parts]
        pieces = [piece for piece in pieces if piece]
        if not pieces:
            return Missing()
        line = self._loosely
        found = line.find([_key(piece) for piece in pieces])
        if found is not None:
            return self._passage(line, *found, is_exact=False)
        ends: list[tuple[int, int]] = []
        best = Missing()
        for piece in pieces:
            window = self._window(piece)
            if window is None:
                return best if best.nearest else Missing()
            first, last, slips, likeness = window
            if slips is None or (ends and not 0 < first - ends[-1][1] <= _FARTHEST):
                return Missing(self._words_of(line, first, last), likeness)
            ends.append((first, last))
        return self._passage(line, ends[0][0], ends[-1][1], is_exact=False)

    def _window(self, piece: list[Token]) -> tuple[int, int, int | None, float] | None:
        """Return the place most like a piece: its first and last token, the slips (None: too many), the likeness."""
        from rapidfuzz import fuzz  # noqa: PLC0415 - most quotes are there word by word, and it takes long to import

        line, keys = self._loosely, [token.key for token in piece]
        votes: Counter[int] = Counter()
        for size in range(min(_RUN, len(keys)), 0, -1):
            for at in range(len(keys) - size + 1):
                for place in self._runs.get(tuple(keys[at : at + size]), ())[:50]:
                    votes[place - at] += 1
            if votes:
                break
        best: tuple[int, int, int | None, float] | None = None
        for start, _ in votes.most_common(5):
            low = max(0, start - 4)
            window = [token.key for token in line.tokens[low : max(start, 0) + len(keys) + 8]]
            first, last, slips = self._compare(window, keys)
            alike = fuzz.ratio("".join(window[first : last + 1]), "".join(keys)) / 100
            found = (low + first, low + last, slips, alike)
            if best is None or (slips is not None, alike) > (best[2] is not None, best[3]):
                best = found
        return best

    def _compare(self, window: list[str], keys: list[str]) -> tuple[int, int, int | None]:
        """Return where in a window keys are, and how many words are spelled another way; None for other differences."""
        blocks = SequenceMatcher(None, window, keys, autojunk=False).get_matching_blocks()
        matched = [block for block in blocks if block.size]
        if not matched:
            return 0, len(window) - 1, None
        first = max(0, matched[0].a - matched[0].b)
        after = len(keys) - matched[-1].b - matched[-1].size
        last = min(len(window), matched[-1].a + matched[-1].size + after) - 1
        slips = 0
        spans = SequenceMatcher(None, window[first : last + 1], keys, autojunk=False).get_opcodes()
        for kind, a, b, c, d in spans:
            if kind == "equal":
                continue
            ours, theirs = window[first + a : first + b], keys[c:d]
            if "".join(ours) == "".join(theirs) or self._lost_ligature(ours, theirs):
                continue
            if len(ours) == len(theirs) and all(self._is_spelling(*pair) for pair in zip(ours, theirs, strict=True)):
                slips += len(ours)
                continue
            return first, last, None
        return first, last, slips if slips <= max(1, len(keys) // _WORDS_A_SLIP) else None

    def _lost_ligature(self, ours: list[str], theirs: list[str]) -> bool:
        """Tell whether a text lacks only the ligatures of what is quoted."""
        if not self.text.pages or any(key.startswith("#") for key in (*ours, *theirs)):
            return False
        written, wanted = "".join(ours), "".join(theirs)
        return (
            len(written) >= 2 and len(written) < len(wanted) and _LIGATURE.sub("", wanted) == _LIGATURE.sub("", written)
        )

    def _is_spelling(self, ours: str, theirs: str) -> bool:
        """Tell whether two words are one, spelled in two ways.

        They differ by one letter within, and the text has no word that is spelled as the quote has it.
        """
        from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - as above

        if ours == theirs:
            return True
        if min(len(ours), len(theirs)) < _SPELLED or not (ours + theirs).isalpha():
            return False
        if ours[:2] != theirs[:2] or ours[-1] != theirs[-1] or theirs in self._vocabulary:
            return False
        return Levenshtein.distance(ours, theirs) == 1

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        return frozenset(token.key for token in self._exact.tokens)

    @cached_property
    def _loosely(self) -> _Line:
        return self._line(_plain)

    @cached_property
    def _runs(self) -> dict[tuple[str, ...], list[int]]:
        """Where the text has each run of up to three tokens."""
        keys = [token.key for token in self._loosely.tokens]
        found: dict[tuple[str, ...], list[int]] = {}
        for length in range(1, _RUN + 1):
            for at in range(len(keys) - length + 1):
                found.setdefault(tuple(keys[at : at + length]), []).append(at)
        return found

    def _line(self, prepared: Callable[[str], str]) -> _Line:
        tokens: list[Token] = []
        owners: list[int] = []
        for number, spot in enumerate(self._spots):
            own = tokens_of(prepared(spot.sentence.text))
            tokens += own
            owners += [number] * len(own)
        return _Line.of(tokens, owners)

    def _passage(self, line: _Line, first: int, last: int, *, is_exact: bool) -> Passage:
        spots = self._spots[line.owners[first] : line.owners[last] + 1]
        return Passage(spots, is_exact, self._words_of(line, first, last))

    def _words_of(self, line: _Line, first: int, last: int) -> str:
        return " ".join(self._cuts(line, first, last))

    def _cuts(self, line: _Line, first: int, last: int) -> Iterator[str]:
        begin, end = line.owners[first], line.owners[last]
        for number in range(begin, end + 1):
            text = self._spots[number].sentence.text
            start = line.tokens[first].start if number == begin else 0
            stop = line.tokens[last].end if number == end else len(text)
            yield text[start:stop]


def _key(tokens: Sequence[Token]) -> str:
    return "".join(token.key for token in tokens)


def _plain(text: str) -> str:
    """Return a text of the same length without what may differ nearly: citations; numbers in words are in digits."""
    return spelled_out(without_citations(text))
