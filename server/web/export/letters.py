"""What a browser must know of letters, to fold and to part texts as `server/text` does here.

A browser decomposes and composes texts by itself (UAX #15), and knows lower case. The rest follows here from the very
functions that make the index of a release: for each run of characters what they do in a word, and for each single
character what it becomes when it is folded, where that is not its lower case. Ideographs and syllables of Korean are as
the first of their block, and are not looked at one by one.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from ...text.letters import KINDS, Kind, fold, is_joined

_KINDS: Final = {kind: number for number, kind in enumerate(Kind)}
"""The kinds by their numbers in the table, which `site.js` has too."""
_JOINED: Final = 8
"""Added to the number where a character is one with what is before it."""
_DROPPED: Final = 16
"""Added to it where nothing is left of a character when it is folded."""
_ALIKE: Final = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xAC00, 0xD7A4), (0x20000, 0x323B0))
"""Blocks of more than 6,000 characters that are all alike: from the first to before the last."""
_NOT_LOOKED_AT: Final = ((0xD800, 0xF900), (0x323B0, 0xE0000), (0xE1000, 0x110000))
"""Surrogates, what is for private use, and planes without characters."""


def letters(alphabet: frozenset[str]) -> dict[str, object]:
    """Return the table: `runs`, pairs of a first character and what it and those after it are, and `folds`.

    Of `folds` only what becomes letters of an alphabet, those of an index, can find anything.
    """
    # Marks that are letters join their bases only when those are folded.
    alphabet |= frozenset(unicodedata.normalize("NFD", "".join(alphabet)))

    def tells(folded: str) -> bool:
        return all(one in alphabet or KINDS[one] is Kind.SEPARATOR for one in folded)

    runs: list[int] = []
    folds: dict[str, str] = {}
    last = -1
    skipped = sorted((*_ALIKE, *_NOT_LOOKED_AT))
    code = 0
    while code < 0x110000:
        letter = chr(code)
        end = next((stop for start, stop in skipped if start <= code < stop), 0)
        # Korean letters make syllables first.
        is_korean = unicodedata.name(letter, "").startswith("HANGUL")
        is_whole = not end and not is_korean and not unicodedata.decomposition(letter)
        folded = fold(letter) if is_whole else letter
        now = _KINDS[KINDS[letter]] + _JOINED * is_joined(letter) + _DROPPED * (not folded)
        if now != last:
            runs += (code, now)
            last = now
        if is_whole and folded not in {"", letter.lower()} and tells(folded):
            folds[letter] = folded
        code = end or code + 1
    return {"runs": runs, "folds": folds}
